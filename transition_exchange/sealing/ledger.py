"""A team's ledger: its cards under its own symmetric key, so that lists open fast."""

from __future__ import annotations

from transition_exchange.sealing import symmetric
from transition_exchange.sealing.encoding import framed
from transition_exchange.sealing.errors import CannotOpen
from transition_exchange.sealing.padding import pad_to_step, unpad

STEP = 1024
"""Cards fill multiples of this, so that nearly all look alike."""
LARGE_STEP = 4096
"""The same for cards that name everything that is missing: of a plan, much may be."""


def pad(plaintext: bytes, *, step: int = STEP) -> bytes:
    """A card padded to its step, as it also travels by `hpke.seal` on its way to the ledger."""
    return pad_to_step(plaintext, step)


def seal(key: bytes, card_id: str, plaintext: bytes, *, step: int = STEP) -> bytes:
    """Encrypt a card under the ledger key (`TeamSecret.ledger_key`), tied to its row.

    Nonces are random, so one key may seal some 2**32 cards; a team of an area writes millions in its time.
    """
    return symmetric.encrypt(key, pad(plaintext, step=step), framed("card", card_id))


def open(key: bytes, card_id: str, sealed: bytes) -> bytes:
    """Open a card.

    Raises:
        UnknownFormat: it begins with a version that this release doesn't know.
        CannotOpen: another key, another card's place, or changed bytes.
    """
    return unpad(symmetric.decrypt(key, sealed, framed("card", card_id), what="card"))


__all__ = ["STEP", "CannotOpen", "open", "pad", "seal", "unpad"]
