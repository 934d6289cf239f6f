"""How far the area is: learners by school, transfers by provider, and what waits for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.coordinating.index import AreaLearners, open_area
from transition_exchange.exchange.coordinating.lines import DELIVERIES, STATES
from transition_exchange.exchange.coordinating.listing import years_of
from transition_exchange.exchange.coordinating.possible_duplicates import possible_duplicates_in
from transition_exchange.exchange.coordinating.turns import WHO
from transition_exchange.exchange.records.names import text_order
from transition_exchange.exchange.school_calendar import leaving_year_on
from transition_exchange.store.database import Database
from transition_exchange.store.models import Organisation

COUNTED = (*(code for code, _ in STATES), "no_destination", "no_offer", "overdue")


@dataclass(frozen=True)
class Figures:
    """Counts of learners, each the length of the list behind it.

    Attributes:
        learners: all of them.
        of: by state, and with no destination, no offer, an overdue safeguarding clock.
        delivered: learners with a transfer in each delivery state; to this provider, where it is about one.
        unread: learners of whom the council has no details yet: nobody of the school has signed in since its key
            could be used.
    """

    learners: int
    of: Mapping[str, int]
    delivered: Mapping[str, int]
    unread: int = 0

    @property
    def unfinished(self) -> int:
        """Learners whose form is incomplete or not started."""
        return self.of["incomplete"] + self.of["not_started"]


@dataclass(frozen=True)
class Place:
    """A school or provider with its figures."""

    id: UUID
    name: str
    figures: Figures


@dataclass(frozen=True)
class Overview:
    """The area at a glance, for one leaving year.

    Attributes:
        area: what it is called.
        turns: how many learners wait for each of `WHO`.
        possible_duplicates: how many learners were added by two schools, of any year.
    """

    area: str
    year: int
    years: tuple[int, ...]
    figures: Figures
    schools: tuple[Place, ...]
    providers: tuple[Place, ...]
    turns: Mapping[str, int]
    possible_duplicates: int


def overview(*, db: Database, actor: Actor, year: int | None = None, today: date | None = None) -> Overview:
    """The counts of the area.

    Args:
        year: the leaving year; None for this school year's, or the newest that has learners.

    Raises:
        NotAllowed: the actor is in no coordinating team.
    """
    area = open_area(db=db, actor=actor, today=today)
    years = years_of(area)
    if year is None:
        year = leaving_year_on(area.today)
        year = year if year in years or not years else years[0]
    with db.read() as session:
        organisations = sorted(
            session.scalars(select(Organisation).where(Organisation.area_id == area.around.area_id)),
            key=lambda organisation: text_order(organisation.name),
        )
    key = f"overview:{year}:{','.join(str(each.id) for each in organisations)}"
    if key not in area.made:
        schools = [_place(area, each, year) for each in organisations if each.sends]
        area.made[key] = Overview(
            area=area.around.name,
            year=year,
            years=years,
            figures=_figures(area, f"year:{year}", unread=sum(each.figures.unread for each in schools)),
            schools=tuple(schools),
            providers=tuple(_place(area, each, year, "provider") for each in organisations if each.receives),
            turns={who: area.count(f"year:{year}", f"turn:{who}") for who, _ in WHO},
            possible_duplicates=len(possible_duplicates_in(area)),
        )
    found: Overview = area.made[key]
    return found


def _place(area: AreaLearners, organisation: Organisation, year: int, kind: str = "school") -> Place:
    to = f"/{organisation.id}" if kind == "provider" else ""
    unread = area.unread.get((organisation.id, year), 0) if kind == "school" else 0
    figures = _figures(area, f"year:{year}", f"{kind}:{organisation.id}", to=to, unread=unread)
    return Place(organisation.id, organisation.name, figures)


def _figures(area: AreaLearners, *facets: str, to: str = "", unread: int = 0) -> Figures:
    return Figures(
        learners=area.count(*facets),
        of={
            code: area.count(*facets, f"state:{code}" if code in dict(STATES) else f"{code}:yes")
            for code in COUNTED
        },
        delivered={
            code: area.count(*facets, f"delivery:{code}{to}") for code, _ in (*DELIVERIES, ("any", ""))
        },
        unread=unread,
    )
