"""Whether a record belongs to the actor's organisation, and which of its teams write it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, KnownTeam
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.records.confirmed_teams import teams_at
from transition_exchange.store.database import Database
from transition_exchange.store.models import Record, Team


class Picked(NamedTuple):
    """Records that somebody picked on a page.

    Attributes:
        own: those of the actor's organisation.
        gone: the others: somebody has removed them or moved them elsewhere since, or they never were its records.
    """

    own: tuple[UUID, ...]
    gone: tuple[UUID, ...]


def own_records(*, db: Database, actor: Actor, record_ids: Sequence[UUID]) -> Picked:
    """Which of some records are of the actor's organisation, each in the same order and without repeats."""
    unique_ids = tuple(dict.fromkeys(record_ids))
    with db.read() as session:
        own_ids = set(
            session.scalars(select(Record.id).where(Record.organisation_id == actor.organisation_id))
        )
    return Picked(
        tuple(record_id for record_id in unique_ids if record_id in own_ids),
        tuple(record_id for record_id in unique_ids if record_id not in own_ids),
    )


def own_record(session: Session, actor: Actor, record_id: UUID) -> Record:
    """A record of the actor's own organisation.

    Raises:
        NotFound: the record is unknown or belongs to another organisation.
    """
    record = session.get(Record, record_id)
    if record is None or record.organisation_id != actor.organisation_id:
        raise NotFound
    return record


def owner_teams(session: Session, *, actor: Actor, trust: Trust, owner: str) -> list[KnownTeam]:
    """The teams of the actor's organisation that write and open an owner's sections, the oldest team first.

    All of them are granted what one of them writes. A team whose key this session does not trust yet is left out; it
    gets its grants later, from a member of a team that holds them.

    Args:
        owner: the sending purpose that writes the sections.
    """
    # The actor's own teams are among them even where somebody has moved or swapped their rows, and always with the key
    # that the session holds: else nobody could open the draft, or somebody else could.
    own = {team.id: team.known for team in actor.teams}
    writers = school_teams(session, trust=trust, school_id=actor.organisation_id, owner=owner)
    known = {team.id: team for team in writers} | own
    return [
        team
        for team in known.values()
        if team.organisation_id == actor.organisation_id and owner in team.purposes
    ]


def former_owner_teams(session: Session, *, actor: Actor, trust: Trust, owner: str) -> list[KnownTeam]:
    """The teams of the actor's organisation that gave up writing an owner's sections, the oldest team first.

    Args:
        owner: the sending purpose that writes the sections.
    """
    known = trust.current(session, [row.id for row in teams_of(session, actor.organisation_id)])
    return [
        team
        for team in known.values()
        if team.organisation_id == actor.organisation_id and owner in team.formerly
    ]


def school_teams(session: Session, *, trust: Trust, school_id: UUID, owner: str) -> list[KnownTeam]:
    """The teams of a school that were confirmed for an owner's sections, the oldest first, wherever their rows stand.

    The session's own teams are among them. A team whose newest key this session does not trust yet is left out.

    Args:
        trust: which keys the session trusts.
        school_id: the school.
        owner: the sending purpose that writes the sections.
    """
    teams = teams_at(session, trust=trust, organisation_ids=[school_id])[school_id]
    return [team.known for team in teams if team.known is not None and owner in team.known.purposes]


def teams_of(session: Session, organisation_id: UUID, purpose: str | None = None) -> list[Team]:
    """An organisation's teams according to their rows, the oldest first.

    Args:
        purpose: only teams with this purpose; None for all.
    """
    teams = session.scalars(
        select(Team).where(Team.organisation_id == organisation_id).order_by(Team.created_at, Team.name)
    )
    return [team for team in teams if purpose is None or purpose in team.purposes]
