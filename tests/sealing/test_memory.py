"""Passphrase work takes no more memory than there is, and leaves cores for pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from transition_exchange.sealing import memory
from transition_exchange.sealing.memory import Sizes, available_kib, cores, sizes

MIB, GIB = 1024, 1024 * 1024


def test_available_memory_is_what_is_free_or_what_the_container_may_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(memory, "_CGROUP_LIMITS", (limit,))
    free = available_kib()
    assert free > 8 * 1024
    limit.write_text("max\n")
    assert available_kib() > 8 * 1024
    limit.write_text(f"{4 << 20}\n")
    assert available_kib() == 4096


def test_a_machine_has_a_core() -> None:
    assert cores() >= 1


@pytest.mark.parametrize(
    ("free_kib", "count", "strangers", "own", "share"),
    [
        (16 * GIB, 2, 3, 8, 2),
        (16 * GIB, 16, 16, 48, 4),
        (2 * GIB, 2, 3, 5, 2),
        (GIB, 8, 2, 2, 1),
        (64 * MIB, 1, 1, 1, 1),
    ],
)
def test_places_are_limited_by_cores_and_by_half_of_the_free_memory(
    free_kib: int, count: int, strangers: int, own: int, share: int
) -> None:
    found = sizes(unit_kib=128 * MIB, free_kib=free_kib, count_of_cores=count)
    assert found == Sizes(strangers, own, share, 128 * MIB)
    if free_kib > GIB // 2:
        assert (found.strangers + found.own) * found.unit_kib <= free_kib // 2
