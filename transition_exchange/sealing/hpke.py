"""Sealing to a public key, one HPKE message each (RFC 9180, base mode).

KEM MLKEM768-X25519 (draft-ietf-hpke-pq), KDF HKDF-SHA256, AEAD AES-256-GCM. `info` carries the use and the
recipient's key. So a message opens for its use only, and nobody can pass off a message sealed to another key.
"""

from __future__ import annotations

import hashlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from transition_exchange.sealing.encoding import FORMAT, framed
from transition_exchange.sealing.errors import CannotOpen, UnknownFormat
from transition_exchange.sealing.keys import KeyPair, RecipientKey, public_key

_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_VERSION = bytes([FORMAT])


def seal(public: RecipientKey, plaintext: bytes, *, info: str | bytes) -> bytes:
    """Seal a message to a public key.

    Args:
        public: the recipient's public key, as `KeyPair.public` gives it.
        plaintext: the message.
        info: what the message is for; `open` must be given the same.

    Returns:
        The version byte, the encapsulated key (1,120 bytes) and the ciphertext with its tag.

    Raises:
        CannotOpen: `public` is not a public key.
    """
    return _VERSION + _SUITE.encrypt(plaintext, public_key(public), info=_bound(public, info))


def open(pair: KeyPair, message: bytes, *, info: str | bytes) -> bytes:
    """Open a message sealed to this key pair for this use.

    Raises:
        UnknownFormat: it begins with a version that this release does not know.
        CannotOpen: the key or the use is another, or the bytes were changed.
    """
    if message[:1] != _VERSION:
        raise UnknownFormat("sealed message", message[0] if message else None)
    try:
        return _SUITE.decrypt(memoryview(message)[1:], pair.private, info=_bound(pair.public, info))
    except (InvalidTag, ValueError):
        raise CannotOpen from None


def _bound(public: bytes, info: str | bytes) -> bytes:
    return framed("hpke", info, hashlib.sha256(public).digest())


__all__ = ["CannotOpen", "open", "seal"]
