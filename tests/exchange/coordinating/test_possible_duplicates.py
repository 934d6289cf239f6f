"""The same learner added by two schools."""

from __future__ import annotations

import pytest

from tests.exchange.coordinators import UPN
from tests.exchange.world import World
from transition_exchange.exchange.coordinating.possible_duplicates import possible_duplicates
from transition_exchange.exchange.errors import NotAllowed


def test_the_same_learner_at_two_schools_is_shown_whatever_gives_them_away(world: World) -> None:
    world.add("Amina", "Khan", date_of_birth="2011-01-05")
    world.add("AMINA", "khan", actor=world.other_senco, date_of_birth="2011-01-05")
    one = world.add("Ben", "Adams", date_of_birth="2011-02-02")
    other = world.add("Benjamin", "Adams", actor=world.other_senco, date_of_birth="2011-03-03")
    world.save(one, {"pupil_number": {"upn": UPN}})
    world.save(other, {"pupil_number": {"upn": UPN}}, actor=world.other_senco)
    world.add("Cy", "Lone", date_of_birth="2011-04-04")
    world.add("Di", "Twin", date_of_birth="2011-05-05")
    world.add("Di", "Twin", date_of_birth="2011-05-05")
    twice = possible_duplicates(db=world.db, actor=world.coordinator)
    assert [(learner.why, [line.name for line in learner.lines]) for learner in twice] == [
        (("same UPN",), ["Adams, Ben", "Adams, Benjamin"]),
        (("same name and date of birth",), ["Khan, Amina", "khan, AMINA"]),
    ]
    with pytest.raises(NotAllowed):
        possible_duplicates(db=world.db, actor=world.senco)


def _twice(world: World) -> list[tuple[tuple[str, ...], list[str]]]:
    return [
        (learner.why, [line.school for line in learner.lines])
        for learner in possible_duplicates(db=world.db, actor=world.coordinator)
    ]


def test_who_shares_a_number_with_one_and_a_name_with_another_is_one_learner(world: World) -> None:
    world.place("Third School", kind="school", sends=True)
    world.team("Third School", "Transition team", "transition")
    world.person("third_senco", "Third School", "Transition team")
    world.add("Ben", "Adams", date_of_birth="2011-02-02", actor=world.third_senco)
    both = world.add("Ben", "Adams", date_of_birth="2011-02-02")
    other = world.add("Benjamin", "Adams", date_of_birth="2011-03-03", actor=world.other_senco)
    world.save(both, {"pupil_number": {"upn": UPN}})
    world.save(other, {"pupil_number": {"upn": UPN}}, actor=world.other_senco)
    ((why, schools),) = _twice(world)
    assert why == ("same UPN", "same name and date of birth")
    assert sorted(schools) == ["Ashdown School", "Beech Lane School", "Third School"]


def test_the_same_learner_number_is_the_same_learner(world: World) -> None:
    one, other = world.add("Ben", "Adams"), world.add("Cy", "Brown", actor=world.other_senco)
    world.save(one, {"numbers": {"uln": "1000000019"}})
    assert _twice(world) == []
    world.save(other, {"numbers": {"uln": "1000000019"}}, actor=world.other_senco)
    assert _twice(world) == [(("same ULN",), ["Ashdown School", "Beech Lane School"])]


def test_after_an_objection_the_numbers_give_nobody_away(world: World) -> None:
    """Education and Skills Act 2008 s.14(4): the card then holds no UPN."""
    one = world.add("Ben", "Adams", date_of_birth="2011-02-02")
    other = world.add("Ben", "Adams", date_of_birth="2011-02-03", actor=world.other_senco)
    for record_id, actor in ((one, world.senco), (other, world.other_senco)):
        world.save(record_id, {"pupil_number": {"upn": UPN}}, actor=actor)
    assert [why for why, _ in _twice(world)] == [("same UPN",)]
    world.save(one, {"objection": {"objection": "by_parent", "objection_date": "2026-10-01"}})
    assert _twice(world) == []
