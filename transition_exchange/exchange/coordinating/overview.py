"""How far the area is: learners by school, transfers by provider, and who has to act next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.coordinating.acting import WHO
from transition_exchange.exchange.coordinating.index import AreaLearners, open_area
from transition_exchange.exchange.coordinating.lines import DELIVERIES, STATES
from transition_exchange.exchange.coordinating.listing import years_of
from transition_exchange.exchange.coordinating.possible_duplicates import possible_duplicates_in
from transition_exchange.exchange.records.names import text_order
from transition_exchange.exchange.school_calendar import leaving_year_on
from transition_exchange.store.database import Database
from transition_exchange.store.models import Organisation

COUNTED = (*(code for code, _ in STATES), "no_destination", "no_offer", "overdue")
"""What `Figures.by_state` counts: the states of a form, and three things that somebody has to look after."""


@dataclass(frozen=True)
class Figures:
    """Counts of learners. Each is the length of the list that it links to.

    Attributes:
        learners: all learners.
        by_state: the learners in each state of `COUNTED`.
        by_delivery: the learners with a transfer in each state, or in `any`; the figures of a provider count
            transfers to it only.
        unread: the learners whose details the council does not have yet, because nobody at the school has signed in
            since the council's key could be used.
    """

    learners: int
    by_state: Mapping[str, int]
    by_delivery: Mapping[str, int]
    unread: int = 0

    @property
    def unfinished(self) -> int:
        """Learners whose form is incomplete or not started."""
        return self.by_state["incomplete"] + self.by_state["not_started"]


@dataclass(frozen=True)
class OrganisationFigures:
    """The figures of a school or provider."""

    id: UUID
    name: str
    figures: Figures


@dataclass(frozen=True)
class OtherYear:
    """A leaving year, as it stands beside the one that the overview shows.

    Attributes:
        year: the year.
        learners: how many learners there are.
        waiting: for how many of them somebody has something to do.
        overdue: for how many of them a receiving safeguarding team is late.
        closed: whether the council has closed it.
        can_be_closed: whether they have left school, so that it can.
    """

    year: int
    learners: int
    waiting: int
    overdue: int
    closed: bool
    can_be_closed: bool


@dataclass(frozen=True)
class Overview:
    """The area at a glance, for one leaving year.

    Attributes:
        area: the name of the area.
        year: the leaving year.
        years: the leaving years that there are learners of, newest first.
        figures: those of the whole area.
        schools, providers: the figures of each, by name.
        turns: how many learners wait for each of `WHO`.
        possible_duplicates: how many learners two schools may both have added, in any year.
        others: the other leaving years that there are learners of, newest first.
        to_set: the open leaving years after which nobody has set when the term starts, so that 1 September counts.
        closed: whether the council has closed this leaving year.
    """

    area: str
    year: int
    years: tuple[int, ...]
    figures: Figures
    schools: tuple[OrganisationFigures, ...]
    providers: tuple[OrganisationFigures, ...]
    turns: Mapping[str, int]
    possible_duplicates: int
    others: tuple[OtherYear, ...] = ()
    to_set: tuple[int, ...] = ()
    closed: bool = False

    @property
    def open_years(self) -> tuple[OtherYear, ...]:
        """Those that stay in view, because the council has not closed them."""
        return tuple(other for other in self.others if not other.closed)


def overview(*, db: Database, actor: Actor, year: int | None = None, today: date | None = None) -> Overview:
    """The counts of the area.

    Args:
        db: the database.
        actor: who asks.
        year: the leaving year; None for that of this school year, or the newest with learners if it has none.
        today: the day that decides what is overdue; None for the real one.

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
            session.scalars(select(Organisation).where(Organisation.area_id == area.facts.area_id)),
            key=lambda organisation: text_order(area.facts.names.get(organisation.id, organisation.name)),
        )
    key = f"overview:{year}:{','.join(str(organisation.id) for organisation in organisations)}"
    if key not in area.derived:
        schools = [
            _organisation_figures(area, organisation, year, "school")
            for organisation in organisations
            if organisation.sends
        ]
        providers = [
            _organisation_figures(area, organisation, year, "provider")
            for organisation in organisations
            if organisation.receives
        ]
        unread = sum(school.figures.unread for school in schools)
        area.derived[key] = Overview(
            area=area.facts.name,
            year=year,
            years=years,
            figures=_figures(area, f"year:{year}", unread=unread),
            schools=tuple(schools),
            providers=tuple(providers),
            turns={who: area.count(f"year:{year}", f"turn:{who}") for who, _ in WHO},
            possible_duplicates=len(possible_duplicates_in(area)),
            others=tuple(figures_of(area, other) for other in years if other != year),
            to_set=tuple(
                shown
                for shown in sorted({year, *years})
                if area.facts.term_assumed(shown) and not area.facts.closed(shown)
            ),
            closed=area.facts.closed(year),
        )
    counted: Overview = area.derived[key]
    return counted


def figures_of(area: AreaLearners, year: int) -> OtherYear:
    """How far a leaving year is."""
    facet = f"year:{year}"
    return OtherYear(
        year=year,
        learners=area.count(facet),
        waiting=area.count(facet, "waiting:yes"),
        overdue=area.count(facet, "overdue:yes"),
        closed=area.facts.closed(year),
        can_be_closed=year < leaving_year_on(area.today),
    )


def _organisation_figures(
    area: AreaLearners, organisation: Organisation, year: int, kind: str
) -> OrganisationFigures:
    to = f"/{organisation.id}" if kind == "provider" else ""
    unread = area.unread.get((organisation.id, year), 0) if kind == "school" else 0
    figures = _figures(area, f"year:{year}", f"{kind}:{organisation.id}", to=to, unread=unread)
    name = area.facts.names.get(organisation.id, organisation.name)
    return OrganisationFigures(organisation.id, name, figures)


def _figures(area: AreaLearners, *facets: str, to: str = "", unread: int = 0) -> Figures:
    """The counts of the learners who have all of some facets; `to` ends the facets of a delivery to one provider."""
    return Figures(
        learners=area.count(*facets),
        by_state={
            code: area.count(*facets, f"state:{code}" if code in dict(STATES) else f"{code}:yes")
            for code in COUNTED
        },
        by_delivery={
            code: area.count(*facets, f"delivery:{code}{to}") for code, _ in (*DELIVERIES, ("any", ""))
        },
        unread=unread,
    )
