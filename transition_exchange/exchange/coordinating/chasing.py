"""Chasing: which schools have forms to finish, whom to ring, and a reminder by e-mail, at most one a day a team."""

from __future__ import annotations

from collections.abc import Collection
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
from transition_exchange.store.database import Database
from transition_exchange.store.models import ChainHead, Event, Organisation

REMINDED = "team.reminded"
APART = timedelta(hours=20)
"""At most one reminder a day: somebody who presses the button at nine may press it at half past eight tomorrow."""


@dataclass(frozen=True)
class ToChase:
    """A school with forms to finish.

    Attributes:
        year: the leaving year that is counted.
        contact, phone: whom to ring.
        reminded_at: when its team was last reminded, if that was within the last day.
        can_be_reminded: whether the button does anything: an address is known, and nobody pressed it today.
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
    """What came of the button: schools whose team gets an e-mail, had one today, or has no address."""

    sent: tuple[str, ...]
    today_already: tuple[str, ...]
    without_address: tuple[str, ...]


def to_chase(
    *, db: Database, actor: Actor, year: int | None = None, today: date | None = None
) -> tuple[ToChase, ...]:
    """Schools with incomplete or unstarted forms, most of them first.

    Raises:
        NotAllowed: the actor is in no coordinating team.
    """
    seen = overview(db=db, actor=actor, year=year, today=today)
    chased = [place for place in seen.schools if place.figures.unfinished]
    with db.read() as session:
        reminded = _reminded(session, actor.organisation_id, datetime.now(UTC))
        found = []
        for place in chased:
            school = session.get_one(Organisation, place.id)
            teams = teams_of(session, place.id, "transition")
            at = max((reminded[team.id] for team in teams if team.id in reminded), default=None)
            free = any(team.notification_email and team.id not in reminded for team in teams)
            found.append(
                ToChase(
                    id=place.id,
                    name=place.name,
                    year=seen.year,
                    figures=place.figures,
                    contact=school.contact_name or "",
                    phone=school.phone or "",
                    reminded_at=at,
                    can_be_reminded=free,
                )
            )
    return tuple(sorted(found, key=lambda each: -each.figures.unfinished))


def remind(
    *,
    db: Database,
    actor: Actor,
    schools: Collection[UUID],
    year: int | None = None,
    today: date | None = None,
) -> Reminded:
    """Queue an e-mail to the transition teams of some schools: how many forms are unfinished, and a link.

    Args:
        year: the leaving year whose forms are counted.

    Raises:
        NotAllowed: the actor is in no coordinating team.
        NotFound: one of the ids is no school of the area with forms to finish.
    """
    coordinating_team(actor)
    by_id = {each.id: each for each in to_chase(db=db, actor=actor, year=year, today=today)}
    if not schools or not set(schools) <= by_id.keys():
        raise NotFound
    now = datetime.now(UTC)
    outcome: dict[str, list[str]] = {"sent": [], "today": [], "address": []}
    with db.write() as session:
        # Whoever else presses the button now waits here, and then finds the reminders written down.
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
    """Teams reminded within the last day, and when: the events say so."""
    found: dict[UUID, datetime] = {}
    for event in session.scalars(
        select(Event).where(
            Event.organisation_id == organisation_id,
            Event.at > now - APART,
            Event.body.contains(f'"kind":"{REMINDED}"'),
        )
    ):
        found[UUID(str(events.read(event).about["team"]))] = event.at
    return found
