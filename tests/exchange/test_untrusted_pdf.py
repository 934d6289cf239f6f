"""The process that looks inside uploads ends with whoever started it."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from threading import Thread

from tests.exchange.documents import pdf
from transition_exchange.exchange.writing import untrusted_pdf


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
