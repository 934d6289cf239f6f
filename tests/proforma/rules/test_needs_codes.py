"""Types of need and sections of a plan are those of the census and the regulations, in their order."""

from __future__ import annotations

from transition_exchange.proforma.rules import needs_codes


def test_down_syndrome_came_between_the_versions_behind_autism_and_nothing_else_moved() -> None:
    before = needs_codes.SEN_TYPES_BEFORE_DS
    assert (before[0], ("DS", "Down syndrome"), *before[1:]) == needs_codes.SEN_TYPES
    assert before[0][0] == "ASD"


def test_what_says_least_comes_last() -> None:
    codes = [code for code, _ in needs_codes.SEN_TYPES]
    assert codes[-2:] == ["OTH", "NSA"]
    assert codes[:-2] == sorted(codes[:-2])


def test_provision_goes_from_none_to_a_plan() -> None:
    assert [code for code, _ in needs_codes.SEN_PROVISION] == ["N", "K", "E"]


def test_the_sections_of_a_plan_are_those_of_regulation_12() -> None:
    letters = ["A", "B", "C", "D", "E", "F", "G", "H1", "H2", "I", "J", "K"]
    assert [code for code, _ in needs_codes.EHC_PLAN_SECTIONS] == letters
    assert all(label.startswith(f"{code}: ") for code, label in needs_codes.EHC_PLAN_SECTIONS)
