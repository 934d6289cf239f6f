"""Looking inside an upload: what a document hides is found, and the process that looks is replaced and ended."""

from __future__ import annotations

import multiprocessing.spawn
import os
import resource
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from threading import Thread

import pytest

from tests.exchange.documents import bomb, hostile_pdfs, locked_pdf, pdf, pdf_with_script, written_pdf
from tests.packs.child_processes import children
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.writing import untrusted_pdf
from transition_exchange.exchange.writing.attaching import count_pages
from transition_exchange.exchange.writing.untrusted_pdf import Inspected


@pytest.mark.parametrize("what", sorted(hostile_pdfs()))
def test_what_hides_what_it_does_is_refused(what: str) -> None:
    with pytest.raises(Refused, match="script, a program or another file"):
        count_pages(hostile_pdfs()[what])


def test_a_document_nested_deeply_is_read_to_its_bottom() -> None:
    assert count_pages(written_pdf(b"/X " + b"[" * 400 + b"]" * 400)) == 1
    with pytest.raises(Refused, match="script"):
        count_pages(written_pdf(b"/X " + b"[" * 400 + b"<</S/JavaScript/JS(x)>>" + b"]" * 400))


def test_a_document_that_unpacks_to_gigabytes_is_refused_and_costs_the_server_no_memory() -> None:
    content = bomb(3000)
    assert len(content) < 4_000_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Refused, match="damaged"):
        count_pages(content)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024
    assert count_pages(pdf()) == 1


@pytest.mark.parametrize(
    ("content", "looked"),
    [
        (pdf(pages=3), Inspected(pages=3)),
        (locked_pdf(), Inspected(fault="locked")),
        (pdf_with_script(), Inspected(fault="active")),
        (b"%PDF-1.7\nbroken", Inspected(fault="damaged")),
        (b"", Inspected(fault="damaged")),
    ],
    ids=["plain", "locked", "script", "broken", "empty"],
)
def test_looking_says_how_many_pages_or_what_is_wrong(content: bytes, looked: Inspected) -> None:
    assert untrusted_pdf.look(content) == looked


LONG = bomb(400)
"""A PDF that is read within the memory limit, in a second or two."""

Started = Callable[[], list[int]]


@pytest.fixture
def started() -> Iterator[Started]:
    """The processes that inspect for this test alone; in the end none of them is left."""
    untrusted_pdf._inspectors.close()
    before = children()
    yield lambda: sorted(children() - before)
    untrusted_pdf._inspectors.close()
    assert children() <= before


def test_one_that_takes_too_long_counts_as_damaged_and_the_next_is_read(
    started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert untrusted_pdf.look(LONG) == Inspected(pages=1)
    untrusted_pdf._inspectors.close()
    monkeypatch.setattr(untrusted_pdf, "TIME_LIMIT", 0.3)
    assert untrusted_pdf.look(LONG) == Inspected(fault="damaged")
    assert untrusted_pdf.look(pdf(pages=2)) == Inspected(pages=2)
    assert len(started()) == 1


@pytest.mark.parametrize("noticed", [False, True], ids=["at once", "after it was noticed"])
def test_a_process_killed_while_idle_is_replaced(started: Started, noticed: bool) -> None:
    assert untrusted_pdf.look(pdf()) == Inspected(pages=1)
    for _ in range(3):
        (idle,) = started()
        os.kill(idle, signal.SIGKILL)
        if noticed:
            time.sleep(0.5)
        assert untrusted_pdf.look(pdf(pages=2)) == Inspected(pages=2)
        assert len(started()) == 1, "nothing of the old ones is left"


def test_a_process_killed_at_work_costs_that_file_alone(started: Started) -> None:
    assert untrusted_pdf.look(pdf()) == Inspected(pages=1)
    with ThreadPoolExecutor(2) as threads:
        for _ in range(2):
            (working,) = started()
            long = threads.submit(untrusted_pdf.look, LONG)
            time.sleep(0.3)
            waiting = threads.submit(untrusted_pdf.look, pdf(pages=2))
            os.kill(working, signal.SIGKILL)
            assert long.result(timeout=30) == Inspected(fault="damaged")
            assert waiting.result(timeout=30) == Inspected(pages=2)
            assert len(started()) == 1


def test_a_process_killed_again_and_again_holds_nobody_up(started: Started) -> None:
    """Whenever a process is killed, each file is inspected or refused: no thread waits for ever."""

    def kill() -> None:
        for _ in range(8):
            time.sleep(0.4)
            for pid in started():
                os.kill(pid, signal.SIGKILL)

    def look_on() -> list[Inspected]:
        inspected = []
        while not killing.done():
            inspected.append(untrusted_pdf.look(pdf(pages=3)))
        return inspected

    with ThreadPoolExecutor(5) as threads:
        killing = threads.submit(kill)
        looking = [threads.submit(look_on) for _ in range(4)]
        inspected = [one for looks in looking for one in looks.result(timeout=90)]
        killing.result()
    assert {one.fault for one in inspected} <= {None, "damaged", "unread"}
    assert untrusted_pdf.look(pdf(pages=3)) == Inspected(pages=3)


def test_a_process_that_stands_still_is_replaced(started: Started, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transition_exchange.packs.processes.PATIENCE", 1.0)
    monkeypatch.setattr(untrusted_pdf, "TIME_LIMIT", 2.0)
    assert untrusted_pdf.look(pdf()) == Inspected(pages=1)
    os.kill(started()[0], signal.SIGSTOP)
    assert untrusted_pdf.look(pdf(pages=2)) == Inspected(pages=2)


def test_where_no_process_can_start_the_file_is_refused_in_words_that_do_not_blame_it(
    started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(multiprocessing.spawn, "_python_exe", b"/bin/false")
        with pytest.raises(Refused, match="could not be checked") as refused:
            count_pages(pdf())
        assert "tell support" in refused.value.fields["file"]
    assert count_pages(pdf()) == 1


def look(content: bytes) -> int:
    """Look inside a PDF from a process of one's own. Returns how many processes that one started for it."""
    assert untrusted_pdf.look(content) == Inspected(pages=1)
    return len(children())


def test_a_spawned_process_that_read_an_upload_comes_to_its_end() -> None:
    spawned = ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"))
    assert spawned.submit(look, pdf()).result(timeout=60) == 1
    ending = Thread(target=spawned.shutdown, daemon=True)
    ending.start()
    ending.join(timeout=30)
    assert not ending.is_alive(), "it waits for the process that reads uploads"
