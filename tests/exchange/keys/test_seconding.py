"""The second confirmer signs what the council signed, after a call of its own; a change holds from then on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.exchange.chains import events_of
from tests.exchange.changing import accept, confirm, member, propose, session_of
from tests.exchange.members import Member, actor_of
from tests.exchange.seconding import confirmer_team, named, require, second, second_all
from tests.exchange.team_rows import MadeTeam
from tests.exchange.walks.tampering import swap_key
from tests.exchange.world import World
from transition_exchange.exchange.errors import NotAllowed, NotFound, Refused
from transition_exchange.exchange.keys import confirming, seconding
from transition_exchange.exchange.keys.changes import open_changes
from transition_exchange.sealing.keys import TeamSecret, spoken_fingerprint
from transition_exchange.sealing.second_confirmer import SecondConfirmation
from transition_exchange.store.models import Team, TeamKey

BOTH = ("exams", "safeguarding")


@pytest.fixture
def exams(world: World) -> MadeTeam:
    require(world, named(confirmer_team(world)))
    return world.college.teams["Exams office"]


@pytest.fixture
def erin(world: World, exams: MadeTeam) -> Member:
    """Somebody in the exams office, which both have confirmed."""
    second(world, exams)
    return member(world, "Erin", exams)


def test_the_list_has_every_team_that_the_council_confirmed(world: World, exams: MadeTeam) -> None:
    world.team("Northway College", "Late team", "exams", confirmed=False)
    listed = seconding.to_confirm(db=world.db, actor=world.coach)
    names = [(one.team.organisation_name, one.team.name) for one in listed.waiting]
    assert names == sorted(names)
    assert len(names) == 8, "two schools and a college; neither the council's nor the confirmer's own team"
    assert listed.done == ()
    second(world, exams)
    listed = seconding.to_confirm(db=world.db, actor=world.coach)
    assert [one.team for one in listed.done] == [exams.identity]
    assert len(listed.waiting) == 7


def test_it_signs_the_same_as_the_council_with_its_own_key(world: World, exams: MadeTeam) -> None:
    now = datetime(2027, 6, 3, 9, 0, tzinfo=UTC)
    shown = seconding.number_of(db=world.db, actor=world.coach, team_id=exams.row.id)
    assert (shown.team, shown.spoken) == (exams.identity, spoken_fingerprint(exams.secret.fingerprint))
    assert (shown.confirmed_at, shown.before, shown.change) == (None, None, None)
    seconding.confirm(db=world.db, actor=world.coach, team_id=exams.row.id, seen=shown.seen, now=now)
    with world.db.read() as session:
        key = session.get_one(TeamKey, exams.key_id)
        assert (key.second_by, key.second_at) == (world.coach.principal_id, now)
        signed = SecondConfirmation.verify(
            key.second_confirmation or "",
            key.second_signature or b"",
            confirmer_team(world).secret.signing.public,
        )
    assert (signed.identity, signed.confirmed_at) == (exams.identity, now.isoformat())
    event = events_of(world.db, world.coach.organisation_id)[-1]
    assert (event.kind, event.about["team"]) == ("key.seconded", str(exams.row.id))
    again = seconding.number_of(db=world.db, actor=world.coach, team_id=exams.row.id)
    assert again.confirmed_at == now


@pytest.mark.parametrize("name", ["coordinator", "senco", "college_safeguarding"])
def test_only_the_team_that_the_rules_name_may_do_it(world: World, exams: MadeTeam, name: str) -> None:
    actor = world.people[name]
    with pytest.raises(NotAllowed):
        seconding.to_confirm(db=world.db, actor=actor)
    with pytest.raises(NotAllowed):
        seconding.number_of(db=world.db, actor=actor, team_id=exams.row.id)
    with pytest.raises(NotAllowed):
        seconding.confirm(db=world.db, actor=actor, team_id=exams.row.id, seen="")


def test_nobody_may_do_it_where_the_rules_name_nobody(world: World, exams: MadeTeam) -> None:
    require(world, None)
    with pytest.raises(NotAllowed):
        seconding.to_confirm(db=world.db, actor=world.coach)


def test_what_the_council_has_not_confirmed_it_cannot_confirm(world: World, exams: MadeTeam) -> None:
    assert world.root is not None
    late = world.team("Northway College", "Late team", "exams", confirmed=False)
    for team in (late, confirmer_team(world), world.root):
        with pytest.raises(NotFound):
            seconding.number_of(db=world.db, actor=world.coach, team_id=team.row.id)


@pytest.mark.parametrize("how", ["council", "key"])
def test_what_changed_since_the_page_was_opened_is_not_confirmed(
    world: World, exams: MadeTeam, how: str
) -> None:
    shown = seconding.number_of(db=world.db, actor=world.coach, team_id=exams.row.id)
    if how == "council":
        accept(world, world.college_exams, propose(world, exams, name="Entries"))
        confirm(world, exams)
        refusal: type[Exception] = Refused
    else:
        swap_key(world, exams.key_id)
        refusal = NotFound
    with pytest.raises(refusal):
        seconding.confirm(db=world.db, actor=world.coach, team_id=exams.row.id, seen=shown.seen)
    with world.db.read() as session:
        assert session.get_one(TeamKey, exams.key_id).second_confirmation is None


def test_a_team_that_it_confirmed_and_that_is_another_now_is_warned_of(world: World, exams: MadeTeam) -> None:
    """The council's operator swaps the key of a team and confirms it anew."""
    second(world, exams)
    swap_key(world, exams.key_id)
    world.places["Northway College"].teams["Exams office"].secret = TeamSecret.generate()
    confirm(world, exams)
    shown = seconding.number_of(db=world.db, actor=world.coach, team_id=exams.row.id)
    assert shown.confirmed_at is None
    assert shown.before is not None


