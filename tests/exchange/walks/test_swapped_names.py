"""Somebody swaps names in rows, or moves teams away; providers and teams are called what was confirmed."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from tests.exchange.walks.test_tampering_with_transfers import BOXING, change_draft, followed
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.organisations.providers import providers
from transition_exchange.store.models import Organisation, Team

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a session believes does not depend on the kind of database."""


def test_swapped_names_are_shown_nowhere(world: World, sent: SentRecord) -> None:
    """The names of two providers, and those of two teams, are swapped in their rows."""
    with world.db.write() as session:
        for name, other in (("Northway College", BOXING), (BOXING, "Northway College")):
            session.get_one(Organisation, world.places[name].id).name = other
        teams = world.college.teams
        for name, other in (("Safeguarding", "Exams office"), ("Exams office", "Safeguarding")):
            session.get_one(Team, teams[name].row.id).name = other
    offered = {provider.id: provider.name for provider in providers(db=world.db, actor=world.senco)}
    assert offered == {world.places[name].id: name for name in ("Northway College", BOXING)}
    change_draft(world, sent.record_id)
    (college,) = world.plan(sent.record_id).providers
    assert (college.organisation_id, college.name) == (world.college.id, "Northway College")
    assert {team.team_id: team.name for team in college.teams} == {
        team.row.id: name for name, team in teams.items()
    }
    assert world.send(sent.record_id).providers == ("Northway College",)
    assert followed(world, sent.record_id, sent.transfer_id).provider == "Northway College"


def test_moving_all_teams_of_a_provider_away_does_not_let_its_row_name_it(world: World) -> None:
    """What was confirmed is looked for by the organisation's id in the confirmation, not by the teams' rows."""
    with world.db.write() as session:
        session.execute(
            update(Team)
            .where(Team.organisation_id == world.places[BOXING].id)
            .values(organisation_id=world.school.id)
        )
        session.get_one(Organisation, world.places[BOXING].id).name = "Northway College of Arts"
    offered = {provider.id: provider.name for provider in providers(db=world.db, actor=world.senco)}
    assert offered[world.places[BOXING].id] == BOXING
