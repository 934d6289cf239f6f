"""Looking inside a PDF that somebody sent, in a process that can be killed.

A file of one megabyte can unpack to gigabytes, and a parser can run for ever. So nobody's upload is parsed by the
server itself, which holds keys and serves others: a spawned process does it, with little memory, no files to write
and a time limit. The file goes in and a few words come out, both by pipe.
"""

from __future__ import annotations

import io
import multiprocessing
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.util import Finalize
from threading import Lock
from typing import Any, Literal

import pikepdf
from pebble import ProcessExpired, ProcessPool

TIME_LIMIT = 20.0
"""Seconds. Twenty megabytes of scans take a fraction of one."""
_MEMORY = 1024**3
_FILES_OF_A_PROCESS = 200

_ACTIVE_KINDS = frozenset(
    f"/{name}"
    for name in (
        *("JS", "JavaScript", "Launch", "SubmitForm", "ImportData", "GoToE", "GoToR", "RichMediaExecute"),
        *("Rendition", "Movie", "Sound", "Screen", "3D", "RichMedia", "FileAttachment", "EmbeddedFile"),
    )
)
"""Actions that run, send, fetch or open something else (ISO 32000-2, 12.6.4), and what carries programs and files."""
_ACTIVE_KEYS = ("/JS", "/AA", "/EF", "/XFA", "/RichMediaContent")
"""Keys that make it so whatever the object calls itself: a type may be left out, or be a wrong one."""

Fault = Literal["damaged", "locked", "active"]


@dataclass(frozen=True)
class Looked:
    """What looking inside showed: the number of pages, or what is wrong."""

    pages: int = 0
    fault: Fault | None = None


def look(content: bytes) -> Looked:
    """What a PDF is, without the risk of parsing it here. One that takes too much memory or time counts as damaged."""
    try:
        found: Looked = _pool().schedule(inspect, args=(content,), timeout=TIME_LIMIT).result()
    except (FutureTimeout, ProcessExpired, MemoryError):
        return Looked(fault="damaged")
    return found


def inspect(content: bytes) -> Looked:
    """The same, in this process: only for one that can be killed."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            pages, locked = len(pdf.pages), pdf.is_encrypted
            active = any(_acts(each) for each in pdf.objects)
            # What could not be unpacked was not looked at, and another reader may have more memory.
            unread = any("error decoding stream" in str(each) for each in pdf.get_warnings())
    except pikepdf.PasswordError:
        return Looked(fault="locked")
    except (pikepdf.PdfError, MemoryError, RecursionError):
        return Looked(fault="damaged")
    if locked or unread:
        return Looked(fault="locked" if locked else "damaged")
    return Looked(fault="active") if active else Looked(pages=pages)


def _acts(thing: Any) -> bool:
    """Whether an object, or anything written inside it, does something when the document is opened or read."""
    waiting = [thing]
    while waiting:
        each = waiting.pop()
        if isinstance(each, pikepdf.Array):
            waiting += [inner for inner in each if not _elsewhere(inner)]
        elif isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
            kinds = {str(each.get(key, "")) for key in ("/S", "/Type", "/Subtype")}
            if kinds & _ACTIVE_KINDS or any(key in each for key in _ACTIVE_KEYS):
                return True
            waiting += [inner for _, inner in each.items() if not _elsewhere(inner)]
    return False


def _elsewhere(thing: Any) -> bool:
    """Whether it is a reference to an object of its own, which is looked at for itself."""
    return isinstance(thing, pikepdf.Object) and thing.is_indirect


_started: list[ProcessPool] = []
_starting = Lock()


def _pool() -> ProcessPool:
    """One process, started by the first file and kept warm."""
    with _starting:
        if not _started or not _started[0].active:
            _started[:] = [
                ProcessPool(
                    max_workers=1,
                    max_tasks=_FILES_OF_A_PROCESS,
                    initializer=_shut_doors,
                    context=multiprocessing.get_context("spawn"),
                )
            ]
            # A process that somebody spawned doesn't hear atexit, and would wait for this one for ever.
            Finalize(None, _stop, args=(_started[0],), exitpriority=10)
        return _started[0]


def _stop(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()


def _shut_doors() -> None:
    with suppress(ImportError):  # not on Windows, where the time limit alone has to do
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
