"""Counting wrong passphrases and codes inside a session, which too many of them end."""

from __future__ import annotations

from datetime import datetime
from typing import NoReturn

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from transition_exchange import security_log
from transition_exchange.exchange.errors import NotAllowed, Refused, SessionEnded
from transition_exchange.exchange.keys.personal import unlock_use
from transition_exchange.exchange.signing_in import ending
from transition_exchange.exchange.signing_in.broken_unlocks import BROKEN_UNLOCK, is_broken
from transition_exchange.exchange.signing_in.sessions import OpenSession
from transition_exchange.sealing import CannotOpen, passphrases, unlocks
from transition_exchange.store.database import Database
from transition_exchange.store.models import SignInSession, Unlock

MOST_OF_A_SESSION = 5
"""Wrong tries in one session. The next one ends it."""


def count(session: Session, *, session_id: str, now: datetime) -> bool:
    """Count a try before it is checked, in a transaction of its own.

    Args:
        session_id: the session in which it is made.

    Returns:
        Whether there were too many, so that the session has ended. Then call `refuse` after the transaction, because an
        exception inside it would take the end back.

    Raises:
        NotAllowed: the session has ended already.
    """
    row = session.scalar(
        select(SignInSession)
        .where(SignInSession.id == session_id, SignInSession.ended_at.is_(None))
        .with_for_update()
    )
    if row is None:
        raise NotAllowed("Your session has ended. Sign in again.")
    row.failures += 1
    if row.failures <= MOST_OF_A_SESSION:
        return False
    row.ended_at, row.wrapped_key = now, None
    return True


def refuse(session_id: str) -> NoReturn:
    """Refuse the try that ended a session, and drop what this process keeps in memory for it.

    Raises:
        SessionEnded: always.
    """
    ending.forget_ledgers([session_id])
    raise SessionEnded


def charge(*, db: Database, current: OpenSession, now: datetime) -> None:
    """Count a try inside a full session before it is checked.

    Raises:
        NotAllowed: the session has ended already.
        SessionEnded: there were too many tries in this session, which has ended.
    """
    with db.write() as session:
        ended = count(session, session_id=current.id, now=now)
    if ended:
        security_log.note("sign_in.refused", reason="throttled", principal_id=current.principal.id)
        refuse(current.id)


def clear(session: Session, *, session_id: str) -> None:
    """Reset the count of a session, because a try was right."""
    session.execute(update(SignInSession).where(SignInSession.id == session_id).values(failures=0))


def right_passphrase(*, db: Database, current: OpenSession, passphrase: str, now: datetime) -> bool:
    """Whether a passphrase that is typed inside a session is the person's own. The try is counted.

    Hold a place for passphrase work meanwhile.

    Args:
        current: the full session.
        passphrase: the passphrase as it was typed.

    Raises:
        NotAllowed: as for `charge`.
        SessionEnded: as for `charge`.
        Refused: the stored key is damaged, so that no passphrase opens it.
    """
    charge(db=db, current=current, now=now)
    with db.read() as session:
        unlock = session.scalar(
            select(Unlock).where(Unlock.principal_id == current.principal.id, Unlock.kind == "passphrase")
        )
    try:
        if unlock is None:
            raise CannotOpen
        use = unlock_use(current.principal.id)
        unlocks.unwrap(unlock.wrapped, passphrase[: passphrases.LONGEST], use=use)
    except CannotOpen:
        if unlock is not None and is_broken(unlock):
            raise Refused(BROKEN_UNLOCK, {"proof": BROKEN_UNLOCK}) from None
        security_log.note("sign_in.refused", reason="wrong_passphrase", principal_id=current.principal.id)
        return False
    with db.write() as session:
        clear(session, session_id=current.id)
    return True
