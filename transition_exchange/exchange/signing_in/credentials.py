"""Signing in with a passphrase or a recovery code. `codes` asks for the second factor after it."""

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
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.keys.personal import unlock_use
from transition_exchange.exchange.signing_in import devices, sessions, throttling
from transition_exchange.exchange.signing_in.sessions import SignedIn
from transition_exchange.sealing import CannotOpen, passphrases, unlocks
from transition_exchange.sealing.unlocks import Cost
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Area, Organisation, Principal, Unlock

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


def came_by_recovery(session: Session, principal_id: UUID) -> bool:
    """Whether the recovery code was used after the passphrase was chosen. Then a new passphrase is due."""
    by_person = session.scalars(select(Unlock).where(Unlock.principal_id == principal_id)).all()
    latest = max(by_person, key=lambda unlock: unlock.used_at or unlock.created_at, default=None)
    return latest is not None and latest.kind == "recovery" and latest.used_at is not None


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
