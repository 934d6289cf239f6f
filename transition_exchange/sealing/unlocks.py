"""Unlocks: a seed wrapped under something that a person knows, through Argon2id (RFC 9106).

There is no password hash. A passphrase is right if it opens the key.
"""

from __future__ import annotations

import secrets
import unicodedata
from contextlib import nullcontext
from dataclasses import dataclass
from threading import Lock

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from transition_exchange.sealing import symmetric, work_places
from transition_exchange.sealing.encoding import FORMAT, canonical, framed, from_base64, to_base64
from transition_exchange.sealing.errors import CannotOpen, UnknownFormat, WrongSecret
from transition_exchange.stored_text import UnreadableText, read_object

_SALT = 16
LEAST_MEMORY_KIB = 8
"""The least memory that Argon2id takes for one lane, in KiB (RFC 9106, section 3.1)."""

MOST_MEMORY_KIB = 1 << 18
"""The most memory that a wrapping may ask for, in KiB: twice today's. No installation may set more."""
_MOST_ITERATIONS = 3  # no release has written more
_MOST_LANES = 4

_threads = Lock()


@dataclass(frozen=True)
class Cost:
    """What one guess costs.

    Attributes:
        memory_kib: memory in KiB.
        iterations: passes over the memory.
        lanes: lanes computed at once. The default is one: OpenSSL computes several with its own few threads, and
            fails with "no memory" for a second caller while they are busy.
    """

    memory_kib: int = 131072
    iterations: int = 3
    lanes: int = 1


STANDARD = Cost()
"""128 MiB and three passes, about a third of a second on a small machine."""


def wrap(seed: bytes, secret: str, *, cost: Cost = STANDARD, use: str) -> str:
    """Wrap a seed, or a small bundle of them, under a passphrase or code.

    Args:
        seed: what is wrapped.
        secret: a code, normalised by `passphrases.normalise`, or a passphrase as it was typed. It is made NFKC.
        cost: what one guess costs, within the limits of what `unwrap` takes.
        use: what the wrapping is for; `unwrap` must be given the same.

    Returns:
        JSON text with the parameters of Argon2id, the salt and the sealed bytes.
    """
    salt = secrets.token_bytes(_SALT)
    key = _derive(secret, salt, cost)
    return canonical(
        {
            "format": FORMAT,
            "kdf": "argon2id",
            "memory_kib": cost.memory_kib,
            "iterations": cost.iterations,
            "lanes": cost.lanes,
            "salt": to_base64(salt),
            "sealed": to_base64(symmetric.encrypt(key, seed, framed("unlock", use))),
        }
    )


def unwrap(text: str, secret: str, *, use: str) -> bytes:
    """Unwrap what `wrap` returned.

    Raises:
        UnknownFormat: it is in a version that this release does not know.
        WrongSecret: the secret or the use is another, or the text was changed.
    """
    salt, sealed, cost = _read(text)
    key = _derive(secret, salt, cost)
    try:
        return symmetric.decrypt(key, sealed, framed("unlock", use), what="unlock")
    except UnknownFormat:
        raise
    except CannotOpen:
        raise WrongSecret from None


def cost_of(text: str) -> Cost:
    """What one guess at a wrapping costs.

    Raises:
        UnknownFormat: it is in a version that this release does not know.
        WrongSecret: a limit is exceeded, so the text was changed.
    """
    return _read(text)[2]


def waste(secret: str, *, cost: Cost = STANDARD) -> None:
    """Do the work of unwrapping for an account that does not exist, so the time taken tells nothing."""
    _derive(secret, bytes(_SALT), cost)


def _derive(secret: str, salt: bytes, cost: Cost) -> bytes:
    with _threads if cost.lanes > 1 else nullcontext(), work_places.held(cost.memory_kib):
        return Argon2id(
            salt=salt,
            length=symmetric.KEY_SIZE,
            iterations=cost.iterations,
            lanes=cost.lanes,
            memory_cost=cost.memory_kib,
        ).derive(unicodedata.normalize("NFKC", secret).encode("utf-8", "surrogatepass"))


def _read(text: str) -> tuple[bytes, bytes, Cost]:
    """The salt, sealed bytes and cost of a wrapping.

    The limits keep a changed row from holding a page, and this machine's memory, for longer than twice today's cost.
    """
    try:
        read = read_object(text)
    except UnreadableText:
        raise UnknownFormat("unlock") from None
    if read.get("format") != FORMAT or read.get("kdf") != "argon2id":
        raise UnknownFormat("unlock", read.get("format"))
    cost = Cost(
        memory_kib=_number(read, "memory_kib", MOST_MEMORY_KIB),
        iterations=_number(read, "iterations", _MOST_ITERATIONS),
        lanes=_number(read, "lanes", _MOST_LANES),
    )
    salt, sealed = from_base64(read.get("salt")), from_base64(read.get("sealed"))
    if len(salt) != _SALT or cost.memory_kib < LEAST_MEMORY_KIB * cost.lanes:
        raise WrongSecret
    return salt, sealed, cost


def _number(read: dict[str, object], name: str, most: int) -> int:
    number = read.get(name)
    if type(number) is not int or not 1 <= number <= most:
        raise WrongSecret
    return number


__all__ = ["STANDARD", "CannotOpen", "Cost", "WrongSecret", "cost_of", "unwrap", "waste", "wrap"]
