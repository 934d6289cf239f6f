"""England's councils by DfE code."""

from __future__ import annotations

from transition_exchange.proforma.rules import identifiers
from transition_exchange.proforma.rules.local_authorities import ENGLAND


def test_there_are_as_many_councils_as_england_has() -> None:
    assert len(ENGLAND) == 153


def test_each_has_a_code_of_the_right_shape_and_a_name_of_its_own() -> None:
    assert all(identifiers.la_code(code) == code for code, _ in ENGLAND)
    names = [name for _, name in ENGLAND]
    assert len(set(names)) == len(names)


def test_a_council_is_found_by_its_code() -> None:
    councils = dict(ENGLAND)
    assert councils["372"] == "Rotherham"
    assert councils["201"] == "City of London"
