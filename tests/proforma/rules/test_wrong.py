"""What a rule raises: a code for machines, a sentence for people, and never the value."""

from __future__ import annotations

import pytest

from transition_exchange.proforma.rules import Wrong, contact, identifiers


def test_it_has_a_code_and_a_message() -> None:
    problem = Wrong("upn_shape", "A UPN is a letter and 12 characters")
    assert (problem.code, problem.message, str(problem)) == (
        "upn_shape",
        "A UPN is a letter and 12 characters",
        "A UPN is a letter and 12 characters",
    )
    assert isinstance(problem, ValueError)


@pytest.mark.parametrize(
    "rule",
    [
        identifiers.upn,
        identifiers.uln,
        identifiers.ukprn,
        identifiers.urn,
        identifiers.laestab,
        identifiers.la_code,
        contact.postcode,
        contact.email,
        contact.phone,
    ],
)
def test_no_rule_repeats_what_was_typed(rule: object) -> None:
    assert callable(rule)
    with pytest.raises(Wrong) as caught:
        rule("Zq001wj typed by somebody")
    assert "Zq001wj" not in caught.value.message
    assert "Zq001wj" not in caught.value.code
