"""The year group has everybody a real one has, from every school, however small the sample."""

from __future__ import annotations

from tests.factories import TODAY, everybody
from transition_exchange.sample.young_people import year_group
from transition_exchange.sample.young_people.year_group import sketches


def test_every_flag_is_somewhere() -> None:
    assert set(year_group.FLAGS) <= set().union(*(learner.flags for learner in everybody()))


def test_a_small_sample_has_learners_of_all_schools_who_are_the_same_as_in_a_large_one() -> None:
    few = list(sketches(seed=2027, count=40, today=TODAY, leaving_year=2027))
    assert len(few) == 40
    assert len({sketch.school.key for sketch in few}) >= 14
    by_number = {learner.number: learner for learner in everybody()}
    for sketch in few:
        assert by_number[sketch.number].name == sketch.name.full
