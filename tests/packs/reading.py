"""Reading a PDF back: what its pages say, and everything that is hidden in it."""

from __future__ import annotations

import io

import pikepdf
from pypdf import PdfReader


def text_of(pdf: bytes) -> str:
    """What the pages say, without any white space: lines may break anywhere."""
    return "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)


def everything_in(pdf: bytes) -> str:
    """Every stream of the file, unpacked, with the pages' text: where a leak would have to be."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        streams = [
            bytes(stream.read_bytes()) for stream in opened.objects if isinstance(stream, pikepdf.Stream)
        ]
        strings = [str(opened.docinfo), str(opened.trailer)]
    return text_of(pdf) + b"".join(streams).decode("latin-1") + "".join(strings)
