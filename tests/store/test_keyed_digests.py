"""A digest of what anybody could guess tells nothing without the key, which is not in the database."""

from __future__ import annotations

import hashlib

from transition_exchange.store.database import Database
from transition_exchange.store.keyed_digests import keyed_digest


def _digest(key: bytes | None) -> str:
    database = Database("sqlite://", digest_key=key)
    try:
        with database.read() as session:
            assert keyed_digest(session, "address 192.0.2.1") == keyed_digest(session, "address 192.0.2.1")
            return keyed_digest(session, "address 192.0.2.1")
    finally:
        database.dispose()


def test_the_same_key_gives_the_same_digest_and_another_key_another() -> None:
    first = _digest(b"k" * 32)
    assert first == _digest(b"k" * 32)
    assert first not in (_digest(b"l" * 32), hashlib.sha256(b"address 192.0.2.1").hexdigest())
    assert len(first) == 64


def test_without_a_given_key_each_database_has_one_of_its_own() -> None:
    assert _digest(None) != _digest(None)
