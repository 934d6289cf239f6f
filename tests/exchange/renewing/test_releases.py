"""What was sent, signed anew: everybody opens it as before, and nothing rests on the older key any longer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from tests.exchange.chains import events_of
from tests.exchange.renewing.leaver import LEADS, OFFICE, leave
from tests.exchange.renewing.matters import RELEASES, forget_older_key
from tests.exchange.world import SentRecord, World
from tests.exchange.writing.late import add_late_teams, confirm, written
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound, Tampered
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.queries import asking
from transition_exchange.exchange.records import standings, transfers
from transition_exchange.exchange.records.revisions import OpenRevision, open_revision
from transition_exchange.exchange.records.standing_grants import was_granted
from transition_exchange.exchange.renewing import releases
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.exchange.writing.due_grants import write_due_grants
from transition_exchange.store.models import Grant, Receipt, Record, Revision, Transfer

due, renew = RELEASES.due, RELEASES.renew


def opened(
    world: World, actor: Actor, record_id: UUID, transfer_id: UUID | None = None, *, owner: str = "transition"
) -> list[OpenRevision]:
    """What somebody opens of an owner's versions, by their numbers."""
    with world.db.read() as session:
        record = session.get_one(Record, record_id)
        versions = session.scalars(
            select(Revision)
            .where(Revision.record_id == record_id, Revision.owner == owner, Revision.number > 0)
            .order_by(Revision.number)
        )
        return [
            open_revision(
                session,
                actor=actor,
                trust=trust_of(session, actor),
                record=record,
                revision=revision,
                transfer_id=transfer_id,
            )
            for revision in versions.all()
        ]


def _rows(world: World) -> list[object]:
    """What must not change: texts, keyrings of others, receipts, states, numbers and times."""
    with world.db.read() as session:
        revisions = select(Revision.id, Revision.number, Revision.manifest, Revision.released_at).order_by(
            Revision.id
        )
        sent = select(Transfer.id, Transfer.state, Transfer.statement, Transfer.sent_at).order_by(Transfer.id)
        given = (
            select(Grant.id, Grant.keyring, Grant.created_at, Grant.withdrawn_at)
            .where(Grant.grantee_team_id.not_in([team.row.id for team in world.school.teams.values()]))
            .order_by(Grant.id)
        )
        receipts = select(Receipt.id, Receipt.opened_at, Receipt.granted_at).order_by(Receipt.id)
        return [list(map(tuple, session.execute(query))) for query in (revisions, sent, given, receipts)]


def test_whoever_had_opened_it_and_whoever_had_not_still_read_it(world: World) -> None:
    record_id = written(world)
    transfer_id = world.transfer_of(record_id)
    support = world.open(transfer_id)
    before, rows = opened(world, world.senco, record_id), _rows(world)
    leave(world)
    leave(world, "safeguarding_lead", LEADS)
    assert renew(world) == 0
    assert renew(world, world.safeguarding_lead) == 0
    assert due(world) == due(world, world.safeguarding_lead) == []
    assert _rows(world) == rows
    planned = world.plan(record_id)
    assert (planned.changed, planned.number) == (False, 1)
    assert [provider.state for provider in planned.providers] == ["current"]
    for team in (OFFICE, LEADS):
        forget_older_key(world, world.school.teams[team])
    assert world.open(transfer_id).answers == support.answers
    for actor in (world.college_admissions, world.college_safeguarding, world.college_exams):
        assert world.open(transfer_id, actor).answers
    after = opened(world, world.senco, record_id)
    assert [(version.answers, version.keys) for version in after] == [
        (version.answers, version.keys) for version in before
    ]
    assert opened(world, world.senco, record_id, transfer_id)[0].answers["destination"]
    assert opened(world, world.safeguarding_lead, record_id, owner="school_safeguarding")


def test_without_it_nothing_could_be_read_once_the_older_key_counts_no_longer(world: World) -> None:
    """The other way round, so that the test above proves something."""
    sent = world.sent()
    leave(world)
    forget_older_key(world, world.school.teams[OFFICE])
    with pytest.raises(Tampered):
        world.open(sent.transfer_id)
    with pytest.raises(Tampered):
        opened(world, world.senco, sent.record_id)


def test_the_provider_still_holds_it_for_the_schools_other_teams(world: World) -> None:
    sent = world.sent()
    leave(world)
    renew(world)
    forget_older_key(world, world.school.teams[OFFICE])
    with world.db.read() as session:
        trust = trust_of(session, world.safeguarding_lead)
        held = standings.at_providers(session, trust=trust, record=session.get_one(Record, sent.record_id))
    assert {id: standing.told for id, standing in held.items()} == {world.college.id: "held"}


