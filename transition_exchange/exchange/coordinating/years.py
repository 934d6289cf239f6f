"""Leaving years that stay in view until the council closes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from transition_exchange.exchange import school_calendar
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.coordinating.index import coordinating_team, open_area
from transition_exchange.exchange.coordinating.listing import years_of
from transition_exchange.exchange.coordinating.overview import OtherYear, figures_of
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.school_calendar import leaving_year_on
from transition_exchange.store.database import Database
from transition_exchange.store.models import Area, Organisation

FIRST_YEAR = 2000
"""No record is of anybody who left school before it."""

CLOSED, REOPENED = "year.closed", "year.reopened"
STILL_AT_SCHOOL = "Those leaving in {year} are still at school, so that their year cannot be closed yet."


@dataclass(frozen=True)
class Closing:
    """What would be closed.

    Attributes:
        year: the leaving year, with how many of its learners somebody has something to do for.
        earlier: the open leaving years before it, which are closed with it, the newest first.
    """

    year: OtherYear
    earlier: tuple[int, ...]


def closing(*, db: Database, actor: Actor, year: int, today: date | None = None) -> Closing:
    """What follows if a leaving year is closed.

    Raises:
        NotAllowed: the actor is in no coordinating team.
        NotFound: as `close_year`.
        Refused: those who leave in this year are still at school.
    """
    _require_left(year, today)
    area = open_area(db=db, actor=actor, today=today)
    earlier = (other for other in years_of(area) if other < year and not area.facts.closed(other))
    return Closing(figures_of(area, year), tuple(earlier))


def close_year(*, db: Database, actor: Actor, year: int, today: date | None = None) -> None:
    """Close a leaving year and all before it: the overview does not show them beside the newest year any more.

    Nothing else changes: their learners stay on the list, and are waited for as before.

    Args:
        db: the database.
        actor: who closes it.
        year: the leaving year.
        today: the day that decides who is still at school; None for the real one.

    Raises:
        NotAllowed: the actor is in no coordinating team.
        NotFound: nobody who could be on a list left in this year.
        Refused: those who leave in this year are still at school.
    """
    coordinating_team(actor)
    _require_left(year, today)
    with db.write() as session:
        area = session.get_one(Area, session.get_one(Organisation, actor.organisation_id).area_id)
        if area.closed_year is None or area.closed_year < year:
            area.closed_year = year
            actor.note(session, CLOSED, year=year)


def _require_left(year: int, today: date | None) -> None:
    if year < FIRST_YEAR:
        raise NotFound
    if year >= leaving_year_on(today or school_calendar.today()):
        raise Refused(STILL_AT_SCHOOL.format(year=year))


def reopen_year(*, db: Database, actor: Actor, year: int) -> None:
    """Show a leaving year that was closed, and all after it, on the overview again.

    Raises:
        NotAllowed: the actor is in no coordinating team.
        NotFound: as `close_year`.
    """
    coordinating_team(actor)
    if year < FIRST_YEAR:
        raise NotFound
    with db.write() as session:
        area = session.get_one(Area, session.get_one(Organisation, actor.organisation_id).area_id)
        if area.closed_year is not None and area.closed_year >= year:
            area.closed_year = year - 1
            actor.note(session, REOPENED, year=year)
