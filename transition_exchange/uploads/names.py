"""Names in a PDF, which are bytes and need not be text: old programs wrote them in the code page of their machine."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any

from pikepdf import Name, Object


def names(words: Iterable[str]) -> frozenset[Name]:
    """The names of these words."""
    return frozenset(Name(f"/{word}") for word in words)


def is_one_of(item: Any, allowed: Container[Name]) -> bool:
    """Whether an object is a name, and one of these. Names are compared and never read as text."""
    return isinstance(item, Name) and item in allowed


def remove(holder: Any, key: str) -> None:
    """Remove an entry of a dictionary or a stream, whatever bytes its key is made of."""
    if key.isascii():
        del holder[key]
    else:
        spelt = "".join(f"#{byte:02x}" for byte in key[1:].encode("utf-8", "surrogateescape"))
        del holder[Object.parse(f"/{spelt}".encode())]
