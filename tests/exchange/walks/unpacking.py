"""What a thief finds in bytes: the text as it stands, and what lies packed inside.

Whatever bytes hold is unpacked layer by layer: streams of zlib, gzip and deflate wherever they begin, the streams of a
PDF, the files of a ZIP, and runs of base64 and hexadecimal digits.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress

DEEPEST = 4
"""How many wrappings are taken off: a PDF inside base64 inside gzip has three."""
LARGEST = 64 * 1024 * 1024
"""Bytes of one unpacked layer that are looked at."""
PIECE = 256
"""A broken stream gives up what it held before the break, to the nearest piece."""
SHORTEST_IN_LAYERS = 6
"""Bytes of a secret that is looked for in unpacked layers; shorter ones occur in so many random bytes by chance."""
SHORTEST_OUTPUT = 8
"""Bytes. Random bytes often begin like a stream and break off after one or two."""

_ZLIB = re.compile(rb"[\x08\x18\x28\x38\x48\x58\x68\x78]")
_GZIP = re.compile(rb"\x1f\x8b\x08")
_PDF_STREAM = re.compile(rb"stream\r?\n")
_ZIP_FILE = re.compile(rb"PK\x03\x04.{22}(..)(..)", re.DOTALL)
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{12,}={0,2}")
_HEX = re.compile(rb"(?:[0-9A-Fa-f]\s?){12,}")


def layers(content: bytes, *, depth: int = DEEPEST) -> Iterator[bytes]:
    """Everything that lies packed in some bytes, however deep; the bytes themselves are not among it."""
    if depth == 0:
        return
    seen = {content}
    for layer in _unpacked(content):
        if layer not in seen:
            seen.add(layer)
            yield layer
            yield from layers(layer, depth=depth - 1)


def found_in(content: bytes, secrets: Iterable[str]) -> set[str]:
    """Which secrets stand in some bytes or in what lies packed there, in whichever of the usual encodings."""
    wanted = {secret: spellings(secret) for secret in secrets}
    found = {secret for secret, forms in wanted.items() if any(form in content for form in forms)}
    long = {secret: forms for secret, forms in wanted.items() if len(secret.encode()) >= SHORTEST_IN_LAYERS}
    for layer in layers(content):
        found |= {secret for secret, forms in long.items() if any(form in layer for form in forms)}
    return found


def spellings(secret: str) -> set[bytes]:
    """A text as UTF-8, UTF-16 of both orders, and in JSON's escapes."""
    return {
        secret.encode(),
        secret.encode("utf-16-le"),
        secret.encode("utf-16-be"),
        json.dumps(secret)[1:-1].encode(),
    }


def _unpacked(content: bytes) -> Iterator[bytes]:
    # A bare deflate stream has no mark of its own, so it is looked for where something begins.
    for start in {0, *_starts(_PDF_STREAM, content), *_zip_starts(content)}:
        yield from _inflated(content, start, -zlib.MAX_WBITS)
    for start in _starts(_ZLIB, content, at_end=False):
        if int.from_bytes(content[start : start + 2]) % 31 == 0:  # RFC 1950, 2.2
            yield from _inflated(content, start, zlib.MAX_WBITS)
    for start in _starts(_GZIP, content, at_end=False):
        yield from _inflated(content, start, zlib.MAX_WBITS | 16)
    for match in _BASE64.finditer(content):
        yield from _from_base64(match.group())
    for match in _HEX.finditer(content):
        digits = re.sub(rb"\s", b"", match.group())
        # What stands before may itself be a digit, so both ways of pairing are tried.
        for skipped in (0, 1):
            even = digits[skipped:]
            yield binascii.unhexlify(even[: len(even) // 2 * 2])


def _starts(pattern: re.Pattern[bytes], content: bytes, *, at_end: bool = True) -> Iterator[int]:
    for match in pattern.finditer(content):
        yield match.end() if at_end else match.start()


def _zip_starts(content: bytes) -> Iterator[int]:
    for match in _ZIP_FILE.finditer(content):
        yield match.end() + sum(int.from_bytes(length, "little") for length in match.groups())


def _inflated(content: bytes, start: int, window: int) -> Iterator[bytes]:
    """What a stream that begins at `start` unpacks to, as far as it is one."""
    stream, output = zlib.decompressobj(window), bytearray()
    with suppress(zlib.error):
        for at in range(start, len(content), PIECE):
            output += stream.decompress(content[at : at + PIECE], LARGEST)
            if stream.eof or len(output) > LARGEST:
                break
    if len(output) >= SHORTEST_OUTPUT:
        yield bytes(output)


def _from_base64(digits: bytes) -> Iterator[bytes]:
    standard = digits.rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
    # Whatever stands before may be made of the same characters, so each of the four places is tried.
    for skipped in range(4):
        shifted = standard[skipped:]
        whole = shifted[: len(shifted) // 4 * 4]
        rest = shifted[len(whole) :]
        tail = rest + b"=" * (4 - len(rest)) if len(rest) > 1 else b""
        with suppress(binascii.Error):
            yield base64.b64decode(whole + tail)
