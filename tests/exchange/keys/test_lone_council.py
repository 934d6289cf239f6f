"""A NEET group that one person alone holds up."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.exchange.world import World
from transition_exchange.exchange.keys.lone_council import lacks_second_person
from transition_exchange.store.models import Membership


@pytest.mark.parametrize(("people", "lacks"), [(2, False), (1, True), (0, True)])
def test_it_lacks_a_second_person_until_two_people_can_open_its_key(
    world: World, people: int, lacks: bool
) -> None:
    assert world.root is not None
    with world.db.write() as session:
        members = select(Membership).where(
            Membership.team_id == world.root.row.id, Membership.sealed.is_not(None)
        )
        for member in session.scalars(members).all()[people:]:
            session.delete(member)
    assert lacks_second_person(db=world.db, actor=world.coordinator) is lacks


def test_nobody_else_is_told(world: World) -> None:
    for actor in (world.senco, world.college_support):
        assert not lacks_second_person(db=world.db, actor=actor)
