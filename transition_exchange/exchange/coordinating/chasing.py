"""Chasing: which schools have forms to finish and who to ring there, and reminders by e-mail.

A team gets at most one reminder a day.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange import notices
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.coordinating.index import coordinating_team
from transition_exchange.exchange.coordinating.overview import Figures, overview
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.records.ownership import teams_of
from transition_exchange.store import events
from transition_exchange.store.base import CLOCKS_DIFFER
from transition_exchange.store.database import Database
from transition_exchange.store.models import ChainHead, Event, Organisation
from transition_exchange.store.unreadable import Unreadable

REMINDED = "team.reminded"
APART = timedelta(hours=20)
"""One reminder a day. It is less than 24 hours, because somebody who reminds at nine may do so at half past eight the
next day."""


@dataclass(frozen=True)
class ToChase:
    """A school with forms to finish.

    Attributes:
        year: the leaving year that is counted.
        figures: how many forms are finished and unfinished.
        contact, phone: the name and telephone number of the school's contact; empty if unknown.
        reminded_at: when its team was last reminded, if that was within the last day.
        can_be_reminded: whether a team has an e-mail address and was not reminded within the last day.
    """

    id: UUID
    name: str
    year: int
    figures: Figures
    contact: str
    phone: str
    reminded_at: datetime | None
    can_be_reminded: bool


@dataclass(frozen=True)
class Reminded:
    """What came of a round of reminders.

    Attributes:
        sent: the names of the schools that get an e-mail.
        today_already: those that had one within the last day.
        without_address: those whose team has no e-mail address.
    """

    sent: tuple[str, ...]
    today_already: tuple[str, ...]
    without_address: tuple[str, ...]


def to_chase(
    *, db: Database, actor: Actor, year: int | None = None, today: date | None = None
) -> tuple[ToChase, ...]:
    """The schools with forms to finish, the one with the most first.

    Raises:
        NotAllowed: the actor is in no coordinating team.
    """
    counted = overview(db=db, actor=actor, year=year, today=today)
    unfinished = [school for school in counted.schools if school.figures.unfinished]
    schools: list[ToChase] = []
    with db.read() as session:
        reminded = _reminded(session, actor.organisation_id, datetime.now(UTC))
        for school in unfinished:
            organisation = session.get_one(Organisation, school.id)
            teams = teams_of(session, school.id, "transition")
            schools.append(
                ToChase(
                    id=school.id,
                    name=school.name,
                    year=counted.year,
                    figures=school.figures,
                    contact=organisation.contact_name or "",
                    phone=organisation.phone or "",
                    reminded_at=max(
                        (reminded[team.id] for team in teams if team.id in reminded), default=None
                    ),
                    can_be_reminded=any(
                        team.notification_email and team.id not in reminded for team in teams
                    ),
                )
            )
    return tuple(sorted(schools, key=lambda school: -school.figures.unfinished))


def remind(
    *,
    db: Database,
    actor: Actor,
    schools: Collection[UUID],
    year: int | None = None,
    today: date | None = None,
) -> Reminded:
    """Queue an e-mail to the transition teams of some schools, with the number of unfinished forms and a link.

    Args:
        db: the database.
        actor: who reminds them.
        schools: the ids of the schools.
        year: the leaving year whose forms are counted; None as for `overview`.
        today: the day that decides the year; None for the real one.

    Raises:
        NotAllowed: the actor is in no coordinating team.
        NotFound: there is no school, or one of them is not in the area or has no form to finish.
    """
    coordinating_team(actor)
    by_id = {school.id: school for school in to_chase(db=db, actor=actor, year=year, today=today)}
    if not schools or not set(schools) <= by_id.keys():
        raise NotFound
    now = datetime.now(UTC)
    outcome: dict[str, list[str]] = {"sent": [], "today": [], "address": []}
    with db.write() as session:
        # Somebody else who reminds at the same time waits here, and then sees these reminders among the events.
        session.execute(
            select(ChainHead.seq).where(ChainHead.organisation_id == actor.organisation_id).with_for_update()
        )
        reminded = _reminded(session, actor.organisation_id, now)
        written: list[tuple[UUID, UUID, int]] = []
        for school_id in schools:
            school, result = by_id[school_id], "address"
            for team in teams_of(session, school_id, "transition"):
                if team.id in reminded:
                    result = "today"
                elif team.notification_email:
                    count = school.figures.unfinished
                    notices.notify(session, team_id=team.id, template="records_incomplete", count=count)
                    written.append((team.id, school_id, count))
                    result = "sent"
            outcome[result].append(school.name)
        for team_id, school_id, count in written:
            actor.note(session, REMINDED, team=team_id, organisation=school_id, records=count)
    return Reminded(
        sent=tuple(outcome["sent"]),
        today_already=tuple(outcome["today"]),
        without_address=tuple(outcome["address"]),
    )


def _reminded(session: Session, organisation_id: UUID, now: datetime) -> dict[UUID, datetime]:
    """The teams that were reminded within the last day, and when, as the events say."""
    reminded: dict[UUID, datetime] = {}
    for event in session.scalars(
        select(Event).where(
            Event.organisation_id == organisation_id,
            Event.at.between(now - APART, now + CLOCKS_DIFFER),  # one of the future would last
            Event.body.contains(f'"kind":"{REMINDED}"'),
        )
    ):
        with suppress(
            Unreadable, KeyError, ValueError
        ):  # nobody is kept from a reminder by what cannot be read
            reminded[UUID(str(events.read(event).about["team"]))] = event.at
    return reminded
