"""The list of learners that a coordinator filters, sorts and searches. Every count of the area links to a list."""

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

CODES = ("state", "delivery", "provision", "attendance", "risk", "turn")
"""Filters whose value is a code."""
FLAGS = ("care", "no_destination", "no_offer", "overdue", "waiting")
"""Filters that are on or off."""


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to, and how it is sorted. Whatever is empty or False narrows nothing.

    Attributes:
        school: the school.
        provider: a provider that the learner is heading or was sent to.
        year: the leaving year.
        state: how far the form is, a code of `lines.STATES`.
        delivery: the state of a transfer, or `any`; if there is a provider too, of a transfer to it.
        provision, attendance, risk: codes of `lines.PROVISIONS`, `lines.ATTENDANCES` and `lines.RISKS`.
        turn: who has to do something next, a code of `acting.WHO`.
        care: whether the learner has to be in care.
        no_destination, no_offer, overdue: as the attributes of `Line`.
        waiting: whether somebody has to have something to do for the learner.
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
    waiting: bool = False
    search: str = ""
    sort: str = "name"
    page: int = 1

    @property
    def facets(self) -> tuple[str, ...]:
        """The facets that a line must have."""
        facets = [f"{name}:{value}" for name in ("school", "year") if (value := getattr(self, name))]
        facets += [
            f"{name}:{value}" for name in CODES if name != "delivery" and (value := getattr(self, name))
        ]
        facets += [f"{name}:yes" for name in FLAGS if getattr(self, name)]
        if self.delivery and self.provider:
            facets.append(f"delivery:{self.delivery}/{self.provider}")
        elif self.delivery:
            facets.append(f"delivery:{self.delivery}")
        elif self.provider:
            facets.append(f"provider:{self.provider}")
        return tuple(facets)

    @property
    def narrowed(self) -> bool:
        """Whether the list is narrowed to anything but a leaving year."""
        return bool(replace(self, year=None).facets or self.search)

    def query(self, **changes: object) -> str:
        """The query string of the same list, from its first page on unless another is named.

        A search is never in an address because it may be a name. Pages keep it in a form.

        Args:
            changes: attributes with other values.
        """
        values = {**self.__dict__, "page": 1, **changes, "search": ""}
        default = Wanted()
        parameters = {
            name: "yes" if value is True else str(value)
            for name, value in values.items()
            if value and value != getattr(default, name)
        }
        return urlencode(parameters)


@dataclass(frozen=True)
class Page:
    """One page of a list.

    Attributes:
        lines: the learners on this page.
        wanted: what the list is narrowed to.
        paging: which page of the whole list it is.
        today: the day for which the lines were made.
        schools, providers: those that the list can be narrowed to, by name.
        years: the leaving years that the list can be narrowed to, newest first.
        elsewhere: for a search in one leaving year, how many learners it finds in each other one, newest first.
    """

    lines: tuple[Line, ...]
    wanted: Wanted
    paging: Paging
    today: date
    schools: tuple[tuple[UUID, str], ...]
    providers: tuple[tuple[UUID, str], ...]
    years: tuple[int, ...]
    elsewhere: tuple[tuple[int, int], ...] = ()

    @property
    def total(self) -> int:
        """How many learners the whole list has."""
        return self.paging.total


def learners(*, db: Database, actor: Actor, wanted: Wanted, today: date | None = None) -> Page:
    """One page of the learners on the lists of the actor's coordinating team.

    Raises:
        NotAllowed: the actor is in no coordinating team.
    """
    area = open_area(db=db, actor=actor, today=today)
    ordering = area.ordering(wanted.sort if wanted.sort in SORTS else "name")
    mask = ordering.matching(wanted.facets, wanted.search)
    paging = Paging(total=mask.bit_count(), wanted=wanted.page)
    return Page(
        lines=tuple(ordering.lines_in(mask, offset=paging.offset, limit=paging.size)),
        wanted=wanted,
        paging=paging,
        today=area.today,
        schools=named(area, "school"),
        providers=named(area, "provider"),
        years=years_of(area),
        elsewhere=_elsewhere(area, wanted),
    )


def _elsewhere(area: AreaLearners, wanted: Wanted) -> tuple[tuple[int, int], ...]:
    """How many learners a search in one leaving year finds in the others, where it finds any."""
    if not (wanted.search and wanted.year):
        return ()
    others = (replace(wanted, year=year) for year in years_of(area) if year != wanted.year)
    counts = (
        (other.year, area.ordering("name").matching(other.facets, other.search).bit_count())
        for other in others
    )
    return tuple((year, count) for year, count in counts if year and count)


def one_learner(*, db: Database, actor: Actor, record_id: UUID, today: date | None = None) -> Line:
    """One learner's line.

    Raises:
        NotAllowed: the actor is in no coordinating team.
        NotFound: the record is not on the team's list.
    """
    area = open_area(db=db, actor=actor, today=today)
    by_id: dict[UUID, Line] | None = area.derived.get("by_id")
    if by_id is None:
        by_id = area.derived["by_id"] = {line.record_id: line for line in area.lines}
    if record_id not in by_id:
        raise NotFound
    return by_id[record_id]


def named(area: AreaLearners, kind: str) -> tuple[tuple[UUID, str], ...]:
    """The schools that learners come from, or the providers that they head to, by name.

    Args:
        area: the learners.
        kind: `school` or `provider`.

    Returns:
        The id and the name of each.
    """
    if kind not in area.derived:
        ids = [
            UUID(facet.partition(":")[2])
            for facet in area.ordering("name").masks
            if facet.startswith(f"{kind}:")
        ]
        area.derived[kind] = tuple(
            sorted(
                ((organisation_id, area.facts.names.get(organisation_id, "")) for organisation_id in ids),
                key=lambda id_and_name: text_order(id_and_name[1]),
            )
        )
    organisations: tuple[tuple[UUID, str], ...] = area.derived[kind]
    return organisations


def years_of(area: AreaLearners) -> tuple[int, ...]:
    """The leaving years of the learners, newest first."""
    masks = area.ordering("name").masks
    return tuple(sorted((int(facet[5:]) for facet in masks if facet.startswith("year:")), reverse=True))
