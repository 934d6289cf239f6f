"""A transfer is real where a transition team of the record's school signed it, about this row and no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from tests.exchange.team_rows import MadeTeam, add_key
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records import standings, transfers
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.sealing.statements import digest_of
from transition_exchange.sealing.transfers import TransferStatement
from transition_exchange.store.models import Record, Transfer

NOW = datetime(2027, 6, 3, 9, 0, tzinfo=UTC)
SIGNED = ("statement", "signature", "team_key_id")


def test_a_reference_is_short_and_comes_from_the_id_alone() -> None:
    assert transfers.reference_of(UUID("00ab12ef-3456-4789-8abc-def012345678")) == "00AB-12EF"


def stated(world: World, sent: SentRecord, actor: Actor | None = None) -> TransferStatement | None:
    """What somebody believes of the transfer of a record."""
    actor = actor or world.senco
    with world.db.read() as session:
        return transfers.statement_of(
            session,
            trust=trust_of(session, actor),
            record=session.get_one(Record, sent.record_id),
            transfer=session.get_one(Transfer, sent.transfer_id),
        )


def held(world: World, sent: SentRecord, actor: Actor | None = None) -> set[UUID]:
    """The providers that hold the record, as somebody of the school believes."""
    actor = actor or world.senco
    with world.db.read() as session:
        record = session.get_one(Record, sent.record_id)
        found = standings.at_providers(session, trust=trust_of(session, actor), record=record)
        return {provider_id for provider_id, standing in found.items() if standing.told == "held"}


def change(world: World, sent: SentRecord, **columns: Any) -> None:
    """Write columns of the transfer's row."""
    with world.db.write() as session:
        for name, value in columns.items():
            setattr(session.get_one(Transfer, sent.transfer_id), name, value)


def sign(world: World, sent: SentRecord, team: OpenTeam) -> None:
    """Let a team sign the sending of the transfer anew, as it stands."""
    with world.db.write() as session:
        row = session.get_one(Transfer, sent.transfer_id)
        made = transfers.sign_sent(
            team=team,
            record=session.get_one(Record, sent.record_id),
            transfer_id=row.id,
            provider_id=row.provider_id,
            at=NOW,
        )
        row.statement, row.signature, row.team_key_id = made.statement, made.signature, made.team_key_id


def columns_of(world: World, sent: SentRecord, *names: str) -> dict[str, Any]:
    """Columns of the transfer's row."""
    with world.db.read() as session:
        row = session.get_one(Transfer, sent.transfer_id)
        return {name: getattr(row, name) for name in names}


def test_what_was_sent_is_believed_by_everybody_of_the_school(world: World, sent: SentRecord) -> None:
    for actor in (world.senco, world.safeguarding_lead):
        statement = stated(world, sent, actor)
        assert statement is not None
        assert (statement.state, statement.previous) == ("sent", None)
        assert statement.provider == str(world.college.id)
        assert held(world, sent, actor) == {world.college.id}


def test_a_recall_is_a_statement_that_names_the_one_before(world: World, sent: SentRecord) -> None:
    before = columns_of(world, sent, "statement")["statement"]
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    statement = stated(world, sent)
    assert statement is not None
    assert (statement.state, statement.previous) == ("recalled", digest_of(before))
    assert held(world, sent) == set()


@pytest.mark.parametrize("state", ["sent", "received", "acknowledged", "queried", "enrolled"])
def test_a_recall_that_is_turned_back_in_the_column_stays_one(
    world: World, sent: SentRecord, state: str
) -> None:
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    change(world, sent, state=state, recalled_at=None, recalled_by=None)
    assert held(world, sent) == set()


def test_the_column_alone_is_enough_to_take_it_back(world: World, sent: SentRecord) -> None:
    change(world, sent, state="recalled")
    assert held(world, sent) == set()


@pytest.mark.parametrize("name", SIGNED)
def test_without_text_signature_or_key_there_is_no_transfer(
    world: World, sent: SentRecord, name: str
) -> None:
    change(world, sent, **{name: None})
    assert stated(world, sent) is None
    assert held(world, sent) == set()


@pytest.mark.parametrize(
    "columns",
    [
        lambda world: {"record_id": world.add("Ben", "Stone")},
        lambda world: {"statement": "{}"},
        lambda world: {"signature": b"s" * 64},
        lambda world: {"signature": b""},
        lambda world: {"team_key_id": world.college.teams["Admissions"].key_id},
        lambda world: {"team_key_id": world.root.key_id},
    ],
    ids=["record", "statement", "signature", "no signature", "college's key", "council's key"],
)
def test_a_column_that_is_changed_makes_it_none(
    world: World, sent: SentRecord, columns: Callable[[World], dict[str, Any]]
) -> None:
    change(world, sent, **columns(world))
    assert stated(world, sent) is None


