"""A command line on a machine where nothing is set up yet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from transition_exchange.cli import main

Run = Callable[..., Result]


@pytest.fixture
def run(empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call the command line where nothing is set up yet."""
    monkeypatch.setenv("INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("DATABASE_URL", empty_url)
    monkeypatch.setenv("PASSPHRASE_MEMORY_KIB", "64")

    def call(*words: str) -> Result:
        return CliRunner().invoke(main, words)

    return call
