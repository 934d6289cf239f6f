"""PDFs that unpack to far more than their size."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream


def _unpacks_to_very_much(document: pikepdf.Pdf) -> None:
    document.pages[0].obj.Contents = document.make_stream(b" " * 1024 * 1024 * 300)


def _packed_twice(megabytes: int) -> bytes:
    return zlib.compress(zlib.compress(bytes(megabytes * 1024 * 1024), 9), 9)


def _unpacks_twice(document: pikepdf.Pdf) -> None:
    """200 MB of zeros in under a kilobyte."""
    stream = Stream(document, b"")
    stream.write(_packed_twice(200), filter=Array([Name.FlateDecode, Name.FlateDecode]))
    document.pages[0].obj.Contents = document.make_indirect(stream)


def _picture_that_unpacks_twice(document: pikepdf.Pdf) -> None:
    picture = Stream(document, b"")
    picture.write(_packed_twice(200), filter=Array([Name.FlateDecode, Name.FlateDecode]))
    picture.Type, picture.Subtype = Name.XObject, Name.Image
    picture.Width, picture.Height, picture.BitsPerComponent = 10, 10, 8
    picture.ColorSpace = Name.DeviceGray
    document.pages[0].obj.Resources.XObject = Dictionary(X1=document.make_indirect(picture))


def _several_that_unpack_to_much_together(document: pikepdf.Pdf) -> None:
    parts = [document.make_stream(bytes([32 + number]) * 1024 * 1024 * 40) for number in range(3)]
    document.pages[0].obj.Contents = Array([document.make_indirect(part) for part in parts])


# While a document is saved, what was packed twice would be unpacked and packed once.
_AS_IT_IS = {"compress_streams": False, "stream_decode_level": pikepdf.StreamDecodeLevel.none}

Draw = Callable[..., bytes]
"""Draws a document, changes it, and saves it with some options."""

DOCUMENTS: dict[str, Callable[[Draw], bytes]] = {
    "a page that unpacks to very much": lambda drawn: drawn(_unpacks_to_very_much),
    "a page that was packed twice": lambda drawn: drawn(_unpacks_twice, **_AS_IT_IS),
    "a picture that was packed twice": lambda drawn: drawn(_picture_that_unpacks_twice, **_AS_IT_IS),
    "parts that unpack to very much together": lambda drawn: drawn(_several_that_unpack_to_much_together),
}
"""What makes each document, by what is wrong with it."""
