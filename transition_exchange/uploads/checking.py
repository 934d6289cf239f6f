"""The server's side of an upload: it starts a process for each file, gives it the file and reads the answer.

A file of one megabyte can unpack to gigabytes, and a parser can run for ever or be taken over. So the server, which
holds keys and serves other people, never parses an upload itself. A process does it that has no environment, no key,
no file and no network, and that ends with its file. It takes a tenth of a second to start.
"""

from __future__ import annotations

import logging
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from transition_exchange.uploads.answers import (
    GREETING_BYTES,
    LONGEST_ANSWER,
    Answer,
    Doors,
    Malformed,
    Verdict,
    pack_request,
    unpack_answer,
    unpack_greeting,
)

TIME_LIMIT = 30.0
"""Seconds that one file may take. Twenty megabytes of scans take less than one, 300 tagged pages about two."""

STARTING = 30.0
"""Seconds that a process may take until it is ready, however busy the machine is."""

AT_ONCE = 2
"""How many files a server process has read at once; each may take a gigabyte."""

WAITING = 20.0
"""Seconds that a file waits for its turn."""

ATTEMPTS = 2
"""How many processes a file is given to if they end without an answer: the system may have ended the first one."""

_COMMAND = (
    "import sys; sys.path[:] = sys.argv[1:]; from transition_exchange.uploads.child import main; main()"
)
_LOADER = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""What Python itself may need to start; nothing else of the server's environment, which holds secrets, is passed on."""

_PIECE = 64 * 1024

_WAYS_OUT = {
    Doors.LIMITS: "it has limits for memory and time and can write no file (setrlimit)",
    Doors.USER: "it is not root",
    Doors.NETWORK: "it has no network (namespaces)",
    Doors.FILES: "it can open no file (Landlock)",
    Doors.CALLS: "it can make only harmless system calls (seccomp)",
}

_turns = threading.BoundedSemaphore(AT_ONCE)
_log = logging.getLogger(__name__)


class NoProcess(Exception):
    """The process that reads uploads could not be started, or ended before it was ready."""


class _Ended(Exception):
    """A process ended without an answer."""


def check(content: bytes) -> Answer:
    """Have a PDF inspected and written anew in a process of its own. May be called from any thread.

    Args:
        content: the upload.

    Returns:
        The new file and what was taken out, or why the upload is refused. A file that takes too long is heavy; one that
        ends its processes counts as damaged.
    """
    if not _turns.acquire(timeout=WAITING):
        return Answer(Verdict.UNREAD)
    verdict = Verdict.UNREAD
    try:
        for _ in range(ATTEMPTS):
            try:
                return _checked(content)
            except Malformed:
                return Answer(Verdict.DAMAGED)
            except TimeoutError:
                return Answer(Verdict.HEAVY)
            except _Ended:
                verdict = Verdict.DAMAGED
            except NoProcess:
                _log.error("The process that reads uploads could not be started.")
    finally:
        _turns.release()
    return Answer(verdict)


def shut_doors() -> Doors:
    """Start a process that reads no file, to find out which ways out of it this system can shut.

    Raises:
        NoProcess: it cannot be started.
    """
    process = _start()
    try:
        return _greeting(process)
    finally:
        _end(process)


def in_words(doors: Doors) -> str:
    """What holds for the process that reads uploads, for whoever runs the service."""
    shut = [words for door, words in _WAYS_OUT.items() if door in doors]
    open_ = [words for door, words in _WAYS_OUT.items() if door not in doors]
    told = "Uploads are read in a process of their own: " + ("; ".join(shut) or "nothing holds it in") + "."
    if open_:
        told += " This system does not let us say: " + "; ".join(open_) + ". See docs/running.md."
    return told


def _checked(content: bytes) -> Answer:
    """What one process says of a file.

    Raises:
        NoProcess: there is no process.
        TimeoutError: it takes too long.
        Malformed: it answers in another form.
        _Ended: it ends without an answer.
    """
    process = _start()
    try:
        _greeting(process)
        message = _talk(process, pack_request(content), most=LONGEST_ANSWER, seconds=TIME_LIMIT)
    finally:
        _end(process)
    if not message:
        raise _Ended
    return unpack_answer(message)


def _start() -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603 - our own program, and nothing of the upload in it
            [sys.executable, "-I", "-c", _COMMAND, *(str(Path(entry).resolve()) for entry in sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it could quote the file
            env={name: os.environ[name] for name in _LOADER if name in os.environ},
            cwd="/",
            start_new_session=True,
        )
    except OSError:
        raise NoProcess from None


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process with whatever it started, and wait until it is gone."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):
            if pipe is not None:
                pipe.close()


def _greeting(process: subprocess.Popen[bytes]) -> Doors:
    """Wait until a process is ready.

    Raises:
        NoProcess: it ends before, or takes too long.
    """
    try:
        return unpack_greeting(_talk(process, b"", most=GREETING_BYTES, seconds=STARTING))
    except (Malformed, TimeoutError):
        raise NoProcess from None


def _talk(process: subprocess.Popen[bytes], request: bytes, *, most: int, seconds: float) -> bytes:
    """Write to a process and read what it says, both at once, so that neither waits for the other for ever.

    Args:
        process: the process.
        request: what to write.
        most: how many bytes to read. Without a request, so many are enough; with one, the process ends by itself, and
            more are too many.
        seconds: for how long.

    Raises:
        TimeoutError: it takes longer.
        Malformed: it says too much.
    """
    assert process.stdin is not None
    assert process.stdout is not None
    deadline = time.monotonic() + seconds
    rest, said = memoryview(request), bytearray()
    with selectors.DefaultSelector() as selector:
        for pipe, event in ((process.stdin, selectors.EVENT_WRITE), (process.stdout, selectors.EVENT_READ)):
            os.set_blocking(pipe.fileno(), False)
            if event == selectors.EVENT_READ or rest:
                selector.register(pipe, event)
        while request or len(said) < most:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            for key, _ in selector.select(left):
                if key.fileobj is process.stdin:
                    try:
                        rest = rest[os.write(key.fd, rest[:_PIECE]) :]
                    except BrokenPipeError:
                        rest = rest[:0]
                    if not rest:
                        selector.unregister(process.stdin)
                    continue
                piece = os.read(key.fd, _PIECE if request else most - len(said))
                if not piece:
                    return bytes(said)
                said += piece
                if len(said) > most:
                    raise Malformed
    return bytes(said)
