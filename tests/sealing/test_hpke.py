"""A message sealed to a public key opens with that key and for that use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transition_exchange.sealing import CannotOpen, hpke
from transition_exchange.sealing.keys import PUBLIC_SIZE, KeyPair, RecipientKey

PAIR = KeyPair.generate()


@given(st.binary(max_size=3000), st.text(max_size=40))
def test_a_message_of_any_content_and_use_comes_back(plaintext: bytes, info: str) -> None:
    sealed = hpke.seal(PAIR.public, plaintext, info=info)
    assert hpke.open(PAIR, sealed, info=info.encode()) == plaintext


def test_a_message_is_longer_than_its_text_by_a_fixed_length() -> None:
    """One byte of version, 1,120 of the encapsulated key (1,088 of ML-KEM-768, 32 of X25519), 16 of the tag."""
    assert len(hpke.seal(PAIR.public, b"", info="x")) == 1 + 1120 + 16
    assert len(hpke.seal(PAIR.public, b"answers", info="x")) == 1 + 1120 + 16 + 7


@pytest.mark.parametrize("public", [b"", bytes(PUBLIC_SIZE - 1), b"\xff" * PUBLIC_SIZE])
def test_nothing_is_sealed_to_what_is_not_a_public_key(public: bytes) -> None:
    with pytest.raises(CannotOpen):
        hpke.seal(RecipientKey(public), b"answers", info="x")
