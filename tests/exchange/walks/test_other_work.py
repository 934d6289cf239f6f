"""A team that gets other work: what it receives from then on, what it keeps, and that what it signed still counts."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from tests.exchange.changing import change, member, session_of
from tests.exchange.members import Member
from tests.exchange.team_rows import MadeTeam
from tests.exchange.world import World
from tests.exchange.writing.late import pass_on
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotAllowed, NotReady
from transition_exchange.exchange.receiving.opening import open_transfer, read_transfer
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.store.models import Grant, Revision

SAFEGUARDING = "school_safeguarding"
COLLEGE = "Northway College"


def _granted(world: World, record_id: UUID, team: MadeTeam) -> list[str]:
    """The owners of what a team was granted of a record, drafts left out, once for each version."""
    with world.db.read() as session:
        owners = session.scalars(
            select(Revision.owner)
            .join(Grant, Grant.revision_id == Revision.id)
            .where(Grant.record_id == record_id, Grant.grantee_team_id == team.row.id, Revision.number > 0)
        ).all()
    return sorted(owners)


def _write(world: World, record_id: UUID) -> None:
    """Answer something else in the safeguarding sections, so that there is another version to send."""
    world.save(record_id, {"safeguarding": {"file_exists": "no"}}, owner=SAFEGUARDING)


def _changed(world: World, team: MadeTeam, person: Member, *purposes: str) -> Actor:
    change(world, team, session_of(world, person), purposes=purposes)
    return session_of(world, person)


def test_a_team_of_the_school_that_gets_new_work_is_a_late_owner_of_it(world: World) -> None:
    record_id = world.add()
    team = world.team("Ashdown School", "Second team", "transition")
    person = member(world, "Sid", team)
    with pytest.raises(NotAllowed):
        open_draft(db=world.db, actor=session_of(world, person), record_id=record_id, owner=SAFEGUARDING)
    sid = _changed(world, team, person, "transition", SAFEGUARDING)
    with pytest.raises(NotReady, match="Waiting for Safeguarding team"):
        open_draft(db=world.db, actor=sid, record_id=record_id, owner=SAFEGUARDING)
    assert pass_on(world, world.safeguarding_lead) == 0
    draft = open_draft(db=world.db, actor=sid, record_id=record_id, owner=SAFEGUARDING)
    assert draft.owner == SAFEGUARDING


def test_a_team_of_a_provider_that_gets_new_work_gets_what_comes_and_reads_what_it_has(world: World) -> None:
    exams = world.college.teams["Exams office"]
    person = member(world, "Erin", exams)
    record_id, transfer_id = world.sent()
    world.open(transfer_id, session_of(world, person))
    erin = _changed(world, exams, person, "exams", "safeguarding")
    assert _granted(world, record_id, exams) == ["transition"]
    before = read_transfer(db=world.db, actor=erin, transfer_id=transfer_id)
    assert before.team.purposes == {"exams", "safeguarding"}
    world.send(record_id, owner=SAFEGUARDING)
    assert _granted(world, record_id, exams) == [SAFEGUARDING, "transition"]
    received = open_transfer(db=world.db, actor=erin, transfer_id=transfer_id)
    assert "safeguarding" in received.answers


def test_a_team_that_gives_work_up_keeps_what_it_opened_and_gets_nothing_new(world: World) -> None:
    team = world.team(COLLEGE, "Pastoral", "safeguarding", "exams")
    person = member(world, "Pat", team)
    record_id, transfer_id = world.sent()
    world.send(record_id, owner=SAFEGUARDING)
    opened = world.open(transfer_id, session_of(world, person))
    pat = _changed(world, team, person, "exams")
    answers = read_transfer(db=world.db, actor=pat, transfer_id=transfer_id).answers
    assert {name: given for name, given in opened.answers.items() if given or name in answers} == answers
    _write(world, record_id)
    world.send(record_id, owner=SAFEGUARDING)
    assert _granted(world, record_id, team) == [SAFEGUARDING, "transition"], "the version of before"
    assert len(_granted(world, record_id, world.college.teams["Safeguarding"])) == 3
    other_id, _ = world.sent("Ben", "Adams")
    world.send(other_id, owner=SAFEGUARDING)
    assert _granted(world, other_id, team) == ["transition"]


def test_what_a_team_of_the_school_signed_counts_after_it_has_given_the_work_up(world: World) -> None:
    """The college opens the pack, the school sees where it went, and the team itself writes no more of it."""
    team = world.team("Ashdown School", "Both", "transition", SAFEGUARDING)
    person = member(world, "Bo", team)
    both = session_of(world, person)
    record_id = world.add(actor=both)
    world.fill(record_id)
    world.send(record_id, actor=both)
    world.send(record_id, owner=SAFEGUARDING, actor=both)
    bo = _changed(world, team, person, "transition")
    transfer_id = world.transfer_of(record_id)
    for name in ("college_support", "college_safeguarding"):
        world.open(transfer_id, world.people[name])
    assert [provider.state for provider in world.plan(record_id).providers] == ["current"]
    with pytest.raises(NotAllowed):
        open_draft(db=world.db, actor=bo, record_id=record_id, owner=SAFEGUARDING)
    _write(world, record_id)
    world.send(record_id, owner=SAFEGUARDING)
    with world.db.read() as session:
        newest = session.scalars(
            select(Revision)
            .where(Revision.record_id == record_id, Revision.owner == SAFEGUARDING)
            .order_by(Revision.number.desc())
        ).first()
        assert newest is not None
        grantees = session.scalars(select(Grant.grantee_team_id).where(Grant.revision_id == newest.id)).all()
    assert team.row.id not in grantees


def test_a_team_that_becomes_a_safeguarding_team_only_signs_no_more_sendings(world: World) -> None:
    """What it sent before is still where it went."""
    team = world.team("Ashdown School", "Second team", "transition")
    person = member(world, "Sid", team)
    record_id = world.add(actor=session_of(world, person))
    world.fill(record_id)
    world.send(record_id, actor=session_of(world, person))
    sid = _changed(world, team, person, SAFEGUARDING)
    assert [provider.state for provider in world.plan(record_id).providers] == ["current"]
    with pytest.raises(NotAllowed):
        world.plan(record_id, actor=sid)
