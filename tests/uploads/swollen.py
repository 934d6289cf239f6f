"""Changes to a PDF after which it unpacks to far more than its size."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Final

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


CHANGES: Final[dict[str, Callable[[pikepdf.Pdf], None]]] = {
    "a page that unpacks to very much": _unpacks_to_very_much,
    "a page that was packed twice": _unpacks_twice,
    "a picture that was packed twice": _picture_that_unpacks_twice,
    "parts that unpack to very much together": _several_that_unpack_to_much_together,
}
"""By what they make of a document."""
