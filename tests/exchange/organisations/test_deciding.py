"""A member reads a change and decides for the team; nobody else can, and nothing else is signed than was read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from tests.exchange.chains import events_of
from tests.exchange.changing import (
    accept,
    administrator,
    change,
    confirm,
    member,
    propose,
    proven,
    row,
    session_of,
)
from tests.exchange.team_rows import MadeTeam
from tests.exchange.world import World
from transition_exchange.exchange.errors import NotAllowed, NotFound, ProofNeeded, Refused
from transition_exchange.exchange.organisations import deciding, proposing
from transition_exchange.exchange.organisations.deciding import ShownChange
from transition_exchange.sealing.acceptance import Acceptance
from transition_exchange.store.models import Team, TeamChange

COLLEGE = "Northway College"
BOTH = ("exams", "safeguarding")


@pytest.fixture
def exams(world: World) -> MadeTeam:
    return world.college.teams["Exams office"]


def _shown(world: World, change_id: UUID, name: str = "college_exams") -> ShownChange:
    return deciding.change(db=world.db, actor=world.people[name], change_id=change_id)


def test_a_member_sees_what_changes_and_from_whom_it_comes(world: World, exams: MadeTeam) -> None:
    change_id = propose(world, exams, name="Entries", purposes=("safeguarding",))
    shown = _shown(world, change_id)
    assert (shown.before.name, shown.after.name) == ("Exams office", "Entries")
    assert shown.gained == {"safeguarding"}
    assert shown.lost == {"exams"}
    assert shown.proposed_by == administrator(world, COLLEGE).name
    assert (shown.may_accept, shown.at_once, shown.accepted_at) == (True, False, None)
    assert deciding.waiting(db=world.db, actor=world.college_exams) == {exams.row.id: shown}


def test_who_is_not_in_the_team_sees_it_and_cannot_decide(world: World, exams: MadeTeam) -> None:
    change_id = propose(world, exams, name="Entries")
    shown = _shown(world, change_id, "college_support")
    assert (shown.may_accept, shown.seen, shown.may_withdraw) == (False, "", False)
    for action in (deciding.refuse, deciding.withdraw):
        with pytest.raises(NotAllowed):
            action(db=world.db, actor=world.college_support, change_id=change_id)
    with pytest.raises(NotAllowed):
        deciding.accept(
            db=world.db, actor=administrator(world, COLLEGE), change_id=change_id, seen=shown.seen
        )
    for name in ("senco", "coordinator"):
        with pytest.raises(NotFound):
            _shown(world, change_id, name)
    with pytest.raises(NotFound):
        _shown(world, uuid4())
    assert row(world, change_id).outcome is None


def test_accepting_signs_old_and_new_with_the_teams_key(world: World, exams: MadeTeam) -> None:
    now = datetime(2027, 6, 3, 9, 0, tzinfo=UTC)
    change_id = propose(world, exams, name="Entries")
    deciding.accept(
        db=world.db,
        actor=world.college_exams,
        change_id=change_id,
        seen=_shown(world, change_id).seen,
        now=now,
    )
    accepted = row(world, change_id)
    signed = Acceptance.verify(
        accepted.statement or "", accepted.signature or b"", exams.secret.signing.public
    )
    assert signed == Acceptance(
        before=exams.identity.plain(),
        after=replace(exams.identity, name="Entries").plain(),
        fingerprint=exams.secret.fingerprint.hex(),
        accepted_at=now,
    )
    assert (accepted.accepted_by, accepted.accepted_at) == (world.college_exams.principal_id, now)
    shown = _shown(world, change_id)
    assert (shown.may_accept, shown.accepted_at, shown.accepted_by) == (
        False,
        now,
        world.college_exams.name,
    )
    assert _shown(world, change_id, "college_support").accepted_at == now
    assert events_of(world.db, world.college.id)[-1].kind == "change.accepted"


def test_other_work_asks_for_the_passphrase_again_and_another_name_does_not(
    world: World, exams: MadeTeam
) -> None:
    unproven = replace(world.college_exams, proven_until=None)
    change_id = propose(world, exams, purposes=BOTH)
    with pytest.raises(ProofNeeded):
        accept(world, unproven, change_id)
    assert row(world, change_id).statement is None
    accept(world, proven(unproven), change_id)
    deciding.withdraw(db=world.db, actor=unproven, change_id=change_id)
    accept(world, unproven, propose(world, exams, name="Entries"))


@pytest.mark.parametrize("column", ["name", "organisation_name", "purposes"])
def test_what_was_changed_since_the_page_was_opened_is_not_signed(
    world: World, exams: MadeTeam, column: str
) -> None:
    change_id = propose(world, exams, name="Entries")
    seen = _shown(world, change_id).seen
    with world.db.write() as session:
        changed = {"purposes": list(BOTH)}.get(column, "Something else")
        setattr(session.get_one(TeamChange, change_id), column, changed)
    with pytest.raises(Refused, match="Read it again"):
        deciding.accept(db=world.db, actor=world.college_exams, change_id=change_id, seen=seen)
    assert row(world, change_id).statement is None


def test_a_change_that_would_make_another_team_of_it_cannot_be_moved_there(
    world: World, exams: MadeTeam
) -> None:
    """The writer points a proposal at a team whose members know nothing of it: what they read is about them."""
    other = world.college.teams["Learning support"]
    change_id = propose(world, exams, name="Entries")
    seen = _shown(world, change_id).seen
    with world.db.write() as session:
        session.get_one(TeamChange, change_id).team_id = other.row.id
    with pytest.raises(NotAllowed):
        deciding.accept(db=world.db, actor=world.college_exams, change_id=change_id, seen=seen)
    with pytest.raises(Refused):
        deciding.accept(db=world.db, actor=world.college_support, change_id=change_id, seen=seen)


@pytest.mark.parametrize("how", ["refuse", "withdraw"])
def test_a_change_that_was_given_up_is_over(world: World, exams: MadeTeam, how: str) -> None:
    change_id = propose(world, exams, name="Entries")
    accept(world, world.college_exams, change_id)
    by = world.college_exams if how == "refuse" else administrator(world, COLLEGE)
    getattr(deciding, how)(db=world.db, actor=by, change_id=change_id)
    assert row(world, change_id).outcome == {"refuse": "refused", "withdraw": "withdrawn"}[how]
    with pytest.raises(NotFound):
        accept(world, world.college_exams, change_id)
    assert deciding.waiting(db=world.db, actor=world.college_exams) == {}
    assert confirm(world, exams) == exams.identity, "the council sees nothing of it"
    propose(world, exams, name="Entries office")


def test_an_acceptance_that_somebody_else_signed_shows_as_none(world: World, exams: MadeTeam) -> None:
    change_id = propose(world, exams, name="Entries")
    accept(world, world.college_exams, change_id)
    with world.db.write() as session:
        changed = session.get_one(TeamChange, change_id)
        changed.signature = bytes(64)
    for name in ("college_exams", "college_support"):
        assert _shown(world, change_id, name).accepted_at is None


def test_what_a_team_did_before_anybody_confirmed_it_counts_for_nothing_later(world: World) -> None:
    """Or a team could call itself a sending team once, and sign as one ever after."""
    world.place("New College", kind="college_group", sends=True, receives=True)
    team = world.team("New College", "Everybody", "transition", "exams", confirmed=False)
    somebody = world.person("somebody", "New College", "Everybody")
    after = change(world, team, somebody, purposes=("exams",))
    assert after.purposes == {"exams"}
    assert not after.formerly


def test_a_neet_group_is_changed_by_its_own_acceptance(world: World) -> None:
    assert world.root is not None
    change_id = propose(world, world.root, name="Participation team")
    assert _shown(world, change_id, "coordinator").at_once
    accept(world, world.coordinator, change_id)
    assert row(world, change_id).outcome == "done"
    with world.db.read() as session:
        assert session.get_one(Team, world.root.row.id).name == "Participation team"


def test_a_change_that_nobody_proposed_names_nobody(world: World, exams: MadeTeam) -> None:
    head = administrator(world, COLLEGE)
    with world.db.write() as session:
        put_there = TeamChange(
            id=uuid4(),
            team_id=exams.row.id,
            proposed_by=head.principal_id,
            purposes=["safeguarding"],
        )
        session.add(put_there)
    shown = _shown(world, put_there.id)
    assert (shown.proposed_by, shown.doubt) == ("", deciding.NOT_PROPOSED)


def test_a_change_is_not_somebody_elses_proposal(world: World, exams: MadeTeam) -> None:
    change_id = propose(world, exams, name="Entries")
    assert _shown(world, change_id).doubt == ""
    with world.db.write() as session:
        session.get_one(TeamChange, change_id).proposed_by = world.college_support.principal_id
    assert _shown(world, change_id).doubt == deciding.NOT_PROPOSED


@pytest.mark.parametrize("how", ["refuse", "withdraw"])
def test_a_change_that_was_given_up_and_is_there_again_is_not_accepted(
    world: World, exams: MadeTeam, how: str
) -> None:
    change_id = propose(world, exams, name="Entries")
    given_up = deciding.refuse if how == "refuse" else deciding.withdraw
    given_up(db=world.db, actor=world.college_exams, change_id=change_id)
    with world.db.write() as session:
        session.get_one(TeamChange, change_id).outcome = None
    shown = _shown(world, change_id)
    assert shown.doubt == deciding.GIVEN_UP
    with pytest.raises(Refused, match="refused or withdrawn"):
        accept(world, world.college_exams, change_id)
    given_up(db=world.db, actor=world.college_exams, change_id=change_id)


def test_a_change_that_was_given_up_is_not_accepted_where_the_teams_row_was_moved(
    world: World, exams: MadeTeam
) -> None:
    """The log that counts is that of the organisation which the member's session holds."""
    person = member(world, "Eve", exams)
    change_id = propose(world, exams, name="Entries")
    deciding.refuse(db=world.db, actor=session_of(world, person), change_id=change_id)
    with world.db.write() as session:
        session.get_one(TeamChange, change_id).outcome = None
        session.get_one(Team, exams.row.id).organisation_id = world.school.id
    actor = session_of(world, person)
    shown = deciding.change(db=world.db, actor=actor, change_id=change_id)
    assert shown.doubt == deciding.GIVEN_UP
    with pytest.raises(Refused, match="refused or withdrawn"):
        deciding.accept(db=world.db, actor=actor, change_id=change_id, seen=shown.seen)


def test_a_new_name_of_the_organisation_is_logged_for_each_team(world: World) -> None:
    head = administrator(world, COLLEGE)
    changes = proposing.rename_organisation(db=world.db, actor=head, name="Northway Sixth Form")
    shown = deciding.waiting(db=world.db, actor=head)
    assert {change.id for change in shown.values()} == set(changes)
    assert {(change.doubt, change.proposed_by) for change in shown.values()} == {("", head.name)}
