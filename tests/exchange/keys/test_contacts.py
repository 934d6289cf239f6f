"""Whom to ring is what a team's own key signed; rows alone say nothing."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import update

from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.contacts import Contact, contacts_of
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.organisations.contacts import set_contact
from transition_exchange.store.models import TeamContact


def say(world: World, person: str = "safeguarding_lead", name: str = "Sam Lead") -> UUID:
    """Somebody says whom to ring at their team. Returns the team."""
    actor = world.people[person]
    team_id = actor.teams[0].id
    set_contact(db=world.db, actor=actor, team_id=team_id, name=name, phone="01709382121")
    return team_id


def seen(world: World, team_id: UUID, actor: Actor | None = None) -> Contact | None:
    """Whom a college is told to ring there."""
    with world.db.read() as session:
        trust = trust_of(session, actor or world.college_safeguarding)
        return contacts_of(session, trust=trust, team_ids=[team_id]).get(team_id)


def test_everybody_who_believes_the_teams_key_sees_it(world: World) -> None:
    team_id = say(world)
    for actor in (world.college_safeguarding, world.senco, world.coordinator):
        assert seen(world, team_id, actor) == Contact("Sam Lead", "01709 382121")
    assert "Sam" not in repr(seen(world, team_id))


def test_a_team_whose_key_nobody_confirmed_says_nothing_to_others(world: World) -> None:
    world.place("New School", kind="school", sends=True)
    world.team("New School", "Safeguarding team", "school_safeguarding", confirmed=False)
    world.person("new_lead", "New School", "Safeguarding team")
    assert seen(world, say(world, "new_lead")) is None


@pytest.mark.parametrize("column", ["statement", "signature", "team_key_id", "team_id"])
def test_what_somebody_writes_into_the_row_is_not_shown(world: World, column: str) -> None:
    """Their own number, another team's signature, their own key, or another team's whole row."""
    theirs, others = say(world), say(world, "other_senco", name="A Stranger")
    with world.db.write() as session:
        row = session.query(TeamContact).filter_by(team_id=others).one()
        value = getattr(row, column)
        session.delete(row)
        session.flush()
        session.execute(update(TeamContact).where(TeamContact.team_id == theirs).values({column: value}))
    assert seen(world, theirs) is None
    assert seen(world, others) is None
