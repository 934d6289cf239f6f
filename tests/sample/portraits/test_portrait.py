"""What a portrait is made of is what the form asks for, and every portrait can be filled and holds together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from tests import factories
from transition_exchange.proforma import load
from transition_exchange.sample import portraits
from transition_exchange.sample.organisations import RECEIVING
from transition_exchange.sample.portraits import FILES, PORTRAITS, Portrait
from transition_exchange.sample.portraits.portrait import (
    Contribution,
    DailyLiving,
    Diagnosis,
    Equipment,
    Outcome,
    Provision,
    Service,
    Support,
    Voice,
    Wait,
)
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


def choices(path: str) -> set[str]:
    """The codes that a question of the form takes, or one column of its rows."""
    section, name, *column = path.split(".")
    question = next(one for one in load("core/2027.1").section(section).questions if one.name == name)
    if column:
        question = next(one for one in question.rows if one.name == column[0])
    codes = {code for code, *_ in question.choices}
    assert codes, path
    return codes


@pytest.mark.parametrize(
    ("taken", "path"),
    [
        (Provision, "sen.provision"),
        (get_type_hints(Diagnosis)["evidence"], "needs.diagnoses.evidence"),
        (get_type_hints(Outcome)["area"], "adulthood.outcomes.area"),
        (get_type_hints(Equipment)["owner"], "support.equipment.owner"),
        (get_type_hints(DailyLiving)["mobility"], "daily_living.mobility"),
        (get_type_hints(DailyLiving)["personal_care"], "daily_living.personal_care"),
        (get_type_hints(Portrait)["written_by"], "own_words.written_by"),
        (get_type_hints(Portrait)["evidence_route"], "exams.evidence_route"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_can_say_only_what_the_form_takes(taken: Any, path: str) -> None:
    """The reader of the files refuses every other code, so these lists have to be the form's."""
    assert set(get_args(taken)) - {""} <= choices(path)


@pytest.mark.parametrize(
    ("kind", "path", "renamed"),
    [
        (Diagnosis, "needs.diagnoses", {}),
        (Outcome, "adulthood.outcomes", {"by": "by_when"}),
        (Support, "support.provision", {"hours": "hours_per_week"}),
        (Equipment, "support.equipment", {}),
        (Service, "services.services", {"code": "service", "role": "contact"}),
        (Contribution, "contributions.contributions", {}),
        (Wait, "waiting.waits", {}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_the_rows_of_a_portrait_bear_the_names_of_the_forms_columns(
    kind: type, path: str, renamed: dict[str, str]
) -> None:
    section, name = path.split(".")
    question = next(one for one in load("core/2027.1").section(section).questions if one.name == name)
    columns = {column.name for column in question.rows}
    assert {renamed.get(field, field) for field in get_type_hints(kind)} <= columns


def test_a_voice_has_the_headings_of_the_one_page_profile() -> None:
    questions = {question.name for question in load("core/2027.1").section("own_words").questions}
    assert set(get_type_hints(Voice)) <= questions


@pytest.mark.parametrize("portrait", PORTRAITS, ids=lambda portrait: portrait.strategies[0][:30])
def test_every_code_of_a_portrait_is_the_forms(portrait: Portrait) -> None:
    for codes, path in (
        (portrait.types, "needs.needs.type"),
        (portrait.travel, "transport.travel"),
        (portrait.arrangements, "exams.arrangements"),
        ([service.code for service in portrait.services], "services.services.service"),
        ([wait.waiting_for for wait in portrait.waits], "waiting.waits.waiting_for"),
    ):
        assert set(codes) <= choices(path)
        assert len(set(codes)) == len(codes)


def test_a_portrait_is_of_a_learner_in_the_mainstream_who_speaks_for_themself() -> None:
    """What a file leaves out."""
    portrait = Portrait(
        types=("SPLD",),
        provision="K",
        courses=("Joinery",),
        good_at=("Making things.",),
        find_hard=("Spelling.",),
        strategies=("Coloured paper.",),
        supports=(),
        voices=(),
    )
    assert portrait.places == {"mainstream"}
    assert (portrait.written_by, portrait.travel) == ("learner", ("bus", "family"))
    empty = (portrait.diagnoses, portrait.outcomes, portrait.waits, portrait.health, portrait.daily_living)
    assert not any(empty)
