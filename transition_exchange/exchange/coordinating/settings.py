"""What the council decides for the whole area: when packs go out, how long records are kept, when term starts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.english import LONDON
from transition_exchange.exchange import school_calendar
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotAllowed, Refused
from transition_exchange.store import events
from transition_exchange.store.database import Database
from transition_exchange.store.models import SEND_AT_STATUSES, Area, Organisation, Record, Transfer

SEND_AT = (
    ("applied", "They have applied"),
    ("interviewed", "They have been interviewed"),
    ("conditional", "They have a conditional offer"),
    ("unconditional", "They have an unconditional offer"),
    ("allocated", "A place is allocated to them"),
    ("accepted", "They have accepted the offer"),
    ("enrolled", "They are enrolled"),
)
"""The statuses at which packs may go out, in the words of a page; `SEND_AT_STATUSES` of the tables."""

KEPT_AT_LEAST, KEPT_AT_MOST = 1, 36
"""Months after the leaving year. A record here is a copy on its way, and no school's own file: three years is long."""

WRONG_SEND_AT = "Choose when packs go out"
WRONG_MONTHS = f"Months must be a number from {KEPT_AT_LEAST} to {KEPT_AT_MOST}"


@dataclass(frozen=True)
class AreaSettings:
    """What is set for an area."""

    area: str
    send_at: str
    keep_months: int
    term_starts: date | None


def area_settings(*, db: Database, actor: Actor) -> AreaSettings:
    """What is set for the actor's area.

    Raises:
        NotAllowed: the actor's organisation doesn't coordinate it.
    """
    with db.read() as session:
        area = _area(session, actor)
        return AreaSettings(area.name, area.send_at_status, area.keep_months, area.term_starts)


def change_settings(
    *, db: Database, actor: Actor, send_at: str, keep_months: int, term_starts: date | None
) -> AreaSettings:
    """Set what holds for the area from now on.

    How long records are kept counts for learners added from now on: those already there were promised a day. The
    start of term moves the safeguarding days of what was sent for that year, for they are counted from it.

    Raises:
        NotAllowed: the actor is no administrator of an organisation that coordinates the area.
        Refused: what was typed cannot be.
    """
    if not actor.administrator:
        raise NotAllowed("Only an administrator of the council can change this.")
    wrong: dict[str, str] = {}
    if send_at not in SEND_AT_STATUSES:
        wrong["send_at"] = WRONG_SEND_AT
    if not KEPT_AT_LEAST <= keep_months <= KEPT_AT_MOST:
        wrong["keep_months"] = WRONG_MONTHS
    if wrong:
        raise Refused("Some of this cannot be.", wrong)
    with db.write() as session:
        area = _area(session, actor)
        before = (area.send_at_status, area.keep_months, area.term_starts)
        if before != (send_at, keep_months, term_starts):
            area.send_at_status, area.keep_months = send_at, keep_months
            if term_starts != area.term_starts:
                area.term_starts = term_starts
                _move_clocks(session, area)
            events.append(
                session,
                organisation_id=actor.organisation_id,
                kind="area.changed",
                principal_id=actor.principal_id,
                about={
                    "send_at": send_at,
                    "keep_months": keep_months,
                    "term_starts": term_starts.isoformat() if term_starts else None,
                },
            )
        return AreaSettings(area.name, send_at, keep_months, term_starts)


def _area(session: Session, actor: Actor) -> Area:
    own = session.get_one(Organisation, actor.organisation_id)
    if not own.coordinates:
        raise NotAllowed
    return session.get_one(Area, own.area_id)


def _move_clocks(session: Session, area: Area) -> None:
    year = area.term_starts.year if area.term_starts else school_calendar.today().year
    for transfer in session.scalars(
        select(Transfer)
        .join(Record, Record.id == Transfer.record_id)
        .where(Record.area_id == area.id, Record.leaving_year == year, Transfer.state != "recalled")
    ):
        sent = transfer.sent_at.astimezone(LONDON).date()
        transfer.safeguarding_due = school_calendar.safeguarding_due(sent, area.term_starts)
