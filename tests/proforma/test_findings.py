"""What a check says, for people and for machines."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.proforma.records import (
    TODAY,
    V2027,
    Answers,
    merged,
    without_sen,
)
from transition_exchange.proforma import Finding, Report, check, load

VERSION = load(V2027)


def of(record: Answers, today: date = TODAY, **kwargs: Any) -> Report:
    return check(VERSION, record, today=today, **kwargs)


def codes(findings: Any) -> set[str]:
    return {finding.code for finding in findings}


def test_a_report_for_machines_says_no_more_than_codes_and_places() -> None:
    found = of(merged(without_sen(), {"learner": {"legal_surname": "X" * 200}})).json()
    assert found["errors"] == [
        {
            "code": "text.long",
            "path": "learner.legal_surname",
            "message": "Shorten this to 100 characters or fewer. It has 200",
            "everybody": False,
        }
    ]
    assert "XXX" not in str(found)


def test_gaps_whose_day_has_not_come_are_listed_and_do_not_count() -> None:
    now = Finding("s", "a", ("s", "a"), "s.a.missing", "A", everybody=True)
    later = Finding("s", "b", ("s", "b"), "s.b.missing", "B", counts_from=date(2027, 9, 30))
    report = Report((), (now, later), ())
    assert report.counting_gaps == (now,)
    assert report.everybody_gaps == (now,)
    assert not report.complete
    assert Report((), (later,), ()).complete


def test_an_error_keeps_a_record_from_being_complete_and_a_warning_does_not() -> None:
    wrong = Finding("s", "a", ("s", "a"), "text.long", "Too long")
    assert not Report((wrong,), (), ()).complete
    assert Report((), (), (wrong,)).complete


def test_a_report_can_be_narrowed_to_sections() -> None:
    one, two = (Finding(name, "a", (name, "a"), "code", "A") for name in ("first", "second"))
    report = Report((one,), (two,), (one, two))
    assert report.of("first") == Report((one,), (), (one,))
    assert report.among(["first", "second"]) == report
    assert report.among([]) == Report((), (), ())


def test_a_finding_names_its_field_as_a_form_does() -> None:
    cell = Finding("needs", "needs", ("needs", "needs", 0, "type"), "needs.needs.type.missing", "Type")
    assert (cell.form_name, cell.question) == ("needs.needs.0.type", "needs.needs")
    dated = Finding(
        "s",
        "a",
        ("s", "a"),
        "c",
        "M",
        expected=date(2027, 7, 1),
        reason="waiting",
        counts_from=date(2027, 9, 1),
    )
    assert dated.json() == {
        "code": "c",
        "path": "s.a",
        "message": "M",
        "everybody": False,
        "reason": "waiting",
        "expected": "2027-07-01",
        "counts_from": "2027-09-01",
    }
