"""Which teams an organisation has: those that were confirmed for it, and those of which nobody can say it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID, uuid4

from sqlalchemy import update

from tests.exchange.team_rows import add_key
from tests.exchange.world import World
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records.confirmed_teams import PlaceTeam, teams_at
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.models import Team, TeamKey


def _teams(
    world: World, place: str, further: Mapping[UUID, Collection[UUID]] | None = None
) -> dict[str, PlaceTeam]:
    place_id = world.places[place].id
    with world.db.read() as session:
        trust = trust_of(session, world.senco)
        found = teams_at(session, trust=trust, organisation_ids=[place_id], further=further)[place_id]
        return {team.name: team for team in found}


def test_a_team_is_where_it_was_confirmed_and_not_where_its_row_stands(world: World) -> None:
    exams = world.college.teams["Exams office"]
    with world.db.write() as session:
        session.get_one(Team, exams.row.id).organisation_id = world.places["Riverside Boxing"].id
    assert list(_teams(world, "Northway College")) == list(world.college.teams)
    assert list(_teams(world, "Riverside Boxing")) == ["Riverside Boxing"]


def test_a_team_whose_newest_key_does_not_count_is_still_who_it_was_confirmed_to_be(world: World) -> None:
    exams = world.college.teams["Exams office"]
    with world.db.write() as session:
        add_key(
            session,
            exams.row.id,
            TeamSecret.generate(),
            version=2,
            signed_by=exams.secret,
            removed=[uuid4()],
        )
        session.get_one(Team, exams.row.id).purposes = ["safeguarding"]
    team = _teams(world, "Northway College")["Exams office (not confirmed)"]
    assert (team.known, team.identity) == (None, exams.identity)


def test_a_team_that_nothing_identifies_is_where_its_row_or_something_signed_puts_it(world: World) -> None:
    exams = world.college.teams["Exams office"]
    with world.db.write() as session:
        session.execute(update(TeamKey).where(TeamKey.id == exams.key_id).values(confirmation=None))
    name = "Exams office (not confirmed)"
    assert _teams(world, "Northway College")[name].identity is None
    boxing = world.places["Riverside Boxing"].id
    assert name in _teams(world, "Riverside Boxing", {boxing: [exams.row.id]})
    support = world.college.teams["Learning support"].row.id
    assert "Learning support" not in _teams(world, "Riverside Boxing", {boxing: [support]})
