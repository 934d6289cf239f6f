"""The same learner added by two schools. Schools never learn of each other's learners; only a coordinator sees it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.coordinating.index import AreaLearners, open_area
from transition_exchange.exchange.coordinating.lines import Line
from transition_exchange.exchange.records.names import same_name
from transition_exchange.store.database import Database

BY = {"upn": "same UPN", "uln": "same ULN", "name": "same name and date of birth"}


@dataclass(frozen=True)
class PossibleDuplicate:
    """One learner's lines at two or more schools.

    Attributes:
        why: what they share, in words.
    """

    lines: tuple[Line, ...]
    why: tuple[str, ...]


def possible_duplicates(
    *, db: Database, actor: Actor, today: date | None = None
) -> tuple[PossibleDuplicate, ...]:
    """Learners whom two schools have added, by name.

    Raises:
        NotAllowed: the actor is in no coordinating team.
    """
    return possible_duplicates_in(open_area(db=db, actor=actor, today=today))


def possible_duplicates_in(area: AreaLearners) -> tuple[PossibleDuplicate, ...]:
    """The same for an area that is open; worked out once after each change."""
    if "possible_duplicates" not in area.made:
        area.made["possible_duplicates"] = tuple(_found(area))
    found: tuple[PossibleDuplicate, ...] = area.made["possible_duplicates"]
    return found


def _marks(line: Line) -> Iterator[tuple[str, str]]:
    for name in ("upn", "uln"):
        if value := line.card.get(name):
            yield name, str(value)
    spelling, born = same_name(line.card), line.card.get("date_of_birth")
    if any(spelling) and born:
        yield "name", f"{spelling} {born}"


def _found(area: AreaLearners) -> list[PossibleDuplicate]:
    by_mark: dict[tuple[str, str], list[int]] = {}
    for place, line in enumerate(area.lines):
        for mark in _marks(line):
            by_mark.setdefault(mark, []).append(place)
    # Lines that share any mark are one learner, even where the first and the last share none.
    leader: dict[int, int] = {}
    why: dict[int, set[str]] = {}

    def lead(place: int) -> int:
        while leader.setdefault(place, place) != place:
            place = leader[place]
        return place

    for (name, _), places in by_mark.items():
        if len({area.lines[place].school_id for place in places}) > 1:
            for place in places:
                leader[lead(place)] = lead(places[0])
                why.setdefault(place, set()).add(name)
    groups: dict[int, list[int]] = {}
    for place in sorted(why):
        groups.setdefault(lead(place), []).append(place)
    return [
        PossibleDuplicate(
            lines=tuple(area.lines[place] for place in places),
            why=tuple(words for name, words in BY.items() if any(name in why[place] for place in places)),
        )
        for places in groups.values()
    ]
