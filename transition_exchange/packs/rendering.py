"""PDFs out of packs, made in warm processes that are killed when they take too long.

WeasyPrint has had endless loops on odd input more than once, and two threads of it are slower than one. So each
pack is made in a process of its own kind: spawned (never a copy of the web server's memory, which holds keys),
warm, under a time limit, fed by pipe. A process that is killed is replaced, whether it worked or waited.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import TimeoutError as FutureTimeout
from datetime import UTC, datetime
from types import TracebackType
from typing import NamedTuple, Self

from transition_exchange.packs import worker
from transition_exchange.packs.content import PackContent
from transition_exchange.packs.markup import to_html
from transition_exchange.packs.processes import ATTEMPTS, Processes, ProcessesLost, ReplacedProcesses

FONT_FOLDER = "transition-exchange-fonts-"
"""The start of the name of a folder in which WeasyPrint keeps its copies of the fonts."""

TIME_LIMIT = 30.0
"""Seconds. A pack of six pages takes a third of one."""

LARGEST_HTML = 4 * 1024 * 1024
"""Characters. The fullest record the forms can hold makes about a tenth of it."""

_PACKS_OF_A_PROCESS = 500

_TOO_LONG = "The PDF took too long to make and was stopped. Try again, or tell support."
_NOT_MADE = "The PDF could not be made. Try again, or tell support."


class RenderingFailed(Exception):
    """A PDF could not be made. The message is for a person and holds nothing of the record."""


class _Page(NamedTuple):
    """What a PDF is made of: the HTML, the record to attach to it, and when it is sent."""

    html: str
    record: bytes
    sent_at: datetime


class _RenderingProcesses(Processes):
    """Rendering processes and their folder of fonts."""

    def __init__(self, *, workers: int, time_limit: float) -> None:
        self._fonts = tempfile.mkdtemp(prefix=FONT_FOLDER)
        super().__init__(
            workers=workers,
            tasks=_PACKS_OF_A_PROCESS,
            time_limit=time_limit,
            initializer=worker.start,
            initargs=(self._fonts,),
        )

    def _tidy(self) -> None:
        shutil.rmtree(self._fonts, ignore_errors=True)


class Renderer:
    """Makes PDFs. Make one for a host and share it; its methods may be called from any thread.

    The processes are started by the first PDF asked for (or by `warm`), so that a command that makes none starts
    none. Use it as a context manager, or call `close`.
    """

    def __init__(self, *, workers: int = 2, time_limit: float = TIME_LIMIT) -> None:
        """Make a renderer; it starts nothing yet.

        Args:
            workers: how many processes make PDFs side by side.
            time_limit: after how many seconds one PDF is given up and its process killed.
        """
        self._workers = workers
        self._processes = ReplacedProcesses(
            lambda: _RenderingProcesses(workers=workers, time_limit=time_limit)
        )

    def render(self, content: PackContent) -> bytes:
        """Make the PDF of one pack.

        Args:
            content: what goes into the pack.

        Raises:
            RenderingFailed: it takes too long or cannot be made.
        """
        return next(self.render_many([content]))

    def render_many(self, contents: Iterable[PackContent]) -> Iterator[bytes]:
        """Make the PDFs of several packs side by side, and yield them in the order of the packs.

        Args:
            contents: what goes into each pack.

        Raises:
            RenderingFailed: one of them takes too long or cannot be made; those after it are given up.
        """
        yield from self._make(
            [_Page(to_html(content), content.record_json, content.sent_at) for content in contents]
        )

    def render_html(self, html: str, record: bytes, sent_at: datetime) -> bytes:
        """Make the PDF of a page of HTML that `to_html` made.

        Args:
            html: the page.
            record: the data to attach to it.
            sent_at: the aware time that the attachment bears.

        Raises:
            RenderingFailed: it takes too long or cannot be made.
        """
        return next(self._make([_Page(html, record, sent_at)]))

    def warm(self) -> None:
        """Start the processes now and wait until each has made a page.

        Raises:
            RenderingFailed: they cannot be started.
        """
        blank = "<html lang=en-GB><title>Ready</title><p>Ready</p></html>"
        page = _Page(blank, b"{}", datetime(2027, 1, 1, tzinfo=UTC))
        for _ in self._make([page] * (self._workers * 2)):
            pass

    def close(self) -> None:
        """End the processes, at once, and remove their copies of the fonts. A later `render` starts new ones.

        Whoever waits for a PDF at that moment gets a RenderingFailed.
        """
        self._processes.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _make(self, pages: Sequence[_Page]) -> Iterator[bytes]:
        """The PDFs of `pages` in order. If the processes are lost, the PDFs still to come are begun with new ones."""
        made, attempts = 0, 0
        while made < len(pages):
            attempts += 1
            try:
                if any(len(page.html) > LARGEST_HTML for page in pages):
                    raise RenderingFailed("This record is too long to make into a PDF.")
                for pdf in self._made_at_once(pages[made:]):
                    made, attempts = made + 1, 0
                    yield pdf
            except ProcessesLost:
                if self._processes.closed or attempts == ATTEMPTS:
                    raise RenderingFailed(_NOT_MADE) from None
            except Exception as problem:
                # The cause is dropped: what WeasyPrint says may quote the record.
                raise _failure(problem) from None

    def _made_at_once(self, pages: Sequence[_Page]) -> Iterator[bytes]:
        processes = self._processes.running()
        futures = [processes.begin(worker.render, *page) for page in pages]
        try:
            for future in futures:
                yield processes.result(future)
        finally:
            for future in futures:
                future.cancel()  # type: ignore[no-untyped-call]


def _failure(problem: Exception) -> RenderingFailed:
    if isinstance(problem, RenderingFailed):
        return problem
    return RenderingFailed(_TOO_LONG if isinstance(problem, FutureTimeout) else _NOT_MADE)
