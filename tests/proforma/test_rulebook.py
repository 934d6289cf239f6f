"""Rules across fields: errors and warnings, each by its source."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.proforma.records import (
    PLAN,
    TODAY,
    V2027,
    Answers,
    ehc_plan,
    merged,
    sen_support,
    without_sen,
)
from transition_exchange.proforma import Report, check, load
from transition_exchange.proforma.findings import Case, Rule
from transition_exchange.proforma.rulebook import attendance_band, birthday

VERSION = load(V2027)


def of(record: Answers, today: date = TODAY, **kwargs: Any) -> Report:
    return check(VERSION, record, today=today, **{"attachments": PLAN, **kwargs})


def codes(findings: Any) -> set[str]:
    return {finding.code for finding in findings}


def test_types_of_need_fit_the_provision() -> None:
    left_over = merged(without_sen(), {"needs": {"needs": [{"type": "ASD", "rank": 1}]}})
    assert of(left_over).errors == (), "no longer asked: it is kept, and sent to nobody"
    no_assessment = merged(ehc_plan(), {"needs": {"needs": [{"type": "NSA", "rank": 1}]}})
    assert codes(of(no_assessment).errors) == {"sen_types.not_assessed"}
    assert of(merged(sen_support(), {"needs": {"needs": [{"type": "NSA", "rank": 1}]}})).complete
    none = sen_support()
    del none["needs"]["needs"]
    assert codes(of(none).counting_gaps) == {"needs.needs.missing"}


def test_nothing_happened_before_the_learner_was_born() -> None:
    record = merged(ehc_plan(), {"ehc_plan": {"last_review": "2011-03-26"}})
    assert codes(of(record).errors) == {"date.before_birth"}


@pytest.mark.parametrize(
    ("by", "day", "expected"),
    [
        ("by_parent", "2027-03-26", set()),
        ("by_parent", "2027-03-27", {"objection.sixteen"}),
        ("by_learner", "2027-03-26", {"objection.not_sixteen"}),
        ("by_learner", "2027-03-27", set()),
    ],
)
def test_who_may_object_changes_on_the_sixteenth_birthday(by: str, day: str, expected: set[str]) -> None:
    record = merged(without_sen(), {"objection": {"objection": by, "objection_date": day}})
    assert codes(of(record).errors) == expected


@pytest.mark.parametrize(
    ("born", "year_group", "fits"),
    [
        ("2010-09-01", 11, True),
        ("2011-08-31", 11, True),
        ("2010-08-31", 11, False),
        ("2011-09-01", 11, False),
        ("2010-08-31", 12, True),
        ("2008-10-05", 13, True),
    ],
)
def test_a_date_of_birth_outside_the_year_group_is_pointed_out(
    born: str, year_group: int, fits: bool
) -> None:
    report = of(merged(without_sen(), {"learner": {"date_of_birth": born, "year_group": year_group}}))
    assert not report.errors
    assert ("learner.date_of_birth.year_group" in codes(report.warnings)) is not fits


def test_an_outcome_without_a_way_there_is_pointed_out() -> None:
    bare = [{"area": "employment", "outcome": "Amina works two mornings a week in the garden centre"}]
    report = of(merged(ehc_plan(), {"adulthood": {"outcomes": bare}}))
    assert "adulthood.outcomes.no_way" in codes(report.warnings)
    assert "Outcome 1 has no steps, nobody who helps and no date" in {w.message for w in report.warnings}
    assert codes(report.counting_gaps) == {
        f"adulthood.outcomes.{column}.missing" for column in ("steps", "who", "by_when")
    }
    with_support = of(merged(sen_support(), {"adulthood": {"outcomes": bare}}))
    assert with_support.complete
    assert "adulthood.outcomes.no_way" in codes(with_support.warnings)


@pytest.mark.parametrize(
    "outcome", ["Be happy", "To improve confidence in all of her lessons at college and home"]
)
def test_an_outcome_that_could_be_anybodys_is_pointed_out(outcome: str) -> None:
    record = ehc_plan()
    record["adulthood"]["outcomes"][0]["outcome"] = outcome
    report = of(record)
    assert report.complete
    assert "adulthood.outcomes.generic" in codes(report.warnings)
    assert "adulthood.outcomes.generic" not in codes(of(ehc_plan()).warnings)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"parts_complete": False}, "form_8.parts"),
        ({"normal_way_of_working": False}, "form_8.way_of_working"),
        ({"assessor_qualified": False}, "form_8.assessor"),
        ({"assessed_on": "2024-08-31"}, "form_8.before_year_9"),
    ],
)
def test_a_form_8_that_a_college_cannot_reuse_is_pointed_out(answer: dict[str, Any], code: str) -> None:
    assert code in codes(of(merged(ehc_plan(), {"exams": answer})).warnings)
    assert not [c for c in codes(of(ehc_plan()).warnings) if c.startswith("form_8.")]


def test_an_assessment_on_the_first_day_of_year_9_counts() -> None:
    report = of(merged(ehc_plan(), {"exams": {"assessed_on": "2024-09-01"}}))
    assert "form_8.before_year_9" not in codes(report.warnings)


def test_the_councils_duty_of_31_march_is_worded_as_the_councils() -> None:
    record = ehc_plan()
    del record["ehc_plan"]["final_issued"]
    assert "ehc_plan.final_issued.due" not in codes(of(record, date(2027, 3, 30)).warnings)
    late = [w for w in of(record, date(2027, 3, 31)).warnings if w.code == "ehc_plan.final_issued.due"]
    assert "council's" in late[0].message
    record["ehc_plan"]["final_issued"] = "2027-04-02"
    assert "ehc_plan.final_issued.late" in codes(of(record).warnings)


@pytest.mark.parametrize(
    ("born", "age", "day"),
    [
        (date(2011, 3, 27), 16, date(2027, 3, 27)),
        (date(2012, 2, 29), 16, date(2028, 2, 29)),
        (date(2012, 2, 29), 15, date(2027, 3, 1)),
    ],
)
def test_a_birthday_comes_every_year_and_after_february_where_there_is_none(
    born: date, age: int, day: date
) -> None:
    assert birthday(born, age) == day


@pytest.mark.parametrize(
    ("possible", "attended", "band"),
    [
        (300, 150, "severe"),
        (300, 151, "persistent"),
        (300, 270, "persistent"),
        (300, 271, "regular"),
        (300, 300, "regular"),
        (300, 0, "severe"),
        (None, 10, None),
        (300, None, None),
        (0, 0, None),
    ],
)
def test_the_band_of_attendance_follows_the_sessions_missed(
    possible: int | None, attended: int | None, band: str | None
) -> None:
    sessions = {"sessions_possible": possible, "sessions_attended": attended}
    answers = {"attendance": {name: count for name, count in sessions.items() if count is not None}}
    assert attendance_band(answers) == band


@pytest.mark.parametrize(
    "rule", [*VERSION.error_rules, *VERSION.warning_rules], ids=lambda rule: rule.__name__
)
def test_a_rule_says_nothing_where_nothing_is_answered(rule: Rule) -> None:
    assert list(rule(Case({}, 2027, TODAY))) == []
