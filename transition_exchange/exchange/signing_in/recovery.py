"""Recovery codes, which are shown once and typed back, and new passphrases.

There is no reset by e-mail. Somebody who loses both the passphrase and the recovery code is invited again.
"""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import note_by
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.keys.personal import unlock_use
from transition_exchange.exchange.signing_in import ending, sessions, tries
from transition_exchange.exchange.signing_in.credentials import STANDARD_MEMORY_KIB, came_by_recovery, cost_of
from transition_exchange.exchange.signing_in.passphrase_work import place_for
from transition_exchange.exchange.signing_in.sessions import OpenSession
from transition_exchange.sealing import CannotOpen, passphrases, unlocks
from transition_exchange.sealing.passphrases import Strength
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Organisation, Principal, Unlock

NOT_THE_CODE = "This is not the code we showed you. Check it letter by letter."
WRONG_NOW = "This is not your current passphrase."


def suggest_passphrase() -> str:
    """A passphrase of five random words, for somebody who does not want to think one up."""
    return passphrases.generate()


def make_code(
    *, db: Database, cookie: str, now: datetime | None = None, memory_kib: int = STANDARD_MEMORY_KIB
) -> str:
    """Make a recovery code, which replaces an earlier one. It counts as a second opener once it is typed back.

    Args:
        cookie: the cookie of a full session.

    Returns:
        The code, to be shown once.

    Raises:
        NotAllowed: the session has ended.
        ProofNeeded: the person has to give their passphrase or a code again.
        Busy: every place for passphrase work is taken.
    """
    now = now or utc_now()
    current = _open(db, cookie, now)
    current.require_proof(now)
    code = passphrases.recovery_code()
    with place_for(current.principal.id, kib=memory_kib):
        wrapped = _wrap(current, passphrases.normalise(code), memory_kib)
    with db.write() as session:
        earlier = _recovery(session, current.principal)
        used_at = earlier.used_at if earlier else None  # a new passphrase that was due is still due
        _put(
            session,
            principal=current.principal,
            kind="recovery",
            wrapped=wrapped,
            created_at=now,
            used_at=used_at,
        )
        note_by(session, current.principal, "recovery_code.made")
    return code


def type_back(*, db: Database, cookie: str, code: str, now: datetime | None = None) -> None:
    """Prove that the person has kept their recovery code, by typing it back once.

    Args:
        cookie: the cookie of a full session.
        code: the code as it was typed.

    Raises:
        NotAllowed: the session has ended.
        NotFound: the person has no recovery code.
        Refused: the code is wrong.
        Busy: every place for passphrase work is taken.
    """
    now = now or utc_now()
    current = _open(db, cookie, now)
    with db.read() as session:
        unlock = _recovery(session, current.principal)
    if unlock is None:
        raise NotFound
    with place_for(current.principal.id):
        right = _opens(unlock, passphrases.normalise(code[:200]))
    if not right:
        raise Refused(NOT_THE_CODE, {"code": NOT_THE_CODE})
    with db.write() as session:
        unchanged = session.get(Unlock, unlock.id)
        if unchanged is None:
            raise Refused(NOT_THE_CODE, {"code": NOT_THE_CODE})
        unchanged.proven_at = now
        note_by(session, current.principal, "recovery_code.proven")


def has_proven_code(*, db: Database, cookie: str, now: datetime | None = None) -> bool:
    """Whether the person has a recovery code that they typed back.

    Raises:
        NotAllowed: the session has ended.
    """
    current = _open(db, cookie, now or utc_now())
    with db.read() as session:
        unlock = _recovery(session, current.principal)
    return unlock is not None and unlock.proven_at is not None


def choose_passphrase(
    *,
    db: Database,
    cookie: str,
    passphrase: str,
    current_passphrase: str | None = None,
    now: datetime | None = None,
    memory_kib: int = STANDARD_MEMORY_KIB,
) -> None:
    """Choose a new passphrase. Every other session of the person ends and every device is forgotten.

    Args:
        cookie: the cookie of a full session.
        passphrase: the new passphrase.
        current_passphrase: the passphrase until now; None for somebody who signed in with their recovery code.

    Raises:
        NotAllowed: the session has ended.
        Refused: the current passphrase is wrong, or the new one is too easy to guess.
        SessionEnded: the current passphrase was wrong too often in this session.
        Busy: every place for passphrase work is taken.
    """
    now = now or utc_now()
    current = _open(db, cookie, now)
    with db.read() as session:
        recovered = came_by_recovery(session, current.principal.id)
        organisation = session.get_one(Organisation, current.principal.organisation_id)
    require_strong(passphrase, current.principal.name, current.principal.email, organisation.name)
    with place_for(current.principal.id, kib=memory_kib):
        if not recovered and not tries.right_passphrase(
            db=db, current=current, passphrase=current_passphrase or "", now=now
        ):
            raise Refused(WRONG_NOW, {"current_passphrase": WRONG_NOW})
        wrapped = _wrap(current, passphrase, memory_kib)
    with db.write() as session:
        _put(
            session,
            principal=current.principal,
            kind="passphrase",
            wrapped=wrapped,
            created_at=now,
            used_at=now,
        )
        ended = ending.end_all(session, principal_id=current.principal.id, but=current.id)
        note_by(session, current.principal, "passphrase.chosen")
    ending.forget_ledgers(ended)


def require_strong(passphrase: str, *personal: str) -> None:
    """Refuse a passphrase that is easy to guess.

    Args:
        passphrase: the new passphrase.
        personal: what somebody who knows the person would try first, such as their name.

    Raises:
        Refused: the passphrase is too easy to guess; the message says how to make it stronger.
    """
    strength: Strength = passphrases.score(passphrase, personal)
    if not strength.ok:
        raise Refused(strength.message, {"passphrase": strength.message})


def _open(db: Database, cookie: str, now: datetime) -> OpenSession:
    with db.read() as session:
        return sessions.open_session(session, cookie=cookie, now=now, stages=("full",))


def _opens(unlock: Unlock, secret: str) -> bool:
    try:
        unlocks.unwrap(unlock.wrapped, secret, use=unlock_use(unlock.principal_id))
    except CannotOpen:
        return False
    return True


def _wrap(current: OpenSession, secret: str, memory_kib: int) -> str:
    use = unlock_use(current.principal.id)
    return unlocks.wrap(current.pair.seed, secret, cost=cost_of(memory_kib), use=use)


def _recovery(session: Session, principal: Principal) -> Unlock | None:
    return session.scalar(
        select(Unlock).where(Unlock.principal_id == principal.id, Unlock.kind == "recovery")
    )


def _put(
    session: Session,
    *,
    principal: Principal,
    kind: str,
    wrapped: str,
    created_at: datetime,
    used_at: datetime | None,
) -> None:
    """Store a wrapped key in the place of the person's earlier one of this kind."""
    session.execute(delete(Unlock).where(Unlock.principal_id == principal.id, Unlock.kind == kind))
    session.add(
        Unlock(
            id=uuid4(),
            principal_id=principal.id,
            kind=kind,
            wrapped=wrapped,
            created_at=created_at,
            used_at=used_at,
        )
    )
