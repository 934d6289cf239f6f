"""Every portrait is read, has texts that can be filled, and stands behind a course somebody offers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from tests import factories
from transition_exchange.sample import portraits
from transition_exchange.sample.organisations import RECEIVING
from transition_exchange.sample.portraits import FILES, PORTRAITS, Portrait
from transition_exchange.sample.young_people.year_group import sketches


def texts(value: object) -> Iterator[str]:
    """Every text within a portrait taken apart."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            yield from texts(item)
    elif isinstance(value, str):
        yield value


def test_every_file_of_the_folder_is_read() -> None:
    assert portraits.__file__ is not None
    assert {path.stem for path in Path(portraits.__file__).parent.glob("*.toml")} == set(FILES)
    assert len(PORTRAITS) == 25


@pytest.mark.parametrize("portrait", PORTRAITS, ids=lambda portrait: portrait.strategies[0][:30])
def test_every_text_can_be_filled(portrait: Portrait) -> None:
    sketch = next(sketches(seed=1, count=1, today=factories.TODAY, leaving_year=2027))
    for text in texts(asdict(portrait)):
        assert not re.search(r"[{}]", sketch.fill(text)), text


@pytest.mark.parametrize("portrait", PORTRAITS, ids=lambda portrait: portrait.strategies[0][:30])
def test_a_portrait_holds_together(portrait: Portrait) -> None:
    assert any(course.name.startswith(portrait.courses) for place in RECEIVING for course in place.courses), (
        portrait.courses
    )
    assert bool(portrait.arrangements) == bool(portrait.evidence_route)
    assert ("other" in portrait.arrangements) == bool(portrait.other_arrangement)
    if portrait.provision == "E":
        areas = {outcome.area for outcome in portrait.outcomes}
        assert areas == {"employment", "independent_living", "community", "health"}
        assert portrait.vocational
        assert portrait.independent_living
