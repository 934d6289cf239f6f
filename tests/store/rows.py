"""Rows that tests begin with."""

from __future__ import annotations

from uuid import UUID

from transition_exchange.store.database import Database
from transition_exchange.store.models import Area, Organisation


def organisation(db: Database, name: str = "Ashdown School") -> UUID:
    """An organisation in an area of its own."""
    with db.write() as session:
        area = Area(name="Ashdown")
        session.add(area)
        session.flush()
        school = Organisation(area_id=area.id, name=name, kind="school", sends=True)
        session.add(school)
        session.flush()
        return school.id
