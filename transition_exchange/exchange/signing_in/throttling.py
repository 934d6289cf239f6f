"""How guessing is slowed: an account by waiting and then a lock, an address by a short delay, never by a lock.

Every try is counted before its passphrase is looked at, so that many at once are many. Whether an account exists
makes no difference: tries at an address nobody has are counted in the same way, under its digest.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import note_by
from transition_exchange.exchange.errors import Refused
from transition_exchange.store.inserting import insert_or_ignore
from transition_exchange.store.models import AddressSlowdown, Principal

FREE_TRIES = 4
LOCK_AFTER = 10
LOCKED_FOR = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)
FREE_TRIES_OF_AN_ADDRESS = 20
ADDRESS_FORGOTTEN_AFTER = timedelta(minutes=15)
LONGEST_DELAY = 3.0


@dataclass(frozen=True)
class Charge:
    """A try that was counted.

    Attributes:
        delay: seconds by which the answer is held back, for the address it came from.
        failures: how many there were before it, and `last_failure_at` when the last of them was.
    """

    address_digest: str
    delay: float
    failures: int
    last_failure_at: datetime | None


def charge(
    session: Session,
    *,
    email: str,
    principal: Principal | None,
    address: str,
    known_device: bool,
    now: datetime,
) -> Charge:
    """Count a try at signing in, before looking at what was typed.

    Raises:
        Refused: the account has to wait, and the device is not known; this try is not counted.
    """
    counted = principal or _row(session, _digest("account", email), now)
    failures, last = counted.failures, counted.last_failure_at
    if last is None or now - last > FORGOTTEN_AFTER:
        failures = 0
    elif not known_device:
        refuse_early(failures, last, now)
    counted.failures, counted.last_failure_at = failures + 1, now
    if principal is not None and principal.failures >= LOCK_AFTER:
        principal.locked_until = now + LOCKED_FOR
        if principal.failures == LOCK_AFTER:
            note_by(session, principal, "account.locked")
    place = _row(session, _digest("address", address), now)
    if now - place.last_failure_at > ADDRESS_FORGOTTEN_AFTER:
        place.failures = 0
    place.failures, place.last_failure_at = place.failures + 1, now
    return Charge(
        address_digest=place.address_digest,
        delay=min(LONGEST_DELAY, 0.25 * max(0, place.failures - FREE_TRIES_OF_AN_ADDRESS)),
        failures=failures,
        last_failure_at=last,
    )


def give_back(session: Session, *, charge: Charge, principal: Principal) -> None:
    """Take back a counted try: it was right."""
    principal.failures = max(0, principal.failures - 1)
    if (
        principal.failures <= charge.failures
    ):  # nobody failed meanwhile: the wait counts from where it did before
        principal.last_failure_at = charge.last_failure_at
    place = session.get(AddressSlowdown, charge.address_digest)
    if place is not None:
        place.failures = max(0, place.failures - 1)


def clear(principal: Principal) -> None:
    """Forget an account's failures: somebody has signed in wholly."""
    principal.failures, principal.last_failure_at, principal.locked_until = 0, None, None


def refuse_early(failures: int, last: datetime, now: datetime) -> None:
    """Refuse a try that comes before the account's waiting time is over.

    Raises:
        Refused: with how long to wait.
    """
    if failures >= LOCK_AFTER:
        wait = last + LOCKED_FOR - now
    elif failures > FREE_TRIES:
        wait = last + timedelta(seconds=2 ** (failures - FREE_TRIES)) - now
    else:
        return
    seconds = ceil(wait.total_seconds())
    if seconds <= 0:
        return
    words = f"{seconds} seconds" if seconds < 100 else f"{ceil(seconds / 60)} minutes"
    raise Refused(f"There were too many tries. Wait {words} and try again.")


def _row(session: Session, digest: str, now: datetime) -> AddressSlowdown:
    insert_or_ignore(
        session,
        AddressSlowdown,
        key="address_digest",
        values={"address_digest": digest, "failures": 0, "last_failure_at": now},
    )
    return session.scalars(
        select(AddressSlowdown).where(AddressSlowdown.address_digest == digest).with_for_update()
    ).one()


def _digest(kind: str, text: str) -> str:
    return hashlib.sha256(f"{kind} {text.strip().lower()}".encode()).hexdigest()
