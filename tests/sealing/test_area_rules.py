"""An area's rules hold as they were signed, for their area, and for nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.sealing.signed import MOMENT, RULES, TRANSFER
from transition_exchange.sealing import BadSignature
from transition_exchange.sealing.area_rules import AreaRules
from transition_exchange.sealing.keys import SigningKey

KEY = SigningKey.generate()
CHANGES: list[dict[str, Any]] = [
    {"area": uuid4()},
    {"send_at": "applied"},
    {"versions": {}},
    {"versions": {"2027": "core/2026.1"}},
    {"versions": {"2028": "core/2027.1"}},
    {"signed_at": MOMENT + timedelta(seconds=1)},
    {"previous": "0" * 64},
]


@pytest.mark.parametrize("changed", CHANGES, ids=lambda changed: next(iter(changed)))
def test_a_signature_holds_for_no_other_rules(changed: dict[str, Any]) -> None:
    signature = RULES.sign(KEY)
    assert AreaRules.verify(RULES.text(), signature, KEY.public) == RULES
    other = replace(RULES, **changed)
    assert other.digest() != RULES.digest()
    with pytest.raises(BadSignature):
        AreaRules.verify(other.text(), signature, KEY.public)


def test_their_text_holds_years_as_text_and_a_time_in_utc() -> None:
    assert json.loads(RULES.text()) == {
        "format": 1,
        "kind": "area rules",
        "area": str(RULES.area),
        "send_at": "accepted",
        "versions": {"2027": "core/2027.1"},
        "signed_at": "2027-06-03T09:30:00+00:00",
        "previous": None,
    }


def test_rules_keep_no_hold_on_what_they_were_made_of() -> None:
    chosen = {"2027": "core/2027.1"}
    rules = replace(RULES, versions=chosen)
    chosen["2027"] = "core/2026.1"
    assert rules == RULES


def test_a_statement_of_another_kind_is_no_rule() -> None:
    with pytest.raises(BadSignature):
        AreaRules.verify(TRANSFER.text(), TRANSFER.sign(KEY), KEY.public)
