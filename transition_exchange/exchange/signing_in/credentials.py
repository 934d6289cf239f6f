"""Signing in: a passphrase or a recovery code, then the second factor."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import note_by
from transition_exchange.exchange.errors import NotAllowed, Refused
from transition_exchange.exchange.keys.personal import second_factor_use, unlock_use
from transition_exchange.exchange.signing_in import devices, sessions, throttling
from transition_exchange.exchange.signing_in.sessions import SignedIn
from transition_exchange.sealing import CannotOpen, passphrases, personal, unlocks
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.sealing.second_factor import Secret, check_backup, check_code
from transition_exchange.sealing.unlocks import Cost
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Area, Organisation, Principal, SignInSession, Unlock

STANDARD_MEMORY_KIB = unlocks.STANDARD.memory_kib
"""What one try at a passphrase costs in memory, in KiB, unless the operator chooses otherwise."""

WRONG = {
    "passphrase": "The e-mail address or the passphrase is not right.",
    "recovery": "The e-mail address or the recovery code is not right.",
}
"""What a wrong secret is refused with, by its kind. It does not say which of the two was wrong."""

Kind = Literal["passphrase", "recovery"]
"""What somebody signs in with."""


def cost_of(memory_kib: int) -> Cost:
    """What one try at a passphrase costs if it uses this much memory, in KiB."""
    return Cost(memory_kib=memory_kib)


def give_passphrase(
    *,
    db: Database,
    email: str,
    passphrase: str,
    address: str,
    device: str | None = None,
    now: datetime | None = None,
    memory_kib: int = STANDARD_MEMORY_KIB,
    sleep: Callable[[float], None] = time.sleep,
) -> SignedIn:
    """Sign in with a passphrase.

    Args:
        email: the e-mail address as it was typed.
        passphrase: the passphrase as it was typed.
        address: the network address from which the request comes.
        device: the cookie of a remembered device, if the browser has one.
        memory_kib: the cost of a try at an unknown account, so that its duration does not tell that it is unknown.
        sleep: waits for some seconds; tests replace it.

    Returns:
        A full session for a remembered device and in a sample area, otherwise a half session.

    Raises:
        Refused: the address or the passphrase is wrong, or there were too many tries. An unknown account gets the same
            answers.
    """
    return _sign_in(
        db=db,
        kind="passphrase",
        email=email,
        secret=passphrase[: passphrases.LONGEST],
        address=address,
        device=device,
        now=now or utc_now(),
        memory_kib=memory_kib,
        sleep=sleep,
    )


def give_recovery_code(
    *,
    db: Database,
    email: str,
    code: str,
    address: str,
    now: datetime | None = None,
    memory_kib: int = STANDARD_MEMORY_KIB,
    sleep: Callable[[float], None] = time.sleep,
) -> SignedIn:
    """Sign in with a recovery code in place of a forgotten passphrase. The second factor is asked as always.

    Args:
        email: the e-mail address as it was typed.
        code: the recovery code as it was typed.
        address: the network address from which the request comes.
        memory_kib: as for `give_passphrase`.
        sleep: as for `give_passphrase`.

    Returns:
        A full session in a sample area, otherwise a half session.

    Raises:
        Refused: as for `give_passphrase`.
    """
    return _sign_in(
        db=db,
        kind="recovery",
        email=email,
        secret=passphrases.normalise(code[:200]),
        address=address,
        device=None,
        now=now or utc_now(),
        memory_kib=memory_kib,
        sleep=sleep,
    )


@dataclass(frozen=True)
class _Account:
    """An account that somebody tries to sign in to.

    Attributes:
        sample: whether it belongs to a sample area, which asks for no second factor.
        unlock: its key, wrapped under the kind of secret that was typed; None if it has no such secret.
        known_device: whether its person is remembered on the browser's device.
    """

    principal: Principal
    sample: bool
    unlock: Unlock | None
    known_device: bool


def _sign_in(
    *,
    db: Database,
    kind: Kind,
    email: str,
    secret: str,
    address: str,
    device: str | None,
    now: datetime,
    memory_kib: int,
    sleep: Callable[[float], None],
) -> SignedIn:
    email = email.strip().lower()[:254]
    with db.write() as session:
        account = _account(session, email=email, kind=kind, device=device, now=now)
        charge = throttling.charge(
            session,
            email=email,
            principal=account.principal if account else None,
            address=address,
            known_device=account is not None and account.known_device,
            now=now,
        )
    if charge.delay:
        sleep(charge.delay)
    if account is None or account.unlock is None:
        unlocks.waste(secret, cost=cost_of(memory_kib))
        raise Refused(WRONG[kind])
    try:
        seed = unlocks.unwrap(account.unlock.wrapped, secret, use=unlock_use(account.principal.id))
    except CannotOpen:
        raise Refused(WRONG[kind]) from None
    needs_no_code = account.sample or account.known_device
    with db.write() as session:
        principal = session.get_one(Principal, account.principal.id, with_for_update=True)
        unlock = session.get(Unlock, account.unlock.id)
        if unlock is None or principal.removed_at is not None:
            raise Refused(WRONG[kind])  # it was changed during the try
        unlock.used_at = now
        throttling.give_back(session, charge=charge, principal=principal)
        if needs_no_code:
            return complete(session, principal=principal, seed=seed, now=now, by=kind)
        cookie, ends_at = sessions.begin(session, principal_id=principal.id, seed=seed, stage="half", now=now)
        set_up = principal.second_factor_confirmed_at is None
        return SignedIn(cookie=cookie, stage="half", ends_at=ends_at, set_up=set_up)


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
        return complete(
            session,
            principal=principal,
            seed=half.pair.seed,
            now=now,
            by="code" if step is not None else "backup_code",
            device=devices.remember(session, principal_id=principal.id, now=now) if remember else None,
        )


def complete(
    session: Session,
    *,
    principal: Principal,
    seed: bytes,
    now: datetime,
    by: str,
    device: str | None = None,
    kind: str = "session.signed_in",
) -> SignedIn:
    """Begin a full session in the transaction of the action, and write the event.

    Args:
        principal: who signs in.
        seed: the seed of their key pair, 32 bytes.
        by: what completed the sign-in, for the event: `passphrase`, `recovery`, `code` or `backup_code`.
        device: the cookie of the device, if it was remembered just now.
        kind: the event's kind, if signing in is part of another action.
    """
    throttling.clear(principal)
    cookie, ends_at = sessions.begin(session, principal_id=principal.id, seed=seed, stage="full", now=now)
    choose_passphrase = came_by_recovery(session, principal.id)
    note_by(session, principal, kind, by=by)
    return SignedIn(
        cookie=cookie, stage="full", ends_at=ends_at, choose_passphrase=choose_passphrase, device=device
    )


def second_factor_of(principal: Principal, pair: KeyPair) -> Secret:
    """Open a person's second factor.

    Raises:
        NotAllowed: there is none, or it is not what this person sealed to themselves.
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


