"""Succession: a team's key signs the next one, so only the first needs a telephone call."""

from __future__ import annotations

from transition_exchange.sealing import keys
from transition_exchange.sealing.encoding import Identifier, framed
from transition_exchange.sealing.keys import SigningKey


def sign_next(signing_key: SigningKey, *, team_id: Identifier, fingerprint: bytes) -> bytes:
    """Sign, with the team's old key, that `fingerprint` belongs to its next key."""
    return signing_key.sign(_statement(team_id, fingerprint))


def verify(signing_public: bytes, signature: bytes, *, team_id: Identifier, fingerprint: bytes) -> None:
    """Check a succession.

    Raises:
        BadSignature: another key signed it, or it is for another team or fingerprint.
    """
    keys.verify(signing_public, signature, _statement(team_id, fingerprint))


def _statement(team_id: Identifier, fingerprint: bytes) -> bytes:
    return framed("succession", str(team_id), fingerprint)
