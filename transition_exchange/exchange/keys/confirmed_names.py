"""What organisations are called in what their teams' confirmations say, whatever their rows are called."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.store.models import TeamKey


def confirmed_names(session: Session, *, trust: Trust, organisation_ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of some organisations as the NEET group confirmed them, by id.

    Confirmations are searched and not rows of teams, which could be moved to another organisation.

    Args:
        trust: which keys the session trusts.
        organisation_ids: the organisations.

    Returns:
        The name in the newest confirmation of one of its teams, or what the session holds of its own teams. An
        organisation without a confirmed team is missing.
    """
    wanted = frozenset(organisation_ids)
    in_texts = [str(organisation_id) for organisation_id in wanted]
    about = [
        key_id
        for key_id, text in session.execute(
            select(TeamKey.id, TeamKey.confirmation).where(TeamKey.confirmation.is_not(None))
        )
        if any(organisation_id in (text or "") for organisation_id in in_texts)
    ]
    newest: dict[UUID, tuple[str, str]] = {}
    for key in session.scalars(select(TeamKey).where(TeamKey.id.in_(about))):
        statement = trust.confirmation(session, key)
        if statement is None or statement.identity.organisation_id not in wanted:
            continue
        identity = statement.identity
        confirmed = (str(statement.confirmed_at), identity.organisation_name)
        newest[identity.organisation_id] = max(newest.get(identity.organisation_id, ("", "")), confirmed)
    names = {organisation_id: name for organisation_id, (_, name) in newest.items()}
    own = {team.organisation_id: team.organisation_name for team in trust.own.values()}
    return names | {organisation_id: own[organisation_id] for organisation_id in own.keys() & wanted}
