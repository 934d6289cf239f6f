"""Answers as a reader wants them."""

from __future__ import annotations

from tests.proforma.records import TODAY, V2026, V2027, Answers, as_2026, ehc_plan, merged, without_sen
from transition_exchange.proforma import Access, ShownItem, check, load, show

VERSION = load(V2027)


def items(record: Answers, section: str, *, unanswered: bool = False) -> dict[str, ShownItem]:
    report = check(VERSION, record, today=TODAY)
    findings = (*report.gaps, *report.warnings)
    (shown,) = show(VERSION, record, [section], findings=findings, unanswered=unanswered)
    return {item.question.name: item for item in shown.items}


def test_long_answers_come_in_paragraphs() -> None:
    assert items(ehc_plan(), "own_words")["hopes"].paragraphs == ("My answer to hopes.", "And a second line.")


def test_tables_come_as_rows_with_a_title_each() -> None:
    (row,) = items(ehc_plan(), "adulthood")["outcomes"].rows
    assert row.title == "Outcome 1"
    assert dict(row.items)["By when"] == "1 February 2028"
    assert dict(items(ehc_plan(), "support")["provision"].rows[0].items)["Hours a week"] == "2.5"


def test_what_is_missing_is_said_with_its_reason() -> None:
    record = ehc_plan()
    del record["ehc_plan"]["last_review"]
    assert items(record, "ehc_plan")["last_review"].missing == "Missing"
    record["ehc_plan"]["_reasons"] = {"last_review": {"reason": "waiting", "expected": "2027-07-01"}}
    assert items(record, "ehc_plan")["last_review"].missing == "Waiting for a report, expected 1 July 2027"


def test_what_does_not_apply_and_what_is_attached_is_said() -> None:
    assert items(ehc_plan(), "services")["services"].text == "Does not apply"
    record = ehc_plan()
    del record["adulthood"]["vocational"]
    record["adulthood"]["_attached"] = {"vocational": {"page": 4}}
    assert items(record, "adulthood")["vocational"].text == "See the attached document, page 4"


def test_an_old_document_is_marked() -> None:
    record = merged(ehc_plan(), {"ehc_plan": {"last_review": "2025-06-03"}})
    item = items(record, "ehc_plan")["last_review"]
    assert item.text == "3 June 2025"
    assert item.note is not None
    assert "over a year old" in item.note


def test_an_old_report_in_a_table_is_marked_at_its_row() -> None:
    services = [{"service": "EP", "name": "Pat", "contact": "Phone", "last_report": "2024-01-01"}]
    record = merged(ehc_plan(), {"services": {"services": services}})
    (row,) = items(record, "services")["services"].rows
    assert row.note is not None
    assert "over a year old" in row.note


def test_what_needs_no_answer_shows_only_where_that_is_wanted() -> None:
    assert "pronouns" not in items(without_sen(), "known_as")
    assert "pronouns" in items(without_sen(), "known_as", unanswered=True)


def test_what_is_not_asked_does_not_show() -> None:
    record = merged(without_sen(), {"ehc_plan": {"plan_reference": "left over"}})
    assert items(record, "ehc_plan", unanswered=True) == {}


def test_every_answer_of_an_audience_shows_and_none_from_outside_it() -> None:
    for version, record in ((VERSION, ehc_plan()), (load(V2026), as_2026(ehc_plan()))):
        for purpose in ("admissions", "learning_support", "safeguarding", "exams"):
            sections = Access(version, frozenset({purpose})).sections
            shown = show(version, record, sections)
            assert [section.name for section in shown] == list(sections)
            answered = {
                f"{name}.{field}"
                for name in sections
                for field in record.get(name, {})
                if not field.startswith("_")
            }
            assert answered <= {item.question.path for section in shown for item in section.items}
