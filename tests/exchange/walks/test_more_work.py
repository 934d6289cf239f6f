"""When a team last got work that it had not before, as the rows of its changes say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from tests.exchange.changing import accept, change, confirm, member, propose, session_of, sign_in
from tests.exchange.members import Member
from tests.exchange.team_rows import MadeTeam
from tests.exchange.world import World
from transition_exchange.exchange.keys import changes
from transition_exchange.purposes import SENDING
from transition_exchange.store.models import TeamChange

KEEPING = "school_safeguarding"


@pytest.fixture
def team(world: World) -> MadeTeam:
    """A school's team that does safeguarding."""
    return world.school.teams["Safeguarding team"]


@pytest.fixture
def gus(world: World, team: MadeTeam) -> Member:
    """Somebody in it."""
    return member(world, "Gus", team)


def _change(world: World, team: MadeTeam, person: Member, *purposes: str, name: str = "") -> None:
    change(world, team, session_of(world, person), purposes=purposes, name=name)
    sign_in(world, person)


def _since(world: World, team: MadeTeam) -> datetime | None:
    with world.db.read() as session:
        return changes.more_work(session, [team.row.id], SENDING).get(team.row.id)


def test_only_more_of_this_work_counts(world: World, team: MadeTeam, gus: Member) -> None:
    _change(world, team, gus, KEEPING, name="Leads")
    assert _since(world, team) is None, "another name is no work"
    began = datetime.now(UTC)
    _change(world, team, gus, KEEPING, "transition")
    since = _since(world, team)
    assert since is not None
    assert since >= began
    _change(world, team, gus, "transition")
    assert _since(world, team) == since, "it gave some up"
    _change(world, team, gus, "transition", KEEPING)
    again = _since(world, team)
    assert again is not None
    assert again > since


def test_a_change_that_the_council_has_not_confirmed_is_none_yet(
    world: World, team: MadeTeam, gus: Member
) -> None:
    accept(world, session_of(world, gus), propose(world, team, purposes=(KEEPING, "transition")))
    assert _since(world, team) is None
    confirm(world, team)
    assert _since(world, team) is not None


@pytest.mark.parametrize(
    "written",
    [
        {"closed_at": datetime.now(UTC) + timedelta(days=1)},
        {"closed_at": None},
        {"statement": "nothing that a team signs"},
        {"statement": None},
    ],
    ids=["a day to come", "no day", "no statement of a change", "no statement"],
)
def test_a_row_that_cannot_be_so_tells_nothing(
    world: World, team: MadeTeam, gus: Member, written: dict[str, object]
) -> None:
    _change(world, team, gus, KEEPING, "transition")
    with world.db.write() as session:
        session.execute(update(TeamChange).values(**written))
    assert _since(world, team) is None
