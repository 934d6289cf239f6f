"""Sessions of signed-in browsers: begun, and resumed at each request. Only the cookie opens their keys."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotAllowed, ProofNeeded
from transition_exchange.exchange.keys.opening import open_actor
from transition_exchange.exchange.keys.remembering import remember
from transition_exchange.exchange.signing_in.devices import UNKNOWN, Browser
from transition_exchange.exchange.signing_in.ending import end_of_browser
from transition_exchange.sealing import CannotOpen
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.sealing.late_saves import LateKeys
from transition_exchange.sealing.sessions import SessionToken
from transition_exchange.store.base import CLOCKS_DIFFER, utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Principal, SignInSession

IDLE = timedelta(minutes=30)
"""A full session expires after so long without a request."""

LONGEST = timedelta(hours=12)
"""A full session expires after so long in any case."""

HALF = timedelta(minutes=5)
"""A half session expires after so long."""

TOUCH_EVERY = timedelta(seconds=60)
"""How often the time of the last request is written down."""

PROOF_LASTS = timedelta(minutes=10)
"""So long a passphrase or a code counts that somebody gave again in their session."""

Stage = Literal["half", "full"]
"""Before the second factor, and after it."""

Proof = Literal["passphrase", "code"]
"""What somebody gave again to confirm who they are."""

_WORD: dict[Stage, str] = {"half": "code", "full": "full"}


@dataclass(frozen=True)
class SignedIn:
    """A session that has just begun.

    Attributes:
        cookie: what the browser keeps. Nothing else opens the session.
        stage: `half` until the second factor is given, then `full`.
        ends_at: when it expires if no further request comes.
        set_up: whether the second factor is still to be set up.
        choose_passphrase: whether the person signed in with a recovery code and must choose a new passphrase.
        known: the new value of the cookie by which the browser is known; None until the sign-in is complete.
    """

    cookie: str = field(repr=False)
    stage: Stage
    ends_at: datetime
    set_up: bool = False
    choose_passphrase: bool = False
    known: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Resumed:
    """A session that a request continues.

    Attributes:
        stage: `half` until the second factor is given, then `full`.
        principal_id: whose session it is.
        actor: the person with their open teams; None in a half session.
        ends_at: when it expires if no further request comes.
        ends_at_latest: when it expires in any case.
    """

    stage: Stage
    principal_id: UUID
    actor: Actor | None
    ends_at: datetime
    ends_at_latest: datetime


def resume(*, db: Database, cookie: str, now: datetime | None = None) -> Resumed | None:
    """The session of a cookie, with the teams that its person may open now.

    Returns:
        The session; None for an unknown cookie, an ended session or a removed person.

    Raises:
        Tampered: a membership is not what this person sealed to themselves.
    """
    now = now or utc_now()
    with db.read() as session:
        live = _live_session(session, cookie, now)
        if live is None:
            return None
        row, principal, stage = live.row, live.principal, live.stage
        seed = live.seed()
        if seed is None:
            return None
        actor = None
        if stage == "full":
            pair = KeyPair.from_seed(seed)
            actor = replace(
                open_actor(session, principal=principal, pair=pair, session_id=row.id),
                proven_until=_proven_until(row, now),
            )
    if stage == "full" and now - row.last_seen_at >= TOUCH_EVERY:
        with db.write() as session:
            session.execute(
                update(SignInSession)
                .where(SignInSession.id == row.id, SignInSession.ended_at.is_(None))
                .values(last_seen_at=now)
            )
        row.last_seen_at = now
    return Resumed(
        stage=stage,
        principal_id=principal.id,
        actor=actor,
        ends_at=_ends_at(row),
        ends_at_latest=row.created_at + (LONGEST if stage == "full" else HALF),
    )


def begin(
    session: Session,
    *,
    principal_id: UUID,
    seed: bytes,
    stage: Stage,
    now: datetime,
    browser: Browser = UNKNOWN,
    device_id: UUID | None = None,
    proof: Proof | None = None,
) -> tuple[str, datetime]:
    """Begin a session in the transaction of the action. The browser's session until now ends.

    A full session seals the person's memberships anew for teams whose name or purposes were changed.

    Args:
        principal_id: whose session it is.
        seed: the seed of their key pair, 32 bytes.
        stage: `half` until the second factor is given, otherwise `full`.
        browser: the browser that signs in.
        device_id: the browser's row, if the person has signed in with it before.
        proof: what the person gave in this very action; it counts as given again in the session.

    Returns:
        The cookie, and when the session expires if no further request comes.
    """
    end_of_browser(session, browser)
    token, pair = SessionToken.new(), KeyPair.from_seed(seed)
    if stage == "full":
        remember(session, principal=session.get_one(Principal, principal_id), pair=pair, now=now)
    session.add(
        SignInSession(
            id=token.id,
            principal_id=principal_id,
            stage=_WORD[stage],
            wrapped_key=token.wrap(seed, use=session_use(_WORD[stage], now)),
            late_keys=LateKeys.new(principal_id, pair).wrap(token) if stage == "full" else None,
            created_at=now,
            last_seen_at=now,
            browser=browser.words,
            device_id=device_id,
            failures=0,
            proven_at=now if proof else None,
            proven_by=proof,
        )
    )
    return token.cookie, now + (IDLE if stage == "full" else HALF)


@dataclass(frozen=True)
class OpenSession:
    """A session with the person's own key pair, for the few actions that need it.

    Attributes:
        device_id: the browser's row, if the person has signed in with it before.
        proof: what the person last gave again in this session; None if nothing.
        proven_until: until when that counts.
    """

    id: str
    stage: Stage
    created_at: datetime
    principal: Principal
    pair: KeyPair = field(repr=False)
    device_id: UUID | None = None
    proof: str | None = None
    proven_until: datetime | None = None

    def require_proof(self, now: datetime, *, by_code: bool = False) -> None:
        """Refuse what somebody at an unattended browser must not do.

        Args:
            by_code: whether only a code counts.

        Raises:
            ProofNeeded: the person has not given it again in this session lately.
        """
        lately = self.proven_until is not None and now < self.proven_until
        if not lately or (by_code and self.proof != "code"):
            raise ProofNeeded(by_code=by_code)


def open_session(session: Session, *, cookie: str, now: datetime, stages: tuple[Stage, ...]) -> OpenSession:
    """Open a person's own key pair with their session's cookie.

    Args:
        cookie: the session's cookie.
        stages: the stages in which the action is allowed.

    Raises:
        NotAllowed: the session is unknown, has ended, or is in another stage.
    """
    live = _live_session(session, cookie, now)
    if live is not None and live.stage in stages:
        seed = live.seed()
        if seed is not None:
            return OpenSession(
                id=live.row.id,
                stage=live.stage,
                created_at=live.row.created_at,
                principal=live.principal,
                pair=KeyPair.from_seed(seed),
                device_id=live.row.device_id,
                proof=live.row.proven_by,
                proven_until=_proven_until(live.row, now),
            )
    raise NotAllowed("Your session has ended. Sign in again.")


@dataclass(frozen=True)
class _LiveSession:
    """A session that has not ended, with its cookie's token."""

    row: SignInSession
    token: SessionToken
    principal: Principal

    @property
    def stage(self) -> Stage:
        return "full" if self.row.stage == "full" else "half"

    def seed(self) -> bytes | None:
        """The wrapped seed; None if it was wiped, or wrapped for another stage or start than the row now states."""
        if self.row.wrapped_key is None:
            return None
        try:
            return self.token.unwrap(
                self.row.wrapped_key, use=session_use(_WORD[self.stage], self.row.created_at)
            )
        except CannotOpen:
            return None


def _live_session(session: Session, cookie: str, now: datetime) -> _LiveSession | None:
    try:
        token = SessionToken.from_cookie(cookie)
    except CannotOpen:
        return None
    row = session.get(SignInSession, token.id)
    if row is None or row.ended_at is not None or now >= _ends_at(row):
        return None
    if max(row.created_at, row.last_seen_at) > now + CLOCKS_DIFFER:
        return None  # nobody was seen in the future: the row was changed
    principal = session.get(Principal, row.principal_id)
    if principal is None or principal.removed_at is not None:
        return None
    return _LiveSession(row, token, principal)


def session_use(stage: str, began: datetime) -> str:
    """The use of a wrapped key. When the session began is bound into it, so that no row makes a session longer."""
    started = began.astimezone(UTC).isoformat()
    if stage == "full":
        return f"full {started}"
    return f"code {started}"


def _proven_until(row: SignInSession, now: datetime) -> datetime | None:
    if row.proven_at is None or row.proven_at > now + CLOCKS_DIFFER:
        return None
    return row.proven_at + PROOF_LASTS


def _ends_at(row: SignInSession) -> datetime:
    if row.stage == "code":
        return row.created_at + HALF
    return min(row.last_seen_at + IDLE, row.created_at + LONGEST)
