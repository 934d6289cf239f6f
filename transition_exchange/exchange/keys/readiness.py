"""Whether a team may send or be sent to: a confirmed key, and two ways in, so that no single loss locks it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.keys.trust import Trust, current_keys
from transition_exchange.store.models import Membership, Organisation, Principal, Team, TeamKey, Unlock

OPENERS_NEEDED = 2


@dataclass(frozen=True)
class Readiness:
    """How far a team is.

    Attributes:
        openers: people who can open the team's key, and recovery codes typed back once, as far as they count: a
            person on their own counts twice with a proven recovery code.
        whom_to_ring: name and number of the organisation's contact, as the council knows them.
    """

    team_id: UUID
    team_name: str
    organisation_name: str
    has_key: bool
    confirmed: bool
    openers: int
    whom_to_ring: str

    @property
    def ready(self) -> bool:
        return self.has_key and self.confirmed and self.openers >= OPENERS_NEEDED

    @property
    def missing(self) -> tuple[str, ...]:
        """What is still to be done, in words for a page; empty for a team that is ready."""
        steps = []
        if not self.has_key:
            steps.append("nobody has joined it yet")
        elif self.openers < OPENERS_NEEDED:
            steps.append("it needs a second person, or a recovery code typed back once")
        if self.has_key and not self.confirmed:
            steps.append("the council has not yet confirmed its security number by phone")
        return tuple(steps)


def readiness_of(session: Session, team_id: UUID) -> Readiness:
    """How far a team is towards sending and being sent to.

    Raises:
        NoResultFound: there is no such team.
    """
    team = session.get_one(Team, team_id)
    organisation = session.get_one(Organisation, team.organisation_id)
    key = current_keys(session, [team_id]).get(team_id)
    return Readiness(
        team_id=team_id,
        team_name=team.name,
        organisation_name=organisation.name,
        has_key=key is not None,
        confirmed=key is not None and (key.confirmed_at is not None or key.version > 1 or _is_root(team)),
        openers=_openers(session, key) if key else 0,
        whom_to_ring=" on ".join(each for each in (organisation.contact_name, organisation.phone) if each),
    )


def _is_root(team: Team) -> bool:
    """The NEET group's own key is where confirmation starts: schools pin it when they join."""
    return "neet_group" in team.purposes


def _openers(session: Session, key: TeamKey) -> int:
    return openers_of(session, [key.id]).get(key.id, 0)


def openers_of(session: Session, key_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many ways in there are to each of some team keys: people, and recovery codes typed back once."""
    members: dict[UUID, set[UUID]] = {}
    for key_id, principal_id in session.execute(
        select(Membership.team_key_id, Membership.principal_id)
        .join(Principal, Principal.id == Membership.principal_id)
        .where(
            Membership.team_key_id.in_(key_ids),
            Membership.removed_at.is_(None),
            Membership.sealed.is_not(None),
            Principal.removed_at.is_(None),
        )
    ):
        if key_id is not None:
            members.setdefault(key_id, set()).add(principal_id)
    everybody = set().union(*members.values())
    proven = set(
        session.scalars(
            select(Unlock.principal_id).where(
                Unlock.principal_id.in_(everybody), Unlock.kind == "recovery", Unlock.proven_at.is_not(None)
            )
        )
    )
    return {key_id: len(people) + len(people & proven) for key_id, people in members.items()}


def not_ready_because(session: Session, team_id: UUID) -> str | None:
    """Why a team cannot send or be sent to, with whom to ring; None for a team that is ready."""
    state = readiness_of(session, team_id)
    if state.ready:
        return None
    ring = f" Ring {state.whom_to_ring}." if state.whom_to_ring else ""
    return (
        f"{state.team_name} at {state.organisation_name} is not ready: {' and '.join(state.missing)}.{ring}"
    )


def believed_key(session: Session, trust: Trust, team_id: UUID) -> TeamKey | None:
    """The team's newest key, if this session believes it."""
    key = current_keys(session, [team_id]).get(team_id)
    return key if key is not None and trust.believes(session, key) else None
