"""Signing in with a passphrase or a recovery code. `codes` asks for the second factor after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange import security_log
from transition_exchange.exchange.actor import note_by
from transition_exchange.exchange.email_addresses import looked_up
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.keys.personal import unlock_use
from transition_exchange.exchange.signing_in import devices, sessions, throttling
from transition_exchange.exchange.signing_in.broken_unlocks import BROKEN_UNLOCK, is_broken
from transition_exchange.exchange.signing_in.devices import UNKNOWN, Browser
from transition_exchange.exchange.signing_in.passphrase_work import place_for, place_for_stranger
from transition_exchange.exchange.signing_in.sessions import Proof, SignedIn
from transition_exchange.exchange.signing_in.throttling import Asker
from transition_exchange.sealing import CannotOpen, passphrases, unlocks
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.sealing.unlocks import Cost
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Area, Organisation, Principal, RememberedDevice, Unlock

STANDARD_MEMORY_KIB = unlocks.STANDARD.memory_kib
"""What one try at a passphrase costs in memory, in KiB, unless the operator chooses otherwise."""

SURE = "If you are sure of both, what is stored for you may be damaged: tell your administrator."
WRONG = {
    "passphrase": f"The e-mail address or the passphrase is not right. {SURE}",
    "recovery": f"The e-mail address or the recovery code is not right. {SURE}",
}
"""What a wrong secret is refused with, by its kind. It does not say which of the two was wrong.

Where what is stored is damaged it says the same, because a stranger may be guessing addresses.
"""

REASONS: Mapping[str, security_log.Reason] = {
    "passphrase": "wrong_passphrase",
    "recovery": "wrong_recovery_code",
}
"""What the security log says of a wrong secret, by its kind."""

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
    browser: Browser = UNKNOWN,
    demo: bool = False,
    now: datetime | None = None,
    memory_kib: int = STANDARD_MEMORY_KIB,
) -> SignedIn:
    """Sign in with a passphrase.

    Args:
        email: the e-mail address as it was typed.
        passphrase: the passphrase as it was typed.
        address: the network address from which the request comes.
        browser: the browser.
        demo: whether this is the demo's own installation. Only there a sample area asks for no second factor.
        memory_kib: what a try costs today. A try at an unknown account costs as much, so that its duration does not
            tell that it is unknown, and a key that was wrapped at another cost is wrapped anew.

    Returns:
        A full session for a browser that needs no code and in the demo's sample area, otherwise a half session.

    Raises:
        Refused: the address or the passphrase is wrong. An unknown account gets the same answers.
        TooManyTries: there were too many tries at the account, or from the network address.
        Busy: every place for passphrase work is taken. The try was not counted.
    """
    return _sign_in(
        db=db,
        kind="passphrase",
        secret=passphrase[: passphrases.LONGEST],
        email=email,
        address=address,
        browser=browser,
        demo=demo,
        now=now or utc_now(),
        memory_kib=memory_kib,
    )


def give_recovery_code(
    *,
    db: Database,
    email: str,
    code: str,
    address: str,
    browser: Browser = UNKNOWN,
    demo: bool = False,
    now: datetime | None = None,
    memory_kib: int = STANDARD_MEMORY_KIB,
) -> SignedIn:
    """Sign in with a recovery code in place of a forgotten passphrase. The second factor is always asked for.

    Args:
        email: the e-mail address as it was typed.
        code: the recovery code as it was typed.
        address: the network address from which the request comes.
        browser: the browser. It has its place and its count, but it needs a code even if it is remembered.
        demo: as for `give_passphrase`.
        memory_kib: as for `give_passphrase`.

    Returns:
        A full session in the demo's sample area, otherwise a half session.

    Raises:
        Refused: as for `give_passphrase`.
        TooManyTries: as for `give_passphrase`.
        Busy: as for `give_passphrase`.
    """
    return _sign_in(
        db=db,
        kind="recovery",
        secret=passphrases.normalise(code[:200]),
        email=email,
        address=address,
        browser=browser,
        demo=demo,
        now=now or utc_now(),
        memory_kib=memory_kib,
    )


@dataclass(frozen=True)
class _Account:
    """An account that somebody tries to sign in to.

    Attributes:
        sample: whether it belongs to a sample area.
        unlock: its key, wrapped under the kind of secret that was typed; None if it has no such secret.
        device_id: the browser's row, if the person has signed in with it before.
        device: the same row.
    """

    principal: Principal
    sample: bool
    unlock: Unlock | None
    device_id: UUID | None
    device: RememberedDevice | None


def _sign_in(
    *,
    db: Database,
    kind: Kind,
    secret: str,
    email: str,
    address: str,
    browser: Browser,
    demo: bool,
    now: datetime,
    memory_kib: int,
) -> SignedIn:
    email = looked_up(email)
    with db.read() as session:
        account = _account(session, email=email, kind=kind, browser=browser, now=now)
        asker = Asker(email, throttling.source_of(address), account.device_id if account else None)
        throttling.ask(session, asker=asker, now=now)
    with _place(account, asker, memory_kib):
        with db.write() as session:
            principal = account.principal if account else None
            charge = throttling.charge(session, asker=asker, principal=principal, now=now)
        if account is None or account.unlock is None:
            unlocks.waste(secret, cost=cost_of(memory_kib))
            principal_id = account.principal.id if account else None
            security_log.note("sign_in.refused", reason=REASONS[kind], principal_id=principal_id)
            raise Refused(WRONG[kind])
        try:
            seed = unlocks.unwrap(account.unlock.wrapped, secret, use=unlock_use(account.principal.id))
        except CannotOpen:
            _waste_the_rest(account.unlock, secret, memory_kib)
            if is_broken(account.unlock):
                security_log.note(
                    "stored_piece.tampered", reason="signature", principal_id=account.principal.id
                )
                if account.device_id is not None:
                    raise Refused(BROKEN_UNLOCK) from None
            security_log.note("sign_in.refused", reason=REASONS[kind], principal_id=account.principal.id)
            raise Refused(WRONG[kind]) from None
        wrapped_anew = _wrap_anew(account.unlock, secret, seed, memory_kib)
    pair = KeyPair.from_seed(seed)
    remembered = devices.needs_no_code(account.device, browser=browser, pair=pair, now=now)
    needs_no_code = (demo and account.sample) or (remembered and kind == "passphrase")
    with db.write() as session:
        principal = session.get_one(Principal, account.principal.id, with_for_update=True)
        unlock = session.get(Unlock, account.unlock.id)
        if unlock is None or principal.removed_at is not None:
            raise Refused(WRONG[kind])  # it was changed during the try
        unlock.used_at = now
        unlock.wrapped = wrapped_anew or unlock.wrapped
        throttling.give_back(session, charge=charge, now=now)
        if needs_no_code:
            return complete(session, principal=principal, seed=seed, now=now, by=kind, browser=browser)
        cookie, ends_at = sessions.begin(
            session,
            principal_id=principal.id,
            seed=seed,
            stage="half",
            now=now,
            browser=browser,
            device_id=account.device_id,
        )
        set_up = principal.second_factor_confirmed_at is None
        return SignedIn(cookie=cookie, stage="half", ends_at=ends_at, set_up=set_up)


@contextmanager
def _place(account: _Account | None, asker: Asker, memory_kib: int) -> Iterator[None]:
    """A place for a try. Nothing about it depends on the account, unless the browser is known to its person."""
    if account is not None and account.device_id is not None:
        with place_for(account.principal.id, kib=memory_kib):
            yield
    else:
        with place_for_stranger(asker.source or "", kib=memory_kib):
            yield


def _waste_the_rest(unlock: Unlock, secret: str, memory_kib: int) -> None:
    """Do the work that a try costs today beyond what it cost when the key was wrapped."""
    try:
        short = memory_kib - unlocks.cost_of(unlock.wrapped).memory_kib
    except CannotOpen:
        short = memory_kib
    if short >= unlocks.LEAST_MEMORY_KIB:
        unlocks.waste(secret, cost=cost_of(short))


def _wrap_anew(unlock: Unlock, secret: str, seed: bytes, memory_kib: int) -> str | None:
    """The key wrapped at today's cost; None if it is."""
    if unlocks.cost_of(unlock.wrapped) == cost_of(memory_kib):
        return None
    return unlocks.wrap(seed, secret, cost=cost_of(memory_kib), use=unlock_use(unlock.principal_id))


