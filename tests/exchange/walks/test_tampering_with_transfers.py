"""Somebody who can write to the database inserts, changes and puts back transfers; honest staff go on working."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select, update

from tests.exchange.safeguarding_answers import answer, follow
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.sending import safeguarding_releases
from transition_exchange.exchange.sending.keeping import keep
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.exchange.sending.send import Sent, send
from transition_exchange.exchange.sending.tracking import Delivered, track
from transition_exchange.store import chain
from transition_exchange.store.base import utc_now
from transition_exchange.store.models import Event, Grant, Receipt, Transfer

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a session believes does not depend on the kind of database."""

BOXING = "Riverside Boxing"


def insert(world: World, record_id: UUID, *, like: UUID | None = None, state: str = "sent") -> UUID:
    """Insert a transfer to the boxing club, which the school never chose.

    Args:
        like: the transfer whose signed statement is copied; None for none.
    """
    copied: dict[str, Any] = {}
    inserted = uuid4()
    with world.db.write() as session:
        if like is not None:
            row = session.get_one(Transfer, like)
            copied = {
                "statement": row.statement,
                "signature": row.signature,
                "team_key_id": row.team_key_id,
                "sent_by": row.sent_by,
            }
        session.add(
            Transfer(
                id=inserted,
                record_id=record_id,
                provider_id=world.places[BOXING].id,
                sent_at=utc_now(),
                state=state,
                **copied,
            )
        )
    return inserted


def whole(world: World, transfer_id: UUID) -> dict[str, Any]:
    """A transfer's whole row."""
    with world.db.read() as session:
        row = session.get_one(Transfer, transfer_id)
        return {column.name: getattr(row, column.name) for column in Transfer.__table__.columns}


def put_back(world: World, row: dict[str, Any]) -> None:
    """Write a whole older row over a transfer."""
    with world.db.write() as session:
        session.execute(update(Transfer).where(Transfer.id == row["id"]).values(row))


def granted(world: World, place: str) -> set[UUID]:
    """The grants that teams of an organisation have."""
    teams = [team.row.id for team in world.places[place].teams.values()]
    with world.db.read() as session:
        return set(session.scalars(select(Grant.id).where(Grant.grantee_team_id.in_(teams))))


def followed(world: World, record_id: UUID, transfer_id: UUID) -> Delivered:
    """A transfer as the school's page shows it."""
    return track(db=world.db, actor=world.senco, record_id=record_id).transfer(transfer_id)


def change_draft(world: World, record_id: UUID, name: str = "Mina") -> None:
    """Let the next sending be a new version."""
    world.save(record_id, {"known_as": {"preferred_name": name}})


def release_and_follow(world: World, record_id: UUID) -> None:
    """Everything that the safeguarding team does: release, and "let it follow"."""
    world.send(record_id, owner="school_safeguarding")
    answer(world, {record_id: "nothing"})
    follow(world, [record_id])


@pytest.mark.parametrize("copied", [False, True])
@pytest.mark.parametrize("state", ["sent", "received", "queried"])
def test_an_inserted_row_brings_its_provider_nothing(
    world: World, sent: SentRecord, copied: bool, state: str
) -> None:
    inserted = insert(world, sent.record_id, like=sent.transfer_id if copied else None, state=state)
    change_draft(world, sent.record_id)
    assert world.send(sent.record_id).providers == ("Northway College",)
    release_and_follow(world, sent.record_id)
    assert granted(world, BOXING) == set()
    delivered = followed(world, sent.record_id, inserted)
    assert not delivered.genuine
    assert followed(world, sent.record_id, sent.transfer_id).genuine
    waiting = safeguarding_releases.to_follow(db=world.db, actor=world.safeguarding_lead)
    assert waiting == (), "nothing waits for a provider that the school never chose"


def test_an_inserted_row_for_a_record_that_went_nowhere_sends_it_nowhere(world: World) -> None:
    record_id = world.add()
    world.fill(record_id, status="applied")
    insert(world, record_id)
    assert [provider.name for provider in world.plan(record_id).providers] == ["Northway College"]
    with pytest.raises(Refused, match="nothing to send"):
        world.send(record_id)
    release_and_follow(world, record_id)
    assert granted(world, BOXING) == set()


