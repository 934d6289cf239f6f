"""Chasing: whose turn it is at the schools, who to ring there, and reminders by e-mail.

The teams that fill in forms are chased for forms that are not complete, the safeguarding teams for what waits for them.
A team gets at most one reminder a day for each of the two.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange import notices
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.coordinating.index import coordinating_team, open_area
from transition_exchange.exchange.coordinating.overview import Figures, overview
from transition_exchange.exchange.coordinating.ringing import ToRing
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.records.ownership import teams_of
from transition_exchange.store import events
from transition_exchange.store.base import CLOCKS_DIFFER
from transition_exchange.store.database import Database
from transition_exchange.store.models import ChainHead, Event
from transition_exchange.store.unreadable import Unreadable

REMINDED = "team.reminded"
APART = timedelta(hours=20)
"""One reminder a day. It is less than 24 hours, because somebody who reminds at nine may do so at half past eight the
next day."""

FORMS, SAFEGUARDING = "transition", "school_safeguarding"
"""The work that a team is chased for."""
LETTERS = {FORMS: "records_incomplete", SAFEGUARDING: "safeguarding_waiting"}


@dataclass(frozen=True)
class ToChase:
    """A school where it is the turn of the team for some work.

    Attributes:
        year: the leaving year that is counted.
        work: `FORMS` or `SAFEGUARDING`.
        waiting: how many learners wait for the team: forms that are not complete, or learners for whom the safeguarding
            team has something to do.
        figures: how many forms of the school are finished and unfinished.
        ring: whom to ring there.
        reminded_at: when its team was last reminded of this, if that was within the last day.
        can_be_reminded: whether a team has an e-mail address and was not reminded within the last day.
    """

    id: UUID
    name: str
    year: int
    work: str
    waiting: int
    figures: Figures
    ring: tuple[ToRing, ...]
    reminded_at: datetime | None
    can_be_reminded: bool

    @property
    def words(self) -> str:
        """The school, with the team if that is not the one that fills in forms."""
        return f"{self.name}, safeguarding" if self.work == SAFEGUARDING else self.name


@dataclass(frozen=True)
class Reminded:
    """What came of a round of reminders.

    Attributes:
        sent: the schools of which a team gets an e-mail, as `ToChase.words` has them.
        today_already: those that had one within the last day.
        without_address: those whose team has no e-mail address.
    """

    sent: tuple[str, ...]
    today_already: tuple[str, ...]
    without_address: tuple[str, ...]


def to_chase(
    *, db: Database, actor: Actor, year: int | None = None, today: date | None = None, work: str = FORMS
) -> tuple[ToChase, ...]:
    """The schools where it is the turn of the team for some work, the one with the most learners first.

    Args:
        db: the database.
        actor: who asks.
        year: the leaving year; None as for `overview`.
        today: the day that decides the year; None for the real one.
        work: `FORMS` or `SAFEGUARDING`.

    Raises:
        NotAllowed: the actor is in no coordinating team.
    """
    counted = overview(db=db, actor=actor, year=year, today=today)
    area = open_area(db=db, actor=actor, today=today)

    def waiting(school_id: UUID, figures: Figures) -> int:
        if work == FORMS:
            return figures.unfinished
        return area.count(f"year:{counted.year}", f"school:{school_id}", "turn:safeguarding")

    schools: list[ToChase] = []
    with db.read() as session:
        reminded = _reminded(session, actor.organisation_id, datetime.now(UTC))
        for school in counted.schools:
            if not (learners := waiting(school.id, school.figures)):
                continue
            teams = teams_of(session, school.id, work)
            times = [reminded[team.id, work] for team in teams if (team.id, work) in reminded]
            schools.append(
                ToChase(
                    id=school.id,
                    name=school.name,
                    year=counted.year,
                    work=work,
                    waiting=learners,
                    figures=school.figures,
                    ring=area.facts.ring(school.id, area.facts.teams_for(school.id, work)),
                    reminded_at=max(times, default=None),
                    can_be_reminded=any(
                        team.notification_email and (team.id, work) not in reminded for team in teams
                    ),
                )
            )
    return tuple(sorted(schools, key=lambda school: -school.waiting))


def remind(
    *,
    db: Database,
    actor: Actor,
    schools: Collection[UUID] = (),
    safeguarding: Collection[UUID] = (),
    year: int | None = None,
    today: date | None = None,
) -> Reminded:
    """Queue an e-mail to teams of some schools, with the number of learners who wait for the team and a link.

    Args:
        db: the database.
        actor: who reminds them.
        schools: the ids of the schools whose forms are not complete.
        safeguarding: the ids of the schools whose safeguarding team has something to do.
        year: the leaving year that is counted; None as for `overview`.
        today: the day that decides the year; None for the real one.

    Raises:
        NotAllowed: the actor is in no coordinating team.
        NotFound: no school is named, or one of them is not in the area or its team has nothing to do.
    """
    coordinating_team(actor)
    chased = []
    for work, ids in ((FORMS, schools), (SAFEGUARDING, safeguarding)):
        by_id = {one.id: one for one in to_chase(db=db, actor=actor, year=year, today=today, work=work)}
        if not set(ids) <= by_id.keys():
            raise NotFound
        chased += [by_id[school_id] for school_id in dict.fromkeys(ids)]
    if not chased:
        raise NotFound
    now = datetime.now(UTC)
    outcome: dict[str, list[str]] = {"sent": [], "today": [], "address": []}
    with db.write() as session:
        # Somebody else who reminds at the same time waits here, and then sees these reminders among the events.
        session.execute(
            select(ChainHead.seq).where(ChainHead.organisation_id == actor.organisation_id).with_for_update()
        )
        reminded = _reminded(session, actor.organisation_id, now)
        written: list[tuple[UUID, ToChase]] = []
        for school in chased:
            result = "address"
            for team in teams_of(session, school.id, school.work):
                if (team.id, school.work) in reminded:
                    result = "today"
                elif team.notification_email:
                    letter = LETTERS[school.work]
                    notices.notify(session, team_id=team.id, template=letter, count=school.waiting)
                    written.append((team.id, school))
                    result = "sent"
            outcome[result].append(school.words)
        for team_id, school in written:
            actor.note(
                session,
                REMINDED,
                team=team_id,
                organisation=school.id,
                records=school.waiting,
                work=school.work,
            )
    return Reminded(
        sent=tuple(outcome["sent"]),
        today_already=tuple(outcome["today"]),
        without_address=tuple(outcome["address"]),
    )


def _reminded(session: Session, organisation_id: UUID, now: datetime) -> dict[tuple[UUID, str], datetime]:
    """The teams that were reminded within the last day, of what, and when, as the events say."""
    return {
        about: at
        for event in session.scalars(
            select(Event).where(
                Event.organisation_id == organisation_id,
                Event.at.between(now - APART, now + CLOCKS_DIFFER),  # one of the future would last
                Event.body.contains(f'"kind":"{REMINDED}"'),
            )
        )
        for about, at in _reminder(event)
    }


def _reminder(event: Event) -> Iterator[tuple[tuple[UUID, str], datetime]]:
    """What an event says of a reminder. Nobody is kept from one by what cannot be read."""
    with suppress(Unreadable, KeyError, ValueError):
        about = events.read(event).about
        # Before a reminder could be about anything else it was about forms, and the event did not say so.
        yield (UUID(str(about["team"])), str(about.get("work", FORMS))), event.at
