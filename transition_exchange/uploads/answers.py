"""The bytes that travel between the server and the process that reads an upload.

The process may be under the control of the file that it reads, so the server must be able to read whatever comes back
without harm. Nothing here is unpickled or parsed: each message is a header of fixed length, every field is checked, and
the rest of an answer is the rewritten file.

    request   length of the file (4 bytes), the file
    greeting  "TXUG", the doors that are shut (2 bytes)
    answer    "TXUA", verdict (1), what was removed (2), pages (4), length of the file (4), the file

All numbers are unsigned and big-endian.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag

LARGEST_ANSWER = 64 * 1024 * 1024
"""The largest rewritten file that is believed, in bytes. A file of 20 MB becomes about as large again."""

_MOST_PAGES = 100_000
_REQUEST = struct.Struct(">I")
_GREETING = struct.Struct(">4sH")
_ANSWER = struct.Struct(">4sBHII")

REQUEST_BYTES = _REQUEST.size
"""The length of the head of a request."""
GREETING_BYTES = _GREETING.size
"""The length of a greeting."""
LONGEST_ANSWER = _ANSWER.size + LARGEST_ANSWER
"""The length of the longest answer, in bytes."""


class Malformed(Exception):
    """Bytes that are no message of this format. It says nothing of what they hold."""


class Verdict(IntEnum):
    """What came of an upload: accepted, or why it is refused."""

    ACCEPTED = 0
    DAMAGED = 1
    """It cannot be read, or reading it ended the process."""
    LOCKED = 2
    """It asks for a password, or opens for certain people only."""
    MEDIA = 3
    """Film, sound, a 3D model or a file is part of a page."""
    PORTFOLIO = 4
    """It is a folder of several files."""
    XFA = 5
    """Its pages are made by a program when it is opened (XFA)."""
    EXTERNAL = 6
    """It takes a part of its pages from elsewhere."""
    EMPTY = 7
    """It has no pages."""
    HEAVY = 8
    """Reading it takes too much time or memory."""
    UNREAD = 9
    """No process could read it, which need not be the file's fault."""
    SWOLLEN = 10
    """It unpacks to far more than a document needs."""


class Removed(IntFlag):
    """What was taken out of a file so that it could be accepted."""

    SCRIPTS = 1
    """Scripts, and actions that run by themselves or change the document."""
    LINKS = 2
    """Links to anything but a web page or a place in the document."""
    FILES = 4
    """Files inside the document that no page shows."""
    SIGNATURE = 8
    """Digital signatures, which no longer hold for a file that was written anew."""
    RESTRICTIONS = 16
    """The encryption of a file that opens without a password."""
    PACK_DATA = 32
    """The data of a pack that this program made."""


class Doors(IntFlag):
    """Which ways out of the process are shut."""

    LIMITS = 1
    """It cannot write files, and its memory and time are limited."""
    USER = 2
    """It runs as a user without rights, not as root."""
    NETWORK = 4
    """It has a network of its own, with nothing on it."""
    FILES = 8
    """It cannot open any file (Landlock)."""
    CALLS = 16
    """It may ask the kernel only for memory, and to read and write what is open (seccomp)."""


_NOTHING = Removed(0)


@dataclass(frozen=True)
class Answer:
    """What came of an upload.

    Attributes:
        verdict: whether it is accepted, or why not.
        pages: the number of pages of an accepted file.
        removed: what was taken out of an accepted file.
        content: an accepted file, written anew.
    """

    verdict: Verdict
    pages: int = 0
    removed: Removed = _NOTHING
    content: bytes = field(default=b"", repr=False)


def pack_request(content: bytes) -> bytes:
    """The request to look at a file."""
    return _REQUEST.pack(len(content)) + content


def unpack_request(head: bytes) -> int:
    """The length of the file that follows the head of a request.

    Raises:
        Malformed: the head is not `REQUEST_BYTES` long.
    """
    if len(head) != _REQUEST.size:
        raise Malformed
    (length,) = _REQUEST.unpack(head)
    return int(length)


def pack_greeting(doors: Doors) -> bytes:
    """The greeting of a process that is ready."""
    return _GREETING.pack(b"TXUG", doors)


def unpack_greeting(message: bytes) -> Doors:
    """The doors that a ready process has shut.

    Raises:
        Malformed: it is no greeting.
    """
    if len(message) != _GREETING.size:
        raise Malformed
    mark, doors = _GREETING.unpack(message)
    if mark != b"TXUG" or doors & ~_all(Doors):
        raise Malformed
    return Doors(doors)


def pack_answer(answer: Answer) -> bytes:
    """An answer as bytes."""
    head = _ANSWER.pack(b"TXUA", answer.verdict, answer.removed, answer.pages, len(answer.content))
    return head + answer.content


def unpack_answer(message: bytes) -> Answer:
    """An answer from bytes that may have been chosen by an attacker.

    Raises:
        Malformed: it is no answer, or one that contradicts itself.
    """
    if len(message) < _ANSWER.size:
        raise Malformed
    mark, verdict, removed, pages, length = _ANSWER.unpack_from(message)
    content = message[_ANSWER.size :]
    if mark != b"TXUA" or verdict not in set(Verdict) or removed & ~_all(Removed) or len(content) != length:
        raise Malformed
    if verdict == Verdict.ACCEPTED:
        if not 0 < pages <= _MOST_PAGES or length > LARGEST_ANSWER or not content.startswith(b"%PDF-"):
            raise Malformed
    elif pages or removed or length:
        raise Malformed
    return Answer(Verdict(verdict), pages=pages, removed=Removed(removed), content=content)


def _all(flags: type[IntFlag]) -> int:
    return sum(flag.value for flag in flags)
