"""What a page needs to know of the organisation that somebody works for."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from transition_exchange.exchange.errors import NotFound
from transition_exchange.store.database import Database
from transition_exchange.store.models import Area, Organisation


@dataclass(frozen=True)
class Workplace:
    """An organisation as its own people see it named, and what it does in the area."""

    id: UUID
    name: str
    sends: bool
    receives: bool
    coordinates: bool
    area_id: UUID
    area_name: str


def workplace(*, db: Database, organisation_id: UUID) -> Workplace:
    """The organisation somebody acts for.

    Raises:
        NotFound: there is none of this id.
    """
    with db.read() as session:
        row = session.execute(
            select(Organisation, Area.name)
            .join(Area, Area.id == Organisation.area_id)
            .where(Organisation.id == organisation_id)
        ).one_or_none()
    if row is None:
        raise NotFound
    found, area_name = row
    return Workplace(
        id=found.id,
        name=found.name,
        sends=found.sends,
        receives=found.receives,
        coordinates=found.coordinates,
        area_id=found.area_id,
        area_name=area_name,
    )
