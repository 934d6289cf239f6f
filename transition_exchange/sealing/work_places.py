"""Places for passphrase work, which all processes of this machine share: nobody waits, and each source has its share.

A place is one byte of a file that is locked while the work runs. The kernel gives the locks of a process back when it
ends, however it ends, so a killed process keeps no place. The locks belong to processes; which of its threads holds
what, a process knows itself.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from hashlib import blake2b
from pathlib import Path
from threading import Lock, get_ident
from typing import Literal

from transition_exchange.sealing import memory
from transition_exchange.sealing.errors import NoPlace
from transition_exchange.sealing.memory import Sizes

Pool = Literal["strangers", "own"]
"""Whose places they are: those of browsers that are new here, or those of browsers and people who are known."""

FILE = "passphrase-places"
"""The name of the file, in the instance folder."""

_STANDARD_KIB = 128 * 1024
_FIRST: dict[Pool, int] = {"strangers": 0, "own": 4096}
_SOURCES = 1 << 20
_MOST_OF_A_SOURCE = 1024
_LOOK_AGAIN_AFTER = 0.02


class Places:
    """The places of this machine."""

    def __init__(self, descriptor: int, sizes: Sizes) -> None:
        """Use a file for the locks.

        Args:
            descriptor: a file open for writing. No other code of this process may open and close the same file,
                because that gives every lock back.
            sizes: how many places there are.
        """
        self.sizes = sizes
        self._descriptor = descriptor
        self._taken: set[int] = set()
        self._mutex = Lock()

    @contextmanager
    def hold(self, *, pool: Pool, source: str, kib: int = 0) -> Iterator[None]:
        """Hold a place while the block runs. It never waits.

        Whoever is known takes one of their own places, or one of the strangers' if those are all taken.

        Args:
            pool: `own` for a known browser or a person who is signed in.
            source: who asks: a network address or a person. One person holds one place at most.
            kib: the memory that the work needs. Work that needs more than one place has takes several.

        Raises:
            NoPlace: every place is taken, or the source holds its share already.
        """
        taken = self._take(pool, source, kib)
        try:
            yield
        finally:
            self._give_back(taken)

    def _take(self, pool: Pool, source: str, kib: int) -> Sequence[int]:
        pools: tuple[Pool, ...] = (pool,) if pool == "strangers" else ("own", "strangers")
        share = self.sizes.share if pool == "strangers" else 1
        with self._mutex:
            own_byte = self._lock_some(_byte_of(pool, source), share, 1)
            for name in pools:
                size = self.sizes.strangers if name == "strangers" else self.sizes.own
                wanted = max(1, min(size, -(-kib // self.sizes.unit_kib)))
                if own_byte and (places := self._lock_some(_FIRST[name], size, wanted)):
                    return (*own_byte, *places)
            self._unlock(own_byte)
        raise NoPlace

    def _lock_some(self, first: int, size: int, wanted: int) -> tuple[int, ...]:
        """Lock some bytes of a range; none of them unless all that are wanted can be had."""
        locked: list[int] = []
        for byte in range(first, first + size):
            if len(locked) < wanted and byte not in self._taken and self._lock(byte):
                locked.append(byte)
        if len(locked) == wanted:
            return tuple(locked)
        self._unlock(locked)
        return ()

    def _lock(self, byte: int) -> bool:
        try:
            fcntl.lockf(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)
        except (BlockingIOError, PermissionError):  # POSIX allows both for a lock of another process
            return False
        self._taken.add(byte)
        return True

    def _unlock(self, bytes_: Sequence[int]) -> None:
        for byte in bytes_:
            fcntl.lockf(self._descriptor, fcntl.LOCK_UN, 1, byte)
            self._taken.discard(byte)

    def _give_back(self, taken: Sequence[int]) -> None:
        with self._mutex:
            self._unlock(taken)

    def forget_after_fork(self) -> None:
        """Forget what the parent's threads hold: a new process has none of its locks."""
        self._taken, self._mutex = set(), Lock()


_holds: ContextVar[bool] = ContextVar("holds", default=False)
_shared: Places | None = None
_making = Lock()


def share(folder: Path, *, unit_kib: int) -> Places:
    """Share places among all processes that name the same folder, and those that this process starts.

    Call it once, before the processes that serve pages are started. If the folder cannot be written, only this process
    and those that it starts share them.

    Args:
        folder: a folder that only this service may write to.
        unit_kib: the memory of one try at a passphrase, in KiB.
    """
    global _shared
    try:
        descriptor = os.open(folder / FILE, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        descriptor = _nameless()
    _shared = Places(descriptor, memory.sizes(unit_kib=unit_kib))
    return _shared


def shared() -> Places:
    """The places that this process shares; its own if nothing was shared with it."""
    global _shared
    with _making:
        if _shared is None:
            _shared = Places(_nameless(), memory.sizes(unit_kib=_STANDARD_KIB))
        return _shared


@contextmanager
def holding(*, pool: Pool, source: str, kib: int = 0) -> Iterator[None]:
    """Hold one of the shared places while the block runs, as `Places.hold` says. Whoever holds one takes no second.

    Raises:
        NoPlace: as for `Places.hold`.
    """
    if _holds.get():
        yield
        return
    with shared().hold(pool=pool, source=source, kib=kib):
        token = _holds.set(True)
        try:
            yield
        finally:
            _holds.reset(token)


@contextmanager
def held(kib: int) -> Iterator[None]:
    """A place for the block: the one that the caller holds, or else one that is waited for.

    Commands, tests and the sample area hold none and wait. What answers a request takes its place first.

    Args:
        kib: the memory that the work needs.
    """
    if _holds.get():
        yield
        return
    with ExitStack() as stack:
        while not _holds.get():
            try:
                source = f"{os.getpid()} {get_ident()}"
                stack.enter_context(holding(pool="own", source=source, kib=kib))
            except NoPlace:
                time.sleep(_LOOK_AGAIN_AFTER)
        yield


def _nameless() -> int:
    """A file without a name, which this process and those that it starts can lock."""
    descriptor, name = tempfile.mkstemp()
    Path(name).unlink()
    return descriptor


def _byte_of(pool: Pool, source: str) -> int:
    digest = blake2b(f"{pool} {source}".encode(), digest_size=5).digest()
    return _SOURCES + int.from_bytes(digest) * _MOST_OF_A_SOURCE


def _forget_after_fork() -> None:
    if _shared is not None:
        _shared.forget_after_fork()


os.register_at_fork(after_in_child=_forget_after_fork)
