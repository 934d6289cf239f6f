"""Whether the second confirmer of an area confirmed a key too, and which keys are the second confirmer's."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from transition_exchange.exchange.keys.key_rows import fingerprint_of, keys_by_version, retires, succession_of
from transition_exchange.sealing import BadSignature, UnknownFormat
from transition_exchange.sealing.address_book import RememberedKey
from transition_exchange.sealing.confirmation import Confirmation
from transition_exchange.sealing.second_confirmer import SecondConfirmation, SecondConfirmer
from transition_exchange.store.models import TeamKey


def second_confirmation(
    session: Session,
    key: TeamKey,
    second: SecondConfirmer,
    statement: Confirmation,
    *,
    remembered: RememberedKey | None = None,
) -> SecondConfirmation | None:
    """The second confirmer's confirmation of a stored key, if it says the same as the NEET group's; None otherwise.

    Args:
        key: the key.
        second: who has to have signed it.
        statement: what the NEET group confirmed.
        remembered: the newest key of the second confirmer that the person has seen; None if they have seen only one.
    """
    confirmer = session.get(TeamKey, key.second_key_id) if key.second_key_id else None
    if confirmer is None or not continues(session, confirmer, second, remembered=remembered):
        return None
    try:
        signed = SecondConfirmation.verify(
            key.second_confirmation or "", key.second_signature or b"", confirmer.signing_public
        )
        same = (signed.area, signed.identity) == (statement.area, statement.identity)
    except (BadSignature, UnknownFormat):
        return None
    return signed if same and signed.fingerprint == statement.fingerprint else None


def continues(
    session: Session, key: TeamKey, second: SecondConfirmer, *, remembered: RememberedKey | None = None
) -> bool:
    """Whether a stored key is the second confirmer's: the one that was named, or one of the line that it began.

    A key that was made because somebody left is of that line too. Whoever left could sign with the key before anyway,
    until the new one retires it: to follow gives them nothing, and not to follow would take every team's second
    confirmation away.

    Args:
        remembered: as for `second_confirmation`. No other key takes its place, and none before it counts if it retired
            them.
    """
    if key.team_id != second.team.id:
        return False
    line = keys_by_version(session, [second.team.id])[second.team.id]
    if _is_retired(line, key):
        return False
    if remembered is not None and (
        (key.version == remembered.version and fingerprint_of(key).hex() != remembered.fingerprint)
        or (key.version < remembered.version and remembered.alone)
    ):
        return False
    while fingerprint_of(key).hex() != second.fingerprint:
        before = line.get(key.version - 1)
        if before is None or succession_of(key, before) is None:
            return False
        key = before
    return True


def _is_retired(line: Mapping[int, TeamKey], key: TeamKey) -> bool:
    """Whether a later key that this one began has signed that it counts no longer."""
    after = line.get(key.version + 1)
    if after is None or succession_of(after, key) is None:
        return False
    return retires(after, key) or _is_retired(line, after)
