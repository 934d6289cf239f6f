"""PDFs out of packs, made in warm processes that are killed when they take too long.

WeasyPrint has had endless loops on odd input more than once, and two threads of it are slower than one. So each
pack is made in a process of its own kind: spawned (never a copy of the web server's memory, which holds keys),
warm, under a time limit, fed by pipe. A process that is killed is replaced; the others go on.
"""

import multiprocessing
import shutil
import tempfile
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import TimeoutError as FutureTimeout
from datetime import datetime
from types import TracebackType
from typing import Self

from pebble import ProcessFuture, ProcessPool

from . import worker
from .content import PackContent
from .markup import to_html

TIME_LIMIT = 30.0
"""Seconds. A pack of six pages takes a third of one."""

LARGEST_HTML = 4 * 1024 * 1024
"""Characters. The fullest record the forms can hold makes about a tenth of it."""

_TASKS_OF_A_PROCESS = 500
"""After so many packs a process is replaced by a fresh one, whatever it may have leaked."""


class RenderingFailed(Exception):
    """A PDF could not be made. The message is for a person and holds nothing of the record."""


class Renderer:
    """A pool of rendering processes. Make one for a host and share it; its methods may be called from any thread.

    The processes are started by the first PDF asked for (or by `warm`), so that a command that makes none starts
    none. Use it as a context manager, or call `close`.
    """

    def __init__(self, *, workers: int = 2, time_limit: float = TIME_LIMIT) -> None:
        """``workers`` processes, each killed when one PDF takes longer than ``time_limit`` seconds."""
        self._workers = workers
        self._time_limit = time_limit
        self._lock = threading.Lock()
        self._pool: ProcessPool | None = None
        self._folder: str | None = None

    def render(self, content: PackContent) -> bytes:
        """The PDF of one pack. Raises RenderingFailed if it takes too long or cannot be made."""
        return next(self.render_many([content]))

    def render_many(self, contents: Iterable[PackContent]) -> Iterator[bytes]:
        """The PDFs of several packs in their order, made side by side. Raises RenderingFailed like `render`."""
        pool = self._started()
        pages = ((to_html(content), content.record_json, content.sent_at) for content in contents)
        futures = [self._schedule(pool, *page) for page in pages]
        for position, future in enumerate(futures):
            try:
                yield future.result()
            except Exception as problem:
                for waiting in futures[position + 1 :]:
                    waiting.cancel()  # type: ignore[no-untyped-call]
                # The cause is dropped: what WeasyPrint says may quote the record.
                raise _failure(problem) from None

    def render_html(self, html: str, record: bytes, sent_at: datetime) -> bytes:
        """The PDF of a page of HTML made by `to_html`, with ``record`` attached. Raises RenderingFailed."""
        try:
            result: bytes = self._schedule(self._started(), html, record, sent_at).result()
        except Exception as problem:
            raise _failure(problem) from None
        return result

    def warm(self) -> None:
        """Start the processes now and wait until each has made a page."""
        blank = "<html lang=en-GB><title>Ready</title><p>Ready</p></html>"
        pool = self._started()
        now = datetime.fromisoformat("2027-01-01T00:00:00+00:00")
        for future in [self._schedule(pool, blank, b"{}", now) for _ in range(self._workers * 2)]:
            future.result()

    def close(self) -> None:
        """End the processes, at once, and remove their copies of the fonts. A later `render` starts new ones."""
        with self._lock:
            pool, self._pool = self._pool, None
            folder, self._folder = self._folder, None
        if pool is not None:
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join()
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _started(self) -> ProcessPool:
        with self._lock:
            if self._pool is None:
                self._folder = tempfile.mkdtemp(prefix="transition-exchange-fonts-")
                self._pool = ProcessPool(
                    max_workers=self._workers,
                    max_tasks=_TASKS_OF_A_PROCESS,
                    initializer=worker.start,
                    initargs=(self._folder,),
                    context=multiprocessing.get_context("spawn"),
                )
            return self._pool

    def _schedule(
        self, pool: ProcessPool, html: str, record: bytes, sent_at: datetime
    ) -> "ProcessFuture[bytes]":
        if len(html) > LARGEST_HTML:
            raise RenderingFailed("This record is too long to make into a PDF.")
        return pool.schedule(worker.render, args=(html, record, sent_at), timeout=self._time_limit)


def _failure(problem: Exception) -> RenderingFailed:
    if isinstance(problem, RenderingFailed):
        return problem
    if isinstance(problem, FutureTimeout):
        return RenderingFailed("The PDF took too long to make and was stopped. Try again, or tell support.")
    return RenderingFailed("The PDF could not be made. Try again, or tell support.")