@pytest.mark.parametrize(
    "columns",
    [
        lambda world: {"provider_id": world.places[BOXING].id},
        lambda world: {"team_key_id": world.college.teams["Admissions"].key_id},
        lambda world: {"statement": None},
        lambda world: {"signature": b"s" * 64},
    ],
    ids=["provider", "key", "statement", "signature"],
)
def test_a_changed_row_gets_nothing_new_from_anybody(
    world: World, sent: SentRecord, columns: Callable[[World], dict[str, Any]]
) -> None:
    with world.db.write() as session:
        session.execute(update(Transfer).where(Transfer.id == sent.transfer_id).values(columns(world)))
    before = {name: granted(world, name) for name in ("Northway College", BOXING)}
    release_and_follow(world, sent.record_id)
    assert {name: granted(world, name) for name in before} == before
    world.save(sent.record_id, {"destinations": {"destinations": []}})
    with pytest.raises(Refused, match="nothing to send"):
        world.send(sent.record_id)
    assert {name: granted(world, name) for name in before} == before
    delivered = followed(world, sent.record_id, sent.transfer_id)
    assert delivered.provider == "Northway College", "whatever the row says"
    assert "Ask" in delivered.dispute, "it is not certain, and never called not signed"


@pytest.mark.parametrize("state", ["sent", "acknowledged"])
def test_a_recall_that_is_turned_back_by_the_column_sends_nothing(
    world: World, sent: SentRecord, state: str
) -> None:
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    world.save(sent.record_id, {"destinations": {"destinations": []}})
    with world.db.write() as session:
        row = session.get_one(Transfer, sent.transfer_id)
        row.state, row.recalled_at, row.recalled_by = state, None, None
    before = granted(world, "Northway College")
    change_draft(world, sent.record_id)
    assert world.plan(sent.record_id).providers == ()
    with pytest.raises(Refused, match="nothing to send"):
        world.send(sent.record_id)
    release_and_follow(world, sent.record_id)
    assert granted(world, "Northway College") == before
    delivered = followed(world, sent.record_id, sent.transfer_id)
    assert (delivered.state, delivered.genuine) == ("recalled", True)
    assert delivered.recalled_at is not None, "the statement says when"


def test_rows_that_nobody_signed_do_not_keep_the_school_from_sending(world: World, sent: SentRecord) -> None:
    """One was turned back, one inserted; there is room for one row that is not taken back."""
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    with world.db.write() as session:
        session.get_one(Transfer, sent.transfer_id).state = "sent"
    inserted = insert(world, sent.record_id)
    world.fill(sent.record_id, going_to=("Northway College", BOXING))
    assert set(world.send(sent.record_id).providers) == {"Northway College", BOXING}
    states = {
        one.transfer_id: one.state
        for one in track(db=world.db, actor=world.senco, record_id=sent.record_id).delivered
    }
    assert (states[sent.transfer_id], states[inserted]) == ("recalled", "recalled")
    assert sorted(states.values()) == ["recalled", "recalled", "sent", "sent"]
    assert world.open(world.transfer_of(sent.record_id, BOXING), world.coach).answers


def test_a_whole_older_row_undoes_no_recall(world: World, sent: SentRecord) -> None:
    """The row and its signature are as they were; the event in the school's chain tells that it was taken back."""
    older = whole(world, sent.transfer_id)
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    put_back(world, older)
    delivered = followed(world, sent.record_id, sent.transfer_id)
    assert delivered.dispute.startswith("The log says that this was taken back on")
    before = granted(world, "Northway College")
    world.save(sent.record_id, {"destinations": {"destinations": []}})
    change_draft(world, sent.record_id)
    with pytest.raises(Refused, match="nothing to send"):
        world.send(sent.record_id)
    release_and_follow(world, sent.record_id)
    world.fill(sent.record_id)
    change_draft(world, sent.record_id, "Amy")
    with pytest.raises(Refused, match="nothing to send"):
        world.send(sent.record_id)
    assert granted(world, "Northway College") == before
    with pytest.raises(Refused, match="Nobody there can open the record"):
        keep(
            db=world.db,
            actor=world.senco,
            record_id=sent.record_id,
            transfer_id=sent.transfer_id,
            seen=followed(world, sent.record_id, sent.transfer_id).disputed,
        )
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    assert world.send(sent.record_id).providers == ("Northway College",)
    assert world.transfer_of(sent.record_id) != sent.transfer_id, "it goes as if for the first time"


