"""AES-256-GCM, as every symmetric format here uses it: a version byte, a random nonce, the ciphertext."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from transition_exchange.sealing.encoding import FORMAT
from transition_exchange.sealing.errors import CannotOpen, UnknownFormat

_VERSION = bytes([FORMAT])
_NONCE = 12
KEY_SIZE = 32
OVERHEAD = 1 + _NONCE + 16


def encrypt(key: bytes, plaintext: bytes, bound: bytes) -> bytes:
    """Encrypt under a key of 32 bytes, with `bound` as associated data."""
    nonce = os.urandom(_NONCE)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, plaintext, bound)


def decrypt(key: bytes, sealed: bytes, bound: bytes, *, what: str) -> bytes:
    """Decrypt what `encrypt` returned.

    Args:
        key: 32 bytes.
        sealed: the version byte, the nonce and the ciphertext.
        bound: the associated data.
        what: the kind of ciphertext, for the message of an error.

    Raises:
        UnknownFormat: it begins with a version that this release does not know.
        CannotOpen: the key or the associated data is another, or the bytes were changed.
    """
    if sealed[:1] != _VERSION:
        raise UnknownFormat(what, sealed[0] if sealed else None)
    if len(key) != KEY_SIZE or len(sealed) < OVERHEAD:
        raise CannotOpen
    view = memoryview(sealed)
    try:
        return AESGCM(key).decrypt(view[1 : 1 + _NONCE], view[1 + _NONCE :], bound)
    except InvalidTag:
        raise CannotOpen from None
