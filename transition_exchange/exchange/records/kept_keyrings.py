"""What a team keeps of the keyrings that were sealed to a key which it no longer uses.

A keyring is sealed to the key that its team had at the time, and only the grantor can make another. So a team with a
newer key seals what the keyring held to itself: the column `kept` takes the place of `keyring`. The grantor's statement
stays, and still says who granted what.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, update
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import OpenTeam
from transition_exchange.sealing import keyrings, manifests
from transition_exchange.store.models import Grant


def kept_use(grant_id: UUID, statement: manifests.Grant) -> str:
    """The use for which a grant's part keys are kept: which keyring it was, where it belongs, and who got it.

    The team compared all of this with the keyring before it kept the keys. The use does not name the statement as a
    whole, because a grantor whose own key was changed signs the statement anew, with another fingerprint of its own.

    Args:
        grant_id: the grant.
        statement: its grantor's statement.
    """
    return (
        f"{grant_id} {statement.record} {statement.revision} {statement.transfer or 'own'} "
        f"{statement.recipient_team} {statement.recipient_fingerprint} {statement.keyring_digest}"
    )


def keep(session: Session, *, team: OpenTeam, grant_id: UUID, keys: Mapping[str, bytes], use: str) -> bool:
    """Keep a grant's part keys under a team's current key, where only an older key of the team opens the grant.

    Args:
        session: a write session.
        team: the team to which the grant was made.
        grant_id: the grant, which was verified and opened.
        keys: its part keys, by part name.
        use: `kept_use` this grant.

    Returns:
        Whether it did. A grant that was withdrawn in the meantime, or kept by another member, stays as it is.
    """
    changed = session.execute(
        update(Grant)
        .where(Grant.id == grant_id, opened_with(list(team.older)))
        .values(
            keyring=None,
            kept=keyrings.keep(team.secret.kept_key, keys, use=use),
            kept_key_id=team.key_id,
        )
        .returning(Grant.id)
        .execution_options(synchronize_session=False)
    )
    return changed.scalar() is not None


def opened_with(key_ids: Collection[UUID]) -> ColumnElement[bool]:
    """The condition that one of some team keys opens a grant: its keyring, or what was kept of it."""
    return and_(Grant.kept.is_(None), Grant.keyring.is_not(None), Grant.grantee_key_id.in_(key_ids)) | and_(
        Grant.kept.is_not(None), Grant.kept_key_id.in_(key_ids)
    )


def withdraw(session: Session, *which: ColumnElement[bool], now: datetime) -> None:
    """Withdraw grants. Nobody opens them any longer, whatever key they hold.

    Args:
        session: a write session.
        which: the conditions on their rows.
        now: when.
    """
    session.execute(
        update(Grant).where(*which).values(keyring=None, kept=None, kept_key_id=None, withdrawn_at=now)
    )
