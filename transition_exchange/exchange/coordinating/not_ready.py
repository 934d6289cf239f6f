"""The area's organisations: which teams cannot send or be sent to yet, what they lack, and who to ring."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from transition_exchange import purposes
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotAllowed, NotFound
from transition_exchange.exchange.keys.confirmed_names import confirmed_names
from transition_exchange.exchange.keys.contacts import Contact, contacts_of
from transition_exchange.exchange.keys.readiness import readiness_of_teams
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records.names import text_order
from transition_exchange.store.database import Database
from transition_exchange.store.models import Organisation, Team


@dataclass(frozen=True)
class TeamState:
    """How far a team is with its preparations.

    Attributes:
        name, purposes: as the NEET group confirmed them; those of its row while it has not.
        missing: what is still to be done, in words; empty for a team that is ready.
        to_confirm: whether it waits for the council to confirm its security number by phone.
        contact: whom the team has signed that others ring; None if it has not said so.
    """

    id: UUID
    name: str
    purposes: tuple[str, ...]
    missing: tuple[str, ...]
    to_confirm: bool
    contact: Contact | None = None

    @property
    def ready(self) -> bool:
        """Whether the team can send and be sent to."""
        return not self.missing


@dataclass(frozen=True)
class OrganisationState:
    """An organisation of the area with its teams.

    Attributes:
        name: as it was confirmed with one of its teams; the name of its row while none is.
        contact, phone: the name and telephone number of its contact; empty if unknown.
        without: the purposes that it has no team for, in words.
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
        """Whether it has every team that it needs, and all are ready."""
        return not self.without and all(team.ready for team in self.teams)

    @property
    def to_confirm(self) -> int:
        """How many of its teams wait for the council to confirm a security number by phone."""
        return sum(team.to_confirm for team in self.teams)


def organisations(*, db: Database, actor: Actor) -> tuple[OrganisationState, ...]:
    """Every organisation of the area, by name, with how far its teams are.

    Raises:
        NotAllowed: the actor's organisation does not coordinate the area, or the actor is neither its administrator
            nor in a coordinating team.
    """
    with db.read() as session:
        own = session.get_one(Organisation, actor.organisation_id)
        may_look = actor.administrator or actor.team_for("neet_group") or actor.team_for("send")
        if not own.coordinates or not may_look:
            raise NotAllowed
        in_area = session.scalars(select(Organisation).where(Organisation.area_id == own.area_id)).all()
        teams = session.scalars(
            select(Team)
            .join(Organisation, Organisation.id == Team.organisation_id)
            .where(Organisation.area_id == own.area_id)
            .order_by(Team.created_at, Team.name)
        ).all()
        trust = trust_of(session, actor)
        readiness = readiness_of_teams(session, teams, trust=trust)
        known = trust.current(session, [team.id for team in teams])
        contacts = contacts_of(session, trust=trust, team_ids=[team.id for team in teams])
        ids = {organisation.id for organisation in in_area}
        names = {organisation.id: organisation.name for organisation in in_area} | confirmed_names(
            session, trust=trust, organisation_ids=ids
        )
        states: dict[UUID, list[TeamState]] = {}
        for team in teams:
            if team.id not in readiness:
                continue  # its organisation cannot be read, which the page says
            states.setdefault(team.organisation_id, []).append(
                TeamState(
                    id=team.id,
                    name=known[team.id].name if team.id in known else team.name,
                    purposes=purposes.in_order(
                        known[team.id].purposes if team.id in known else team.purposes
                    ),
                    missing=readiness[team.id].missing,
                    to_confirm=readiness[team.id].to_confirm,
                    contact=contacts.get(team.id),
                )
            )
        return tuple(
            OrganisationState(
                id=organisation.id,
                name=names[organisation.id],
                kind=organisation.kind,
                sends=organisation.sends,
                receives=organisation.receives,
                coordinates=organisation.coordinates,
                contact=organisation.contact_name or "",
                phone=organisation.phone or "",
                teams=tuple(states.get(organisation.id, ())),
                without=_without(organisation, states.get(organisation.id, [])),
            )
            for organisation in sorted(in_area, key=lambda organisation: text_order(names[organisation.id]))
        )


def organisation(*, db: Database, actor: Actor, organisation_id: UUID) -> OrganisationState:
    """One organisation of the area.

    Raises:
        NotAllowed: as `organisations`.
        NotFound: it is unknown or of another area.
    """
    for state in organisations(db=db, actor=actor):
        if state.id == organisation_id:
            return state
    raise NotFound


def _without(organisation: Organisation, teams: list[TeamState]) -> tuple[str, ...]:
    """The purposes that an organisation has no team for, in words."""
    needed = purposes.fitting(sends=organisation.sends, receives=organisation.receives)
    present = {purpose for team in teams for purpose in team.purposes}
    return tuple(purposes.work([purpose]) for purpose in purposes.in_order(needed - present))
