"""Whether the second confirmer of an area confirmed a key too, and which keys are the second confirmer's."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from transition_exchange.exchange.keys.key_rows import fingerprint_of, key_in_rows
from transition_exchange.exchange.keys.lines import KeyLines
from transition_exchange.sealing import BadSignature, UnknownFormat
from transition_exchange.sealing.address_book import RememberedKey
from transition_exchange.sealing.confirmation import Confirmation
from transition_exchange.sealing.second_confirmer import SecondConfirmation, SecondConfirmer
from transition_exchange.store.models import TeamKey


def _unconfirmed(key: TeamKey) -> bool:
    return False


def second_confirmation(
    session: Session,
    key: TeamKey,
    second: SecondConfirmer,
    statement: Confirmation,
    *,
    lines: KeyLines | None = None,
    remembered: RememberedKey | None = None,
    confirmed: Callable[[TeamKey], bool] = _unconfirmed,
) -> SecondConfirmation | None:
    """The second confirmer's confirmation of a stored key, if it says the same as the NEET group's; None otherwise.

    Args:
        key: the key.
        second: who has to have signed it.
        statement: what the NEET group confirmed.
        lines: the keys of teams as the session has read them; None to read them anew.
        remembered: the newest key of the second confirmer that the person has seen; None if they have seen only one.
        confirmed: whether the council confirmed a key itself. Such a key of the line counts whatever was seen before.
    """
    confirmer = key_in_rows(session, key.second_key_id)
    if confirmer is None or not continues(
        session, confirmer, second, lines=lines, remembered=remembered, confirmed=confirmed
    ):
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
    confirmed: Callable[[TeamKey], bool] = _unconfirmed,
) -> bool:
    """Whether a stored key is the second confirmer's and is not retired.

    Args:
        lines: as for `second_confirmation`.
        remembered: as for `second_confirmation`. No other key takes its place, and none counts that the person has seen
            to be retired.
        confirmed: as for `second_confirmation`.
    """
    lines = lines or KeyLines()

    def follows(after: TeamKey) -> bool:
        return lines.before(session, after)[1] is not None

    retired = lines.named(second.fingerprint).retired
    of_line = is_of_line(session, key, second, lines=lines, remembered=remembered, confirmed=confirmed)
    return of_line and not lines.is_retired(
        session, key, remembered=remembered, findings=retired, follows=follows
    )


def is_of_line(
    session: Session,
    key: TeamKey,
    second: SecondConfirmer,
    *,
    lines: KeyLines,
    remembered: RememberedKey | None,
    confirmed: Callable[[TeamKey], bool] = _unconfirmed,
) -> bool:
    """Whether a stored key is the one that was named as the second confirmer's, or follows on it, retired or not.

    A key that was made because somebody left is of that line too. Whoever left could sign with the key before anyway,
    until the new one retires it: to follow gives them nothing, and not to follow would take every team's second
    confirmation away.
    """

    def is_named(before: TeamKey) -> bool | None:
        return (before.team_id, before.version, fingerprint_of(before).hex()) == second.key or None

    if key.team_id != second.team.id:
        return False
    if not lines.continues(session, key, remembered) and not confirmed(key):
        return False
    followed = lines.named(second.fingerprint).followed
    return is_named(key) or lines.followed(session, key, findings=followed, who=is_named) is not None
