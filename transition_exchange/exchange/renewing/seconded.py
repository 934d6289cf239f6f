"""What a second confirmer's older key signed: that it confirmed teams too.

Where an area requires a second confirmer, nobody is believed without these. So they are signed with its new key, and
say what they said, before the one that signed them is retired.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.keys.key_rows import fingerprint_of
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records.damaged_rows import past_damage, rows_of
from transition_exchange.sealing import BadSignature, UnknownFormat
from transition_exchange.sealing.second_confirmer import SecondConfirmation
from transition_exchange.store.database import Database
from transition_exchange.store.models import TeamKey

STEP = 200
"""How many second confirmations one step takes."""


def due(session: Session, *, actor: Actor, trust: Trust) -> Sequence[UUID]:
    """The keys that one of the actor's teams confirmed with an older key of its own, the oldest first.

    It does not matter whether the area's rules still name the team: whoever has seen them keeps to it.
    """
    older = [key_id for team in actor.teams for key_id in team.older]
    if not older:
        return ()
    return session.scalars(
        select(TeamKey.id).where(TeamKey.second_key_id.in_(older)).order_by(TeamKey.created_at, TeamKey.id)
    ).all()


def renew(*, db: Database, actor: Actor, ids: Sequence[UUID], now: datetime) -> int:
    """Sign some second confirmations with the current key of the team that made them. They keep their text.

    Args:
        db: the database.
        actor: who does it.
        ids: the keys that they are about, as `due` gives them.
        now: when.

    Returns:
        How many were not what the team had signed with a key that counted. They stay as they are, and count no longer
        once the key before is retired: then the team's list shows them as waiting.
    """
    signers = {key_id: team for team in actor.teams for key_id in team.older}

    def sign(key: TeamKey) -> TeamKey | None:
        team = signers.get(key.second_key_id) if key.second_key_id else None
        if team is None:
            return None
        statement = _signed_by(team, key)
        if statement is None or not trust.counts(session, key.second_key_id):
            raise Tampered
        key.second_signature, key.second_key_id = statement.sign(team.secret.signing), team.key_id
        return key

    with db.write() as session:
        trust = trust_of(session, actor)
        keys, unreadable = rows_of(session, TeamKey, ids, lock=True)
        signed, failed = past_damage(keys, sign)
        if signed:
            actor.note(session, "key.renewed", what="second_confirmations", count=len(signed))
    return failed + len(unreadable)


def _signed_by(team: OpenTeam, key: TeamKey) -> SecondConfirmation | None:
    """What a team signed about a key with an older one of its own; None if that is not what stands there."""
    older = team.older[key.second_key_id].secret.signing.public if key.second_key_id else b""
    try:
        statement = SecondConfirmation.verify(
            key.second_confirmation or "", key.second_signature or b"", older
        )
        about = (statement.identity.id, statement.fingerprint)
    except (BadSignature, UnknownFormat):
        return None
    return statement if about == (key.team_id, fingerprint_of(key).hex()) else None
