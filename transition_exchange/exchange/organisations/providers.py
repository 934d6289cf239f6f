"""The providers of the area, which destinations name so that a pack can go to them, and facts about a school."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.area_rules import UNSIGNED, signed_rules
from transition_exchange.exchange.keys.confirmed_names import (
    ConfirmedName,
    OtherName,
    names_with_earlier_ones,
)
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records.confirmed_teams import PlaceTeam, teams_at
from transition_exchange.exchange.records.names import text_order
from transition_exchange.purposes import RECEIVING
from transition_exchange.store.database import Database
from transition_exchange.store.models import Area, Campus, Organisation


@dataclass(frozen=True)
class Provider:
    """An organisation that receives records.

    Attributes:
        name: as the NEET group confirmed it with one of its teams; the name of its row while none is confirmed.
        confirmed: what the NEET group confirmed it to be called; None while it has confirmed none of its teams. Its
            name is then only what the database says, and pages say so wherever they offer it.
        campuses: the names of its sites; empty if it has only one.
        own: whether it is the actor's own organisation, where learners can stay on.
    """

    id: UUID
    name: str
    ukprn: str | None
    urn: str | None
    campuses: tuple[str, ...]
    own: bool
    confirmed: ConfirmedName | None = field(default=None, repr=False)

    def unlike(self, sealed: str) -> OtherName | None:
        """How the name in a destination differs from the confirmed one; None if it does not, or none is confirmed."""
        return self.confirmed.unlike(sealed) if self.confirmed else None

    def named(self, campus: str = "") -> dict[str, Any]:
        """The columns of a destination that name the provider; None empties a column.

        Args:
            campus: the site; empty for the whole provider.
        """
        return {
            "kind": "staying_on" if self.own else "provider",
            "organisation": str(self.id),
            "provider_name": self.name,
            "ukprn": self.ukprn,
            "urn": self.urn,
            "campus": campus or None,
        }


def providers(*, db: Database, actor: Actor) -> tuple[Provider, ...]:
    """The organisations of the actor's area that receive, by name; those that are not confirmed yet come last.

    An organisation receives if its row says so, and also if one of its teams was confirmed for that.
    """
    with db.read() as session:
        own = session.get_one(Organisation, actor.organisation_id)
        trust = trust_of(session, actor)
        in_area = session.scalars(select(Organisation).where(Organisation.area_id == own.area_id)).all()
        silent = [organisation.id for organisation in in_area if not organisation.receives]
        teams = teams_at(session, trust=trust, organisation_ids=silent)
        receiving = [
            organisation
            for organisation in in_area
            if organisation.receives or any(_receives(team) for team in teams[organisation.id])
        ]
        ids = [organisation.id for organisation in receiving]
        confirmed = names_with_earlier_ones(session, trust=trust, organisation_ids=ids)
        campuses: dict[UUID, list[str]] = {}
        for campus in session.scalars(select(Campus).where(Campus.organisation_id.in_(ids))):
            campuses.setdefault(campus.organisation_id, []).append(campus.name)
    found = [
        Provider(
            id=organisation.id,
            name=confirmed[organisation.id].name if organisation.id in confirmed else organisation.name,
            ukprn=organisation.ukprn,
            urn=organisation.urn,
            campuses=tuple(sorted(campuses.get(organisation.id, ()), key=text_order)),
            own=organisation.id == actor.organisation_id,
            confirmed=confirmed.get(organisation.id),
        )
        for organisation in receiving
    ]
    return tuple(sorted(found, key=lambda provider: (provider.confirmed is None, text_order(provider.name))))


def _receives(team: PlaceTeam) -> bool:
    return team.identity is not None and not team.identity.purposes.isdisjoint(RECEIVING)


@dataclass(frozen=True)
class SchoolFacts:
    """What a school has to know of its area.

    Attributes:
        la_code: the council's code, which is that of most learners' home council.
        send_at_status: the application status from which on packs go out; None if the area's rules cannot be checked.
        problem: that the area's rules cannot be checked, and who to ring; empty if they can.
    """

    la_code: str | None
    send_at_status: str | None
    problem: str = ""


def school_facts(*, db: Database, actor: Actor) -> SchoolFacts:
    """What the actor's school has to know of its area."""
    with db.read() as session:
        own = session.get_one(Organisation, actor.organisation_id)
        area = session.get_one(Area, own.area_id)
        rules = signed_rules(session, trust=trust_of(session, actor), area=area)
    return SchoolFacts(
        la_code=area.la_code,
        send_at_status=rules.send_at if rules else None,
        problem="" if rules else UNSIGNED,
    )
