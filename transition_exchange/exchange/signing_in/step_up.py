"""Giving the passphrase or a code once more inside a session, before something that an unattended browser must not do.

What has been given counts for ten minutes, in this session only. Signing in does not count.
"""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange import security_log
from transition_exchange.exchange.actor import note_by
from transition_exchange.exchange.errors import NotAllowed, Refused
from transition_exchange.exchange.signing_in import codes, ending, sessions, tries
from transition_exchange.exchange.signing_in.credentials import STANDARD_MEMORY_KIB
from transition_exchange.exchange.signing_in.passphrase_work import place_for
from transition_exchange.exchange.signing_in.sessions import OpenSession, Proof
from transition_exchange.sealing.late_saves import LateKeys
from transition_exchange.sealing.sessions import SessionToken
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Principal, SignInSession

WRONG_WITHOUT_APP = "This is not your passphrase."
WRONG = "This is neither your passphrase nor a code that your app shows now."
WRONG_CODE = "This is not a code that your app shows now, nor an unused backup code."

_CODE = re.compile(r"\s*\d{3}\s?\d{3}\s*")


def has_second_factor(*, db: Database, cookie: str, now: datetime | None = None) -> bool:
    """Whether the person has an authenticator app, so that they may give a code.

    Raises:
        NotAllowed: the session has ended.
    """
    with db.read() as session:
        current = sessions.open_session(session, cookie=cookie, now=now or utc_now(), stages=("full",))
    return current.principal.second_factor_confirmed_at is not None


def give_again(
    *,
    db: Database,
    cookie: str,
    proof: str,
    by_code: bool = False,
    now: datetime | None = None,
    memory_kib: int = STANDARD_MEMORY_KIB,
) -> str:
    """Give the passphrase or a code again.

    Args:
        cookie: the cookie of a full session.
        proof: what was typed. Six figures are a code, anything else is a passphrase.
        by_code: whether it has to be a code. Then a backup code counts too, and is used up.

    Returns:
        A new cookie for the session. The one until now opens nothing any more.

    Raises:
        NotAllowed: the session has ended or its row was changed, or there is no second factor to give a code of.
        Refused: what was typed is wrong.
        SessionEnded: there were too many wrong tries in this session, which has ended.
        Busy: every place for passphrase work is taken. The try was not counted.
    """
    now = now or utc_now()
    with db.read() as session:
        current = sessions.open_session(session, cookie=cookie, now=now, stages=("full",))
    has_code = current.principal.second_factor_confirmed_at is not None
    if by_code and not has_code:
        raise NotAllowed("The second step of signing in is not set up yet.")
    by: Proof
    if by_code or (has_code and _CODE.fullmatch(proof)):
        right, by = _right_code(db, current, proof, now), "code"
    else:
        with place_for(current.principal.id, kib=memory_kib):
            right = tries.right_passphrase(db=db, current=current, passphrase=proof, now=now)
        by = "passphrase"
    if not right:
        message = WRONG_CODE if by_code else WRONG if has_code else WRONG_WITHOUT_APP
        raise Refused(message, {"proof": message})
    with db.write() as session:
        renewed = _renew(session, current=current, proof=by, now=now)
        principal = session.get_one(Principal, current.principal.id)
        note_by(session, principal, "session.confirmed", by=by)
    ending.forget_ledgers([current.id])
    return renewed


def _renew(session: Session, *, current: OpenSession, proof: Proof, now: datetime) -> str:
    """Go on with a session under a new token (OWASP ASVS 5.0, 7.2.4). It still expires when it would have.

    When it began is what the cookie until now opened. The row could say something else by now.

    Returns:
        The new cookie.

    Raises:
        NotAllowed: the session has ended, or its row names another start since.
    """
    query = select(SignInSession).where(SignInSession.id == current.id, SignInSession.ended_at.is_(None))
    row = session.scalar(query.with_for_update())
    if row is None or row.created_at != current.created_at:
        raise NotAllowed("Your session has ended. Sign in again.")
    token = SessionToken.new()
    row.id, row.wrapped_key = (
        token.id,
        token.wrap(current.pair.seed, use=sessions.session_use("full", current.created_at)),
    )
    row.late_keys = LateKeys.new(current.principal.id, current.pair).wrap(token)
    row.proven_at, row.proven_by, row.failures, row.last_seen_at = now, proof, 0, now
    return token.cookie


def _right_code(db: Database, current: OpenSession, code: str, now: datetime) -> bool:
    tries.charge(db=db, current=current, now=now)
    secret = codes.second_factor_of(current.principal, current.pair)
    with db.write() as session:
        principal = session.get_one(Principal, current.principal.id, with_for_update=True)
        by = codes.use_code(
            session, principal=principal, pair=current.pair, secret=secret, code=code, now=now
        )
        if by is not None:
            tries.clear(session, session_id=current.id)
    if by is None:
        security_log.note("sign_in.refused", reason="wrong_code", principal_id=current.principal.id)
    return by is not None
