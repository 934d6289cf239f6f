"""A set of warm processes for work that may hang or die, from their start to their end.

Pebble replaces a process that takes too long, and one that dies while it works. If one dies while all are idle, pebble
gives up the whole pool (pebble 5.2, `PoolManager.find_expired_task`): all work that waits fails, and what is begun
just then may wait for ever. So `Processes.result` watches the pool while it waits, and `ReplacedProcesses` starts new
processes where the last ones are lost.
"""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.util import Finalize
from typing import Any, TypeVar

from pebble import ProcessFuture, ProcessPool

from transition_exchange.process_memory import forbid_core_dumps

PATIENCE = 30.0
"""Seconds. Processes that have work and finish none of it for the time limit and this much longer count as lost."""

ATTEMPTS = 2
"""How many times a piece of work is begun if its processes are lost, each time with new ones."""

_LOOKS_EVERY = 0.5
"""Seconds between two looks at a pool whose work is waited for."""

T = TypeVar("T")


def _start(initializer: Callable[..., None], *initargs: Any) -> None:
    """Make a new process ready. It will hold what people wrote, so it may leave no core dump from the start."""
    forbid_core_dumps()
    initializer(*initargs)


class ProcessesLost(Exception):
    """The processes ended, or stand still, before this work was done. The work need not be the reason."""


class Processes:
    """Some warm processes. Its methods may be called from any thread."""

    def __init__(
        self,
        *,
        workers: int,
        tasks: int,
        time_limit: float,
        initializer: Callable[..., None],
        initargs: tuple[Any, ...] = (),
    ) -> None:
        """Prepare the processes; the first work starts them.

        Args:
            workers: how many processes.
            tasks: after so many pieces of work a process is replaced by a fresh one, whatever it may have leaked.
            time_limit: after how many seconds a piece of work is given up and its process killed.
            initializer: a function of a module, which makes each process ready.
            initargs: what it takes.
        """
        self._time_limit = time_limit
        self._pool = ProcessPool(
            max_workers=workers,
            max_tasks=tasks,
            initializer=_start,
            initargs=(initializer, *initargs),
            context=multiprocessing.get_context("spawn"),
        )
        self._lost = False
        self._unfinished: set[Future[Any]] = set()
        self._last_progress = 0.0
        self._ending = threading.Lock()
        self._ended = False
        # Also heard by a process that somebody spawned, which atexit is not.
        self._at_exit = Finalize(None, self.end, exitpriority=10)

    @property
    def active(self) -> bool:
        """Whether work can be begun here."""
        if not self._lost:
            try:
                self._lost = not self._pool.active
            except RuntimeError:  # pebble starts the processes to answer, and they cannot start
                self._lost = True
        return not self._lost

    def begin(self, function: Callable[..., T], *args: Any) -> ProcessFuture[T]:
        """Begin a piece of work.

        Args:
            function: a function of a module, which one of the processes calls.
            args: what it takes.

        Returns:
            What `result` waits for. Cancelling it kills the process that works on it.

        Raises:
            ProcessesLost: there are no processes any more.
        """
        if not self._unfinished:
            self._last_progress = time.monotonic()
        try:
            future = self._pool.schedule(function, args=args, timeout=self._time_limit)
        except RuntimeError:  # pebble's word for a pool that is not active, or cannot start
            self._lost = True
            raise ProcessesLost from None
        self._unfinished.add(future)
        future.add_done_callback(self._finished)
        return future

    def result(self, future: ProcessFuture[T]) -> T:
        """Wait for what a piece of work comes to.

        Args:
            future: what `begin` returned.

        Raises:
            ProcessesLost: the processes ended, or stand still.
            TimeoutError: the work took too long, and its process was killed.
            ProcessExpired: the process died at this work.
            Exception: whatever the function raised; what it says may quote what it was given.
        """
        while not wait([future], timeout=_LOOKS_EVERY).done:
            if time.monotonic() - self._last_progress > self._time_limit + PATIENCE:
                # A process was stopped, or killed while it held the lock on the pipe: pebble never notices.
                self._lost = True
            if not self.active:
                raise ProcessesLost
        try:
            return future.result()
        except BrokenProcessPool:
            raise ProcessesLost from None

    def end(self) -> None:
        """End the processes at once. Doing it twice does no harm."""
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
                self._tidy()

    def _tidy(self) -> None:
        """Remove what the processes leave behind."""

    def _finished(self, future: Future[Any]) -> None:
        self._unfinished.discard(future)
        self._last_progress = time.monotonic()


class ReplacedProcesses:
    """Processes that are started when they are first needed, and replaced when they are lost."""

    def __init__(self, prepare: Callable[[], Processes]) -> None:
        """Start nothing yet.

        Args:
            prepare: makes a new set of processes.
        """
        self._prepare = prepare
        self._lock = threading.Lock()
        self._processes: Processes | None = None

    @property
    def closed(self) -> bool:
        """Whether there are none now: they were not needed yet, or were ended."""
        return self._processes is None

    def running(self) -> Processes:
        """The processes to use now: new ones if there are none yet, or if they are lost."""
        with self._lock:
            before = self._processes
            if before is not None and before.active:
                return before
            new = self._processes = self._prepare()
        if before is not None:
            before.end()
        return new

    def close(self) -> None:
        """End the processes at once. Work that is begun later starts new ones."""
        with self._lock:
            processes, self._processes = self._processes, None
        if processes is not None:
            processes.end()
