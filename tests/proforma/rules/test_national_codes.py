"""What a type of need suggests for the college's own record, out of that year's categories."""

from __future__ import annotations

import pytest

from schemas.core.ilr_categories import CATEGORIES_2026, CATEGORIES_2027
from transition_exchange.proforma.rules import needs_codes
from transition_exchange.proforma.rules.code_set import CodeSet
from transition_exchange.proforma.rules.national_codes import LLDD_SUGGESTIONS


def test_asperger_closed_and_autism_is_suggested_instead() -> None:
    assert LLDD_SUGGESTIONS[2026]["ASD"] == ("14", "15")
    assert LLDD_SUGGESTIONS[2027]["ASD"] == ("14",)
    assert [pair for pair in CATEGORIES_2026 if pair not in CATEGORIES_2027] == [
        ("15", "Asperger's syndrome")
    ]
    assert tuple(pair for pair in CATEGORIES_2026 if pair[0] != "15") == CATEGORIES_2027


@pytest.mark.parametrize("categories", [CATEGORIES_2026, CATEGORIES_2027])
def test_categories_stand_in_the_order_of_their_numbers(categories: CodeSet) -> None:
    numbers = [int(code) for code, _ in categories]
    assert numbers == sorted(numbers)


@pytest.mark.parametrize(
    ("year", "types", "categories"),
    [
        (2026, needs_codes.SEN_TYPES_BEFORE_DS, CATEGORIES_2026),
        (2027, needs_codes.SEN_TYPES, CATEGORIES_2027),
    ],
)
def test_every_type_of_need_has_suggestions_out_of_that_years_categories(
    year: int, types: CodeSet, categories: CodeSet
) -> None:
    assert sorted(LLDD_SUGGESTIONS[year]) == sorted(code for code, _ in types)
    known = [code for code, _ in categories]
    for suggested in LLDD_SUGGESTIONS[year].values():
        assert all(code in known for code in suggested)
        assert len(set(suggested)) == len(suggested)


def test_nothing_is_suggested_for_down_syndrome() -> None:
    assert LLDD_SUGGESTIONS[2027]["DS"] == ()
