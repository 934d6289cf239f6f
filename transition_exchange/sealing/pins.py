"""Pins: a team signs which key of the NEET group it goes by, once somebody had left and the number was compared."""

from __future__ import annotations

from transition_exchange.sealing import keys
from transition_exchange.sealing.encoding import Identifier, framed
from transition_exchange.sealing.keys import SigningKey


def sign(signing_key: SigningKey, *, team_id: Identifier, fingerprint: bytes) -> bytes:
    """Sign, with the pinning team's key, that `fingerprint` belongs to the team `team_id`."""
    return signing_key.sign(_statement(team_id, fingerprint))


def verify(signing_public: bytes, signature: bytes, *, team_id: Identifier, fingerprint: bytes) -> None:
    """Check a pin.

    Raises:
        BadSignature: another key signed it, or it is for another team or fingerprint.
    """
    keys.verify(signing_public, signature, _statement(team_id, fingerprint))


def _statement(team_id: Identifier, fingerprint: bytes) -> bytes:
    return framed("pin", str(team_id), fingerprint)
