"""The first days of the autumn terms that a council has set. A row alone says them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.school_calendar import TermStarts
from transition_exchange.store.models import TermStart


def term_starts_of(session: Session, area_id: UUID) -> TermStarts:
    """The first days that an area has set, by the year in which they are; the first one if there are two of a year."""
    days = session.scalars(
        select(TermStart.first_day).where(TermStart.area_id == area_id).order_by(TermStart.first_day.desc())
    )
    return {day.year: day for day in days}
