"""A team's ledger: its cards under the team's own symmetric key, so lists open fast."""

from __future__ import annotations

from transition_exchange.sealing import symmetric
from transition_exchange.sealing.encoding import framed
from transition_exchange.sealing.padding import pad_to_step, unpad

STEP = 2048
"""Cards are padded to a multiple of this size, so nearly all have the same size."""
LARGE_STEP = 4096
"""The same for cards that name everything that is missing, which can be much for a learner with a plan."""


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
