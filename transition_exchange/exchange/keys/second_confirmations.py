"""Whether the second confirmer of an area confirmed a key too, and which keys are the second confirmer's."""

from __future__ import annotations

from sqlalchemy.orm import Session

from transition_exchange.exchange.keys.key_rows import fingerprint_of, key_in_rows
from transition_exchange.exchange.keys.lines import KeyLines, fits
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
    lines: KeyLines | None = None,
    remembered: RememberedKey | None = None,
) -> SecondConfirmation | None:
    """The second confirmer's confirmation of a stored key, if it says the same as the NEET group's; None otherwise.

    Args:
        key: the key.
        second: who has to have signed it.
        statement: what the NEET group confirmed.
        lines: the keys of teams as the session has read them; None to read them anew.
        remembered: the newest key of the second confirmer that the person has seen; None if they have seen only one.
    """
    confirmer = key_in_rows(session, key.second_key_id)
    if confirmer is None or not continues(session, confirmer, second, lines=lines, remembered=remembered):
        return None
    try:
        signed = SecondConfirmation.verify(
            key.second_confirmation or "", key.second_signature or b"", confirmer.signing_public
        )
        about = (signed.area, signed.identity, signed.version, signed.fingerprint)
        expected = (statement.area, statement.identity, statement.version, statement.fingerprint)
    except (BadSignature, UnknownFormat):
        return None
    return signed if about == expected else None


def continues(
    session: Session,
    key: TeamKey,
    second: SecondConfirmer,
    *,
    lines: KeyLines | None = None,
    remembered: RememberedKey | None = None,
) -> bool:
    """Whether a stored key is the second confirmer's: the one that was named, or one of the line that it began.

    A key that was made because somebody left is of that line too. Whoever left could sign with the key before anyway,
    until the new one retires it: to follow gives them nothing, and not to follow would take every team's second
    confirmation away.

    Args:
        lines: as for `second_confirmation`.
        remembered: as for `second_confirmation`. No other key takes its place, and none before it counts if it retired
            them.
    """
    lines = lines or KeyLines()
    found = lines.named(second.fingerprint)

    def follows(after: TeamKey) -> bool:
        return lines.before(session, after)[1] is not None

    def is_named(before: TeamKey) -> bool | None:
        return fingerprint_of(before).hex() == second.fingerprint or None

    if key.team_id != second.team.id or not fits(key, remembered):
        return False
    if lines.is_retired(session, key, remembered=remembered, findings=found.retired, follows=follows):
        return False
    if is_named(key):
        return True
    return lines.followed(session, key, findings=found.followed, who=is_named) is not None
