"""A transfer's statement says what goes to whom, or was taken back, and holds for nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.sealing.signed import MOMENT, RECALL, RULES, TRANSFER
from transition_exchange.sealing import BadSignature
from transition_exchange.sealing.encoding import canonical, framed
from transition_exchange.sealing.keys import SigningKey
from transition_exchange.sealing.transfers import TransferStatement

KEY = SigningKey.generate()
CHANGES: list[dict[str, Any]] = [
    {"area": uuid4()},
    {"record": uuid4()},
    {"transfer": uuid4()},
    {"provider": uuid4()},
    {"state": "recalled"},
    {"at": MOMENT + timedelta(seconds=1)},
    {"previous": "0" * 64},
    {"overrules": ["0" * 64]},
]


@pytest.mark.parametrize("changed", CHANGES, ids=lambda changed: next(iter(changed)))
def test_a_signature_holds_for_nothing_else_than_was_sent(changed: dict[str, Any]) -> None:
    signature = TRANSFER.sign(KEY)
    assert TransferStatement.verify(TRANSFER.text(), signature, KEY.public) == TRANSFER
    other = replace(TRANSFER, **changed)
    assert other.digest() != TRANSFER.digest()
    with pytest.raises(BadSignature):
        TransferStatement.verify(other.text(), signature, KEY.public)


def test_its_text_has_ids_a_time_in_utc_and_no_statement_before_the_first() -> None:
    assert json.loads(TRANSFER.text()) == {
        "format": 1,
        "kind": "transfer",
        "area": str(TRANSFER.area),
        "record": str(TRANSFER.record),
        "transfer": str(TRANSFER.transfer),
        "provider": str(TRANSFER.provider),
        "state": "sent",
        "at": "2027-06-03T09:30:00+00:00",
        "previous": None,
    }


def test_what_it_overrules_is_named_by_hash_in_order() -> None:
    kept = replace(TRANSFER, overrules=["b" * 64, "a" * 64])
    assert json.loads(kept.text())["overrules"] == ["a" * 64, "b" * 64]
    assert TransferStatement.verify(kept.text(), kept.sign(KEY), KEY.public) == kept


@pytest.mark.parametrize("event", ["A" * 64, "a" * 63, "a" * 64 + "\n", 14, None])
def test_an_event_is_named_in_no_other_way(event: Any) -> None:
    with pytest.raises(ValueError, match="by its hash"):
        replace(TRANSFER, overrules=[event])


@pytest.mark.parametrize("overrules", [[], 14, "a" * 64, ["b" * 64, "a" * 64], None])
def test_a_signed_text_with_anything_else_is_no_statement(overrules: Any) -> None:
    text = canonical(json.loads(TRANSFER.text()) | {"overrules": overrules})
    with pytest.raises(BadSignature):
        TransferStatement.verify(text, KEY.sign(framed("transfer", text)), KEY.public)


def test_a_recall_names_the_statement_that_it_ends() -> None:
    read = TransferStatement.verify(RECALL.text(), RECALL.sign(KEY), KEY.public)
    assert (read.state, read.previous) == ("recalled", TRANSFER.digest())
    again = replace(TRANSFER, at=MOMENT + timedelta(minutes=1))
    assert again.digest() != read.previous, "another sending of the same pack is another statement"


def test_a_statement_of_another_kind_sends_nothing() -> None:
    with pytest.raises(BadSignature):
        TransferStatement.verify(RULES.text(), RULES.sign(KEY), KEY.public)
