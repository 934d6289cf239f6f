"""What somebody keeps for themselves was written by somebody who held their seed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transition_exchange.sealing import CannotOpen, hpke, personal
from transition_exchange.sealing.keys import KeyPair

PAIR = KeyPair.generate()


@given(st.binary(max_size=500), st.text(max_size=40))
def test_any_secret_comes_back_for_its_use(secret: bytes, use: str) -> None:
    sealed = personal.seal(PAIR, secret, use=use)
    assert personal.open(PAIR, sealed, use=use) == secret
    with pytest.raises(CannotOpen):
        personal.open(PAIR, sealed, use=use + "x")


@pytest.mark.parametrize("info", ["membership", "personal-key", ""])
def test_what_anybody_could_seal_to_the_public_key_is_not_taken(info: str) -> None:
    planted = hpke.seal(PAIR.public, b"a team secret of a thief's own", info=info)
    with pytest.raises(CannotOpen):
        personal.open(PAIR, planted, use="membership")
