"""A rendering process that is killed, stopped or cannot start costs at most the PDF it was making."""

from __future__ import annotations

import multiprocessing.spawn
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.packs.child_processes import children
from tests.packs.marked_records import NOW, pack
from tests.packs.reading import text_of
from tests.packs.test_rendering import ENDLESS
from tests.proforma.records import without_sen
from transition_exchange.packs.content import PackContent
from transition_exchange.packs.rendering import Renderer, RenderingFailed
from transition_exchange.proforma import load

Started = Callable[[], list[int]]


def content(name: str = "Amina Testlearner") -> PackContent:
    return pack(load("core/2027.1"), without_sen(), learner_name=name)


@pytest.fixture
def started(own_scratch: Path) -> Iterator[Started]:
    """The processes that the test's own renderer has; in the end none is left, and no folder of fonts."""
    before = children()
    yield lambda: sorted(children() - before)
    assert children() <= before
    assert font_folders(own_scratch) == []


def font_folders(folder: Path) -> list[Path]:
    return list(folder.glob("transition-exchange-fonts-*"))


@pytest.mark.parametrize("noticed", [False, True], ids=["at once", "after it was noticed"])
@pytest.mark.parametrize("workers", [1, 2])
def test_a_process_killed_while_idle_is_replaced(
    started: Started, own_scratch: Path, workers: int, noticed: bool
) -> None:
    with Renderer(workers=workers) as renderer:
        renderer.warm()
        for _ in range(3):
            os.kill(started()[0], signal.SIGKILL)
            if noticed:
                time.sleep(0.5)
            assert "AminaTestlearner" in text_of(renderer.render(content()))
            assert len(font_folders(own_scratch)) == 1
        waited_until = time.monotonic() + 60
        while len(started()) < workers and time.monotonic() < waited_until:
            # One that takes the place of another may still be starting. And one that was killed while another did the
            # work is replaced with the next work.
            time.sleep(0.05)
            renderer.render(content())
        assert len(started()) == workers


@pytest.mark.parametrize("workers", [1, 2])
def test_all_processes_killed_while_idle_are_replaced(started: Started, workers: int) -> None:
    with Renderer(workers=workers) as renderer:
        renderer.warm()
        for _ in range(2):
            for pid in started():
                os.kill(pid, signal.SIGKILL)
            assert "AminaTestlearner" in text_of(renderer.render(content()))


def test_all_packs_of_a_batch_survive_an_idle_process_that_was_killed(started: Started) -> None:
    with Renderer(workers=1) as renderer:
        renderer.warm()
        os.kill(started()[0], signal.SIGKILL)
        names = [f"Learner {word}" for word in ("one", "two", "three", "four")]
        pdfs = list(renderer.render_many([content(name) for name in names]))
        assert [name.replace(" ", "") in text_of(pdf) for name, pdf in zip(names, pdfs, strict=True)] == [
            True
        ] * 4


def test_many_threads_share_one_replacement(started: Started, own_scratch: Path) -> None:
    with Renderer(workers=2) as renderer, ThreadPoolExecutor(6) as threads:
        renderer.warm()
        for _ in range(2):
            os.kill(started()[0], signal.SIGKILL)
            names = [f"Learner{number}of6" for number in range(6)]
            pdfs = list(threads.map(lambda name: renderer.render(content(name)), names))
            assert all(name in text_of(pdf) for name, pdf in zip(names, pdfs, strict=True))
            assert len(font_folders(own_scratch)) == 1
            assert len(started()) == 2


@pytest.mark.parametrize("workers", [1, 2])
def test_processes_killed_at_work_fail_that_pdf_alone(started: Started, workers: int) -> None:
    with Renderer(workers=workers) as renderer, ThreadPoolExecutor(1) as threads:
        renderer.warm()
        for _ in range(2):
            endless = threads.submit(renderer.render_html, ENDLESS, b"{}", NOW)
            time.sleep(0.5)
            for pid in started():
                os.kill(pid, signal.SIGKILL)
            with pytest.raises(RenderingFailed, match="could not be made") as refused:
                endless.result(timeout=15)
            assert refused.value.__cause__ is None
            assert "AminaTestlearner" in text_of(renderer.render(content()))


def test_processes_killed_again_and_again_hold_nobody_up(started: Started) -> None:
    """Whenever a process is killed, each PDF comes or fails: no thread waits for ever."""

    def kill() -> None:
        for _ in range(8):
            time.sleep(0.6)
            for pid in started()[:1]:
                os.kill(pid, signal.SIGKILL)

    with Renderer(workers=2) as renderer, ThreadPoolExecutor(4) as threads:
        renderer.warm()
        killing = threads.submit(kill)
        tries = [threads.submit(renderer.render, content()) for _ in range(40)]
        failures = [attempt.exception(timeout=120) for attempt in tries]
        killing.result(timeout=15)
        assert {type(failure) for failure in failures} <= {type(None), RenderingFailed}
        assert None in failures
        assert "AminaTestlearner" in text_of(renderer.render(content()))


def test_a_process_that_stands_still_is_replaced(started: Started, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transition_exchange.packs.processes.PATIENCE", 1.0)
    with Renderer(workers=1, time_limit=8.0) as renderer:
        renderer.warm()
        os.kill(started()[0], signal.SIGSTOP)
        assert "AminaTestlearner" in text_of(renderer.render(content()))


def test_processes_that_cannot_start_fail_until_they_can(
    started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Renderer(workers=1) as renderer:
        renderer.warm()
        os.kill(started()[0], signal.SIGKILL)
        time.sleep(0.5)
        with monkeypatch.context() as broken:
            broken.setattr(multiprocessing.spawn, "_python_exe", b"/bin/false")
            with pytest.raises(RenderingFailed, match="could not be made"):
                renderer.render(content())
        assert "AminaTestlearner" in text_of(renderer.render(content()))


def test_closing_fails_the_pdfs_that_are_waited_for(started: Started) -> None:
    renderer = Renderer(workers=1)
    renderer.warm()
    with ThreadPoolExecutor(2) as threads:
        waiting = [threads.submit(renderer.render_html, ENDLESS, b"{}", NOW) for _ in range(2)]
        time.sleep(0.5)
        renderer.close()
        for future in waiting:
            assert isinstance(future.exception(timeout=15), RenderingFailed)
    assert started() == []
