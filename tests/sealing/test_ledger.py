"""Cards come back from the ledger, and nearly all of them have one size."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transition_exchange.sealing import CannotOpen, ledger, parts

KEY = parts.new_key()


@given(st.binary(max_size=6000), st.sampled_from([ledger.STEP, ledger.LARGE_STEP]))
def test_a_card_of_any_content_comes_back(plaintext: bytes, step: int) -> None:
    sealed = ledger.seal(KEY, "card", plaintext, step=step)
    assert ledger.open(KEY, "card", sealed) == plaintext
    with pytest.raises(CannotOpen):
        ledger.open(KEY, "another", sealed)


@given(st.binary(max_size=1500), st.binary(max_size=1500))
def test_cards_of_usual_length_have_the_same_size(one: bytes, other: bytes) -> None:
    assert len(ledger.seal(KEY, "card", one)) == len(ledger.seal(KEY, "card", other))


@given(st.binary(max_size=3000))
def test_cards_fill_whole_steps(plaintext: bytes) -> None:
    assert len(ledger.pad(plaintext)) % ledger.STEP == 0


def test_what_travels_by_post_is_padded_as_in_the_ledger() -> None:
    assert ledger.unpad(ledger.pad(b"answers")) == b"answers"
    assert len(ledger.pad(b"answers", step=ledger.LARGE_STEP)) == ledger.LARGE_STEP