def test_a_whole_older_row_without_its_event_brings_only_named_providers_what_the_senco_sends(
    world: World, sent: SentRecord
) -> None:
    """As docs/trust.md says, under the heading of what putting older rows back does. The audit shows the gap."""
    older = whole(world, sent.transfer_id)
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    put_back(world, older)
    with world.db.write() as session:
        recalls = select(Event.id).where(Event.body.contains('"kind":"transfer.recalled"'))
        session.execute(delete(Event).where(Event.id.in_(recalls)))
    delivered = followed(world, sent.record_id, sent.transfer_id)
    assert (delivered.state, delivered.genuine) == ("sent", True), (
        "the page does not say that it was taken back"
    )
    before = granted(world, "Northway College")
    world.save(sent.record_id, {"destinations": {"destinations": []}})
    change_draft(world, sent.record_id)
    with pytest.raises(Refused, match="nothing to send"):
        world.send(sent.record_id)
    assert granted(world, "Northway College") == before
    with world.db.read() as session:
        assert chain.verify(session, world.school.id).fault is not None


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"kind":"transfer.recalled","about":[]}', '{"kind":"transfer.recalled"']
)
def test_an_event_that_cannot_be_read_takes_nothing_back(world: World, sent: SentRecord, body: str) -> None:
    with world.db.write() as session:
        session.execute(update(Event).where(Event.organisation_id == world.school.id).values(body=body))
    assert world.plan(sent.record_id).providers[0].state == "current"


def test_a_provider_that_is_no_longer_a_destination_gets_something_only_if_it_is_ticked(
    world: World, sent: SentRecord
) -> None:
    world.fill(sent.record_id, going_to=(BOXING,))
    change_draft(world, sent.record_id)
    planned = world.plan(sent.record_id)
    plans = {provider.name: provider for provider in planned.providers}
    college, boxing = plans["Northway College"], plans[BOXING]
    assert (college.state, college.named, college.chosen) == ("again", False, True)
    assert (boxing.state, boxing.named, boxing.chosen) == ("new", True, True)

    def sends(ids: list[UUID] | None) -> Sent:
        return send(
            db=world.db,
            actor=world.senco,
            renderer=world.renderer,
            record_id=sent.record_id,
            seen=world.plan(sent.record_id).seen,
            providers=ids,
            today=world.today,
        )

    before = granted(world, "Northway College")
    assert sends(None).providers == (BOXING,)
    assert granted(world, "Northway College") == before
    change_draft(world, sent.record_id, "Amy")
    assert sends([]).providers == (BOXING,), "a provider that is named needs no tick for the next version"
    assert granted(world, "Northway College") == before
    change_draft(world, sent.record_id, "Ami")
    assert set(sends([world.college.id]).providers) == {"Northway College", BOXING}
    assert granted(world, "Northway College") > before


def test_a_team_added_to_a_provider_that_is_no_destination_any_more_gets_nothing_by_itself(
    world: World, sent: SentRecord
) -> None:
    world.save(sent.record_id, {"destinations": {"destinations": []}})
    world.send(sent.record_id, owner="school_safeguarding")
    world.team("Northway College", "Second support team", "learning_support")
    (college,) = world.plan(sent.record_id).providers
    assert college.chosen or not college.goes
    with pytest.raises(Refused, match="nothing to send"):
        world.send(sent.record_id)
    second = world.college.teams["Second support team"].row.id
    with world.db.read() as session:
        assert session.scalars(select(Receipt.id).where(Receipt.team_id == second)).all() == []


@pytest.fixture
def sixth(world: World) -> World:
    """The school has a second transition team, with somebody in it."""
    world.team("Ashdown School", "Sixth form team", "transition")
    world.person("sixth_form", "Ashdown School", "Sixth form team")
    return world


@pytest.mark.parametrize(("sender", "other"), [("senco", "sixth_form"), ("sixth_form", "senco")])
def test_of_two_transition_teams_either_sends_either_takes_back_and_both_see_it(
    sixth: World, sender: str, other: str
) -> None:
    first, second = sixth.people[sender], sixth.people[other]
    record_id = sixth.add()
    sixth.fill(record_id)
    sixth.send(record_id, actor=first)
    transfer_id = sixth.transfer_of(record_id)
    for actor in (first, second, sixth.safeguarding_lead):
        (delivered,) = track(db=sixth.db, actor=actor, record_id=record_id).delivered
        assert (delivered.state, delivered.genuine) == ("sent", True)
    change_draft(sixth, record_id)
    assert sixth.send(record_id, actor=second).providers == ("Northway College",)
    assert sixth.transfer_of(record_id) == transfer_id, "the other team's transfer goes on"
    assert sixth.send(record_id, owner="school_safeguarding").providers == ("Northway College",)
    recall(db=sixth.db, actor=second, record_id=record_id, transfer_id=transfer_id)
    for actor in (first, second, sixth.safeguarding_lead):
        (delivered,) = track(db=sixth.db, actor=actor, record_id=record_id).delivered
        assert (delivered.state, delivered.genuine) == ("recalled", True)
    assert sixth.plan(record_id, owner="school_safeguarding").providers == ()