def came_by_recovery(session: Session, principal_id: UUID) -> bool:
    """Whether the recovery code was used after the passphrase was chosen. Then a new passphrase is due."""
    by_person = session.scalars(select(Unlock).where(Unlock.principal_id == principal_id)).all()
    latest = max(by_person, key=lambda unlock: unlock.used_at or unlock.created_at, default=None)
    return latest is not None and latest.kind == "recovery" and latest.used_at is not None


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


def _account(
    session: Session, *, email: str, kind: Kind, device: str | None, now: datetime
) -> _Account | None:
    """The account of an e-mail address; None if it is unknown. The same queries run in both cases."""
    principal = session.scalar(
        select(Principal).where(Principal.email == email, Principal.removed_at.is_(None)).with_for_update()
    )
    looked_up = principal or Principal(id=UUID(int=0), organisation_id=UUID(int=0))
    sample = session.scalar(
        select(Area.sample)
        .join(Organisation, Organisation.area_id == Area.id)
        .where(Organisation.id == looked_up.organisation_id)
    )
    unlock = session.scalar(
        select(Unlock)
        .where(Unlock.principal_id == looked_up.id, Unlock.kind == kind)
        .order_by(Unlock.created_at.desc())
        .limit(1)
    )
    known_device = devices.is_known(session, principal_id=looked_up.id, device=device, now=now)
    if principal is None:
        return None
    return _Account(principal=principal, sample=bool(sample), unlock=unlock, known_device=known_device)
