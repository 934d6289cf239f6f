"""Why teams cannot send or be sent to yet, in sentences that say who has to do what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.english import listed
from transition_exchange.exchange.keys.readiness import Readiness, readiness_of
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.sealing.identities import TeamIdentity

COUNCIL = "the council’s NEET group"


@dataclass(frozen=True)
class NotReady:
    """Why one team is not ready.

    Attributes:
        team: its name.
        organisation: the name of its organisation.
        missing: what is still to be done, about "it".
        ring: whom to ring; empty if nobody is known.
    """

    team: str
    organisation: str
    missing: str
    ring: str = ""


def why_not_ready(
    session: Session, team_id: UUID, *, trust: Trust, known: TeamIdentity | None = None, own: bool = False
) -> NotReady | None:
    """Why a team cannot send or be sent to; None if the team is ready.

    Args:
        trust: tells which of its keys is the newest.
        known: who the team was confirmed to be, and so how it is called; None for the names of its rows.
        own: whether it is the reader's own team, so that nobody at its organisation has to be rung.
    """
    return reason_of(readiness_of(session, team_id, trust=trust), known=known, own=own)


def reason_of(
    readiness: Readiness, *, known: TeamIdentity | None = None, own: bool = False
) -> NotReady | None:
    """As `why_not_ready`, where it is known already how far the team is: many teams are asked for at once."""
    if readiness.ready:
        return None
    contact = readiness.contact if readiness.waits_for_itself and not own else ""
    council = COUNCIL if readiness.waits_for_council else ""
    return NotReady(
        team=known.name if known else readiness.team_name,
        organisation=known.organisation_name if known else readiness.organisation_name,
        missing=" and ".join(readiness.missing),
        ring=", and ".join(somebody for somebody in (contact, council) if somebody),
    )


def in_words(reasons: Iterable[NotReady]) -> str:
    """Several teams' reasons in sentences. Teams that lack the same are named together; empty if there are none."""
    teams: dict[tuple[str, str, str], list[str]] = {}
    for reason in reasons:
        teams.setdefault((reason.organisation, reason.missing, reason.ring), []).append(reason.team)
    return " ".join(_sentence(names, *alike) for alike, names in teams.items())


def _sentence(names: list[str], organisation: str, missing: str, ring: str) -> str:
    after = f" Ring {ring}." if ring else ""
    if len(names) == 1:
        return f"{names[0]} at {organisation} is not ready: {missing}.{after}"
    return f"{listed(names)} at {organisation} are not ready. Of each of them: {missing}.{after}"
