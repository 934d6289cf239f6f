"""A person's own secrets, memberships and the second factor, under a key derived from their seed.

Anybody can seal to a person's public key. What opens here was written by somebody who held the seed, so an attacker
who can only write to the database cannot plant a team key or a second factor under somebody's name.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from transition_exchange.sealing import symmetric
from transition_exchange.sealing.encoding import framed
from transition_exchange.sealing.keys import KeyPair


def seal(pair: KeyPair, plaintext: bytes, *, use: str) -> bytes:
    """Encrypt a secret for the person themselves.

    Args:
        pair: the person's key pair.
        plaintext: the secret.
        use: what it is for; `open` must be given the same.
    """
    return symmetric.encrypt(_key(pair), plaintext, framed("personal", use))


def open(pair: KeyPair, sealed: bytes, *, use: str) -> bytes:
    """Open what `seal` returned.

    Raises:
        UnknownFormat: it begins with a version that this release does not know.
        CannotOpen: the person or the use is another, or the bytes were changed.
    """
    return symmetric.decrypt(_key(pair), sealed, framed("personal", use), what="personal secret")


def _key(pair: KeyPair) -> bytes:
    return HKDF(SHA256(), symmetric.KEY_SIZE, salt=None, info=framed("personal-key")).derive(pair.seed)
