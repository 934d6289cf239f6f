"""Keyrings: all part keys of one grant, sealed to the receiving team in one HPKE message.

A team whose key has been changed keeps what a keyring held: it seals it again, to itself, under its newer key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from transition_exchange.sealing import hpke, padding, symmetric
from transition_exchange.sealing.encoding import FORMAT, framed
from transition_exchange.sealing.errors import CannotOpen, UnknownFormat
from transition_exchange.sealing.keys import KeyPair, RecipientKey
from transition_exchange.sealing.symmetric import KEY_SIZE

STEP = 2048
"""Keyrings are padded to a multiple of this size, which hides how many sections are shared."""


def seal(recipient_public: RecipientKey, keys: Mapping[str, bytes], *, use: str) -> bytes:
    """Seal part keys to a team.

    Args:
        recipient_public: the team's public key.
        keys: a key of 32 bytes by part name.
        use: what the keyring is for. It names record and revision, so no keyring can replace another.

    Raises:
        ValueError: a key is not 32 bytes, or a name is longer than 65,535 bytes.
        CannotOpen: `recipient_public` is not a public key.
    """
    return hpke.seal(recipient_public, _padded(keys), info=_info(use))


def open(pair: KeyPair, sealed: bytes, *, use: str) -> dict[str, bytes]:
    """The part keys of a keyring, by part name.

    Raises:
        UnknownFormat: it begins with a version that this release does not know.
        CannotOpen: it is sealed to another key or for another use, or it was changed.
    """
    return _read(hpke.open(pair, sealed, info=_info(use)))


def keep(key: bytes, keys: Mapping[str, bytes], *, use: str) -> bytes:
    """Seal the part keys of a keyring again, under a team's own symmetric key. Only a member can have made it.

    Args:
        key: the team's key for this (`TeamSecret.kept_key`).
        keys: a key of 32 bytes by part name.
        use: which keyring's keys these are.

    Raises:
        ValueError: as `seal`.
    """
    return symmetric.encrypt(key, _padded(keys), framed("kept", use))


def open_kept(key: bytes, sealed: bytes, *, use: str) -> dict[str, bytes]:
    """The part keys that `keep` sealed, by part name.

    Raises:
        UnknownFormat: it begins with a version that this release does not know.
        CannotOpen: it is sealed under another key or for another use, or it was changed.
    """
    return _read(symmetric.decrypt(key, sealed, framed("kept", use), what="kept keyring"))


def digest_of(keys: Mapping[str, bytes]) -> str:
    """SHA-256 of part keys and their names, in hex. Keys are random, so it tells nobody anything about them.

    A keyring opens for its team alone, but who knows an older key of the team can keep other part keys in its place. So
    the grantor signs which ones they are.

    Args:
        keys: a key of 32 bytes by part name.

    Raises:
        ValueError: as `seal`.
    """
    return hashlib.sha256(framed("part-keys", _plain(keys))).hexdigest()


def _padded(keys: Mapping[str, bytes]) -> bytes:
    return padding.pad_to_step(_plain(keys), STEP)


def _plain(keys: Mapping[str, bytes]) -> bytes:
    body = bytearray([FORMAT]) + len(keys).to_bytes(2, "big")
    for name, key in sorted(keys.items()):
        raw = name.encode()
        if len(key) != KEY_SIZE or len(raw) > 0xFFFF:
            raise ValueError("a keyring holds keys of 32 bytes under short names")
        body += len(raw).to_bytes(2, "big") + raw + key
    return bytes(body)


def _read(padded: bytes) -> dict[str, bytes]:
    body = padding.unpad(padded)
    if body[:1] != bytes([FORMAT]):
        raise UnknownFormat("keyring", body[0] if body else None)
    keys: dict[str, bytes] = {}
    start = 3
    for _ in range(int.from_bytes(body[1:3], "big")):
        end = start + 2 + int.from_bytes(body[start : start + 2], "big")
        key = body[end : end + KEY_SIZE]
        if len(key) != KEY_SIZE:
            raise CannotOpen
        keys[_name(body[start + 2 : end])] = key
        start = end + KEY_SIZE
    if start != len(body):
        raise CannotOpen
    return keys


def _info(use: str) -> str:
    return f"keyring:{use}"


def _name(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise CannotOpen from None
