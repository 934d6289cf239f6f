"""The thief of these walks really finds what lies packed: each way of packing is planted and found."""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import zipfile
import zlib
from collections.abc import Callable

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exchange.walks.unpacking import found_in

SECRET = "Quintessa Harbottle"  # pragma: allowlist secret
TEXT = f"Her mentor is {SECRET}, who knows her since Year 7. ".encode()
Pack = Callable[[bytes], bytes]


def bare_deflate(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(content) + packer.flush()


def in_a_pdf(content: bytes) -> bytes:
    """In a packed stream of a PDF whose objects are packed too."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.attachments["record.json"] = content
    file = io.BytesIO()
    pdf.save(file, compress_streams=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return file.getvalue()


def in_the_title_of_a_pdf(content: bytes) -> bytes:
    """In a string of UTF-16, inside a packed stream of objects."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.docinfo["/Title"] = pikepdf.String(content.decode() + "—")
    file = io.BytesIO()
    pdf.save(file, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return file.getvalue()


def in_a_zip(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("learner.txt", content)
    return file.getvalue()


WAYS: dict[str, Pack] = {
    "as it is": bytes,
    "zlib": zlib.compress,
    "zlib, little": lambda content: zlib.compress(content, 1),
    "gzip": gzip.compress,
    "deflate": bare_deflate,
    "PDF": in_a_pdf,
    "title of a PDF": in_the_title_of_a_pdf,
    "ZIP": in_a_zip,
    "base64": base64.b64encode,
    "base64 for addresses": lambda content: base64.urlsafe_b64encode(content).rstrip(b"="),
    "hexadecimal": lambda content: content.hex().encode(),
    "UTF-16": lambda content: content.decode().encode("utf-16-le"),
    "JSON": lambda content: json.dumps({"text": content.decode()}).encode(),
    "gzip in base64": lambda content: base64.b64encode(gzip.compress(content)),
    "zlib in hexadecimal": lambda content: zlib.compress(content).hex().encode(),
    "UTF-16 in zlib": lambda content: zlib.compress(content.decode().encode("utf-16-be")),
    "a PDF in base64 in JSON in gzip": lambda content: gzip.compress(
        json.dumps({"file": base64.b64encode(in_a_pdf(content)).decode()}).encode()
    ),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("before", [b"", b"\x00\x01", b"x", b"ab", b"abc"], ids=len)
def test_what_was_planted_is_found(way: str, before: bytes) -> None:
    # A bare stream has no mark of its own, so it is looked for where a value begins.
    planted = WAYS[way](TEXT) if way == "deflate" else before + WAYS[way](TEXT)
    assert found_in(planted + b"\x00\x01", [SECRET, "Zebrafinch"]) == {SECRET}


def test_a_stream_that_breaks_off_gives_up_what_it_held() -> None:
    packed = zlib.compress(TEXT + os.urandom(40_000))
    assert found_in(packed[:20_000], [SECRET]) == {SECRET}


def test_letters_beyond_ascii_are_found_in_the_escapes_of_json() -> None:
    assert found_in(json.dumps({"name": "Zoë Ångström"}).encode(), ["Zoë Ångström"]) == {"Zoë Ångström"}


@given(st.binary(max_size=2000))
def test_what_is_no_stream_is_no_error_and_holds_nothing(content: bytes) -> None:
    assert found_in(content, [SECRET]) == set()
