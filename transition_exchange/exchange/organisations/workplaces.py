"""What pages show of the organisation that somebody works for."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.keys.seconds import in_rows
from transition_exchange.store.database import Database
from transition_exchange.store.models import Area, Organisation


@dataclass(frozen=True)
class Workplace:
    """An organisation and its area, as its own people see them.

    Attributes:
        sends: whether it sends learners on.
        receives: whether it receives learners.
        coordinates: whether it coordinates the area.
        second_confirmer: the team that confirms teams besides the council, by the area's stored rules, if it is one of
            this organisation; None otherwise.
    """

    id: UUID
    name: str
    sends: bool
    receives: bool
    coordinates: bool
    area_id: UUID
    area_name: str
    second_confirmer: UUID | None = None


def workplace(*, db: Database, organisation_id: UUID) -> Workplace:
    """An organisation and its area.

    Raises:
        NotFound: the organisation is unknown.
    """
    with db.read() as session:
        row = session.execute(
            select(Organisation, Area)
            .join(Area, Area.id == Organisation.area_id)
            .where(Organisation.id == organisation_id)
        ).one_or_none()
    if row is None:
        raise NotFound
    organisation, area = row
    second = in_rows([area]).get(area.id)
    return Workplace(
        id=organisation.id,
        name=organisation.name,
        sends=organisation.sends,
        receives=organisation.receives,
        coordinates=organisation.coordinates,
        area_id=organisation.area_id,
        area_name=area.name,
        second_confirmer=second.team.id
        if second and second.team.organisation_id == organisation.id
        else None,
    )
