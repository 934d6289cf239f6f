"""The second factor of signing in: codes from an authenticator app, and backup codes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from transition_exchange import security_log
from transition_exchange.exchange.errors import NotAllowed, Refused
from transition_exchange.exchange.keys.personal import second_factor_use
from transition_exchange.exchange.signing_in import credentials, sessions, throttling, tries
from transition_exchange.exchange.signing_in.devices import UNKNOWN, Browser
from transition_exchange.exchange.signing_in.sessions import OpenSession, SignedIn
from transition_exchange.exchange.signing_in.throttling import Asker
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
    browser: Browser = UNKNOWN,
    now: datetime | None = None,
) -> SignedIn:
    """Complete a half session with a code from the authenticator app, or with one of the backup codes.

    Args:
        cookie: the cookie of the half session.
        code: the code as it was typed.
        remember: whether this browser needs no code for the next 14 days.
        browser: the browser.

    Returns:
        A full session under a new cookie. The half session has ended.

    Raises:
        NotAllowed: the half session has ended, or no second factor is set up yet, or it failed its safety check.
        Refused: the code is wrong or has been used.
        SessionEnded: there were too many tries in this half session.
        TooManyTries: there were too many tries at the account.
    """
    now = now or utc_now()
    with db.read() as session:
        half = sessions.open_session(session, cookie=cookie, now=now, stages=("half",))
    if half.principal.second_factor is None or half.principal.second_factor_confirmed_at is None:
        raise NotAllowed("Set up the second step of signing in first.")
    charge_code(db, half, now)
    secret = second_factor_of(half.principal, half.pair)
    with db.write() as session:
        principal = session.get_one(Principal, half.principal.id, with_for_update=True)
        by = use_code(session, principal=principal, pair=half.pair, secret=secret, code=code, now=now)
        if by is None:
            security_log.note("sign_in.refused", reason="wrong_code", principal_id=principal.id)
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
            by=by,
            browser=browser,
            no_code=remember,
        )


def use_code(
    session: Session, *, principal: Principal, pair: KeyPair, secret: Secret, code: str, now: datetime
) -> str | None:
    """Use a code up, in the transaction of the action. No code works twice.

    Args:
        principal: whose code it is; their row is locked.
        pair: their own key pair.
        secret: their second factor, as it was opened before the transaction.
        code: the code as it was typed.

    Returns:
        `code` or `backup_code`; None if the code is wrong or has been used.

    Raises:
        NotAllowed: the second factor was changed meanwhile and failed its safety check.
    """
    step = check_code(secret, code, now=now, last_step=principal.second_factor_last_step)
    if step is not None:
        principal.second_factor_last_step = step
        return "code"
    # Another backup code may have been used since the second factor was opened.
    left = check_backup(second_factor_of(principal, pair), code)
    if left is None:
        return None
    principal.second_factor = personal.seal(pair, left.to_bytes(), use=second_factor_use(principal.id))
    return "backup_code"


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


def charge_code(db: Database, half: OpenSession, now: datetime) -> None:
    """Count a try at a code before it is checked. Tries at codes and at passphrases share one count.

    Raises:
        SessionEnded: there were too many tries in this half session, which has ended.
        TooManyTries: there were too many tries at the account; this one is not counted.
    """
    with db.write() as session:
        ended = tries.count(session, session_id=half.id, now=now)
        if not ended:
            asker = Asker(half.principal.email, device_id=half.device_id)
            throttling.charge(session, asker=asker, principal=half.principal, now=now)
    if ended:
        security_log.note("sign_in.refused", reason="throttled", principal_id=half.principal.id)
        tries.refuse(half.id)


def _end_half(session: Session, session_id: str) -> None:
    row = session.get(SignInSession, session_id)
    if row is None:
        raise NotAllowed("Your session has ended. Sign in again.")
    session.delete(row)