def test_whoever_left_opens_no_version_that_is_sent_afterwards(world: World) -> None:
    sent = world.sent()
    leaver = leave(world)
    renew(world)
    before = {subject for subject, _ in leaver.reads()}
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    assert world.send(sent.record_id).number == 2
    first, second = opened(world, world.senco, sent.record_id)
    assert first.revision.id in before, "what was sent to others while they were there, they have read"
    assert second.revision.id not in {subject for subject, _ in leaver.reads()}
    assert not [use for use in leaver.opens if f"keyring {sent.record_id} {first.revision.id}" in use]


def test_another_team_that_writes_keeps_what_it_was_given(world: World) -> None:
    late = add_late_teams(world)
    confirm(world, late.office)
    sent = world.sent()
    leave(world)
    renew(world)
    forget_older_key(world, world.school.teams[OFFICE])
    assert opened(world, late.clerk, sent.record_id)[0].answers["learner"]
    assert opened(world, late.clerk, sent.record_id, sent.transfer_id)[0].answers["destination"]
    before = late.office.secret
    world.new_key("Ashdown School", "Second office")
    clerk = replace(late.clerk, teams=(late.office.opened,))
    assert before != late.office.secret
    assert due(world, clerk) == [], "it sent nothing itself, so there is nothing that it signed"


def test_what_was_taken_back_stays_so_and_a_question_about_it_still_shows_who_asked(world: World) -> None:
    sent = world.sent()
    asking.ask(
        db=world.db,
        actor=world.college_support,
        transfer_id=sent.transfer_id,
        text="What helps?",
        section="contacts",
    )
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    leave(world)
    assert renew(world) == 0
    forget_older_key(world, world.school.teams[OFFICE])
    with world.db.read() as session:
        record, transfer = (
            session.get_one(Record, sent.record_id),
            session.get_one(Transfer, sent.transfer_id),
        )
        trust = trust_of(session, world.senco)
        statement = transfers.statement_of(session, trust=trust, record=record, transfer=transfer)
        assert statement is not None
        assert statement.state == "recalled"
        rows = session.scalars(select(Grant).where(Grant.transfer_id == sent.transfer_id)).all()
        assert all(grant.keyring is None and grant.withdrawn_at for grant in rows)
        assert was_granted(
            session,
            trust=trust,
            record=record,
            transfer_id=sent.transfer_id,
            team_id=world.college_support.teams[0].id,
        )
    with pytest.raises(NotFound):
        world.open(sent.transfer_id)


def test_nothing_is_due_for_others_nor_without_an_older_key(world: World, sent: SentRecord) -> None:
    assert due(world) == []
    leaver = leave(world)
    assert due(world) == [sent.record_id]
    for actor in (world.safeguarding_lead, world.other_senco, world.college_support, leaver.actor):
        assert due(world, actor) == []
        assert renew(world, actor, ids=[sent.record_id]) == 0
    assert due(world) == [sent.record_id]


def test_a_learner_whom_the_office_added_still_opens_for_the_safeguarding_team(world: World) -> None:
    """The office grants it its empty draft, and signs that."""
    record_id = world.add()
    leave(world)
    assert due(world) == [record_id]
    assert renew(world) == 0
    assert due(world) == []
    forget_older_key(world, world.school.teams[OFFICE])
    world.save(record_id, {"safeguarding": {"file_exists": "no"}}, owner="school_safeguarding")


