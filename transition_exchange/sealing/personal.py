"""What a person keeps for themselves: memberships and the second factor, under a key that only their seed gives.

Anybody could seal to a person's public key. What opens here was written by somebody who held the seed, so whoever
can merely write to the database cannot slip a team key or a second factor of their own under somebody's name.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from transition_exchange.sealing import symmetric
from transition_exchange.sealing.encoding import framed
from transition_exchange.sealing.errors import CannotOpen
from transition_exchange.sealing.keys import KeyPair


def seal(pair: KeyPair, plaintext: bytes, *, use: str) -> bytes:
    """Encrypt something for the person themselves.

    Args:
        use: what it is; opening must name the same.
    """
    return symmetric.encrypt(_key(pair), plaintext, framed("personal", use))


def open(pair: KeyPair, sealed: bytes, *, use: str) -> bytes:
    """Open what `seal` gave.

    Raises:
        UnknownFormat: it begins with a version that this release doesn't know.
        CannotOpen: another person's, another use, or changed bytes.
    """
    return symmetric.decrypt(_key(pair), sealed, framed("personal", use), what="personal secret")


def _key(pair: KeyPair) -> bytes:
    return HKDF(SHA256(), symmetric.KEY_SIZE, salt=None, info=framed("personal-key")).derive(pair.seed)


__all__ = ["CannotOpen", "open", "seal"]
