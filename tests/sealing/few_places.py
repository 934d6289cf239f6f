"""A machine with one place for strangers and one for people who are known."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from transition_exchange.sealing import work_places
from transition_exchange.sealing.memory import Sizes
from transition_exchange.sealing.work_places import Places


@contextmanager
def few_places(monkeypatch: pytest.MonkeyPatch, *, strangers: int = 1, own: int = 1) -> Iterator[Places]:
    """Let this process share few places while the block runs."""
    with tempfile.TemporaryFile() as file, monkeypatch.context() as patched:
        places = Places(file.fileno(), Sizes(strangers=strangers, own=own, share=1, unit_kib=1 << 20))
        patched.setattr(work_places, "_shared", places)
        yield places