def test_where_it_goes_is_what_was_signed_and_not_what_the_row_says(world: World, sent: SentRecord) -> None:
    change(world, sent, provider_id=world.places["Riverside Boxing"].id)
    statement = stated(world, sent)
    assert statement is not None
    assert statement.provider == str(world.college.id)
    with world.db.read() as session:
        record = session.get_one(Record, sent.record_id)
        row = transfers.SentRow.of(record, session.get_one(Transfer, sent.transfer_id))
    signer = world.school.teams["Transition team"].opened.known
    assert row.signed_by(signer.identity, signer.signing_public) is None, (
        "for a provider the row must say it too"
    )


def test_a_statement_of_another_transfer_makes_it_none(world: World, sent: SentRecord) -> None:
    """Also one about the same record, and one about the same provider."""
    copies = [world.sent("Ben", "Stone")]
    world.fill(sent.record_id, going_to=["Northway College", "Riverside Boxing"])
    world.send(sent.record_id)
    copies.append(SentRecord(sent.record_id, world.transfer_of(sent.record_id, "Riverside Boxing")))
    for other in copies:
        change(world, sent, **columns_of(world, other, *SIGNED))
        assert stated(world, sent) is None
        assert stated(world, other) is not None


def _college(world: World) -> OpenTeam:
    return world.college.teams["Admissions"].opened


def _other_school(world: World) -> OpenTeam:
    return world.places["Beech Lane School"].teams["Transition team"].opened


def _safeguarding(world: World) -> OpenTeam:
    return world.school.teams["Safeguarding team"].opened


def _unconfirmed(world: World) -> OpenTeam:
    return world.team("Ashdown School", "Second team", "transition", confirmed=False).opened


def _council(world: World) -> OpenTeam:
    assert world.root is not None
    return world.root.opened


def _stranger(world: World) -> OpenTeam:
    """A key that was written into the transition team's line, which nobody signed."""
    team: MadeTeam = world.school.teams["Transition team"]
    secret = TeamSecret.generate()
    with world.db.write() as session:
        key = add_key(session, team.row.id, secret, version=2)
    return replace(team.opened, key_id=key.id, secret=secret)


@pytest.mark.parametrize("team", [_college, _other_school, _safeguarding, _unconfirmed, _council, _stranger])
def test_only_a_confirmed_transition_team_of_the_records_school_signs(
    world: World, sent: SentRecord, team: Callable[[World], OpenTeam]
) -> None:
    sign(world, sent, team(world))
    for actor in (world.senco, world.safeguarding_lead):
        assert stated(world, sent, actor) is None
        assert held(world, sent, actor) == set()


def test_a_second_transition_team_of_the_school_signs_as_well(world: World, sent: SentRecord) -> None:
    sign(world, sent, world.team("Ashdown School", "Sixth form team", "transition").opened)
    assert held(world, sent) == held(world, sent, world.safeguarding_lead) == {world.college.id}


def _rotated(session: Session, world: World) -> TeamSecret:
    team = world.school.teams["Transition team"]
    newer = TeamSecret.generate()
    add_key(session, team.row.id, newer, version=2, signed_by=team.secret)
    return newer


def test_what_was_signed_before_a_new_key_still_counts(world: World, sent: SentRecord) -> None:
    with world.db.write() as session:
        _rotated(session, world)
    assert held(world, sent, world.safeguarding_lead) == {world.college.id}


def test_the_team_of_the_key_counts_and_not_what_its_row_says(world: World, sent: SentRecord) -> None:
    """A college's row is moved into the school and made a transition team."""
    team = world.college.teams["Admissions"]
    with world.db.write() as session:
        row = session.merge(team.row)
        row.organisation_id, row.purposes = world.school.id, ["transition"]
    sign(world, sent, team.opened)
    assert held(world, sent) == held(world, sent, world.safeguarding_lead) == set()


def test_a_row_about_a_transfer_that_never_was_is_none(world: World, sent: SentRecord) -> None:
    signed = columns_of(world, sent, *SIGNED)
    inserted = uuid4()
    with world.db.write() as session:
        session.add(
            Transfer(
                id=inserted,
                record_id=sent.record_id,
                provider_id=world.places["Riverside Boxing"].id,
                sent_at=NOW,
                state="sent",
                **signed,
            )
        )
    assert stated(world, SentRecord(sent.record_id, inserted)) is None
    assert held(world, sent) == {world.college.id}
