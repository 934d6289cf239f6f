"""A sketch fills the slots of texts, and its dates lie where a school could have worked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.factories import outlines
from transition_exchange.sample.organisations import BY_KEY, SampleCourse


def test_slots_are_filled_and_a_sentence_begins_with_a_capital() -> None:
    sketch = replace(
        outlines()[0],
        interest="drumming",
        mentor="Ms Lumb",
        first_choice=(BY_KEY["forge"], SampleCourse("Motor vehicle, level 1", "1", "N")),
    )
    assert sketch.fill("{interest}. I like {interest}. {course} or {interest}! {mentor}") == (
        "Drumming. I like drumming. Motor vehicle or drumming! Ms Lumb"
    )
    with pytest.raises(KeyError):
        sketch.fill("{hobby}")


@pytest.mark.parametrize(
    ("name", "spoken"),
    [
        ("Motor vehicle, level 1", "motor vehicle"),
        ("A levels: art, photography and media", "A levels"),
        ("Apprenticeship in bricklaying, level 2", "an apprenticeship in bricklaying"),
        ("English for speakers of other languages", "English for speakers of other languages"),
        ("Sports leadership, twelve weeks", "sports leadership"),
    ],
)
def test_a_course_is_named_as_one_speaks_of_it(name: str, spoken: str) -> None:
    choice = (BY_KEY["forge"], SampleCourse(name, "1", "N"))
    assert replace(outlines()[0], first_choice=choice).course == spoken


def test_a_learner_is_sixteen_from_the_birthday_on() -> None:
    sketch = replace(outlines()[0], born=date(2010, 11, 23), worked_on=date(2026, 11, 22))
    assert not sketch.sixteen
    assert replace(sketch, worked_on=date(2026, 11, 23)).sixteen
    assert replace(sketch, worked_on=date(2027, 1, 1)).sixteen


def test_days_ago_are_working_days_and_choices_keep_their_order() -> None:
    for sketch in outlines()[:40]:
        for _ in range(20):
            day = date.fromisoformat(sketch.ago(1, 30))
            assert day < sketch.worked_on
            assert day.weekday() < 5
        chosen = sketch.some(range(10), 2, 4)
        assert chosen == sorted(set(chosen))
        assert 2 <= len(chosen) <= 4
        assert sketch.some("ab", 5, 5) == ["a", "b"]
