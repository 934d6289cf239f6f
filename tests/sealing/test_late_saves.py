"""What came too late opens for its person alone, and only if it came with the cookie of one of their sessions."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from transition_exchange.sealing import CannotOpen, late_saves
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.sealing.late_saves import LateKeys
from transition_exchange.sealing.sessions import SessionToken

PAIR, PERSON, TOKEN = KeyPair.generate(), uuid4(), SessionToken.new()
KEYS = LateKeys.unwrap(TOKEN, LateKeys.new(PERSON, PAIR).wrap(TOKEN))
TYPED = b"She finds the bus difficult."


def _open(sealed: bytes, *, use: str = "one") -> bytes:
    return late_saves.open(PAIR, sealed, principal_id=PERSON, use=use)


def test_what_was_typed_comes_back() -> None:
    assert _open(KEYS.seal(TYPED, use="one")) == TYPED


def test_its_size_shows_its_class_only() -> None:
    assert len({len(KEYS.seal(b"x" * size, use="one")) for size in (1, 100, 200)}) == 1


def test_the_keys_open_under_their_own_token_only() -> None:
    with pytest.raises(CannotOpen):
        LateKeys.unwrap(SessionToken.new(), LateKeys.new(PERSON, PAIR).wrap(TOKEN))
    with pytest.raises(CannotOpen):
        TOKEN.unwrap(LateKeys.new(PERSON, PAIR).wrap(TOKEN), use="full")


def test_for_another_person_or_use_it_does_not_open() -> None:
    sealed = KEYS.seal(TYPED, use="one")
    with pytest.raises(CannotOpen):
        _open(sealed, use="another")
    with pytest.raises(CannotOpen):
        late_saves.open(KeyPair.generate(), sealed, principal_id=PERSON, use="one")
    with pytest.raises(CannotOpen):
        late_saves.open(PAIR, sealed, principal_id=uuid4(), use="one")


def test_a_late_save_of_somebody_who_only_knows_the_public_key_is_refused() -> None:
    """Whoever reads the database knows `kept` of earlier late saves, but no session's key."""
    forged = replace(KEYS, session_key=bytes(32)).seal(b"Give her lunch money to me.", use="one")
    with pytest.raises(CannotOpen):
        _open(forged)


@pytest.mark.parametrize("length", [0, 1, 40, 1000])
def test_what_was_cut_short_does_not_open(length: int) -> None:
    with pytest.raises(CannotOpen):
        _open(KEYS.seal(TYPED, use="one")[:length])
