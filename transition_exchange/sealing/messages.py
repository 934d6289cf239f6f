"""Messages: a team signs what it asks or answers, so nobody who can write to the database can speak in its name."""

from __future__ import annotations

from transition_exchange.sealing import keys
from transition_exchange.sealing.encoding import Identifier, framed
from transition_exchange.sealing.keys import SigningKey


def sign(signing_key: SigningKey, *, query: Identifier, message: Identifier, body: bytes) -> bytes:
    """Sign a message and its place in a query with the writing team's key."""
    return signing_key.sign(_statement(query, message, body))


def verify(
    signing_public: bytes, signature: bytes, *, query: Identifier, message: Identifier, body: bytes
) -> None:
    """Check a message.

    Raises:
        BadSignature: another key signed it, or it is for another text or place.
    """
    keys.verify(signing_public, signature, _statement(query, message, body))


def _statement(query: Identifier, message: Identifier, body: bytes) -> bytes:
    return framed("message", str(query), str(message), body)
