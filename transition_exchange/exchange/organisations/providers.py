"""The providers of the area that a destination may name, so that a pack can go to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.records.names import text_order
from transition_exchange.store.database import Database
from transition_exchange.store.models import Area, Campus, Organisation


@dataclass(frozen=True)
class Provider:
    """An organisation that receives, as a destination names it.

    Attributes:
        campuses: names of its sites; empty where it has one only.
        own: whether it is the actor's own organisation: staying on there is a destination too.
    """

    id: UUID
    name: str
    ukprn: str | None
    urn: str | None
    campuses: tuple[str, ...]
    own: bool

    def named(self, campus: str = "") -> dict[str, Any]:
        """What a destination's row says of the provider, whatever it said before; `None` for what is not so."""
        return {
            "kind": "staying_on" if self.own else "provider",
            "organisation": str(self.id),
            "provider_name": self.name,
            "ukprn": self.ukprn,
            "urn": self.urn,
            "campus": campus or None,
        }


def providers(*, db: Database, actor: Actor) -> tuple[Provider, ...]:
    """The organisations of the actor's area that receive, by name."""
    with db.read() as session:
        own = session.get_one(Organisation, actor.organisation_id)
        found = session.scalars(
            select(Organisation).where(Organisation.area_id == own.area_id, Organisation.receives.is_(True))
        ).all()
        campuses: dict[UUID, list[str]] = {}
        for campus in session.scalars(
            select(Campus).where(Campus.organisation_id.in_([each.id for each in found]))
        ):
            campuses.setdefault(campus.organisation_id, []).append(campus.name)
    return tuple(
        Provider(
            id=each.id,
            name=each.name,
            ukprn=each.ukprn,
            urn=each.urn,
            campuses=tuple(sorted(campuses.get(each.id, ()), key=text_order)),
            own=each.id == actor.organisation_id,
        )
        for each in sorted(found, key=lambda each: text_order(each.name))
    )


@dataclass(frozen=True)
class SchoolFacts:
    """What is known of a sending organisation, for fields that nobody should have to type.

    Attributes:
        send_at_status: the application status at which the area lets packs go out.
        la_code: the council's code, for the home council of most learners.
    """

    learner: Mapping[str, Any]
    la_code: str | None
    send_at_status: str
    sends_from: str


def school_facts(*, db: Database, actor: Actor) -> SchoolFacts:
    """Name and numbers of the actor's organisation, as the form's first page takes them."""
    with db.read() as session:
        own = session.get_one(Organisation, actor.organisation_id)
        area = session.get_one(Area, own.area_id)
    known = {"school_name": own.name, "school_laestab": own.laestab, "school_urn": own.urn}
    return SchoolFacts(
        learner={name: value for name, value in known.items() if value},
        la_code=area.la_code,
        send_at_status=area.send_at_status,
        sends_from=own.name,
    )
