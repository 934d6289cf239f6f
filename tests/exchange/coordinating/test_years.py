"""Leaving years that the council closes."""

from __future__ import annotations

from datetime import date

import pytest

from tests.exchange.world import World
from transition_exchange.exchange.coordinating import years
from transition_exchange.exchange.coordinating.years import close_year, reopen_year
from transition_exchange.exchange.errors import NotAllowed, NotFound, Refused
from transition_exchange.exchange.school_calendar import leaving_year_on
from transition_exchange.store.models import Area, Record

TODAY = date(2027, 12, 5)


def closed(world: World) -> int | None:
    with world.db.read() as session:
        return session.get_one(Area, world.area_id).closed_year


def test_a_year_is_closed_with_all_before_it_and_can_be_opened_again(world: World) -> None:
    for year in (2026, 2027, 2025):
        close_year(db=world.db, actor=world.coordinator, year=year, today=TODAY)
    assert closed(world) == 2027, "closing an earlier one opens none"
    reopen_year(db=world.db, actor=world.coordinator, year=2027)
    assert closed(world) == 2026
    reopen_year(db=world.db, actor=world.coordinator, year=2027)
    assert closed(world) == 2026, "it is open already"


@pytest.mark.parametrize("year", [2028, 2029])
def test_a_year_of_those_who_are_still_at_school_stays_open(world: World, year: int) -> None:
    with pytest.raises(Refused, match="still at school"):
        close_year(db=world.db, actor=world.coordinator, year=year, today=TODAY)
    assert closed(world) is None


@pytest.mark.parametrize("year", [0, 1, 1899, 1900, 1999])
def test_a_year_in_which_nobody_on_a_list_left_is_no_year(world: World, year: int) -> None:
    """A year that the column cannot hold would keep the whole area from working."""
    close_year(db=world.db, actor=world.coordinator, year=years.FIRST_YEAR, today=TODAY)
    for act in (close_year, years.closing):
        with pytest.raises(NotFound):
            act(db=world.db, actor=world.coordinator, year=year, today=TODAY)
    with pytest.raises(NotFound):
        reopen_year(db=world.db, actor=world.coordinator, year=year)
    reopen_year(db=world.db, actor=world.coordinator, year=years.FIRST_YEAR)
    assert closed(world) == years.FIRST_YEAR - 1


def test_only_who_coordinates_closes_and_opens(world: World) -> None:
    for actor in (world.senco, world.college_support):
        with pytest.raises(NotAllowed):
            close_year(db=world.db, actor=actor, year=2026, today=TODAY)
        with pytest.raises(NotAllowed):
            reopen_year(db=world.db, actor=actor, year=2026)


def test_before_closing_it_says_what_is_still_to_be_done_and_what_is_closed_with_it(world: World) -> None:
    year = leaving_year_on(world.today)
    ids = [world.add("Amina", "Khan"), world.add("Ben", "Adams"), world.add("Cy", "Lone")]
    with world.db.write() as session:
        for record_id, leaves in zip(ids, (year - 1, year - 1, year - 2), strict=True):
            session.get_one(Record, record_id).leaving_year = leaves
    seen = years.closing(db=world.db, actor=world.coordinator, year=year - 1, today=world.today)
    assert (seen.year.learners, seen.year.waiting, seen.earlier) == (2, 2, (year - 2,))
    years.close_year(db=world.db, actor=world.coordinator, year=year - 2, today=world.today)
    assert years.closing(db=world.db, actor=world.coordinator, year=year - 1, today=world.today).earlier == ()
    with pytest.raises(Refused):
        years.closing(db=world.db, actor=world.coordinator, year=year, today=world.today)
    with pytest.raises(NotAllowed):
        years.closing(db=world.db, actor=world.senco, year=year - 1, today=world.today)
