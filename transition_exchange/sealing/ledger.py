"""A team's ledger: its cards under the team's own symmetric key, so lists open fast."""

from __future__ import annotations

from transition_exchange.sealing import symmetric
from transition_exchange.sealing.encoding import framed
from transition_exchange.sealing.padding import pad_to_step, unpad

STEP = 2048
"""Cards are padded to a multiple of this size, so they all have the same size.

With its signature a card of the 300 sample learners has at most 1,439 bytes for the council and 646 for a provider. A
step of 1,024 would tell two classes of the council's cards apart.
"""
LARGE_STEP = 4096
"""The same for the school's own cards, which name everything that is missing: at most 2,115 bytes, for a learner with a
plan. A step of 2,048 would put that card into a class of its own."""


def pad(plaintext: bytes, *, step: int = STEP) -> bytes:
    """Pad a card to a multiple of `step`. Cards on their way to the ledger (`hpke.seal`) are padded alike."""
    return pad_to_step(plaintext, step)


def seal(key: bytes, use: str, plaintext: bytes, *, step: int = STEP) -> bytes:
    """Encrypt a card under the ledger key (`TeamSecret.ledger_key`), bound to its row.

    Nonces are random, so one key may seal about 2**32 cards (NIST SP 800-38D, section 8.3). A team writes millions.
    """
    return symmetric.encrypt(key, pad(plaintext, step=step), framed("card", use))


def open(key: bytes, use: str, sealed: bytes) -> bytes:
    """Open a card.

    Raises:
        UnknownFormat: it begins with a version that this release does not know.
        CannotOpen: the key or the card's row is another, or the bytes were changed.
    """
    return unpad(symmetric.decrypt(key, sealed, framed("card", use), what="card"))


__all__ = ["LARGE_STEP", "STEP", "open", "pad", "seal", "unpad"]
