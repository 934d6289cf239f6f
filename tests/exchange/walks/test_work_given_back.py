"""A team gives work up and gets it back, or gets it late, and keys change meanwhile: nothing is missing afterwards.

As long as something is, the pages still offer steps, and whoever misses it is told so.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

import pytest

from tests.exchange.walks.given_back import CASES, GivenBack
from tests.exchange.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a key signs does not depend on the kind of database."""

GIVEN_BACK = {
    "the only transition team": "gkb",
    "one of two transition teams": "g.obk",
    "a transition team that safeguards too": "gmbs",
    "the only safeguarding team": "gsobk",
    "a team of the college": "gokb",
    "a team of the council": "gsob",
}
"""What happens in which case, by the letters of `EVENTS`."""

LATE = {
    "one of two transition teams": "obk",
    "a transition team that safeguards too": "kbo",
    "the only safeguarding team": "okb",
}
"""The same for a team that does not do the work at first."""

LATE_CASES = [case for case in CASES if case != "the only transition team"]
"""The cases in which somebody writes the form before the team of the case does the work."""


def _orders(fixed: str, further: str) -> Iterator[str]:
    """Every order of some events in which a few of them keep theirs."""
    for order in sorted(set(permutations(fixed + further))):
        if "".join(letter for letter in order if letter in fixed) == fixed:
            yield "".join(order)


ORDERS = [
    *_orders("gb", "ko"),
    *map(".".join, _orders("gb", "ko")),
    *_orders("gb", "ms"),
    *_orders("gb", "l"),
]
LATE_ORDERS = [*_orders("b", "ko"), *map(".".join, _orders("b", "ko")), *_orders("b", "ms")]


def _walk(world: World, case: str, events: str, *, late: bool = False) -> None:
    walk = GivenBack.build(world, CASES[case], late=late)
    walk.go(events)
    walk.settle()


@pytest.mark.parametrize(("case", "events"), GIVEN_BACK.items())
def test_nothing_is_missing_when_work_was_given_back(world: World, case: str, events: str) -> None:
    _walk(world, case, events)


@pytest.mark.parametrize(("case", "events"), [*LATE.items(), ("one of two transition teams", "bok")])
def test_nothing_is_missing_when_a_team_gets_work_late(world: World, case: str, events: str) -> None:
    _walk(world, case, events, late=True)


@pytest.mark.soak
@pytest.mark.parametrize("events", ORDERS)
@pytest.mark.parametrize("case", CASES)
def test_nothing_is_missing_whatever_the_order(world: World, case: str, events: str) -> None:
    _walk(world, case, events)


@pytest.mark.soak
@pytest.mark.parametrize("events", LATE_ORDERS)
@pytest.mark.parametrize("case", LATE_CASES)
def test_nothing_is_missing_whenever_a_team_gets_work(world: World, case: str, events: str) -> None:
    _walk(world, case, events, late=True)
