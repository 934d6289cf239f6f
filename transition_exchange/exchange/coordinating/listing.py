"""The list of learners that a coordinator filters, sorts and searches, and what stands behind each number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.coordinating.index import SORTS, AreaLearners, open_area
from transition_exchange.exchange.coordinating.lines import Line
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.paging import Paging
from transition_exchange.exchange.records.names import text_order
from transition_exchange.store.database import Database

WORDS = ("state", "delivery", "provision", "attendance", "risk", "turn")
"""Filters whose value is a code."""
FLAGS = ("care", "no_destination", "no_offer", "overdue")
"""Filters that are on or off."""


@dataclass(frozen=True)
class Wanted:
    """What somebody asked a list for; empty means all.

    Attributes:
        delivery: a state of a transfer, or `any`; with a provider, of a transfer to that one.
        search: part of a name, a UPN or a ULN, as `searching.Search` reads it.
        sort: a code of `SORTS`.
        page: from 1.
    """

    school: UUID | None = None
    provider: UUID | None = None
    year: int | None = None
    state: str = ""
    delivery: str = ""
    provision: str = ""
    attendance: str = ""
    risk: str = ""
    turn: str = ""
    care: bool = False
    no_destination: bool = False
    no_offer: bool = False
    overdue: bool = False
    search: str = ""
    sort: str = "name"
    page: int = 1

    @property
    def facets(self) -> tuple[str, ...]:
        """The facets that a line must have."""
        found = [f"{name}:{value}" for name in ("school", "year") if (value := getattr(self, name))]
        found += [
            f"{name}:{value}" for name in WORDS if name != "delivery" and (value := getattr(self, name))
        ]
        found += [f"{name}:yes" for name in FLAGS if getattr(self, name)]
        if self.delivery and self.provider:
            found.append(f"delivery:{self.delivery}/{self.provider}")
        elif self.delivery:
            found.append(f"delivery:{self.delivery}")
        elif self.provider:
            found.append(f"provider:{self.provider}")
        return tuple(found)

    @property
    def narrowed(self) -> bool:
        """Whether anything but the leaving year leaves somebody out."""
        return bool(replace(self, year=None).facets or self.search)

    def query(self, **changes: object) -> str:
        """The address of the same list with some things changed; what is empty is left out.

        A search is never in an address: it may be a name. Pages keep it in a form.
        """
        values = {**self.__dict__, "page": 1, **changes, "search": ""}
        default = Wanted()
        said = {
            name: "yes" if value is True else str(value)
            for name, value in values.items()
            if value and value != getattr(default, name)
        }
        return urlencode(said)


@dataclass(frozen=True)
class Page:
    """One page of a list.

    Attributes:
        paging: which page of the whole list it is.
        schools, providers: what the list may be narrowed to, by name.
        years: leaving years of which there are learners, newest first.
    """

    lines: tuple[Line, ...]
    wanted: Wanted
    paging: Paging
    today: date
    schools: tuple[tuple[UUID, str], ...]
    providers: tuple[tuple[UUID, str], ...]
    years: tuple[int, ...]

    @property
    def total(self) -> int:
        """How many learners the whole list has."""
        return self.paging.total


def learners(*, db: Database, actor: Actor, wanted: Wanted, today: date | None = None) -> Page:
    """One page of the learners whom the actor's coordinating team sees.

    Raises:
        NotAllowed: the actor is in no coordinating team.
    """
    area = open_area(db=db, actor=actor, today=today)
    ordering = area.ordering(wanted.sort if wanted.sort in SORTS else "name")
    mask = ordering.matching(wanted.facets, wanted.search)
    paging = Paging(total=mask.bit_count(), wanted=wanted.page)
    return Page(
        lines=tuple(ordering.some(mask, offset=paging.offset, limit=paging.size)),
        wanted=wanted,
        paging=paging,
        today=area.today,
        schools=named(area, "school"),
        providers=named(area, "provider"),
        years=years_of(area),
    )


def one_learner(*, db: Database, actor: Actor, record_id: UUID, today: date | None = None) -> Line:
    """One learner's line.

    Raises:
        NotAllowed: the actor is in no coordinating team.
        NotFound: the record is not on the team's list.
    """
    area = open_area(db=db, actor=actor, today=today)
    by_id: dict[UUID, Line] = area.made.setdefault("by_id", {each.record_id: each for each in area.lines})
    if record_id not in by_id:
        raise NotFound
    return by_id[record_id]


def named(area: AreaLearners, kind: str) -> tuple[tuple[UUID, str], ...]:
    """The schools or providers of any learner, by name."""
    if kind not in area.made:
        ids = [
            UUID(facet.partition(":")[2])
            for facet in area.ordering("name").masks
            if facet.startswith(f"{kind}:")
        ]
        area.made[kind] = tuple(
            sorted(
                ((each, area.around.names.get(each, "")) for each in ids),
                key=lambda pair: text_order(pair[1]),
            )
        )
    found: tuple[tuple[UUID, str], ...] = area.made[kind]
    return found


def years_of(area: AreaLearners) -> tuple[int, ...]:
    """The leaving years of the learners, newest first."""
    masks = area.ordering("name").masks
    return tuple(sorted((int(facet[5:]) for facet in masks if facet.startswith("year:")), reverse=True))
