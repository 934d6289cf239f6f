"""What lists say is right on every day of the year, whenever somebody last saved."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from tests.exchange.answers import complete, destination
from tests.exchange.coordinators import waits
from tests.exchange.world import World
from transition_exchange.exchange.coordinating.lines import Line
from transition_exchange.exchange.coordinating.listing import one_learner
from transition_exchange.exchange.coordinating.overview import Overview, overview
from transition_exchange.exchange.coordinating.years import close_year
from transition_exchange.exchange.writing.learner_list import LearnerRow, learners
from transition_exchange.exchange.writing.opening import open_draft

WRITTEN = date(2027, 3, 1)
RESULTS_DAY = date(2027, 8, 26)
DAYS = (
    date(2027, 3, 31),
    RESULTS_DAY,
    date(2027, 8, 31),
    date(2027, 9, 1),
    date(2027, 9, 30),
    date(2027, 12, 5),
)

FILL, SEND = "School to fill in what is missing", "School to send it to Northway College"


def _written(world: World, **results: str) -> UUID:
    """A record without whether the offer is suitable, complete on the day on which it was written."""
    world.today = WRITTEN
    record_id = world.add("Ben", "Stone")
    row = destination(world.college.id, "Northway College")
    del row["offer_suitable"]
    answers = complete([row])
    draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    answers["learner"] |= draft.answers["learner"]
    answers["results"] |= results
    world.save(record_id, answers)
    return record_id


def _line(world: World, record_id: UUID, day: date) -> Line:
    return one_learner(db=world.db, actor=world.coordinator, record_id=record_id, today=day)


def _row(world: World, day: date) -> LearnerRow:
    (row,) = learners(db=world.db, actor=world.senco, today=day)
    return row


@pytest.mark.parametrize("day", DAYS)
def test_a_form_is_complete_as_long_as_nothing_counts_that_is_missing(world: World, day: date) -> None:
    record_id = _written(world)
    line, row = _line(world, record_id, day), _row(world, day)
    whole = day < date(2027, 9, 1)
    assert (line.state == "complete", row.complete, row.gaps == 0) == (whole, whole, whole)
    assert waits(line) == [SEND if whole else FILL]
    assert ("Actual GCSE grade in maths" in str(line.missing) or bool(line.missing)) is not whole
    if not whole:
        (turn,) = line.turns
        assert turn.days(day) == (day - date(2027, 9, 1)).days, "it waits since the day from which it counts"


@pytest.mark.parametrize("day", DAYS)
def test_an_offer_counts_from_the_end_of_september_on(world: World, day: date) -> None:
    record_id = _written(world, actual_english="5", actual_maths="5")
    line = _line(world, record_id, day)
    whole = day < date(2027, 9, 30)
    assert (line.state == "complete", _row(world, day).complete) == (whole, whole)
    assert line.other_missing == (0 if whole else 1), "what stands in tables is not named"


@pytest.mark.parametrize("day", DAYS)
def test_nobody_is_late_before_five_school_days_of_the_term_have_passed(world: World, day: date) -> None:
    record_id = _written(world)
    world.send(record_id)
    line = _line(world, record_id, day)
    assert line.overdue is (day > date(2027, 9, 8))
    assert line.term_assumed


@pytest.mark.parametrize("day", DAYS)
def test_both_cohorts_stay_in_view_until_one_is_closed(world: World, day: date) -> None:
    _written(world)
    world.today = date(2027, 9, 2)
    world.add("Cara", "Wells")

    def seen() -> Overview:
        return overview(db=world.db, actor=world.coordinator, today=day)

    first = seen()
    both = {first.year, *(other.year for other in first.open_years)}
    assert both == {2027, 2028}
    assert first.year == (2027 if day < date(2027, 9, 1) else 2028)
    if first.year == 2028:
        (other,) = first.open_years
        assert (other.learners, other.waiting, other.overdue, other.can_be_closed) == (1, 1, 0, True)
        close_year(db=world.db, actor=world.coordinator, year=2027, today=day)
        assert seen().open_years == ()
        assert [other.year for other in seen().others] == [2027], "it can still be looked at"
