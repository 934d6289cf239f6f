"""What teams are for: who writes, who reads, who coordinates, and the words for each.

Sending purposes write and release a record's sections, receiving purposes read them, coordinating purposes get cards.
Safeguarding stands on both sides: `school_safeguarding` writes, `safeguarding` reads.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from transition_exchange.english import listed

SENDING = ("transition", "school_safeguarding")
RECEIVING = ("admissions", "learning_support", "safeguarding", "exams")
COORDINATING = ("neet_group", "send")
OPENS_FIRST = {"school_safeguarding": "safeguarding"}
"""The purpose for which the sections of a sending purpose are. Nothing of it is sent to a provider without such a team,
and no other team is told that anything was sent unless something is in it for that team."""
PLACES = {"with_ukprn": "a provider with a UKPRN", "school": "a school"}
"""What the NEET group confirms of a team's organisation, and its words: some sections are for such places only."""


def fitting(*, sends: bool, receives: bool, coordinates: bool = False) -> frozenset[str]:
    """The purposes that the teams of an organisation may have, by what the organisation does."""
    return frozenset(
        (
            *(SENDING if sends else ()),
            *(RECEIVING if receives else ()),
            *(COORDINATING if coordinates else ()),
        )
    )


@dataclass(frozen=True)
class _Words:
    """How a purpose is called.

    Attributes:
        work: the work itself, as in "a team for exams".
        team: who does it, as in "read by the exams office"; without the article.
        article: what stands before `team` in a sentence.
    """

    work: str
    team: str
    article: str = "the "


_WORDS = {
    "transition": _Words("transition and SEND", "SENCO and school office"),
    "school_safeguarding": _Words("safeguarding at school", "school’s safeguarding team"),
    "admissions": _Words("admissions", "admissions", ""),
    "learning_support": _Words("learning support", "learning support", ""),
    "safeguarding": _Words("safeguarding", "safeguarding team"),
    "exams": _Words("exams", "exams office"),
    "neet_group": _Words("the NEET group", "NEET group"),
    "send": _Words("SEND at the council", "council’s SEND team"),
}


def in_order(purposes: Iterable[str]) -> tuple[str, ...]:
    """The purposes, each once, in the order in which pages and documents name them.

    Raises:
        KeyError: one of them is unknown.
    """
    wanted = set(purposes)
    if unknown := wanted - _WORDS.keys():
        raise KeyError(*sorted(unknown))
    return tuple(purpose for purpose in _WORDS if purpose in wanted)


def work(purposes: Iterable[str]) -> str:
    """What teams do: `learning support and exams`."""
    return listed(_WORDS[purpose].work for purpose in in_order(purposes))


def teams(purposes: Iterable[str]) -> str:
    """Who does it, in a sentence: `learning support and the exams office`."""
    return listed(_WORDS[purpose].article + _WORDS[purpose].team for purpose in in_order(purposes))


def teams_there(purposes: Iterable[str], place: str) -> str:
    """Who does it, and at which kind of place, in a sentence: `every team of a school`.

    Args:
        purposes: what the teams are for.
        place: a code of `PLACES`; empty for any place.
    """
    if not place:
        return teams(purposes)
    wanted = frozenset(purposes)
    return f"{'every team' if wanted.issuperset(RECEIVING) else teams(wanted)} of {PLACES[place]}"


def team(purpose: str) -> str:
    """Who does it, as a heading without an article: `SENCO and school office`."""
    return _WORDS[purpose].team
