"""The first days of term that a council has set, by the year in which they are."""

from __future__ import annotations

from datetime import date

from tests.exchange.world import World
from transition_exchange.exchange.records.term_starts import term_starts_of
from transition_exchange.store.models import TermStart


def test_of_two_days_in_a_year_the_first_one_counts(world: World) -> None:
    days = (date(2026, 9, 2), date(2027, 9, 20), date(2027, 9, 6))
    with world.db.write() as session:
        session.add_all(TermStart(area_id=world.area_id, first_day=day) for day in days)
    with world.db.read() as session:
        assert term_starts_of(session, world.area_id) == {2026: date(2026, 9, 2), 2027: date(2027, 9, 6)}
