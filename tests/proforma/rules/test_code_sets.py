"""Code sets have no doubles, every code a label, and the differences between versions that are named."""

from __future__ import annotations

import pytest

from transition_exchange.proforma.rules import code_sets, identifiers, national_codes

SETS = {
    f"{module.__name__.rsplit('.', 1)[1]}.{name}": value
    for module in (code_sets, national_codes)
    for name, value in vars(module).items()
    if name.isupper()
    and not name.startswith("_")
    and isinstance(value, tuple)
    and value
    and isinstance(value[0], tuple)
    and name not in {"RONI_THRESHOLDS", "LEARN_FAM_HINTS"}
}


@pytest.mark.parametrize("name", sorted(SETS))
def test_a_code_set_has_each_code_once_and_a_label_for_it(name: str) -> None:
    codes = [entry[0] for entry in SETS[name]]
    assert len(codes) == len(set(codes))
    assert all(code and code == code.strip() for code in codes)
    assert all(entry[1].strip() for entry in SETS[name])


def test_down_syndrome_came_between_the_versions_and_nothing_else() -> None:
    assert set(code_sets.SEN_TYPES) - set(code_sets.SEN_TYPES_BEFORE_DS) == {("DS", "Down syndrome")}
    assert set(code_sets.SEN_TYPES_BEFORE_DS) < set(code_sets.SEN_TYPES)


def test_asperger_closed_in_the_ilr_and_autism_is_suggested_instead() -> None:
    assert "15" not in dict(national_codes.LLDD_CATEGORIES)
    assert "15" in dict(national_codes.LLDD_CATEGORIES_WITH_15)
    assert national_codes.LLDD_SUGGESTIONS[2026]["ASD"] == ("14", "15")
    assert national_codes.LLDD_SUGGESTIONS[2027]["ASD"] == ("14",)


@pytest.mark.parametrize(
    ("year", "types", "categories"),
    [
        (2026, code_sets.SEN_TYPES_BEFORE_DS, national_codes.LLDD_CATEGORIES_WITH_15),
        (2027, code_sets.SEN_TYPES, national_codes.LLDD_CATEGORIES),
    ],
)
def test_every_type_of_need_has_a_suggestion_from_that_years_categories(
    year: int, types: code_sets.CodeSet, categories: code_sets.CodeSet
) -> None:
    suggestions = national_codes.LLDD_SUGGESTIONS[year]
    assert set(suggestions) == set(dict(types))
    assert {code for codes in suggestions.values() for code in codes} <= set(dict(categories))


def test_an_allocated_place_is_a_status_of_2027_only() -> None:
    assert set(dict(code_sets.DESTINATION_STATUS)) - set(
        dict(code_sets.DESTINATION_STATUS_BEFORE_ALLOCATED)
    ) == {"allocated"}


def test_every_factor_of_the_risk_score_has_points() -> None:
    assert set(code_sets.RONI_WEIGHTS) == set(dict(code_sets.RONI_FACTORS))
    assert {band for band, _ in code_sets.RONI_THRESHOLDS} == set(dict(code_sets.RONI_BANDS))


def test_the_councils_of_england_have_codes_of_the_right_shape() -> None:
    assert len(code_sets.LOCAL_AUTHORITIES) == 153
    assert all(identifiers.la_code(code) == code for code, _ in code_sets.LOCAL_AUTHORITIES)
    assert dict(code_sets.LOCAL_AUTHORITIES)["372"] == "Rotherham"
