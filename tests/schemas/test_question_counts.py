"""What is asked grows with need: how much has to be typed after a CTF import and the year-group page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.proforma.records import PLAN, V2027, Answers, for_the_year_group, from_ctf, merged
from transition_exchange.proforma import Question, asked_columns, check, forms, load
from transition_exchange.proforma.conditions import value_at
from transition_exchange.proforma.findings import Finding

VERSION = load(V2027)
IN_JUNE, AFTER_RESULTS = date(2027, 6, 15), date(2027, 9, 30)


def imported(provision: str) -> Answers:
    """A learner after the import: everything marked as held by a CTF, and nothing that is not."""
    record = merged(from_ctf(), {"sen": {"provision": provision}})
    if provision != "N":
        record["needs"] = {"needs": [{"type": "ASD", "rank": 1}]}
    for section, values in record.items():
        for field in values:
            assert VERSION.question(f"{section}.{field}").from_ctf, f"a CTF has no {section}.{field}"
    return record


def typed(question: Question) -> Any:
    """Something right to type. Yes to yes/no and a row in every table, so that what follows is counted too."""
    match question.kind:
        case "yes_no":
            return question.name not in ("personal_budget", "none_offered")
        case "choice":
            return {"status": "accepted", "kind": "provider", "assessment": "none"}.get(
                question.name, question.choices[0][0]
            )
        case "choices":
            return [question.choices[0][0]]
        case "date":
            return "2027-03-01"
        case "number" | "hours":
            return 1
        case "money":
            return "100.00"
        case "la_code":
            return "372"
        case _:
            return "A few words that somebody types"


def questions_typed(provision: str, today: date) -> list[str]:
    """Type whatever is asked for until the record is complete; the paths typed, in order."""
    record = merged(imported(provision), for_the_year_group())
    paths: list[str] = []
    while gaps := check(VERSION, record, today=today, attachments=PLAN).counting_gaps:
        assert len(paths) < 200, f"never complete: {gaps[0].code}"
        paths += fill(record, gaps[0])
    assert not check(VERSION, record, today=today, attachments=PLAN).errors
    return paths


def fill(record: Answers, gap: Finding) -> Iterator[str]:
    question = VERSION.question(gap.question)
    values = record.setdefault(question.section, {})
    if (offered := forms.offered(question, record)) is not None:
        values[question.name] = offered  # the page shows it; nobody types it
    elif question.kind != "rows":
        values[question.name] = typed(question)
        yield question.path
    elif len(gap.path) > 2:
        column = question.column(str(gap.path[3]))
        values[question.name][gap.path[2]][column.name] = typed(column)
        yield column.path
    else:
        row = {
            column.name: typed(column) for column in question.rows if column.prefilled and not column.system
        }
        values[question.name] = [{key: row[key] for key in row if key in ("kind", "preference", "rank")}]
        if not values[question.name][0]:
            first = question.rows[0]
            values[question.name] = [{first.name: typed(first)}]
            yield first.path


@pytest.mark.parametrize("today", [IN_JUNE, AFTER_RESULTS])
@pytest.mark.parametrize(("provision", "at_most"), [("N", 8), ("K", 30), ("E", 50)])
def test_no_more_is_typed_than_was_promised(provision: str, at_most: int, today: date) -> None:
    paths = questions_typed(provision, today)
    assert len(paths) <= at_most, paths


def test_more_is_asked_as_need_grows() -> None:
    counts = [len(questions_typed(provision, AFTER_RESULTS)) for provision in "NKE"]
    assert counts == sorted(counts)
    assert len(set(counts)) == 3


def test_only_the_agreed_things_are_confirmed_for_a_year_group() -> None:
    confirmed = {question.path for question in VERSION.questions if question.year_group}
    sections = {path.partition(".")[0] for path in confirmed}
    assert sections == {
        "enrolment",
        "told",
        "sharing",
        "objection",
        "exams",
        "suspensions",
        "waiting",
        "safeguarding",
    }
    assert [path for path in confirmed if path.startswith("enrolment.")] == ["enrolment.home_la"]
    for section, values in for_the_year_group().items():
        assert {f"{section}.{field}" for field in values} <= confirmed


def test_a_destination_that_is_none_yet_asks_for_nothing_more() -> None:
    question = VERSION.question("destinations.destinations")
    columns = {column.name for column in asked_columns(question, {"kind": "none_yet"}, {})}
    assert not columns & {"provider_name", "course", "level", "status", "offer_date", "offer_suitable"}
    record = merged(
        imported("N"), for_the_year_group(), {"destinations": {"destinations": [{"kind": "none_yet"}]}}
    )
    asked_for = {
        gap.question for gap in check(VERSION, record, today=AFTER_RESULTS, attachments=PLAN).counting_gaps
    }
    assert value_at(record, "destinations.destinations")
    assert {path.partition(".")[0] for path in asked_for} == {"results", "neet_risk"}