def complete(
    session: Session,
    *,
    principal: Principal,
    seed: bytes,
    now: datetime,
    by: str,
    browser: Browser = UNKNOWN,
    no_code: bool = False,
    proof: Proof | None = None,
    kind: str = "session.signed_in",
) -> SignedIn:
    """Begin a full session in the transaction of the action, and write the event.

    Args:
        principal: who signs in.
        seed: the seed of their key pair, 32 bytes.
        by: what completed the sign-in, for the event: `passphrase`, `recovery`, `code` or `backup_code`.
        browser: the browser, which is known from now on.
        no_code: whether it needs no second factor for 14 days.
        proof: as for `sessions.begin`.
        kind: the event's kind, if signing in is part of another action.
    """
    device_id, cookie_of_browser = devices.remember(
        session,
        principal_id=principal.id,
        pair=KeyPair.from_seed(seed),
        browser=browser,
        no_code=no_code,
        now=now,
    )
    throttling.clear(session, email=principal.email, device_id=device_id)
    cookie, ends_at = sessions.begin(
        session,
        principal_id=principal.id,
        seed=seed,
        stage="full",
        now=now,
        browser=browser,
        device_id=device_id,
        proof=proof,
    )
    choose_passphrase = came_by_recovery(session, principal.id)
    note_by(session, principal, kind, by=by)
    return SignedIn(
        cookie=cookie,
        stage="full",
        ends_at=ends_at,
        choose_passphrase=choose_passphrase,
        known=cookie_of_browser,
    )


def came_by_recovery(session: Session, principal_id: UUID) -> bool:
    """Whether the recovery code was used after the passphrase was chosen. Then a new passphrase is due."""
    by_person = session.scalars(select(Unlock).where(Unlock.principal_id == principal_id)).all()
    latest = max(by_person, key=lambda unlock: unlock.used_at or unlock.created_at, default=None)
    return latest is not None and latest.kind == "recovery" and latest.used_at is not None


def _account(session: Session, *, email: str, kind: Kind, browser: Browser, now: datetime) -> _Account | None:
    """The account of an e-mail address; None if it is unknown. The same queries run in both cases."""
    principal = session.scalar(
        select(Principal).where(Principal.email == email, Principal.removed_at.is_(None))
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
    device = devices.known(session, principal_id=looked_up.id, browser=browser, now=now)
    if principal is None:
        return None
    return _Account(
        principal=principal,
        sample=bool(sample),
        unlock=unlock,
        device_id=device.id if device else None,
        device=device,
    )
