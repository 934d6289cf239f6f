"""The area at a glance: each number is the length of the list behind it."""

from __future__ import annotations

from typing import Any

from tests.exchange.coordinators import UPN, look, objects
from tests.exchange.world import World
from transition_exchange.exchange.coordinating.overview import Figures, overview


def test_each_number_is_the_length_of_the_list_behind_it(world: World) -> None:
    for place, name in enumerate(("Adams", "Brown", "Clark", "Davis", "Evans")):
        record_id = world.add("Sam", name)
        if place > 0:
            world.save(record_id, {"enrolment": {"upn": UPN}})
        if place > 1:
            world.fill(record_id, going_to=["Northway College", "Riverside Boxing"] if place > 2 else [])
        if place > 2:
            world.send(record_id)
        if place > 3:
            objects(world, record_id)
    world.add("Zoe", "Other", actor=world.other_senco)
    seen = overview(db=world.db, actor=world.coordinator, today=world.today)

    def same(figures: Figures, **where: Any) -> None:
        for code, count in figures.of.items():
            wanted: dict[str, Any] = (
                {"state": code} if code not in ("no_destination", "no_offer", "overdue") else {code: True}
            )
            assert look(world, year=seen.year, **where, **wanted).total == count, (code, where)
        for code, count in figures.delivered.items():
            assert look(world, year=seen.year, **where, delivery=code).total == count, (code, where)

    same(seen.figures)
    for school in seen.schools:
        same(school.figures, school=school.id)
    for provider in seen.providers:
        same(provider.figures, provider=provider.id)
    for who, count in seen.turns.items():
        assert look(world, year=seen.year, turn=who).total == count
    assert [(place.name, place.figures.learners) for place in seen.schools] == [
        ("Ashdown School", 5),
        ("Beech Lane School", 1),
    ]
    assert seen.figures.of["shares_less"] == 1


def test_last_years_learners_are_another_years(world: World) -> None:
    world.add()
    seen = overview(db=world.db, actor=world.coordinator, today=world.today)
    assert seen.years == (seen.year,)
    assert (
        overview(db=world.db, actor=world.coordinator, year=seen.year - 1, today=world.today).figures.learners
        == 0
    )
