"""Somebody who can write to the database puts a key or a team in another's place: nothing is sealed to it.

A walk: it goes from keys to sending.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.exchange.world import World
from transition_exchange.exchange.sending.planning import plan
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.models import Organisation, Team, TeamKey


def test_a_team_key_swapped_in_the_database_is_not_sealed_to(world: World) -> None:
    """A thief who writes their own key over a college team's gets nothing: the school's pins don't confirm it."""
    record_id = world.add()
    world.fill(record_id)
    thief = TeamSecret.generate()
    team = world.college.teams["Learning support"]
    with world.db.write() as session:
        session.execute(
            update(TeamKey)
            .where(TeamKey.id == team.key_id)
            .values(kem_public=thief.kem.public, signing_public=thief.signing.public)
        )
    planned = plan(db=world.db, actor=world.senco, record_id=record_id, today=world.today)
    assert [provider.state for provider in planned.providers] == ["not_ready"]


def _moved_in(session: Session, world: World) -> None:
    """A confirmed team of another provider, put into the college's place."""
    mine, theirs = (
        world.college.teams["Learning support"],
        world.places["Riverside Boxing"].teams["Riverside Boxing"],
    )
    session.execute(
        update(Team).where(Team.id == mine.row.id).values(organisation_id=world.places["Riverside Boxing"].id)
    )
    session.execute(update(Team).where(Team.id == theirs.row.id).values(organisation_id=world.college.id))


def _given_a_purpose(session: Session, world: World) -> None:
    team = world.college.teams["Exams office"]
    session.execute(update(Team).where(Team.id == team.row.id).values(purposes=["exams", "learning_support"]))


def _names_swapped(session: Session, world: World) -> None:
    session.execute(
        update(Organisation).where(Organisation.id == world.college.id).values(name="Riverside Boxing")
    )


@pytest.mark.parametrize("change", [_moved_in, _given_a_purpose, _names_swapped])
def test_a_team_made_into_another_than_was_confirmed_is_not_sealed_to(
    world: World, change: Callable[[Session, World], None]
) -> None:
    """Somebody in one confirmed team, who can write to the database, makes it the team of another college."""
    record_id = world.add()
    world.fill(record_id)
    with world.db.write() as session:
        change(session, world)
    planned = plan(db=world.db, actor=world.senco, record_id=record_id, today=world.today)
    assert [provider.state for provider in planned.providers] == ["not_ready"]
