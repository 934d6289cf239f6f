"""Looking inside an upload: what a document hides is found, and the process that looks ends with its owner."""

from __future__ import annotations

import resource
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from threading import Thread

import pytest

from tests.exchange.documents import bomb, hostile_pdfs, locked_pdf, pdf, pdf_with_script, written_pdf
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


def test_one_that_takes_too_long_counts_as_damaged_and_the_next_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert untrusted_pdf.look(pdf()) == Inspected(pages=1), "the process is running"
    monkeypatch.setattr(untrusted_pdf, "TIME_LIMIT", 0.05)
    assert untrusted_pdf.look(bomb(900)) == Inspected(fault="damaged")
    monkeypatch.undo()
    assert untrusted_pdf.look(pdf(pages=2)) == Inspected(pages=2)


def look(content: bytes) -> int:
    """Look inside a PDF from a process of one's own. Returns that process's share of reading processes."""
    untrusted_pdf._pool().schedule(len, args=(content,)).result()
    return len(untrusted_pdf._started)


def test_a_spawned_process_that_read_an_upload_comes_to_its_end() -> None:
    spawned = ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"))
    assert spawned.submit(look, pdf()).result(timeout=60) == 1
    ending = Thread(target=spawned.shutdown, daemon=True)
    ending.start()
    ending.join(timeout=30)
    assert not ending.is_alive(), "it waits for the process that reads uploads"
