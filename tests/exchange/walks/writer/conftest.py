"""One area a test process for the walk of the writer, and the figures of a whole walk at its end."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.exchange.walks.writer.judging import Figures
from tests.exchange.walks.writer.walk import Walk
from transition_exchange.store.database import Database


@pytest.fixture(scope="package")
def walk(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Walk]:
    """The area that the writer finds, on SQLite, where it can be put back in a few milliseconds."""
    folder = tmp_path_factory.mktemp("writer")
    path = folder / "exchange.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    yield Walk.begin(database, folder)
    database.dispose()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the figures of a whole walk."""
    parts = [
        json.loads(value)
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, ())
        for name, value in getattr(report, "user_properties", ())
        if name == "writer"
    ]
    if parts:
        terminalreporter.section("what the writer tried")
        for line in Figures.together(parts).lines():
            terminalreporter.write_line(line)