def test_the_council_sees_what_waits_for_it(world: World, exams: MadeTeam) -> None:
    def waits_for() -> str:
        return confirming.number_of(db=world.db, actor=world.coordinator, team_id=exams.row.id).waits_for

    assert waits_for() == "Riverside Boxing at Riverside Boxing"
    second(world, exams)
    assert waits_for() == ""
    own = confirmer_team(world)
    shown = confirming.number_of(db=world.db, actor=world.coordinator, team_id=own.row.id)
    assert shown.waits_for == "", "the rules name its key themselves"


def test_a_change_waits_for_both_and_the_old_holds_until_then(
    world: World, exams: MadeTeam, erin: Member
) -> None:
    accept(world, session_of(world, erin), propose(world, exams, name="Entries", purposes=BOTH))
    after = confirm(world, exams)
    assert (
        confirming.waiting_changes(db=world.db, actor=world.coordinator, team_ids=[exams.row.id])
        == frozenset()
    )
    shown = confirming.number_of(db=world.db, actor=world.coordinator, team_id=exams.row.id)
    assert shown.waits_for
    assert shown.confirmed_at is not None
    (opened,) = actor_of(world, erin).teams
    assert (opened.identity, opened.confirmed) == (exams.identity, True)
    with world.db.read() as session:
        assert session.get_one(Team, exams.row.id).purposes == ["exams"]
    waiting = [one for one in seconding.to_confirm(db=world.db, actor=world.coach).waiting if one.changes]
    assert [one.team for one in waiting] == [after]
    change = seconding.number_of(db=world.db, actor=world.coach, team_id=exams.row.id).change
    assert change is not None
    assert change.gained == {"safeguarding"}
    assert second(world, exams) == after
    (opened,) = actor_of(world, erin).teams
    assert (opened.identity, opened.confirmed) == (after, True)
    with world.db.read() as session:
        assert session.get_one(Team, exams.row.id).purposes == list(BOTH)


def test_a_change_that_the_council_alone_put_in_place_moves_no_member(
    world: World, exams: MadeTeam, erin: Member
) -> None:
    """A council that runs the database and somebody in the team want it to read safeguarding."""
    accept(world, session_of(world, erin), propose(world, exams, purposes=BOTH))
    confirm(world, exams)
    with world.db.write() as session:
        key, row = (
            session.get_one(TeamKey, exams.key_id),
            open_changes(session, [exams.row.id])[exams.row.id],
        )
        key.confirmation, key.confirmation_signature = row.confirmation, row.confirmation_signature
    (opened,) = actor_of(world, erin).teams
    assert (opened.identity, opened.confirmed) == (exams.identity, False)


def test_everybody_confirmed_leaves_nothing_to_do(world: World, exams: MadeTeam) -> None:
    second_all(world)
    assert seconding.to_confirm(db=world.db, actor=world.coach).waiting == ()