def test_it_goes_in_steps_is_carried_on_and_says_how_many(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = [world.sent(surname=name) for name in ("Adams", "Brown", "Clark")]
    leave(world)
    assert due(world) == [one.record_id for one in sent]
    renew(world, ids=due(world)[:1])

    def interrupted(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Actor, "note", interrupted)
        with pytest.raises(KeyboardInterrupt):
            renew(world)
    assert len(due(world)) == 2
    renew(world)
    assert due(world) == []
    noted = [event.about for event in events_of(world.db, world.school.id) if event.kind == "key.renewed"]
    assert noted == [{"what": "releases", "count": 1}, {"what": "releases", "count": 2}]


def _meanwhile(monkeypatch: pytest.MonkeyPatch, do: Any) -> None:
    """Do something once, after a step has read what there is and before it stores anything."""
    work, once = releases._work, list[bool]()

    def read(*args: Any, **kwargs: Any) -> Any:
        made = work(*args, **kwargs)
        if not once:
            once.append(True)
            do()
        return made

    monkeypatch.setattr(releases, "_work", read)


def test_two_members_at_once_sign_once(
    world: World, sent: SentRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(world)
    with world.db.read() as session:
        number = len(session.scalars(select(Grant.id)).all())
    _meanwhile(monkeypatch, lambda: renew(world, ids=[sent.record_id]))
    assert renew(world) == 0
    with world.db.read() as session:
        assert len(session.scalars(select(Grant.id)).all()) == number
    assert [event.kind for event in events_of(world.db, world.school.id)].count("key.renewed") == 1
    assert opened(world, world.senco, sent.record_id)[0].answers["learner"]


def test_a_pack_that_is_taken_back_meanwhile_opens_for_nobody(
    world: World, sent: SentRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(world)
    _meanwhile(
        monkeypatch,
        lambda: recall(
            db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id
        ),
    )
    assert renew(world) == 0
    with world.db.read() as session:
        rows = session.scalars(select(Grant).where(Grant.transfer_id == sent.transfer_id)).all()
        assert all(grant.keyring is None for grant in rows)
    renew(world)
    assert due(world) == []
    with world.db.read() as session:
        record, transfer = (
            session.get_one(Record, sent.record_id),
            session.get_one(Transfer, sent.transfer_id),
        )
        trust = trust_of(session, world.senco)
        statement = transfers.statement_of(session, trust=trust, record=record, transfer=transfer)
        assert statement is not None
        assert statement.state == "recalled"


@pytest.mark.parametrize("damage", ["manifest", "transfer", "grant", "keyring", "own keyring"])
def test_what_fails_its_check_is_left_and_the_rest_is_signed(world: World, damage: str) -> None:
    """What the older key did not sign, the newer one must not sign either."""
    bad, good = world.sent(surname="Adams"), world.sent(surname="Brown")
    leave(world)
    support, own = world.college_support.teams[0].id, world.senco.teams[0].id
    given = (Grant.record_id == bad.record_id, Grant.grantee_team_id == support)
    with world.db.write() as session:
        match damage:
            case "manifest":
                released = session.scalars(
                    select(Revision).where(Revision.record_id == bad.record_id, Revision.number == 1)
                ).one()
                released.manifest = str(released.manifest).replace('"number":1', '"number":2')
            case "transfer":
                row = session.get_one(Transfer, bad.transfer_id)
                elsewhere = str(world.places["Riverside Boxing"].id)
                row.statement = str(row.statement).replace(str(world.college.id), elsewhere)
            case "grant":
                session.execute(update(Grant).where(*given).values(grantee_team_id=world.coach.teams[0].id))
            case "keyring":
                session.execute(update(Grant).where(*given).values(keyring=b"another"))
            case _:
                session.execute(
                    update(Grant)
                    .where(Grant.record_id == bad.record_id, Grant.grantee_team_id == own)
                    .values(keyring=b"another")
                )
    assert due(world) == [bad.record_id, good.record_id]
    assert renew(world) == 1
    assert due(world) == [bad.record_id]
    assert renew(world) == 1
    older = world.school.teams[OFFICE].older
    with world.db.read() as session:
        left = [
            len(session.scalars(query).all())
            for query in (
                select(Revision.id).where(Revision.team_key_id.in_(older)),
                select(Transfer.id).where(Transfer.team_key_id.in_(older)),
                select(Grant.id)
                .join(Revision, Revision.id == Grant.revision_id)
                .where(Revision.number > 0, Grant.grantor_key_id.in_(older)),
            )
        ]
    assert (
        left
        == {
            "manifest": [1, 0, 6],  # a grant is signed only for a manifest that the owner signed
            "transfer": [0, 1, 0],
            "grant": [0, 0, 1],
            "keyring": [0, 0, 1],
            "own keyring": [0, 0, 2],
        }[damage]
    )
    forget_older_key(world, world.school.teams[OFFICE])
    assert world.open(good.transfer_id).answers


def test_a_late_team_gets_what_was_signed_anew(world: World, sent: SentRecord) -> None:
    late = add_late_teams(world)
    leave(world)
    renew(world)
    confirm(world, late.office)
    forget_older_key(world, world.school.teams[OFFICE])
    write_due_grants(db=world.db, actor=world.senco)
    assert opened(world, late.clerk, sent.record_id)[0].answers["learner"]
