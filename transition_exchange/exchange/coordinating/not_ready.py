"""Teams that cannot send or be sent to yet, what each lacks, and whom to ring."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from transition_exchange import purposes
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotAllowed
from transition_exchange.exchange.keys.readiness import readiness_of
from transition_exchange.exchange.records.names import text_order
from transition_exchange.store.database import Database
from transition_exchange.store.models import Organisation, Team


@dataclass(frozen=True)
class TeamState:
    """How far a team is.

    Attributes:
        missing: what is still to be done, in words; empty for a team that is ready.
        to_confirm: whether it waits for the council to confirm its security number by phone.
    """

    id: UUID
    name: str
    purposes: tuple[str, ...]
    missing: tuple[str, ...]
    to_confirm: bool

    @property
    def ready(self) -> bool:
        return not self.missing


@dataclass(frozen=True)
class OrganisationState:
    """An organisation of the area with its teams.

    Attributes:
        without: purposes for which it has no team at all, in words.
        contact, phone: whom to ring.
    """

    id: UUID
    name: str
    kind: str
    sends: bool
    receives: bool
    coordinates: bool
    contact: str
    phone: str
    teams: tuple[TeamState, ...]
    without: tuple[str, ...]

    @property
    def ready(self) -> bool:
        return not self.without and all(team.ready for team in self.teams)

    @property
    def to_confirm(self) -> int:
        """How many of its teams wait for the council's telephone call."""
        return sum(team.to_confirm for team in self.teams)


def organisations(*, db: Database, actor: Actor) -> tuple[OrganisationState, ...]:
    """Every organisation of the area with how far its teams are, by name.

    Raises:
        NotAllowed: the actor's organisation doesn't coordinate the area, or they are neither its administrator nor in
            a coordinating team.
    """
    with db.read() as session:
        own = session.get_one(Organisation, actor.organisation_id)
        acts = actor.administrator or actor.team_for("neet_group") or actor.team_for("send")
        if not own.coordinates or not acts:
            raise NotAllowed
        found = session.scalars(select(Organisation).where(Organisation.area_id == own.area_id)).all()
        teams: dict[UUID, list[TeamState]] = {}
        for team in session.scalars(
            select(Team)
            .join(Organisation, Organisation.id == Team.organisation_id)
            .where(Organisation.area_id == own.area_id)
            .order_by(Team.created_at, Team.name)
        ):
            state = readiness_of(session, team.id)
            teams.setdefault(team.organisation_id, []).append(
                TeamState(
                    id=team.id,
                    name=team.name,
                    purposes=tuple(team.purposes),
                    missing=state.missing,
                    to_confirm=state.has_key and not state.confirmed,
                )
            )
        return tuple(
            OrganisationState(
                id=each.id,
                name=each.name,
                kind=each.kind,
                sends=each.sends,
                receives=each.receives,
                coordinates=each.coordinates,
                contact=each.contact_name or "",
                phone=each.phone or "",
                teams=tuple(teams.get(each.id, ())),
                without=_without(each, teams.get(each.id, [])),
            )
            for each in sorted(found, key=lambda each: text_order(each.name))
        )


def _without(organisation: Organisation, teams: list[TeamState]) -> tuple[str, ...]:
    wanted = purposes.fitting(sends=organisation.sends, receives=organisation.receives)
    there = {purpose for team in teams for purpose in team.purposes}
    return tuple(purposes.work([purpose]) for purpose in purposes.in_order(wanted - there))
