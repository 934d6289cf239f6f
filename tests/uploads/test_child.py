"""The inside of the process that reads an upload, at its pipes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.uploads.samples import drawn
from transition_exchange.uploads import child, cleaning
from transition_exchange.uploads.answers import (
    GREETING_BYTES,
    Answer,
    Doors,
    Removed,
    Verdict,
    pack_request,
    unpack_answer,
    unpack_greeting,
)

COMMAND = "import sys; sys.path[:] = sys.argv[1:]; from transition_exchange.uploads.child import main; main()"


def said(request: bytes) -> tuple[Doors, bytes]:
    """What the process says to some bytes: its greeting, and the rest."""
    path = [str(Path(entry).resolve()) for entry in sys.path]
    told = subprocess.run(
        [sys.executable, "-I", "-c", COMMAND, *path],
        input=request,
        capture_output=True,
        check=True,
        timeout=60,
        env={},
    )
    assert told.stderr == b""
    return unpack_greeting(told.stdout[:GREETING_BYTES]), told.stdout[GREETING_BYTES:]


def test_it_greets_answers_and_ends() -> None:
    doors, message = said(pack_request(drawn(pages=2)))
    assert Doors.LIMITS in doors
    assert unpack_answer(message).pages == 2


def test_without_a_request_it_ends() -> None:
    assert said(b"")[1] == b""


def test_a_file_that_comes_in_part_is_damaged() -> None:
    assert unpack_answer(said(pack_request(drawn())[:-5])[1]) == Answer(Verdict.DAMAGED)


def test_whatever_a_library_says_of_a_file_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: bytes) -> Answer:
        raise ZeroDivisionError("learner's name")

    monkeypatch.setattr(child, "clean", broken)
    assert child._answer(b"") == Answer(Verdict.DAMAGED)


def test_the_example_reaches_the_end_of_the_cleaning() -> None:
    """So that whatever is loaded late is loaded before files are shut."""
    assert cleaning.clean(child._example()).removed is Removed.RESTRICTIONS
