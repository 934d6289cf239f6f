"""Slowing down guesses: for an account by waits and then a lock, for a network address only by a short delay.

Every try is counted before its passphrase is checked, so that tries at the same moment all count. Tries at an unknown
account are counted in the same way, under the digest of its e-mail address, so the answers don't tell that it is
unknown.
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
"""Failures of an account before it has to wait."""

LOCK_AFTER = 10
"""Failures of an account after which it is locked for `LOCKED_FOR`."""

LOCKED_FOR = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)
"""An account's failures are forgotten after so long without another."""

FREE_TRIES_OF_AN_ADDRESS = 20
"""Failures of a network address before its answers are delayed."""

ADDRESS_FORGOTTEN_AFTER = timedelta(minutes=15)
"""A network address's failures are forgotten after so long without another."""

LONGEST_DELAY = 3.0
"""The longest delay of an answer, in seconds."""


@dataclass(frozen=True)
class Charge:
    """A try that was counted.

    Attributes:
        address_digest: the digest under which the network address's failures are counted.
        delay: how long to delay the answer because of the network address, in seconds.
        failures: the account's failures before this try.
        last_failure_at: when the last of them was; None if there was none.
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
    """Count a try at signing in, before the secret is checked.

    Args:
        email: the e-mail address that was typed.
        principal: the account with this address; None if it is unknown.
        address: the network address from which the request comes.
        known_device: whether the account's person is remembered on the device. Then it need not wait.

    Raises:
        Refused: the account has to wait. This try is not counted.
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
    slowdown = _row(session, _digest("address", address), now)
    if now - slowdown.last_failure_at > ADDRESS_FORGOTTEN_AFTER:
        slowdown.failures = 0
    slowdown.failures, slowdown.last_failure_at = slowdown.failures + 1, now
    return Charge(
        address_digest=slowdown.address_digest,
        delay=min(LONGEST_DELAY, 0.25 * max(0, slowdown.failures - FREE_TRIES_OF_AN_ADDRESS)),
        failures=failures,
        last_failure_at=last,
    )


def give_back(session: Session, *, charge: Charge, principal: Principal) -> None:
    """Take back a counted try because the secret was right."""
    principal.failures = max(0, principal.failures - 1)
    if (
        principal.failures <= charge.failures
    ):  # no other try failed, so the wait runs from the earlier failure
        principal.last_failure_at = charge.last_failure_at
    slowdown = session.get(AddressSlowdown, charge.address_digest)
    if slowdown is not None:
        slowdown.failures = max(0, slowdown.failures - 1)


def clear(principal: Principal) -> None:
    """Reset the failure count after a full sign-in."""
    principal.failures, principal.last_failure_at, principal.locked_until = 0, None, None


def refuse_early(failures: int, last: datetime, now: datetime) -> None:
    """Refuse a try that comes before the account's wait is over.

    Args:
        failures: the account's failures.
        last: when the last of them was.

    Raises:
        Refused: the wait is not over; the message says how long it still takes.
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
