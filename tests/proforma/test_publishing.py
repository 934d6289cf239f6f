"""JSON Schema, the document, and the lock that keeps an agreed version as it is."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from tests.proforma.records import TODAY, V2026, V2027, Answers, as_2026, ehc_plan, sen_support, without_sen
from transition_exchange.proforma import asked_answers, load, read_section
from transition_exchange.proforma.publishing import json_schema

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", [V2026, V2027])
def test_the_published_schema_is_one(name: str) -> None:
    schema = json_schema(load(name))
    jsonschema.Draft202012Validator.check_schema(schema)
    json.dumps(schema)
    assert schema["x-version"] == name


@pytest.mark.parametrize("record", [without_sen(), sen_support(), ehc_plan()], ids=["N", "K", "E"])
@pytest.mark.parametrize("name", [V2026, V2027])
def test_what_is_right_fits_the_published_schema(name: str, record: Answers) -> None:
    version = load(name)
    answers = record if name == V2027 else as_2026(record)
    right = {
        section: read_section(version, section, answers[section], today=TODAY).values for section in answers
    }
    validator = jsonschema.Draft202012Validator(json_schema(version))
    validator.validate(right)
    validator.validate(asked_answers(version, right, [section.name for section in version.sections]))


@pytest.mark.parametrize(
    "wrong",
    [
        {"learner": {"other": 1}},
        {"care": {"in_care": "yes"}},
        {"sen": {"provision": "X"}},
        {"pupil_number": {"upn": "nothing"}},
        {"other": {}},
    ],
)
def test_what_is_wrong_does_not_fit_it(wrong: Answers) -> None:
    assert not jsonschema.Draft202012Validator(json_schema(load(V2027))).is_valid(wrong)


def test_the_published_schema_says_who_reads_and_when_it_is_asked() -> None:
    schema = json_schema(load(V2027))
    section = schema["properties"]["safeguarding"]
    assert section["x-owner"] == "school_safeguarding"
    assert section["x-audience"] == ["safeguarding"]
    assert "x-only-at" not in section
    assert schema["properties"]["pupil_number"]["x-only-at"] == "school"
    review = schema["properties"]["ehc_plan"]["properties"]["last_review"]
    assert review["x-asked"]["path"] == "sen.provision"
