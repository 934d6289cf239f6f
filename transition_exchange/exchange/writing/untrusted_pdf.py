"""Inspecting an uploaded PDF in a process that can be killed.

A file of one megabyte can unpack to gigabytes, and a parser can run for ever. So the server, which holds keys and
serves other people, never parses an upload itself. A spawned process does it, with little memory and a time limit, and
it cannot write files. The file goes in and the result comes out by pipe.
"""

from __future__ import annotations

import io
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

import pikepdf
from pebble import ProcessExpired

from transition_exchange.packs.processes import ATTEMPTS, Processes, ProcessesLost, ReplacedProcesses

TIME_LIMIT = 20.0
"""How long the inspection of one file may take, in seconds. Twenty megabytes of scans take less than one."""

_MEMORY = 1024**3
_FILES_OF_A_PROCESS = 200

_ACTIVE_KINDS = frozenset(
    f"/{name}"
    for name in (
        *("JS", "JavaScript", "Launch", "SubmitForm", "ImportData", "GoToE", "GoToR", "RichMediaExecute"),
        *("Rendition", "Movie", "Sound", "Screen", "3D", "RichMedia", "FileAttachment", "EmbeddedFile"),
    )
)
"""Types of objects that make a file active.

They are actions that run, send, fetch or open something else (ISO 32000-2, 12.6.4), and objects that carry programs and
files.
"""

_ACTIVE_KEYS = ("/JS", "/AA", "/EF", "/XFA", "/RichMediaContent")
"""Keys that make a file active whatever the object's type, because the type may be missing or wrong."""

Fault = Literal["damaged", "locked", "active", "unread"]
"""Why a PDF is not accepted; `unread` if no process could inspect it, which need not be the file's fault."""


@dataclass(frozen=True)
class Inspected:
    """What the inspection of a PDF showed: the number of pages, or what is wrong with it."""

    pages: int = 0
    fault: Fault | None = None


def look(content: bytes) -> Inspected:
    """Inspect a PDF in a process of its own. A file that takes too much memory or time counts as damaged."""
    for _ in range(ATTEMPTS):
        try:
            processes = _inspectors.running()
            return processes.result(processes.begin(inspect, content))
        except ProcessesLost:
            continue
        except (FutureTimeout, ProcessExpired, MemoryError):
            return Inspected(fault="damaged")
    return Inspected(fault="unread")


def inspect(content: bytes) -> Inspected:
    """Inspect a PDF in this process. Call it only in a process that can be killed."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            pages, locked = len(pdf.pages), pdf.is_encrypted
            active = any(_acts(pdf_object) for pdf_object in pdf.objects)
            # A stream that could not be unpacked was not inspected, and another reader may have more memory.
            unread = any("error decoding stream" in str(warning) for warning in pdf.get_warnings())
    except pikepdf.PasswordError:
        return Inspected(fault="locked")
    except (pikepdf.PdfError, MemoryError, RecursionError):
        return Inspected(fault="damaged")
    if locked or unread:
        return Inspected(fault="locked" if locked else "damaged")
    return Inspected(fault="active") if active else Inspected(pages=pages)


def _acts(pdf_object: Any) -> bool:
    """Whether an object, or anything inside it, does something when the document is opened or read."""
    to_inspect = [pdf_object]
    while to_inspect:
        item = to_inspect.pop()
        if isinstance(item, pikepdf.Array):
            to_inspect += [inner for inner in item if not _is_reference(inner)]
        elif isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
            kinds = {str(item.get(key, "")) for key in ("/S", "/Type", "/Subtype")}
            if kinds & _ACTIVE_KINDS or any(key in item for key in _ACTIVE_KEYS):
                return True
            to_inspect += [inner for _, inner in item.items() if not _is_reference(inner)]
    return False


def _is_reference(item: Any) -> bool:
    """Whether an item refers to an object of the document, which is inspected by itself."""
    return isinstance(item, pikepdf.Object) and item.is_indirect


def _shut_doors() -> None:
    with suppress(ImportError):  # Windows has no such limits; there only the time limit applies
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _one_process() -> Processes:
    """One process, which the first file starts and which stays for the next ones."""
    return Processes(workers=1, tasks=_FILES_OF_A_PROCESS, time_limit=TIME_LIMIT, initializer=_shut_doors)


_inspectors = ReplacedProcesses(_one_process)
