"""A set of processes that make PDFs, from their start to their end.

Pebble replaces a process that takes too long, and one that dies while it works. If one dies while all are idle, pebble
gives up the whole pool (pebble 5.2, `PoolManager.find_expired_task`): every PDF that waits fails, and one that is begun
just then may wait for ever. So a user of these processes checks whether they are `active` and otherwise starts
new ones, and `result` watches the pool while it waits.
"""

from __future__ import annotations

import multiprocessing
import shutil
import tempfile
import threading
import time
from concurrent.futures import Future, wait
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from multiprocessing.util import Finalize
from typing import NamedTuple

from pebble import ProcessFuture, ProcessPool

from transition_exchange.packs import worker

FONT_FOLDER = "transition-exchange-fonts-"
"""The start of the name of a folder in which WeasyPrint keeps its copies of the fonts."""

PATIENCE = 30.0
"""Seconds. Processes that have work and finish none of it for the time limit and this much longer count as lost."""

_TASKS_OF_A_PROCESS = 500
"""After so many packs a process is replaced by a fresh one, whatever it may have leaked."""

_LOOKS_EVERY = 0.5
"""Seconds between two looks at a pool whose PDF is waited for."""


class ProcessesLost(Exception):
    """The processes ended, or stand still, before this PDF was made. The PDF need not be the reason."""


class Page(NamedTuple):
    """What a PDF is made of: the HTML, the record to attach to it, and when it is sent."""

    html: str
    record: bytes
    sent_at: datetime


class RenderingProcesses:
    """Some warm rendering processes and their folder of fonts. Its methods may be called from any thread."""

    def __init__(self, *, workers: int, time_limit: float) -> None:
        """Prepare the processes; the first page starts them.

        Args:
            workers: how many processes.
            time_limit: after how many seconds a PDF is given up and its process killed.
        """
        self._time_limit = time_limit
        self._fonts = tempfile.mkdtemp(prefix=FONT_FOLDER)
        self._pool = ProcessPool(
            max_workers=workers,
            max_tasks=_TASKS_OF_A_PROCESS,
            initializer=worker.start,
            initargs=(self._fonts,),
            context=multiprocessing.get_context("spawn"),
        )
        self._lost = False
        self._unfinished: set[Future[bytes]] = set()
        self._last_progress = 0.0
        self._ending = threading.Lock()
        self._ended = False
        # Also heard by a process that somebody spawned, which atexit is not.
        self._at_exit = Finalize(None, self.end, exitpriority=10)

    @property
    def active(self) -> bool:
        """Whether a PDF can be begun here."""
        if not self._lost:
            try:
                self._lost = not self._pool.active
            except RuntimeError:  # pebble starts the processes to answer, and they cannot start
                self._lost = True
        return not self._lost

    def begin(self, page: Page) -> ProcessFuture[bytes]:
        """Begin a PDF.

        Args:
            page: what it is made of.

        Returns:
            What `result` waits for. Cancelling it kills the process that works on it.

        Raises:
            ProcessesLost: there are no processes any more.
        """
        if not self._unfinished:
            self._last_progress = time.monotonic()
        try:
            future = self._pool.schedule(worker.render, args=page, timeout=self._time_limit)
        except RuntimeError:  # pebble's word for a pool that is not active, or cannot start
            self._lost = True
            raise ProcessesLost from None
        self._unfinished.add(future)
        future.add_done_callback(self._finished)
        return future

    def result(self, future: ProcessFuture[bytes]) -> bytes:
        """Wait for a PDF.

        Args:
            future: what `begin` returned.

        Raises:
            ProcessesLost: the processes ended, or stand still.
            TimeoutError: the PDF took too long, and its process was killed.
            Exception: whatever else went wrong with this PDF; what it says may quote the record.
        """
        while not wait([future], timeout=_LOOKS_EVERY).done:
            if time.monotonic() - self._last_progress > self._time_limit + PATIENCE:
                # A process was stopped, or killed while it held the lock on the pipe: pebble never notices.
                self._lost = True
            if not self.active:
                raise ProcessesLost
        try:
            return bytes(future.result())
        except BrokenProcessPool:
            raise ProcessesLost from None

    def end(self) -> None:
        """End the processes at once and remove their copies of the fonts. Doing it twice does no harm."""
        self._lost = True
        with self._ending:
            if self._ended:
                return
            self._ended = True
            self._at_exit.cancel()
            try:
                self._pool.stop()  # type: ignore[no-untyped-call]
                self._pool.join()
            finally:
                shutil.rmtree(self._fonts, ignore_errors=True)

    def _finished(self, future: Future[bytes]) -> None:
        self._unfinished.discard(future)
        self._last_progress = time.monotonic()
