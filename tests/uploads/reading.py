"""Readers of another make: what a PDF holds as pypdf sees it, and what its pages look like as pdfium draws them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pypdf
import pypdfium2
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    StreamObject,
    TextStringObject,
)


def pictures(content: bytes) -> list[bytes]:
    """What each page looks like, with its annotations and its form."""
    document = pypdfium2.PdfDocument(content)
    try:
        document.init_forms()
        return [bytes(page.render(scale=1).buffer) for page in document]
    finally:
        document.close()


def dictionaries(content: bytes) -> list[DictionaryObject]:
    """Every dictionary of a file, whether the document uses it or not, also those inside others."""
    reader = pypdf.PdfReader(io.BytesIO(content), strict=True)
    numbers = {number for table in reader.xref.values() for number in table} | set(reader.xref_objStm)
    waiting: list[Any] = [reader.trailer]
    waiting += [reader.get_object(number) for number in numbers if number]
    found = []
    while waiting:
        item = waiting.pop()
        if isinstance(item, IndirectObject):
            continue  # it is looked at by its number
        if isinstance(item, DictionaryObject):
            found.append(item)
            waiting += [item.raw_get(key) for key in item]
        elif isinstance(item, ArrayObject):
            waiting += list(item)
    return found


def everything(content: bytes) -> bytes:
    """All names, strings and unpacked streams of a file, and its bytes as they are, to look for words in."""
    return content + b"\n".join(_pieces(content))


def _pieces(content: bytes) -> Iterator[bytes]:
    for item in dictionaries(content):
        if isinstance(item, StreamObject):
            yield item.get_data()
        for key in item:
            value = item.raw_get(key)
            yield str(key).encode()
            for inner in value if isinstance(value, ArrayObject) else [value]:
                if isinstance(inner, TextStringObject | ByteStringObject):
                    yield inner.original_bytes
                elif not isinstance(inner, DictionaryObject | ArrayObject | IndirectObject):
                    yield str(inner).encode()
