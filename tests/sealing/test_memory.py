"""Passphrase work takes no more memory than there is."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from transition_exchange.sealing import memory
from transition_exchange.sealing.memory import MemoryBudget, available_kib


def test_passphrase_work_never_takes_more_memory_than_there_is() -> None:
    """Ten people sign in at once where there is memory for three; none is turned away."""
    budget, lock = MemoryBudget(300), threading.Lock()
    running = most = done = 0

    def sign_in() -> None:
        nonlocal running, most, done
        with budget.reserve(100):
            with lock:
                running += 1
                most = max(most, running)
            threading.Event().wait(0.01)
            with lock:
                running -= 1
                done += 1

    threads = [threading.Thread(target=sign_in) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (done, most) == (10, 3)


def test_somebody_who_needs_more_than_the_budget_is_let_in_alone() -> None:
    budget, entered = MemoryBudget(10), threading.Event()

    def small() -> None:
        with budget.reserve(1):
            entered.set()

    waiting = threading.Thread(target=small)
    with budget.reserve(1000):
        waiting.start()
        assert not entered.wait(0.05)
    waiting.join(timeout=10)
    assert entered.is_set()


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


def test_what_failed_gives_its_memory_back() -> None:
    budget = MemoryBudget(10)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), budget.reserve(10):
            raise ZeroDivisionError
    with budget.reserve(10):
        pass
