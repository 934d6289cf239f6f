"""Codes about exams: grades from the best to the worst, and "none" as an answer."""

from __future__ import annotations

from transition_exchange.proforma.rules import exam_codes


def test_grades_go_from_the_best_to_the_worst() -> None:
    assert [code for code, _ in exam_codes.GCSE_GRADES] == ["9", "8", "7", "6", "5", "4", "3", "2", "1", "U"]


def test_no_arrangement_is_an_answer_and_the_first_one() -> None:
    codes = [code for code, _ in exam_codes.ACCESS_ARRANGEMENTS]
    assert (codes[0], codes[-1]) == ("none", "other")


def test_the_routes_name_the_forms_of_jcq() -> None:
    assert [code for code, _ in exam_codes.EVIDENCE_ROUTES] == ["form_8", "form_8rf", "form_9", "delegated"]
