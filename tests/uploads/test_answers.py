"""The bytes between the server and the process that reads an upload: whatever comes back, reading it does no harm."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import transition_exchange.uploads
from transition_exchange.uploads import answers
from transition_exchange.uploads.answers import (
    LARGEST_ANSWER,
    Answer,
    Doors,
    Malformed,
    Removed,
    Verdict,
    pack_answer,
    pack_greeting,
    pack_request,
    unpack_answer,
    unpack_greeting,
    unpack_request,
)

ACCEPTED = Answer(Verdict.ACCEPTED, pages=3, removed=Removed.LINKS | Removed.FILES, content=b"%PDF-1.7 ...")
refusals = st.sampled_from([Answer(verdict) for verdict in Verdict if verdict is not Verdict.ACCEPTED])


@given(refusals | st.just(ACCEPTED))
def test_an_answer_comes_back_as_it_was(answer: Answer) -> None:
    assert unpack_answer(pack_answer(answer)) == answer


def test_an_answer_is_these_bytes() -> None:
    """Fixed bytes, so that a change of the format is seen."""
    assert pack_answer(ACCEPTED) == b"TXUA" + bytes.fromhex("00 0006 00000003 0000000c") + b"%PDF-1.7 ..."
    assert pack_answer(Answer(Verdict.LOCKED)) == b"TXUA" + bytes.fromhex("02 0000 00000000 00000000")
    assert pack_greeting(Doors.LIMITS | Doors.CALLS) == b"TXUG\x00\x11"
    assert pack_request(b"file") == b"\x00\x00\x00\x04file"


@given(st.binary(max_size=40) | st.binary(max_size=30).map(lambda rest: b"TXUA" + rest))
def test_other_bytes_are_an_answer_or_malformed(message: bytes) -> None:
    try:
        answer = unpack_answer(message)
    except Malformed:
        return
    assert pack_answer(answer) == message


@pytest.mark.parametrize(
    "answer",
    [
        Answer(Verdict.ACCEPTED, pages=0, content=b"%PDF-"),
        Answer(Verdict.ACCEPTED, pages=100_001, content=b"%PDF-"),
        Answer(Verdict.ACCEPTED, pages=1, content=b"<script>"),
        Answer(Verdict.DAMAGED, pages=1),
        Answer(Verdict.DAMAGED, content=b"%PDF-"),
        Answer(Verdict.DAMAGED, removed=Removed.FILES),
        Answer(Verdict.ACCEPTED, pages=1, removed=Removed(64), content=b"%PDF-"),
    ],
    ids=[
        "no pages",
        "too many pages",
        "no PDF",
        "pages",
        "a file",
        "something removed",
        "an unknown removal",
    ],
)
def test_an_answer_that_contradicts_itself_is_malformed(answer: Answer) -> None:
    with pytest.raises(Malformed):
        unpack_answer(pack_answer(answer))


@pytest.mark.parametrize("message", [pack_answer(ACCEPTED)[:-1], pack_answer(ACCEPTED) + b"x", b"", b"TXUA"])
def test_an_answer_of_another_length_is_malformed(message: bytes) -> None:
    with pytest.raises(Malformed):
        unpack_answer(message)


def test_an_answer_that_is_too_large_is_malformed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "LARGEST_ANSWER", 8)
    assert len(ACCEPTED.content) > 8
    with pytest.raises(Malformed):
        unpack_answer(pack_answer(ACCEPTED))


def test_greetings_and_requests_are_read_or_malformed() -> None:
    every = Doors.LIMITS | Doors.USER | Doors.NETWORK | Doors.FILES | Doors.CALLS
    assert unpack_greeting(pack_greeting(every)) == every
    for message in (b"", b"TXUG\x00\x20", b"TXUA\x00\x01", b"TXUG\x00\x01\x00"):
        with pytest.raises(Malformed):
            unpack_greeting(message)
    assert unpack_request(pack_request(b"file")[:4]) == 4
    with pytest.raises(Malformed):
        unpack_request(b"\x00")


def test_nothing_of_an_upload_is_unpickled() -> None:
    """Neither side imports what can run code that comes in as data."""
    imported = set()
    for path in Path(transition_exchange.uploads.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(str(node.module).split(".")[0])
    assert not imported & {"pickle", "marshal", "shelve", "multiprocessing", "pebble", "concurrent"}


def test_the_largest_answer_holds_a_large_upload() -> None:
    assert LARGEST_ANSWER > 3 * 20 * 1024 * 1024
