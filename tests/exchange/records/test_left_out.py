"""What a downloaded table says of what it should hold and does not."""

from __future__ import annotations

import pytest

from transition_exchange.exchange.records.left_out import Table, what_is_missing
from transition_exchange.store.unreadable import forget, leave_out


@pytest.fixture(autouse=True)
def _nothing_left_out() -> None:
    forget()


def test_a_whole_file_says_nothing() -> None:
    assert what_is_missing(unchecked=0) == []


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "1 entry could not be checked and is"), (3, "3 entries could not be checked and are")],
)
def test_entries_that_could_not_be_checked_are_counted(count: int, words: str) -> None:
    (line,) = what_is_missing(unchecked=count)
    assert line.startswith(f"INCOMPLETE: {words} not in this file.")


def test_what_cannot_be_read_is_said_too() -> None:
    leave_out()
    unchecked, unreadable = what_is_missing(unchecked=1)
    assert "could not be checked" in unchecked
    assert unreadable.startswith("INCOMPLETE: something that is stored cannot be read")


def test_a_table_gives_its_lines() -> None:
    assert list(Table(iter(["a", "b"]), whole=True)) == ["a", "b"]
