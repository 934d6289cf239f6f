"""The two ways in which names and statements become bytes: framed fields, and canonical JSON.

docs/sealing.md describes both. A change to either makes a new format version.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from transition_exchange.sealing.errors import CannotOpen

Identifier = UUID | str

FORMAT = 1
"""The version that every format of this package carries, as its first byte or as its field "format"."""


def framed(label: str, *fields: str | bytes) -> bytes:
    """A label and fields as bytes that no other label and fields give.

    The label says what the bytes are for, so a signature for one purpose serves no other. Each piece is written as
    its length in four bytes, big-endian, and then itself; text is UTF-8.
    """
    pieces = [f"transition-exchange/{label}/{FORMAT}", *fields]
    raw = [piece.encode() if isinstance(piece, str) else piece for piece in pieces]
    return b"".join(len(piece).to_bytes(4, "big") + piece for piece in raw)


def canonical(value: Mapping[str, Any]) -> str:
    """A mapping as JSON, in the one form that is signed: sorted keys, no spaces, characters not escaped."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def moment(at: datetime | str) -> str:
    """A time as ISO 8601 text in UTC; text is returned unchanged.

    Raises:
        ValueError: the time has no time zone.
    """
    if isinstance(at, str):
        return at
    if at.tzinfo is None:
        raise ValueError("a signed time needs a time zone")
    return at.astimezone(UTC).isoformat()


def to_base64(raw: bytes) -> str:
    """Standard base64 with padding (RFC 4648 section 4)."""
    return base64.b64encode(raw).decode()


def from_base64(text: object) -> bytes:
    """The bytes of standard base64.

    Raises:
        CannotOpen: `text` is not a string, or not base64.
    """
    if not isinstance(text, str):
        raise CannotOpen
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise CannotOpen from None
