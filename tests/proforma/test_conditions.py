"""Conditions are tests on answers, sentences and JSON at once."""

from __future__ import annotations

from tests.proforma.records import V2027, Answers
from transition_exchange.proforma import load
from transition_exchange.proforma.conditions import (
    ALWAYS,
    AllOf,
    AnyOf,
    Filled,
    Is,
    MoreThan,
    Not,
    RowHas,
    ShareBelow,
    both,
)

VERSION = load(V2027)


def test_yes_is_not_one() -> None:
    assert Is("s.f", (True,), "yes").holds({"s": {"f": True}})
    assert not Is("s.f", (True,), "yes").holds({"s": {"f": 1}})
    assert not Is("s.f", (1,), "one").holds({"s": {"f": True}})


def test_what_is_unanswered_fulfils_no_plain_condition() -> None:
    conditions = (
        Is("s.f", (False, "", 0), "is"),
        Filled("s.f", "filled"),
        MoreThan("s.f", -1, "more"),
        RowHas("s.f", "c", ("x",), "has"),
        ShareBelow("s.f", "s.g", 90, "below"),
    )
    nothing: tuple[Answers, ...] = ({}, {"s": {}}, {"s": {"f": []}}, {"s": {"f": ""}})
    for condition in conditions:
        for answers in nothing:
            assert not condition.holds(answers)


def test_a_share_of_nothing_is_not_below() -> None:
    condition = ShareBelow("s.part", "s.whole", 90, "below")
    assert not condition.holds({"s": {"part": 0, "whole": 0}})
    assert condition.holds({"s": {"part": 89, "whole": 100}})
    assert not condition.holds({"s": {"part": 90, "whole": 100}})


def test_conditions_join_into_sentences_and_keep_what_they_read() -> None:
    one, two = Is("a.b", ("x",), "it is x"), Filled("c.d", "there is a d")
    assert AllOf((one, two)).words == "it is x and there is a d"
    assert AnyOf((one, two)).reads == {"a.b", "c.d"}
    assert AnyOf((one, two)).holds({"c": {"d": "y"}})
    assert not AllOf((one, two)).holds({"c": {"d": "y"}})
    assert Not(one, "it is not x").json() == {"not": one.json(), "words": "it is not x"}
    assert both(None, None) is None
    assert both(ALWAYS, None) == ALWAYS
    assert both(ALWAYS, one) == one
    assert both(one, two) == AllOf((one, two))
