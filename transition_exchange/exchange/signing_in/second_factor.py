"""Setting up the second factor: an authenticator app, and ten backup codes in case the telephone is lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import note_by
from transition_exchange.exchange.errors import NotAllowed, Refused, Tampered
from transition_exchange.exchange.keys.personal import next_second_factor_use, second_factor_use
from transition_exchange.exchange.signing_in import codes, credentials, ending, sessions
from transition_exchange.exchange.signing_in.devices import UNKNOWN, Browser
from transition_exchange.exchange.signing_in.sessions import OpenSession, SignedIn
from transition_exchange.sealing import CannotOpen, personal
from transition_exchange.sealing.second_factor import Secret, check_code
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Event, Principal, SignInSession

SERVICE = "Transition Exchange"
WRONG_CODE = "That code is not right. Enter the six figures that your app shows now."

GONE = (
    "You set up the second step of signing in before, and it is missing from the database now. Nothing was opened. "
    "Tell your administrator, who can remove you and invite you again."
)


@dataclass(frozen=True)
class SetUp:
    """What a person needs to set up their app.

    Attributes:
        uri: the `otpauth:` address, to be shown as a QR code.
        typed: the same secret, to be typed into an app that has no camera.
        backup_codes: ten codes that work once each. They are not shown again after the app is confirmed.
    """

    uri: str = field(repr=False)
    typed: str = field(repr=False)
    backup_codes: tuple[str, ...] = field(repr=False)


def begin(*, db: Database, cookie: str, now: datetime | None = None) -> SetUp:
    """What to set up the app with. The first call makes it; later calls show the same until a code confirms it.

    Args:
        cookie: the cookie of a half session.

    Raises:
        NotAllowed: the session has ended, or the second factor is already set up or failed its safety check.
        Tampered: there was one before, and it is gone.
    """
    now = now or utc_now()
    with db.read() as session:
        current = sessions.open_session(session, cookie=cookie, now=now, stages=("half",))
    if current.principal.second_factor_confirmed_at is not None:
        raise NotAllowed("The second step of signing in is already set up.")
    with db.read() as session:
        require_first(session, current.principal)
    if current.principal.second_factor is not None:
        return _shown(current.principal, codes.second_factor_of(current.principal, current.pair))
    secret = Secret.new()
    with db.write() as session:
        principal = session.get_one(Principal, current.principal.id, with_for_update=True)
        if principal.second_factor is None:
            principal.second_factor = _sealed(current, secret)
            note_by(session, principal, "second_factor.begun")
        else:  # the page was opened twice at once
            secret = codes.second_factor_of(principal, current.pair)
    return _shown(current.principal, secret)


def require_first(session: Session, principal: Principal) -> None:
    """Refuse to set up a second factor for somebody who had confirmed one before, as the events say.

    Otherwise whoever empties the columns of somebody's second factor could set up their own with a stolen passphrase.

    Raises:
        Tampered: there was one before.
    """
    about = session.scalars(
        select(Event).where(
            Event.organisation_id == principal.organisation_id,
            Event.body.contains('"kind":"second_factor.confirmed"'),
            Event.body.contains(f'"principal":"{principal.id}"'),
        )
    )
    if about.first() is not None:
        raise Tampered(GONE)


def confirm(
    *,
    db: Database,
    cookie: str,
    code: str,
    remember: bool = False,
    browser: Browser = UNKNOWN,
    now: datetime | None = None,
) -> SignedIn:
    """Confirm the app with a code that it shows. This also completes the sign-in.

    Args:
        cookie: the cookie of the session in which `begin` was called.
        code: the code as it was typed.
        remember: whether this browser needs no code for the next 14 days.
        browser: the browser.

    Returns:
        A full session under a new cookie. The session until now has ended. The code counts as given again in the new
        one, so that a newcomer goes on to their recovery code.

    Raises:
        NotAllowed: the session has ended, there is nothing to confirm, or the second factor failed its safety check.
        Tampered: there was one before, and it is gone.
        Refused: the code is wrong.
    """
    now = now or utc_now()
    with db.read() as session:
        current = sessions.open_session(session, cookie=cookie, now=now, stages=("half",))
    if current.principal.second_factor is None or current.principal.second_factor_confirmed_at is not None:
        raise NotAllowed("There is nothing to confirm.")
    with db.read() as session:
        require_first(session, current.principal)
    step = check_code(codes.second_factor_of(current.principal, current.pair), code, now=now, last_step=None)
    if step is None:
        raise Refused(WRONG_CODE, {"code": WRONG_CODE})
    with db.write() as session:
        principal = session.get_one(Principal, current.principal.id, with_for_update=True)
        if principal.second_factor != current.principal.second_factor:
            raise Refused(WRONG_CODE, {"code": WRONG_CODE})
        principal.second_factor_confirmed_at, principal.second_factor_last_step = now, step
        row = session.get(SignInSession, current.id)
        if row is not None:
            session.delete(row)
        return credentials.complete(
            session,
            principal=principal,
            seed=current.pair.seed,
            now=now,
            by="code",
            browser=browser,
            no_code=remember,
            proof="code",
            kind="second_factor.confirmed",
        )


def begin_another(*, db: Database, cookie: str, now: datetime | None = None) -> None:
    """Make the secret of another app. The present app goes on working until the other one is confirmed.

    Args:
        cookie: the cookie of a full session.

    Raises:
        NotAllowed: the session has ended, or no second factor is set up.
        ProofNeeded: the person has to give a code of their present app, or a backup code, again.
    """
    now = now or utc_now()
    current = _open_to_change(db, cookie, now)
    sealed = personal.seal(
        current.pair, Secret.new().to_bytes(), use=next_second_factor_use(current.principal.id)
    )
    with db.write() as session:
        principal = session.get_one(Principal, current.principal.id, with_for_update=True)
        principal.second_factor_next = sealed
        note_by(session, principal, "second_factor.another_begun")


def another(*, db: Database, cookie: str, now: datetime | None = None) -> SetUp:
    """What to set up the other app with, as `begin_another` made it.

    Args:
        cookie: the cookie of a full session.

    Raises:
        NotAllowed: the session has ended, there is no other app to set up, or it failed its safety check.
        ProofNeeded: as for `begin_another`.
    """
    current = _open_to_change(db, cookie, now or utc_now())
    return _shown(current.principal, _another(current.principal, current))


def confirm_another(*, db: Database, cookie: str, code: str, now: datetime | None = None) -> None:
    """Confirm the other app with a code that it shows. The app until now and its backup codes stop working.

    Every other session of the person ends, and every browser is forgotten.

    Args:
        cookie: the cookie of a full session.
        code: the code as it was typed.

    Raises:
        NotAllowed: as for `another`.
        ProofNeeded: as for `begin_another`.
        Refused: the code is wrong. The app until now still works.
    """
    now = now or utc_now()
    current = _open_to_change(db, cookie, now)
    secret = _another(current.principal, current)
    step = check_code(secret, code, now=now, last_step=None)
    if step is None:
        raise Refused(WRONG_CODE, {"code": WRONG_CODE})
    with db.write() as session:
        principal = session.get_one(Principal, current.principal.id, with_for_update=True)
        if principal.second_factor_next != current.principal.second_factor_next:
            raise Refused(WRONG_CODE, {"code": WRONG_CODE})  # another page began anew meanwhile
        principal.second_factor, principal.second_factor_next = _sealed(current, secret), None
        principal.second_factor_confirmed_at, principal.second_factor_last_step = now, step
        ended = ending.end_all(session, principal_id=principal.id, but=current.id)
        note_by(session, principal, "second_factor.replaced")
    ending.forget_ledgers(ended)


def _open_to_change(db: Database, cookie: str, now: datetime) -> OpenSession:
    with db.read() as session:
        current = sessions.open_session(session, cookie=cookie, now=now, stages=("full",))
    if current.principal.second_factor_confirmed_at is None:
        raise NotAllowed("The second step of signing in is not set up yet.")
    current.require_proof(now, by_code=True)
    return current


def _another(principal: Principal, current: OpenSession) -> Secret:
    if principal.second_factor_next is None:
        raise NotAllowed("There is no other app to set up.")
    try:
        use = next_second_factor_use(principal.id)
        return Secret.from_bytes(personal.open(current.pair, principal.second_factor_next, use=use))
    except CannotOpen:
        raise NotAllowed("The second step of signing in failed its safety check.") from None


def _shown(principal: Principal, secret: Secret) -> SetUp:
    return SetUp(
        uri=secret.uri(principal.email, SERVICE), typed=secret.typed, backup_codes=secret.backup_codes
    )


def _sealed(current: OpenSession, secret: Secret) -> bytes:
    return personal.seal(current.pair, secret.to_bytes(), use=second_factor_use(current.principal.id))
