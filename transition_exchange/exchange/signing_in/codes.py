"""The second factor of signing in: codes from an authenticator app, and backup codes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange.errors import NotAllowed, Refused
from transition_exchange.exchange.keys.personal import second_factor_use
from transition_exchange.exchange.signing_in import credentials, devices, sessions, throttling
from transition_exchange.exchange.signing_in.sessions import SignedIn
from transition_exchange.sealing import CannotOpen, personal
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.sealing.second_factor import Secret, check_backup, check_code
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Principal, SignInSession


def give_code(
    *,
    db: Database,
    cookie: str,
    code: str,
    remember: bool = False,
    now: datetime | None = None,
) -> SignedIn:
    """Complete a half session with a code from the authenticator app, or with one of the backup codes.

    Args:
        cookie: the cookie of the half session.
        code: the code as it was typed.
        remember: whether this device needs no code for the next 14 days.

    Returns:
        A full session under a new cookie. The half session has ended.

    Raises:
        NotAllowed: the half session has ended, or no second factor is set up yet, or it failed its safety check.
        Refused: the code is wrong or has been used, or there were too many tries.
    """
    now = now or utc_now()
    with db.read() as session:
        half = sessions.open_session(session, cookie=cookie, now=now, stages=("half",))
    charge_code(db, half.principal.id, now)
    if half.principal.second_factor is None or half.principal.second_factor_confirmed_at is None:
        raise NotAllowed("Set up the second step of signing in first.")
    secret = second_factor_of(half.principal, half.pair)
    with db.write() as session:
        principal = session.get_one(Principal, half.principal.id, with_for_update=True)
        step = check_code(secret, code, now=now, last_step=principal.second_factor_last_step)
        without_code = check_backup(secret, code) if step is None else None
        if step is not None:
            principal.second_factor_last_step = step
        elif without_code is not None and principal.second_factor == half.principal.second_factor:
            use = second_factor_use(principal.id)
            principal.second_factor = personal.seal(half.pair, without_code.to_bytes(), use=use)
        else:
            raise Refused(
                "That code is not right. Wait for the next one and try again.",
                {"code": "Enter the six figures that your app shows now, or a backup code."},
            )
        _end_half(session, half.id)
        return credentials.complete(
            session,
            principal=principal,
            seed=half.pair.seed,
            now=now,
            by="code" if step is not None else "backup_code",
            device=devices.remember(session, principal_id=principal.id, now=now) if remember else None,
        )


def second_factor_of(principal: Principal, pair: KeyPair) -> Secret:
    """Open a person's second factor.

    Raises:
        NotAllowed: it is missing, or it is not what this person sealed for themselves.
    """
    try:
        opened = personal.open(pair, principal.second_factor or b"", use=second_factor_use(principal.id))
        return Secret.from_bytes(opened)
    except CannotOpen:
        raise NotAllowed("The second step of signing in failed its safety check.") from None


def is_right(*, principal: Principal, pair: KeyPair, code: str, now: datetime) -> bool:
    """Whether a code is right: from the app at this time and not used before, or a backup code. It is not used up.

    Args:
        principal: whose code it is.
        pair: their own key pair.
        code: the code as it was typed.

    Raises:
        NotAllowed: as `second_factor_of`.
    """
    secret = second_factor_of(principal, pair)
    step = check_code(secret, code, now=now, last_step=principal.second_factor_last_step)
    return step is not None or check_backup(secret, code) is not None


def charge_code(db: Database, principal_id: UUID, now: datetime) -> None:
    """Count a try at a code before it is checked. Tries at codes and at passphrases share one count.

    Raises:
        Refused: there were too many tries; this one is not counted.
    """
    with db.write() as session:
        principal = session.get_one(Principal, principal_id, with_for_update=True)
        if principal.last_failure_at is not None:
            throttling.refuse_early(principal.failures, principal.last_failure_at, now)
        principal.failures, principal.last_failure_at = principal.failures + 1, now


def _end_half(session: Session, session_id: str) -> None:
    row = session.get(SignInSession, session_id)
    if row is None:
        raise NotAllowed("Your session has ended. Sign in again.")
    session.delete(row)
