"""Keys, unlocks, parts, keyrings and signed statements. Knows bytes and keys; no database and no web.

Every format is written down in docs/sealing.md and begins with its version.
"""

from __future__ import annotations

from transition_exchange.sealing.errors import (
    BadSignature,
    CannotOpen,
    MissingMLKEM,
    NoPlace,
    UnknownFormat,
    WrongSecret,
)
from transition_exchange.sealing.support import require_mlkem

__all__ = [
    "BadSignature",
    "CannotOpen",
    "MissingMLKEM",
    "NoPlace",
    "UnknownFormat",
    "WrongSecret",
    "require_mlkem",
]
