"""The rows of grants: which ones stand, and what was granted by a transfer. No keyring is opened."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.records import grants
from transition_exchange.purposes import SENDING
from transition_exchange.sealing import manifests
from transition_exchange.sealing.hpke import CannotOpen
from transition_exchange.store.models import Grant, Record


def grants_to(session: Session, actor: Actor, **filters: UUID | None) -> list[Grant]:
    """The grants to the actor's teams that were not withdrawn and have these column values, the oldest first."""
    query = select(Grant).where(
        Grant.grantee_team_id.in_([team.id for team in actor.teams]), Grant.withdrawn_at.is_(None)
    )
    return list(session.scalars(query.filter_by(**filters).order_by(Grant.created_at)))


def lock_standing(session: Session, ids: Sequence[UUID]) -> frozenset[UUID]:
    """The grants among some that stand: they are there and were not withdrawn.

    Their rows stay locked until the transaction ends, so that nobody gives what they open new keys meanwhile. They are
    locked in the order of their ids, so that no two transactions wait for each other.
    """
    return frozenset(
        session.scalars(
            select(Grant.id)
            .where(Grant.id.in_(ids), Grant.withdrawn_at.is_(None))
            .order_by(Grant.id)
            .with_for_update()
        )
    )


def was_granted(session: Session, *, trust: Trust, record: Record, transfer_id: UUID, team_id: UUID) -> bool:
    """Whether the record's school signed that a team was granted something by a transfer, withdrawn or not."""
    statements = signed_to(session, trust=trust, record=record, transfer_id=transfer_id, team_id=team_id)
    return next(statements, None) is not None


def signed_to(
    session: Session,
    *,
    trust: Trust,
    record: Record,
    transfer_id: UUID,
    team_id: UUID,
    purposes: Collection[str] = SENDING,
) -> Iterator[manifests.Grant]:
    """What the record's school signed that a team was granted by a transfer, withdrawn or not. No keyring is opened.

    Args:
        trust: which keys the session trusts.
        record: the record.
        transfer_id: the transfer.
        team_id: the team to which something was granted.
        purposes: whose part it has to be.
    """
    made = session.scalars(
        select(Grant).where(
            Grant.record_id == record.id, Grant.transfer_id == transfer_id, Grant.grantee_team_id == team_id
        )
    )
    for grant in made:
        try:
            statement = grants.statement_of(session, trust=trust, grant=grant)
        except (CannotOpen, Tampered):
            continue
        if statement.owner in purposes:
            yield statement
