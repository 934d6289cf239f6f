"""The same learner added by two schools."""

from __future__ import annotations

import pytest

from tests.exchange.coordinators import UPN
from tests.exchange.world import World
from transition_exchange.exchange.coordinating.doubles import doubles
from transition_exchange.exchange.errors import NotAllowed


def test_the_same_learner_at_two_schools_is_shown_whatever_gives_them_away(world: World) -> None:
    world.add("Amina", "Khan", date_of_birth="2011-01-05")
    world.add("AMINA", "khan", actor=world.other_senco, date_of_birth="2011-01-05")
    one = world.add("Ben", "Adams", date_of_birth="2011-02-02")
    other = world.add("Benjamin", "Adams", actor=world.other_senco, date_of_birth="2011-03-03")
    world.save(one, {"enrolment": {"upn": UPN}})
    world.save(other, {"enrolment": {"upn": UPN}}, actor=world.other_senco)
    world.add("Cy", "Lone", date_of_birth="2011-04-04")
    world.add("Di", "Twin", date_of_birth="2011-05-05")
    world.add("Di", "Twin", date_of_birth="2011-05-05")
    found = doubles(db=world.db, actor=world.coordinator)
    assert [(each.why, [line.name for line in each.lines]) for each in found] == [
        (("same UPN",), ["Adams, Ben", "Adams, Benjamin"]),
        (("same name and date of birth",), ["Khan, Amina", "khan, AMINA"]),
    ]
    with pytest.raises(NotAllowed):
        doubles(db=world.db, actor=world.senco)
