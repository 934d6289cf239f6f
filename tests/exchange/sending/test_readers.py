"""Which teams of a provider a sending goes to: those that were confirmed, whatever somebody writes into their rows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, update

from tests.exchange.rows_put_there import SAFEGUARDING
from tests.exchange.safeguarding_answers import follow
from tests.exchange.world import World
from transition_exchange.exchange.sending.plans import ProviderPlan
from transition_exchange.exchange.sending.safeguarding_releases import NOTHING_SENT, to_follow
from transition_exchange.exchange.steps import Step
from transition_exchange.store.models import Grant, Organisation, Receipt, Team, TeamKey, Transfer

PART = {"safeguarding": {"file_exists": "no", "lead_name": "Sam Lead", "lead_phone": "01709 382121"}}


def _change(world: World, team: str, *, place: str = "Northway College", **columns: Any) -> None:
    """Write into the row of a team."""
    row = world.places[place].teams[team].row
    with world.db.write() as session:
        session.execute(update(Team).where(Team.id == row.id).values(**columns))


def _unconfirm(world: World, team: str) -> None:
    key_id = world.college.teams[team].key_id
    with world.db.write() as session:
        session.execute(update(TeamKey).where(TeamKey.id == key_id).values(confirmation=None))


def _remove(world: World, team: str, *models: type[Grant] | type[Receipt]) -> None:
    """Delete what says that a team of the college has the safeguarding sections."""
    team_id = world.college.teams[team].row.id
    with world.db.write() as session:
        if Grant in models:
            session.execute(
                delete(Grant).where(Grant.grantee_team_id == team_id, Grant.transfer_id.is_not(None))
            )
        if Receipt in models:
            session.execute(delete(Receipt).where(Receipt.team_id == team_id))


def _college(world: World, record_id: Any, owner: str = "transition") -> ProviderPlan:
    [college] = world.plan(record_id, owner=owner).providers
    return college


def _follow(world: World) -> tuple[Any, ...]:
    return to_follow(db=world.db, actor=world.safeguarding_lead)


def _released(world: World) -> Any:
    """A record that was sent, and whose safeguarding sections were released to the college."""
    record_id = world.sent().record_id
    world.save(record_id, PART, owner=SAFEGUARDING)
    world.send(record_id, owner=SAFEGUARDING)
    return record_id


@pytest.mark.parametrize("to", ["Riverside Boxing", "Beech Lane School"])
def test_a_team_whose_row_was_moved_gets_what_its_confirmation_says(world: World, to: str) -> None:
    record_id = world.sent().record_id
    world.save(record_id, PART, owner=SAFEGUARDING)
    _change(world, "Safeguarding", organisation_id=world.places[to].id)
    college = _college(world, record_id, SAFEGUARDING)
    assert {team.name for team in college.teams} == {"Learning support", "Safeguarding"}
    assert world.send(record_id, owner=SAFEGUARDING).providers == ("Northway College",)
    _change(world, "Safeguarding", organisation_id=world.college.id)
    assert _college(world, record_id, SAFEGUARDING).state == "current"
    assert _follow(world) == ()


def test_a_moved_team_gets_the_first_pack_and_the_next_version_too(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    _change(world, "Learning support", organisation_id=world.places["Riverside Boxing"].id)
    assert "Learning support" in {team.name for team in _college(world, record_id).teams}
    world.send(record_id)
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    assert "Learning support" in {team.name for team in _college(world, record_id).teams}


@pytest.mark.parametrize("purposes", [["exams"], ["transition"], []])
def test_a_team_without_its_confirmation_is_not_ready_whatever_work_its_row_names(
    world: World, purposes: list[str]
) -> None:
    record_id = world.sent().record_id
    world.save(record_id, PART, owner=SAFEGUARDING)
    _unconfirm(world, "Learning support")
    _change(world, "Learning support", purposes=purposes)
    college = _college(world, record_id, SAFEGUARDING)
    assert college.state == "not_ready"
    assert "Learning support at Northway College is not ready" in college.problem
    assert _college(world, record_id).state == "current"  # what it was granted before, it has


def test_a_team_that_was_granted_something_there_is_missed_though_neither_row_nor_key_is_its_own_now(
    world: World,
) -> None:
    record_id = _released(world)
    _unconfirm(world, "Safeguarding")
    _change(
        world,
        "Safeguarding",
        purposes=["exams"],
        organisation_id=world.places["Riverside Boxing"].id,
    )
    world.save(
        record_id,
        {"safeguarding": PART["safeguarding"] | {"lead_name": "Kim Lead"}},
        owner=SAFEGUARDING,
    )
    college = _college(world, record_id, SAFEGUARDING)
    assert college.state == "not_ready"
    assert "Safeguarding at Northway College is not ready" in college.problem
    sent = world.send(record_id, owner=SAFEGUARDING)
    assert (sent.providers, sent.held_back) == ((), ("Northway College",))
    assert _follow(world) == (record_id,)


def test_safeguarding_sections_go_nowhere_while_no_team_there_is_confirmed_for_them(world: World) -> None:
    record_id = world.sent().record_id
    world.save(record_id, PART, owner=SAFEGUARDING)
    with world.db.write() as session:
        key_id = world.college.teams["Safeguarding"].key_id
        coach = world.places["Riverside Boxing"].teams["Riverside Boxing"].row.id
        session.execute(update(TeamKey).where(TeamKey.id == key_id).values(team_id=coach, version=9))
    _change(world, "Safeguarding", purposes=["exams"])
    college = _college(world, record_id, SAFEGUARDING)
    assert college.state == "not_ready"
    assert "No team of Northway College is confirmed as its safeguarding team" in college.problem
    assert world.send(record_id, owner=SAFEGUARDING).providers == ()
    assert _follow(world) == (record_id,)


@pytest.mark.parametrize("models", [(Grant, Receipt), (Grant,)])
def test_what_one_team_was_not_granted_has_not_gone_out(world: World, models: Any) -> None:
    record_id = _released(world)
    assert _follow(world) == ()
    _remove(world, "Safeguarding", *models)
    assert _follow(world) == (record_id,)
    college = _college(world, record_id, SAFEGUARDING)
    assert (college.state, [team.name for team in college.teams]) == ("added", ["Safeguarding"])
    world.send(record_id, owner=SAFEGUARDING)
    assert _follow(world) == ()


def test_what_is_to_follow_does_not_rest_on_where_the_rows_of_the_own_teams_stand(world: World) -> None:
    record_id = world.add()
    world.save(record_id, PART, owner=SAFEGUARDING)
    world.send(record_id, owner=SAFEGUARDING)
    world.fill(record_id)
    world.send(record_id)
    _change(
        world,
        "Safeguarding team",
        place="Ashdown School",
        organisation_id=world.places["Riverside Boxing"].id,
    )
    assert _follow(world) == (record_id,)


def test_a_provider_that_receives_nothing_by_its_row_stays_in_the_plan(world: World) -> None:
    record_id = world.sent().record_id
    world.save(record_id, PART, owner=SAFEGUARDING)
    with world.db.write() as session:
        session.execute(update(Organisation).values(receives=False, sends=False))
    assert _college(world, record_id).state == "current"
    assert _college(world, record_id, SAFEGUARDING).state == "again"
    other = world.add("Ben")
    world.fill(other)
    assert _college(world, other).state == "new"


def _let_follow(world: World, record_id: UUID) -> Step:
    """Let the safeguarding part follow where the pack is."""
    return follow(world, [record_id])


def test_a_step_that_lets_nothing_follow_says_so(world: World) -> None:
    record_id = _released(world)
    with world.db.write() as session:
        session.execute(update(Transfer).values(state="recalled"))
    follow = _let_follow(world, record_id)
    assert follow.done == ()
    assert [left.why for left in follow.left] != [""]
    with world.db.write() as session:
        session.execute(update(Transfer).values(state="sent"))
    follow = _let_follow(world, record_id)
    assert [left.why for left in follow.left] == [NOTHING_SENT]
