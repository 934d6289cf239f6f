"""What the page sends on which a learner is removed."""

from __future__ import annotations

from transition_exchange.exchange.arguments import read
from transition_exchange.exchange.data_protection.arguments import RemoveLearner


def test_nothing_that_was_left_out_stands_for_a_yes() -> None:
    assert read(RemoveLearner(), {}) == {"reason": "", "knows": False, "seen": ""}


def test_a_tick_and_a_reason_are_read() -> None:
    sent = {"reason": "twice", "knows": "yes", "seen": "abc"}
    assert read(RemoveLearner(), sent) == {"reason": "twice", "knows": True, "seen": "abc"}
