"""The area at a glance: each number is the length of the list behind it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.exchange.coordinators import UPN, look, objects
from tests.exchange.world import World
from transition_exchange.exchange.coordinating.overview import Figures, overview
from transition_exchange.exchange.errors import NotAllowed
from transition_exchange.exchange.school_calendar import leaving_year_on
from transition_exchange.exchange.writing.due_cards import write_due
from transition_exchange.store.models import Record


def test_each_number_is_the_length_of_the_list_behind_it(world: World) -> None:
    for place, name in enumerate(("Adams", "Brown", "Clark", "Davis", "Evans")):
        record_id = world.add("Sam", name)
        if place > 0:
            world.save(record_id, {"pupil_number": {"upn": UPN}})
        if place > 1:
            world.fill(record_id, going_to=["Northway College", "Riverside Boxing"] if place > 2 else [])
        if place > 2:
            world.send(record_id)
        if place > 3:
            objects(world, record_id)
    world.add("Zoe", "Other", actor=world.other_senco)
    seen = overview(db=world.db, actor=world.coordinator, today=world.today)

    def same(figures: Figures, **where: Any) -> None:
        for code, count in figures.by_state.items():
            wanted: dict[str, Any] = (
                {"state": code} if code not in ("no_destination", "no_offer", "overdue") else {code: True}
            )
            assert look(world, year=seen.year, **where, **wanted).total == count, (code, where)
        for code, count in figures.by_delivery.items():
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
    assert seen.figures.by_state["shares_less"] == 1


def test_last_years_learners_are_another_years(world: World) -> None:
    world.add()
    seen = overview(db=world.db, actor=world.coordinator, today=world.today)
    assert seen.years == (seen.year,)
    assert (
        overview(db=world.db, actor=world.coordinator, year=seen.year - 1, today=world.today).figures.learners
        == 0
    )


def test_the_year_that_is_shown_is_this_school_years_or_the_newest_there_is(world: World) -> None:
    assert overview(db=world.db, actor=world.coordinator, today=world.today).year == leaving_year_on(
        world.today
    )
    record_id = world.add()
    with world.db.write() as session:
        session.get_one(Record, record_id).leaving_year -= 2
    seen = overview(db=world.db, actor=world.coordinator, today=world.today)
    assert (seen.year, seen.years) == (leaving_year_on(world.today) - 2, (leaving_year_on(world.today) - 2,))


def test_learners_of_whom_no_card_could_be_read_yet_are_counted_apart(world: World) -> None:
    """The SEND team joined after the learners were added: nobody of the school has signed in since."""
    for forename in ("Amina", "Ben"):
        world.add(forename)
    world.team("Ashdown Council", "SEND team", "send")
    officer = world.person("officer", "Ashdown Council", "SEND team")
    before = overview(db=world.db, actor=officer, today=world.today)
    assert (before.figures.learners, before.figures.unread) == (0, 2)
    write_due(db=world.db, actor=world.senco, limit=1)
    seen = overview(db=world.db, actor=officer, today=world.today)
    assert (seen.figures.learners, seen.figures.unread) == (1, 1)
    assert {place.name: place.figures.unread for place in seen.schools} == {
        "Ashdown School": 1,
        "Beech Lane School": 0,
    }


def test_the_area_and_the_learners_added_twice_are_named(world: World) -> None:
    world.add("Ben", "Adams", date_of_birth="2011-02-02")
    world.add("Ben", "Adams", date_of_birth="2011-02-02", actor=world.other_senco)
    seen = overview(db=world.db, actor=world.coordinator, today=world.today)
    assert (seen.area, seen.possible_duplicates) == ("Ashdown", 1)
    assert [place.name for place in seen.providers] == ["Northway College", "Riverside Boxing"]
    assert seen.figures.unfinished == 2
    with pytest.raises(NotAllowed):
        overview(db=world.db, actor=world.senco)
