"""What is signed about a key that takes the place of another reads back as it was signed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from transition_exchange.sealing import BadSignature
from transition_exchange.sealing.keys import SigningKey
from transition_exchange.sealing.succession import Retirement, Succession, Voucher

NOW = datetime(2027, 7, 21, 16, 0, tzinfo=UTC)
TEAM = uuid4()


def test_who_was_removed_is_signed_in_any_order() -> None:
    key, people = SigningKey.generate(), [str(uuid4()) for _ in range(3)]
    made = Succession(TEAM, 2, "f" * 64, "0" * 64, people, NOW)
    assert made.text() == replace(made, removed=people[::-1]).text()
    assert Succession.verify(made.text(), made.sign(key), key.public) == made
    voucher = Voucher(TEAM, "f" * 64, people, uuid4(), NOW)
    assert Voucher.verify(voucher.text(), voucher.sign(key), key.public) == voucher


def test_a_retirement_names_the_key_that_counts_no_longer() -> None:
    key = SigningKey.generate()
    made = Retirement(TEAM, "f" * 64, "0" * 64, NOW)
    assert Retirement.verify(made.text(), made.sign(key), key.public).retired == "0" * 64
    with pytest.raises(BadSignature):
        Retirement.verify(made.text(), made.sign(SigningKey.generate()), key.public)
