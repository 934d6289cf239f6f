"""Messages: a team signs what it asks or answers, so that nobody who can write to the database speaks in its name."""

from __future__ import annotations

from transition_exchange.sealing import keys
from transition_exchange.sealing.encoding import Identifier, framed
from transition_exchange.sealing.keys import BadSignature, SigningKey


def sign(signing_key: SigningKey, *, query: Identifier, message: Identifier, body: bytes) -> bytes:
    """Sign, with the writing team's key, the text of a message in its place in a question."""
    return signing_key.sign(_statement(query, message, body))


def verify(
    signing_public: bytes, signature: bytes, *, query: Identifier, message: Identifier, body: bytes
) -> None:
    """Check a message.

    Raises:
        BadSignature: not by this key, or for another text or place.
    """
    keys.verify(signing_public, signature, _statement(query, message, body))


def _statement(query: Identifier, message: Identifier, body: bytes) -> bytes:
    return framed("message", str(query), str(message), body)


__all__ = ["BadSignature", "sign", "verify"]
