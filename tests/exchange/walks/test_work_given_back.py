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
    "the only transition team": ("gkb.k", "lgsb"),
    "one of two transition teams": ("gskbo", "g.obk"),
    "a transition team that safeguards too": ("gobk",),
    "the only safeguarding team": ("gob", "gsobk", "ogkb"),
    "one of two safeguarding teams": ("gmb",),
    "a safeguarding team that writes forms too": ("gkob",),
    "a team of the college": ("ogkb",),
    "the safeguarding team of the college": ("gokb",),
    "a team of the council": ("gsobk", "gkb"),
}
"""What happens in which case, by the letters of `EVENTS`."""

LATE = {
    "one of two transition teams": "obk",
    "a transition team that safeguards too": "kb",
    "the only safeguarding team": "obk",
    "a team of the council": "okb",
}
"""The same for a team that does not do the work at first."""


def _walk(world: World, case: str, events: str, *, late: bool = False) -> None:
    walk = GivenBack.build(world, CASES[case], late=late)
    walk.go(events)
    walk.settle()


@pytest.mark.parametrize(
    ("case", "events"), [(case, events) for case, every in GIVEN_BACK.items() for events in every]
)
def test_nothing_is_missing_when_work_was_given_back(world: World, case: str, events: str) -> None:
    _walk(world, case, events)


@pytest.mark.parametrize(("case", "events"), LATE.items())
def test_nothing_is_missing_when_a_team_gets_work_late(world: World, case: str, events: str) -> None:
    _walk(world, case, events, late=True)


def _orders(fixed: str, further: str) -> Iterator[str]:
    """Every order of some events in which a few of them keep theirs, with and without steps taken in between."""
    for order in sorted(set(permutations(fixed + further))):
        if "".join(letter for letter in order if letter in fixed) == fixed:
            yield "".join(order)
            yield ".".join(order)


@pytest.mark.soak
@pytest.mark.parametrize("further", ["kos", "lm", "ks", "mk"])
@pytest.mark.parametrize("case", CASES)
def test_nothing_is_missing_whatever_the_order(world: World, case: str, further: str) -> None:
    walk = GivenBack.build(world, CASES[case])
    for events in _orders("gb", further):
        walk.go(events)
        walk.settle()


@pytest.mark.soak
@pytest.mark.parametrize("further", ["kos", "lm"])
@pytest.mark.parametrize("case", LATE)
def test_nothing_is_missing_whenever_a_team_gets_work(world: World, case: str, further: str) -> None:
    walk = GivenBack.build(world, CASES[case], late=True)
    for events in _orders("b", further):
        walk.go(f"{events}g")
