"""Whether the second confirmer of an area confirmed a key too, and which keys are the second confirmer's."""

from __future__ import annotations

from sqlalchemy.orm import Session

from transition_exchange.exchange.keys.key_rows import fingerprint_of, keys_by_version, succession_of
from transition_exchange.sealing import BadSignature, UnknownFormat
from transition_exchange.sealing.confirmation import Confirmation
from transition_exchange.sealing.second_confirmer import SecondConfirmation, SecondConfirmer
from transition_exchange.store.models import TeamKey


def second_confirmation(
    session: Session, key: TeamKey, second: SecondConfirmer, statement: Confirmation
) -> SecondConfirmation | None:
    """The second confirmer's confirmation of a stored key, if it says the same as the NEET group's; None otherwise.

    Args:
        key: the key.
        second: who has to have signed it.
        statement: what the NEET group confirmed.
    """
    confirmer = session.get(TeamKey, key.second_key_id) if key.second_key_id else None
    if confirmer is None or not continues(session, confirmer, second):
        return None
    try:
        signed = SecondConfirmation.verify(
            key.second_confirmation or "", key.second_signature or b"", confirmer.signing_public
        )
        same = (signed.area, signed.identity) == (statement.area, statement.identity)
    except (BadSignature, UnknownFormat):
        return None
    return signed if same and signed.fingerprint == statement.fingerprint else None


def continues(session: Session, key: TeamKey, second: SecondConfirmer) -> bool:
    """Whether a stored key is the second confirmer's: the one that was named, or one of a line that it began.

    A key that was made because somebody left begins no such line. The council names the confirmer's new key then.
    """
    line = keys_by_version(session, [second.team.id])[second.team.id]
    if key.team_id != second.team.id:
        return False
    while fingerprint_of(key).hex() != second.fingerprint:
        before = line.get(key.version - 1)
        succession = succession_of(key, before) if before else None
        if before is None or succession is None or succession.removed:
            return False
        key = before
    return True
