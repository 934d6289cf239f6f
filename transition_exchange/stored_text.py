"""Reading text that stands in the database, or in a sealed piece: JSON, and times within it.

Whoever can write to the database can put any text there, and anybody can seal something to a public key. Python's own
parser takes more than the program writes, and fails in several ways. It follows nesting until the interpreter gives up,
takes numbers that no calculation can use, half characters that no page can be written with, and the last of two fields
with the same name. So all such text is read here, and whatever is wrong with it raises the same error.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from math import isfinite
from typing import Any

DEEPEST = 32
"""How many objects and lists may lie within each other. What the program writes has far fewer."""

LARGEST_NUMBER = 2**53 - 1
"""The largest whole number that every reader of JSON takes for the same (RFC 7493, section 2.2)."""

YEARS = range(1970, 2200)
"""The years of every date and time that is stored. The clock in England has a date for each of their moments."""


class UnreadableText(ValueError):
    """A stored text is not what the program writes. The message names nothing of it."""

    def __init__(self) -> None:
        super().__init__("a stored text cannot be read")


def read_json(text: str | bytes) -> Any:
    """The value of a JSON text (RFC 8259), as far as the program can have written it.

    Args:
        text: the text, or its bytes in UTF-8.

    Raises:
        UnreadableText: it is no JSON, is nested more than `DEEPEST` levels deep, or holds `NaN`, infinity, a number
            that is too large, half a character or an object with the same field twice.
    """
    try:
        written = text if isinstance(text, str) else text.decode()
        value = _DECODER.decode(written)
        # Most texts have too few brackets to be deep, and lists open many thousand cards.
        if written.count("[") + written.count("{") > DEEPEST:
            _require_shallow(value)
        # Only an escape makes half a character of bytes that are UTF-8; a text can hold one as it is, too.
        whole = json.dumps(value, ensure_ascii=False) if "\\u" in written else written
        whole.encode()
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise UnreadableText from None
    return value


def read_object(text: str | bytes) -> dict[str, Any]:
    """The fields of a JSON object.

    Raises:
        UnreadableText: as `read_json`, or it is another value than an object.
    """
    value = read_json(text)
    if not isinstance(value, dict):
        raise UnreadableText
    return value


def read_texts(text: str | bytes, *names: str) -> list[str]:
    """The values of some fields of a JSON object, each of which is a text. Other fields are not looked at.

    Raises:
        UnreadableText: as `read_object`, or one of the fields is missing or holds something else.
    """
    content = read_object(text)
    values = [content.get(name) for name in names]
    if not all(isinstance(value, str) for value in values):
        raise UnreadableText
    return [str(value) for value in values]


def read_moment(text: object) -> datetime:
    """A moment that was written as ISO 8601 text, in UTC.

    Raises:
        UnreadableText: it is no text, no moment, has no time zone, or lies in a year in which nothing is stored.
    """
    try:
        at = datetime.fromisoformat(text)  # type: ignore[arg-type]
        if at.tzinfo is not None and at.year in YEARS:
            return at.astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        pass
    raise UnreadableText


def _object(fields: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(fields)
    if len(read) != len(fields):
        raise UnreadableText
    return read


def _whole(digits: str) -> int:
    number = int(digits)
    if abs(number) > LARGEST_NUMBER:
        raise UnreadableText
    return number


def _fraction(digits: str) -> float:
    number = float(digits)
    if not isfinite(number):
        raise UnreadableText
    return number


def _refused(_word: str) -> None:
    """Refuse `NaN` and the two infinities, which are no JSON."""
    raise UnreadableText


def _require_shallow(value: Any) -> None:
    level = [value] if isinstance(value, (dict, list)) else []
    for _ in range(DEEPEST):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return
    raise UnreadableText


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_whole, parse_float=_fraction, parse_constant=_refused
)
