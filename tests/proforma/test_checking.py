"""Errors, gaps with reasons, warnings."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.proforma.records import (
    PLAN,
    TODAY,
    V2026,
    V2027,
    Answers,
    as_2026,
    ehc_plan,
    merged,
    sen_support,
    without_sen,
)
from transition_exchange.proforma import Report, check, load

VERSION = load(V2027)
AFTER_RESULTS = date(2027, 9, 30)


def of(record: Answers, today: date = TODAY, **kwargs: Any) -> Report:
    return check(VERSION, record, today=today, **{"attachments": PLAN, **kwargs})


def codes(findings: Any) -> set[str]:
    return {finding.code for finding in findings}


@pytest.mark.parametrize("record", [without_sen(), sen_support(), ehc_plan()], ids=["N", "K", "E"])
def test_a_complete_record_is_complete_in_both_versions(record: Answers) -> None:
    assert of(record).complete
    last_year = check(load(V2026), as_2026(record), today=TODAY, leaving_year=2027)
    assert last_year.complete, last_year


def test_a_plan_that_is_said_to_be_attached_and_is_not_is_a_gap_since_2027() -> None:
    report = of(ehc_plan(), attachments=())
    (gap,) = report.counting_gaps
    assert (gap.code, gap.question, gap.everybody) == (
        "attachment.ehc_plan.missing",
        "ehc_plan.sections_attached",
        False,
    )
    assert gap in report.missing_documents
    assert not {warning.code for warning in report.warnings} & {gap.code}, "it is said once"
    record = ehc_plan()
    record["ehc_plan"]["sections_attached"] = []
    record["ehc_plan"]["_reasons"] = {"sections_attached": {"reason": "waiting"}}
    report = of(record, attachments=())
    assert "attachment.ehc_plan.missing" in codes(report.warnings)
    assert "attachment.ehc_plan.missing" not in codes(report.gaps)
    last_year = check(load(V2026), as_2026(ehc_plan()), today=TODAY, leaving_year=2027)
    assert "attachment.ehc_plan.missing" in codes(last_year.warnings)


def test_an_empty_record_lacks_only_what_everybody_is_asked() -> None:
    report = of({})
    assert not report.errors
    assert report.gaps
    assert all(gap.everybody for gap in report.gaps)
    assert not of({}).complete


def test_the_number_of_open_gaps_is_the_same_whatever_the_form_says() -> None:
    basics: Answers = {"learner": {}}
    for provision in "NKE":
        record = merged(basics, {"sen": {"provision": provision}, "care": {"in_care": provision == "E"}})
        assert len(of(record).everybody_gaps) == len(of({}).everybody_gaps) - 2


def test_a_gap_is_named_and_never_with_a_value() -> None:
    record = sen_support()
    del record["own_words"]["hopes"]
    (gap,) = of(record).gaps[:1]
    assert gap.code == "own_words.hopes.missing"
    assert gap.message == "What I hope for next"
    assert gap.form_name == "own_words.hopes"
    assert not gap.everybody


def test_a_reason_explains_a_gap_and_does_not_close_it() -> None:
    record = ehc_plan()
    del record["ehc_plan"]["last_review"]
    record["ehc_plan"]["_reasons"] = {"last_review": {"reason": "waiting", "expected": "2027-07-01"}}
    report = of(record)
    assert not report.complete
    (gap,) = report.counting_gaps
    assert (gap.reason, gap.expected) == ("waiting", date(2027, 7, 1))
    assert gap.message == "Last annual review (waiting for a report, expected 1 July 2027)"
    assert "ehc_plan.last_review.overdue" in codes(of(record, date(2027, 7, 2)).warnings)


def test_does_not_apply_closes_a_gap_where_the_field_allows_it() -> None:
    record = ehc_plan()
    del record["ehc_plan"]["plan_reference"]
    assert not of(record).complete
    record["ehc_plan"]["_reasons"] = {"plan_reference": {"reason": "does_not_apply"}}
    assert of(record).complete


def test_see_attached_answers_a_question() -> None:
    record = sen_support()
    del record["support"]["provision"]
    assert not of(record).complete
    record["support"]["_attached"] = {"provision": {"page": 2}}
    assert of(record).complete


def test_another_answer_may_stand_for_one() -> None:
    record = without_sen()
    del record["numbers"]["uln"]
    assert codes(of(record).gaps) >= {"numbers.uln.missing"}
    record["numbers"]["uln_not_known"] = False
    assert not of(record).complete
    record["numbers"]["uln_not_known"] = True
    assert of(record).complete
    del record["pupil_number"]["upn"]
    record["pupil_number"]["upn_missing_reason"] = "UN3"
    assert of(record).complete


def test_a_missing_cell_is_a_gap_with_its_place() -> None:
    record = without_sen()
    del record["contacts"]["contacts"][0]["relationship"]
    (gap,) = of(record).counting_gaps
    assert gap.code == "contacts.contacts.relationship.missing"
    assert gap.form_name == "contacts.contacts.0.relationship"
    assert gap.message == "Contact 1: Relationship to the learner"
    assert not gap.everybody, "what stands in rows is never counted openly"


def test_an_offer_counts_from_the_end_of_september() -> None:
    record = without_sen()
    del record["destinations"]["destinations"][0]["offer_date"]
    early = of(record)
    assert early.complete
    assert [gap.counts_from for gap in early.gaps if "offer_date" in gap.code] == [date(2027, 9, 30)]
    assert "destinations.destinations.offer_date.missing" in codes(of(record, AFTER_RESULTS).counting_gaps)


def test_predictions_are_asked_until_results_and_grades_from_then_on() -> None:
    record = merged(without_sen(), {"results": {}})
    del record["results"]["predicted_maths"]
    assert codes(of(record).counting_gaps) == {"results.predicted_maths.missing"}
    assert codes(of(record, AFTER_RESULTS).counting_gaps) == {
        "results.actual_english.missing",
        "results.actual_maths.missing",
    }
    record["results"]["actual_maths"] = "7"
    assert of(record).complete, "a result makes the prediction superfluous"


def test_an_owner_is_checked_alone() -> None:
    record = without_sen()
    del record["safeguarding"]
    assert of(record, owner="transition").complete
    assert codes(of(record, owner="school_safeguarding").gaps) == {
        "safeguarding.file_exists.missing",
        "safeguarding.lead_name.missing",
        "safeguarding.lead_phone.missing",
    }


def test_a_wrong_value_is_an_error_and_not_a_gap_too() -> None:
    report = of(merged(without_sen(), {"learner": {"date_of_birth": "2011-02-30"}}))
    assert codes(report.errors) == {"date.real"}
    assert not report.counting_gaps
    assert not report.complete


def test_a_section_nobody_knows_is_an_error() -> None:
    assert codes(of(merged(without_sen(), {"Amina": {"x": 1}})).errors) == {"section_unknown"}


def test_a_review_or_report_over_a_year_old_is_pointed_out() -> None:
    record = merged(
        ehc_plan(),
        {
            "ehc_plan": {"last_review": "2026-06-14"},
            "services": {
                "services": [
                    {
                        "service": "EP",
                        "name": "Pat Person",
                        "contact": "01709 960127",
                        "last_report": "2025-01-01",
                    }
                ]
            },
        },
    )
    report = of(record)
    assert {"ehc_plan.last_review.old", "services.services.last_report.old"} <= codes(report.warnings)
    assert report.complete, "a warning stops nothing"
    assert "ehc_plan.last_review.old" not in codes(of(record, date(2027, 6, 14)).warnings)


def test_an_unsigned_form_8_is_a_gap() -> None:
    record = ehc_plan()
    del record["exams"]["part_2_signed_on"]
    assert codes(of(record).counting_gaps) == {"exams.part_2_signed_on.missing"}


def test_documents_that_should_be_there_are_pointed_out() -> None:
    assert "attachment.form_8.missing" in codes(of(ehc_plan()).warnings)
    there = of(ehc_plan(), attachments=[{"id": "1", "kind": "form_8", "dated": "2025-10-20"}])
    assert "attachment.form_8.missing" not in codes(there.warnings)
    assert "attachment.form_8.old" in codes(there.warnings)


def test_low_attendance_asks_for_the_reason() -> None:
    record = merged(without_sen(), {"attendance": {"sessions_attended": 200, "sessions_unauthorised": 92}})
    assert {"attendance_support.part_time.missing", "attendance_support.reason.missing"} <= codes(
        of(record).gaps
    )
