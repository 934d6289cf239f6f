"""Learners whom two schools may both have added. Only coordinators see this: no school learns of another's learners."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.coordinating.index import AreaLearners, open_area
from transition_exchange.exchange.coordinating.lines import Line
from transition_exchange.exchange.records.names import same_name
from transition_exchange.store.database import Database

WHY = {"upn": "same UPN", "uln": "same ULN", "name": "same name and date of birth"}
"""What two lines may have in common, with the words for a page."""


@dataclass(frozen=True)
class PossibleDuplicate:
    """Lines of different schools that may be of one learner.

    Attributes:
        lines: the lines, by name.
        why: what they have in common, in words.
    """

    lines: tuple[Line, ...]
    why: tuple[str, ...]


def possible_duplicates(
    *, db: Database, actor: Actor, today: date | None = None
) -> tuple[PossibleDuplicate, ...]:
    """The learners whom two or more schools may have added, by name.

    Raises:
        NotAllowed: the actor is in no coordinating team.
    """
    return possible_duplicates_in(open_area(db=db, actor=actor, today=today))


def possible_duplicates_in(area: AreaLearners) -> tuple[PossibleDuplicate, ...]:
    """The possible duplicates among the learners of an area that is open already."""
    if "possible_duplicates" not in area.derived:
        area.derived["possible_duplicates"] = tuple(_groups(area.lines))
    groups: tuple[PossibleDuplicate, ...] = area.derived["possible_duplicates"]
    return groups


def _marks(line: Line) -> Iterator[tuple[str, str]]:
    """What tells that two lines may be of one learner: codes of `WHY`, each with its value."""
    for name in ("upn", "uln"):
        if value := line.card.get(name):
            yield name, str(value)
    spelling, born = same_name(line.card), line.card.get("date_of_birth")
    if any(spelling) and born:
        yield "name", f"{spelling} {born}"


def _groups(lines: Sequence[Line]) -> list[PossibleDuplicate]:
    """Lines of different schools that share a mark. Two belong together also if a third shares a mark with both."""
    by_mark: dict[tuple[str, str], list[int]] = {}
    for number, line in enumerate(lines):
        for mark in _marks(line):
            by_mark.setdefault(mark, []).append(number)
    leaders: dict[int, int] = {}
    why: dict[int, set[str]] = {}

    def leader(number: int) -> int:
        while leaders.setdefault(number, number) != number:
            number = leaders[number]
        return number

    for (code, _), numbers in by_mark.items():
        if len({lines[number].school_id for number in numbers}) > 1:
            for number in numbers:
                leaders[leader(number)] = leader(numbers[0])
                why.setdefault(number, set()).add(code)
    groups: dict[int, list[int]] = {}
    for number in sorted(why):
        groups.setdefault(leader(number), []).append(number)
    return [
        PossibleDuplicate(
            lines=tuple(lines[number] for number in numbers),
            why=tuple(words for code, words in WHY.items() if any(code in why[number] for number in numbers)),
        )
        for numbers in groups.values()
    ]
