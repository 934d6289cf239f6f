"""How a draft differs from what was sent last, as a card tells it."""

from __future__ import annotations

from uuid import uuid4

import pytest

from transition_exchange.exchange.records.since_sent import NO_DIFFERENCE, SinceSent, on_card


def test_only_those_lack_a_change_that_hold_the_record_and_are_not_held_back() -> None:
    one, other, third = uuid4(), uuid4(), uuid4()
    assert SinceSent(True, frozenset(), frozenset({other})).lack([one, other]) == {one}
    assert SinceSent(False, frozenset({one, third}), frozenset()).lack([one, other]) == {one}
    decided_before = SinceSent(False, frozenset(), frozenset({other}), frozenset({one}))
    assert decided_before.lack([one, other, third]) == {one}, "nobody has decided about the newest change"
    since = SinceSent(True, frozenset({one}), frozenset({other}), frozenset({third}))
    assert on_card({"since_sent": since.plain()}) == since


def test_a_card_of_before_has_no_version_that_was_held_back_and_changed_again() -> None:
    entry = {"changed": True, "moved": [], "held_back": []}
    assert on_card({"since_sent": entry}) == SinceSent(True, frozenset(), frozenset())


@pytest.mark.parametrize(
    "entry",
    [
        None,
        {},
        [],
        "yes",
        {"changed": True},
        {"changed": True, "moved": ["college"], "held_back": []},
        {"changed": True, "moved": 1, "held_back": []},
        {"changed": True, "moved": [1], "held_back": []},
        {"changed": True, "moved": [], "held_back": [], "changed_again": 1},
    ],
)
def test_a_card_that_tells_nothing_readable_tells_of_no_difference(entry: object) -> None:
    assert on_card({"since_sent": entry}) == NO_DIFFERENCE
    assert on_card({}) == NO_DIFFERENCE
