"""The inside of the process that reads one upload: it shuts its doors, reads, answers and ends.

`checking` starts it with two pipes and nothing else: no environment, no open files, no key. It reads one file, so a
file that takes it over meets no other school's file.
"""

from __future__ import annotations

import gc
import io
import os

import pikepdf

from transition_exchange.uploads import doors
from transition_exchange.uploads.answers import (
    REQUEST_BYTES,
    Answer,
    Verdict,
    pack_answer,
    pack_greeting,
    unpack_request,
)
from transition_exchange.uploads.cleaning import clean, limit_memory

PROCESSOR_TIME = 60
"""Seconds of processor time after which the system ends this process, if nobody is left who waits for it."""


def main() -> None:
    """Read one file from standard input and answer on standard output."""
    limit_memory()
    _load_all()
    _write(pack_greeting(doors.shut(seconds=PROCESSOR_TIME)))
    head = _read(REQUEST_BYTES)
    if head:
        _write(pack_answer(_answer(_read(unpack_request(head)))))
    os._exit(0)  # nothing is to be tidied up, and a broken heap does not matter any more


def _load_all() -> None:
    """Use the library once, because it opens some files when they are needed, and then no file can be opened.

    It reads `/dev/urandom` for what is encrypted with AES-256, and imports modules for what is damaged.
    """
    clean(_example())
    clean(b"no PDF")
    gc.collect()


def _example() -> bytes:
    """A PDF that opens without a password and is encrypted."""
    buffer = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(buffer, encryption=pikepdf.Encryption(owner="owner", R=6))
    return buffer.getvalue()


def _answer(content: bytes) -> Answer:
    try:
        return clean(content)
    except Exception:
        # Whatever a library makes of a hostile file, the file is refused. What it says may quote the file.
        return Answer(Verdict.DAMAGED)


def _read(length: int) -> bytes:
    """Exactly so many bytes of standard input, or none if it ends before."""
    content = bytearray()
    while len(content) < length:
        piece = os.read(0, min(length - len(content), 1024 * 1024))
        if not piece:
            return b""
        content += piece
    return bytes(content)


def _write(message: bytes) -> None:
    rest = memoryview(message)
    while rest:
        rest = rest[os.write(1, rest) :]
