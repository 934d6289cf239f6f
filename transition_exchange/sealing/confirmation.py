"""Confirmation: the NEET group says that a team's key is the one its people read out over the telephone."""

from __future__ import annotations

from transition_exchange.sealing import keys
from transition_exchange.sealing.encoding import Identifier, framed
from transition_exchange.sealing.keys import BadSignature, SigningKey


def sign(signing_key: SigningKey, *, team_id: Identifier, fingerprint: bytes) -> bytes:
    """Sign, with the NEET group's key, that `fingerprint` is that of the team's key."""
    return signing_key.sign(_statement(team_id, fingerprint))


def verify(signing_public: bytes, signature: bytes, *, team_id: Identifier, fingerprint: bytes) -> None:
    """Check a confirmation.

    Raises:
        BadSignature: not by this key, or for another team or fingerprint.
    """
    keys.verify(signing_public, signature, _statement(team_id, fingerprint))


def _statement(team_id: Identifier, fingerprint: bytes) -> bytes:
    return framed("confirmation", str(team_id), fingerprint)


__all__ = ["BadSignature", "sign", "verify"]
