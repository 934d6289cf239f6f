"""What is passed on to a team of the school whose key was confirmed late, and to nobody else."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.exchange.sixth_forms import SCHOOL, add_hill_school, send_to_itself
from tests.exchange.team_rows import MadeTeam
from tests.exchange.world import World
from tests.exchange.writing.late import LateTeams, add_late_teams, confirm, granted, pass_on, written
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotReady
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records.attachments import read_content
from transition_exchange.exchange.records.revisions import OpenRevision, latest, open_revision
from transition_exchange.exchange.writing.due_grants import write_due_grants
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.store.models import Grant, Record, Transfer


@pytest.fixture
def late(world: World) -> LateTeams:
    """Two teams that nobody has confirmed yet."""
    return add_late_teams(world)


def _released(world: World, actor: Actor, owner: str, *, by_transfer: bool = False) -> OpenRevision:
    """What somebody opens of the newest version of the one record."""
    with world.db.read() as session:
        record = session.scalars(select(Record)).one()
        revision = latest(session, record.id, owner)
        assert revision is not None
        return open_revision(
            session,
            actor=actor,
            trust=trust_of(session, actor),
            record=record,
            revision=revision,
            transfer_id=session.scalars(select(Transfer.id)).one() if by_transfer else None,
        )


def test_a_second_team_gets_drafts_releases_transfers_and_documents(world: World, late: LateTeams) -> None:
    record_id = written(world)
    confirm(world, late.office, late.second)
    assert granted(world, late.office) == granted(world, late.second) == []
    assert pass_on(world, world.senco) == 0
    assert pass_on(world, world.safeguarding_lead) == 0
    transition, safeguarding = world.school.teams["Transition team"], world.school.teams["Safeguarding team"]
    assert granted(world, late.office) == granted(world, transition)
    assert granted(world, late.second) == granted(world, safeguarding)
    for owner, first, other in (
        ("transition", world.senco, late.clerk),
        ("school_safeguarding", world.safeguarding_lead, late.deputy),
    ):
        draft, same = (
            open_draft(db=world.db, actor=actor, record_id=record_id, owner=owner) for actor in (first, other)
        )
        assert (same.answers, same.attachments) == (draft.answers, draft.attachments)
        for by_transfer in (False, True):
            opened, again = (
                _released(world, actor, owner, by_transfer=by_transfer) for actor in (first, other)
            )
            assert (again.answers, again.keys, again.digests) == (opened.answers, opened.keys, opened.digests)
    (label,) = open_draft(db=world.db, actor=late.clerk, record_id=record_id).attachments
    with world.db.read() as session:
        record = session.get_one(Record, record_id)
        assert read_content(session, record=record, label=label).startswith(b"%PDF")


def test_a_second_team_goes_on_writing_and_sending_where_the_first_has_stopped(
    world: World, late: LateTeams
) -> None:
    record_id = written(world)
    confirm(world, late.office)
    pass_on(world, world.senco)
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}}, actor=late.clerk)
    assert world.send(record_id, actor=late.clerk).number == 2
    draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    assert draft.answers["known_as"] == {"preferred_name": "Mina"}
    assert pass_on(world, world.senco) == 0
    assert pass_on(world, late.clerk) == 0


def test_it_goes_in_steps_and_an_interrupted_one_goes_on(
    world: World, late: LateTeams, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [written(world, surname=name) for name in ("Adams", "Brown", "Clark")]
    confirm(world, late.office)
    assert write_due_grants(db=world.db, actor=world.senco, limit=0) == 3
    assert granted(world, late.office) == [], "counting grants nothing"
    assert write_due_grants(db=world.db, actor=world.senco, limit=1) == 2
    assert {record_id for record_id, *_ in granted(world, late.office)} == {ids[0]}
    done: list[int] = []
    add_all = Session.add_all

    def broken(session: Session, rows: list[object]) -> None:
        if done:
            raise KeyboardInterrupt
        done.append(len(rows))
        add_all(session, rows)

    with monkeypatch.context() as patch:
        patch.setattr(Session, "add_all", broken)
        with pytest.raises(KeyboardInterrupt):
            write_due_grants(db=world.db, actor=world.senco)
    assert {record_id for record_id, *_ in granted(world, late.office)} == set(ids[:2])
    assert pass_on(world, world.senco) == 0
    assert granted(world, late.office) == granted(world, world.school.teams["Transition team"])
    assert write_due_grants(db=world.db, actor=world.senco) == 0
    assert len(granted(world, late.office)) == len(set(granted(world, late.office))), "nothing twice"


def test_each_team_passes_on_its_own_owners_sections_only(world: World, late: LateTeams) -> None:
    record_id = written(world)
    confirm(world, late.office, late.second)
    write_due_grants(db=world.db, actor=world.senco)
    assert granted(world, late.second) == []
    with pytest.raises(NotReady):
        open_draft(db=world.db, actor=late.deputy, record_id=record_id, owner="school_safeguarding")
    before = granted(world, late.office)
    write_due_grants(db=world.db, actor=world.safeguarding_lead)
    assert granted(world, late.office) == before


def test_a_team_that_writes_everything_passes_on_to_each_what_it_owns(world: World) -> None:
    """In a small school one team writes both; a late safeguarding team gets nothing of the transition team's."""
    world.place("Small School", kind="school", sends=True)
    everybody = world.team("Small School", "Everybody", "transition", "school_safeguarding")
    head = world.person("head", "Small School", "Everybody")
    record_id = world.add(actor=head)
    late = world.team("Small School", "Safeguarding", "school_safeguarding")
    deputy = world.person("small_deputy", "Small School", "Safeguarding")
    assert len(granted(world, everybody)) == 2
    assert pass_on(world, head) == 0
    draft = open_draft(db=world.db, actor=deputy, record_id=record_id, owner="school_safeguarding")
    with world.db.read() as session:
        grant = session.scalars(select(Grant).where(Grant.grantee_team_id == late.row.id)).one()
    assert grant.revision_id == draft.revision_id


