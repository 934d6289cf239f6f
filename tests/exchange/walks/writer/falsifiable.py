"""The list in docs/trust.md of what plain columns may falsify, as the walk holds the program to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.exchange.walks.writer.rows import TABLES, primary_key
from tests.exchange.walks.writer.writes import Write
from transition_exchange.store.base import Base

PAGE = Path(__file__).parents[4] / "docs" / "trust.md"
COLUMNS = "## What plain columns may falsify"
ROWS = "### What removing a row or putting a whole one back does"


@dataclass(frozen=True)
class Entry:
    """One row of a table of the list.

    Attributes:
        names: the columns, as `table.column`, or the tables that it is about.
        words: its other cells: what is shown that is not so, what a reader might wrongly do, and for whole rows how
            the chain of events shows it.
    """

    names: tuple[str, ...]
    words: tuple[str, ...]


def entries(heading: str) -> list[Entry]:
    """The entries under a heading, up to the next one."""
    text = PAGE.read_text(encoding="utf-8").split(f"\n{heading}\n", 1)[1]
    return list(_entries(re.split(r"^#", text, maxsplit=1, flags=re.MULTILINE)[0]))


def _entries(text: str) -> Iterator[Entry]:
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        names = re.findall(r"`([a-z_.]+)`", cells[0])
        if line.startswith("|") and names:
            yield Entry(tuple(names), tuple(cells[1:]))


def known_names() -> frozenset[str]:
    """Every table, and every column as `table.column`."""
    return frozenset(TABLES) | {
        f"{table.name}.{column.name}" for table in TABLES.values() for column in table.columns
    }


def covers(write: Write) -> bool:
    """Whether the list says that a write may make pages show something false without a word."""
    listed = {name for entry in entries(COLUMNS) for name in entry.names}
    rows = {name for entry in entries(ROWS) for name in entry.names}
    for step in write.steps:
        column = f"{step.table}.{step.column}"
        if column in listed or column in rows or (step.table in rows and _moves(step.table, step.column)):
            return True
    return False


def _moves(table: str, column: str) -> bool:
    """Whether changing a column takes a row away from where it belongs; also for a whole row, which names no column."""
    held = Base.metadata.tables[table].columns
    return not column or column == primary_key(TABLES[table]) or bool(held[column].foreign_keys)
