"""AES-256-GCM with a version byte and a random nonce."""

from __future__ import annotations

import os

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from transition_exchange.sealing import CannotOpen, UnknownFormat, symmetric

KEY = os.urandom(symmetric.KEY_SIZE)


@given(st.binary(max_size=500), st.binary(max_size=60))
def test_what_was_encrypted_comes_back_with_its_associated_data(plaintext: bytes, bound: bytes) -> None:
    sealed = symmetric.encrypt(KEY, plaintext, bound)
    assert len(sealed) == len(plaintext) + symmetric.OVERHEAD
    assert symmetric.decrypt(KEY, sealed, bound, what="part") == plaintext
    with pytest.raises(CannotOpen):
        symmetric.decrypt(KEY, sealed, bound + b"x", what="part")


def test_the_layout_is_version_nonce_ciphertext() -> None:
    sealed = symmetric.encrypt(KEY, b"answers", b"bound")
    assert sealed[:1] == b"\1"
    assert AESGCM(KEY).decrypt(sealed[1:13], sealed[13:], b"bound") == b"answers"


def test_no_nonce_comes_twice() -> None:
    assert len({symmetric.encrypt(KEY, b"", b"")[1:13] for _ in range(1000)}) == 1000


@pytest.mark.parametrize("key", [b"", KEY[:31], KEY + b"x", KEY[:16]], ids=len)
def test_a_key_of_another_length_opens_nothing(key: bytes) -> None:
    with pytest.raises(CannotOpen):
        symmetric.decrypt(key, symmetric.encrypt(KEY, b"answers", b""), b"", what="part")


@pytest.mark.parametrize(
    ("sealed", "version"),
    [(b"", "none that can be read"), (b"\2" + bytes(40), "2"), (b"\0", "0")],
    ids=["empty", "2", "0"],
)
def test_an_unknown_version_is_refused_by_name(sealed: bytes, version: str) -> None:
    with pytest.raises(UnknownFormat, match=f"of a card: {version}"):
        symmetric.decrypt(KEY, sealed, b"", what="card")