def _unconfirmed(world: World) -> MadeTeam:
    return world.team("Ashdown School", "Front office", "transition", confirmed=False)


def _another_schools(world: World) -> MadeTeam:
    return world.team("Beech Lane School", "Second office", "transition")


def _a_colleges(world: World) -> MadeTeam:
    return world.team("Northway College", "Second support team", "learning_support", "safeguarding")


def _a_colleges_said_to_send(world: World) -> MadeTeam:
    return world.team("Northway College", "Transition", "transition", "school_safeguarding")


def _the_schools_own_receiving(world: World) -> MadeTeam:
    return world.team("Ashdown School", "Sixth form", "admissions", "learning_support", "safeguarding")


def _the_councils(world: World) -> MadeTeam:
    return world.team("Ashdown Council", "SEND team", "send")


@pytest.mark.parametrize(
    "team",
    [
        _unconfirmed,
        _another_schools,
        _a_colleges,
        _a_colleges_said_to_send,
        _the_schools_own_receiving,
        _the_councils,
    ],
)
def test_nothing_is_passed_on_to_anybody_else(world: World, team: Callable[[World], MadeTeam]) -> None:
    written(world)
    other = team(world)
    for actor in (world.senco, world.safeguarding_lead):
        assert pass_on(world, actor) == 0
    assert granted(world, other) == []


def test_nor_to_a_confirmed_team_of_another_place_whose_row_was_moved_into_the_school(world: World) -> None:
    written(world)
    other = _another_schools(world)
    with world.db.write() as session:
        session.merge(other.row).organisation_id = world.school.id
    assert pass_on(world, world.senco) == 0
    assert granted(world, other) == []


def test_another_schools_people_pass_nothing_on(world: World, late: LateTeams) -> None:
    written(world)
    confirm(world, late.office)
    for actor in (world.other_senco, world.college_support, world.coordinator, late.clerk):
        assert pass_on(world, actor) == 0
    assert granted(world, late.office) == []


def test_what_a_sixth_form_got_as_a_provider_is_not_passed_on(world: World) -> None:
    """Its safeguarding team both writes and receives: a colleague's team that writes gets what it wrote, only."""
    add_hill_school(world)
    sent = send_to_itself(world, SCHOOL, world.hill_senco)
    lead = world.hill_lead
    world.save(
        sent.record_id, {"safeguarding": {"file_exists": "no"}}, owner="school_safeguarding", actor=lead
    )
    world.send(sent.record_id, owner="school_safeguarding", actor=lead)
    writers = world.team(SCHOOL, "Second lead", "school_safeguarding")
    deputy = world.person("hill_deputy", SCHOOL, "Second lead")
    assert pass_on(world, lead) == 0
    with world.db.read() as session:
        rows = session.scalars(select(Grant).where(Grant.grantee_team_id == writers.row.id)).all()
        assert len(rows) == 3, "the draft, the version, and what was sealed for the transfer"
    with world.db.read() as session:
        record = session.get_one(Record, sent.record_id)
        revision = latest(session, record.id, "school_safeguarding")
        assert revision is not None
        opened = open_revision(
            session,
            actor=deputy,
            trust=trust_of(session, deputy),
            record=record,
            revision=revision,
            transfer_id=sent.transfer_id,
        )
    assert {name.split("/")[0] for name in opened.keys} == {"pdf", "data"}
    assert write_due_grants(db=world.db, actor=lead) == 0


def test_what_was_taken_back_is_not_passed_on(world: World, late: LateTeams) -> None:
    """Nor is it due for ever, which would keep the steps going."""
    written(world)
    confirm(world, late.office)
    with world.db.write() as session:
        session.execute(
            update(Grant)
            .where(Grant.grantee_team_id == world.senco.teams[0].id, Grant.transfer_id.is_not(None))
            .values(keyring=None)
        )
    assert write_due_grants(db=world.db, actor=world.senco) == 0
    assert write_due_grants(db=world.db, actor=world.senco, limit=0) == 0
    assert not [transfer for *_, transfer in granted(world, late.office) if transfer]


def test_a_grant_that_was_changed_is_not_passed_on(world: World, late: LateTeams) -> None:
    written(world)
    confirm(world, late.office)
    with world.db.write() as session:
        grant = session.scalars(
            select(Grant)
            .where(Grant.grantee_team_id == world.senco.teams[0].id, Grant.transfer_id.is_not(None))
            .limit(1)
        ).one()
        grant.signature = bytes(64)
    before = granted(world, world.school.teams["Transition team"])
    failed: list[UUID] = []
    assert write_due_grants(db=world.db, actor=world.senco, failed=failed) == 1
    assert failed == [grant.record_id]
    assert pass_on(world, world.senco) == 1
    assert len(granted(world, late.office)) == len(before) - 1, "all others of the record are"


def test_what_went_out_before_a_later_delivery_of_the_same_version_is_passed_on_too(
    world: World, late: LateTeams
) -> None:
    """A team that was confirmed between the two holds the second grant, which is of the same version and transfer."""
    record_id = written(world)
    confirm(world, late.office)
    world.team("Northway College", "Second exams office", "exams")
    world.send(record_id)
    first, second = world.school.teams["Transition team"], late.office
    assert set(granted(world, second)) < set(granted(world, first)), "it has the second delivery already"
    pass_on(world, world.senco)
    assert granted(world, second) == granted(world, first)
    for actor in (world.senco, late.clerk):
        assert pass_on(world, actor) == 0
