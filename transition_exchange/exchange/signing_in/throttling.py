"""Slowing down guesses: an account's wrong tries lead to waits and then to a lock, a network address's to short waits.

Every try is counted before its secret is checked, so that tries at the same moment all count. Tries at an unknown
account are counted in the same rows, under the keyed digest of its e-mail address, so the answers don't tell that it is
unknown. Nobody is kept waiting: a try that comes too early is refused, with the seconds to wait.

A browser with which the person has signed in before has a count of its own. So strangers who guess at an account slow
down each other and lock each other out, and never its owner.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from math import ceil
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from transition_exchange import security_log
from transition_exchange.exchange.actor import note_by
from transition_exchange.exchange.email_addresses import looked_up
from transition_exchange.exchange.errors import TooManyTries
from transition_exchange.store.base import CLOCKS_DIFFER
from transition_exchange.store.inserting import insert_or_ignore
from transition_exchange.store.keyed_digests import keyed_digest
from transition_exchange.store.models import AddressSlowdown, Principal, RememberedDevice

FREE_TRIES = 4
"""Failures of an account before it has to wait."""

LOCK_AFTER = 10
"""Failures of an account after which it is locked for `LOCKED_FOR`."""

LOCKED_FOR = timedelta(minutes=15)
"""How long a lock lasts. Half of the failures are forgotten after so long without another.

So a lock that has run out leaves five failures: another lock takes five more within a quarter of an hour, and one wrong
try every now and then never leads to one.
"""

FREE_TRIES_OF_AN_ADDRESS = 20
"""Failures of a network address before it has to wait."""

ADDRESS_FORGOTTEN_AFTER = timedelta(minutes=15)
"""A network address's failures are forgotten after so long without another."""

LONGEST_WAIT_OF_AN_ADDRESS = timedelta(seconds=3)
"""A college sits behind one address: whoever guesses there must not shut the others out."""

MOST_COUNTED = 10_000
"""Beyond this, one failure more makes no difference. A column holds no number without an end."""

Counter = AddressSlowdown | RememberedDevice
"""A row that counts failures."""


@dataclass(frozen=True)
class Asker:
    """Who asks to sign in.

    Attributes:
        email: the e-mail address that was typed.
        source: the network address from which the request comes, as `source_of` gives it; None for a code, which only
            somebody can try who has given the passphrase.
        device_id: the browser, if the person has signed in with it before. Then only its own failures count.
    """

    email: str
    source: str | None = None
    device_id: UUID | None = None


@dataclass(frozen=True)
class Charge:
    """A try that was counted.

    Attributes:
        failures: the failures that still counted before it.
        before: what the row said before it: the failures, and when the last of them was.
    """

    asker: Asker
    failures: int
    before: tuple[int, datetime | None]


def source_of(address: str) -> str:
    """Whom a network address stands for: an IPv4 address itself, otherwise its IPv6 network of 64 bits.

    One customer of a provider has a whole network of that size, so single addresses in it say nothing.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else f"{IPv6Address(int(parsed) >> 64 << 64)}/64"
    return str(parsed)


def ask(session: Session, *, asker: Asker, now: datetime) -> None:
    """Ask whether a try may be made now. Nothing is counted.

    Raises:
        TooManyTries: the account, the browser or the network address has to wait.
    """
    if asker.device_id is not None:
        device = session.get(RememberedDevice, asker.device_id)
        if device is not None:
            _refuse_early(_wait(device, now))
        return
    account = _account(session, asker.email)
    address = _address(session, asker.source) if asker.source is not None else ""
    query = select(AddressSlowdown).where(AddressSlowdown.address_digest.in_((account, address)))
    rows = {row.address_digest: row for row in session.scalars(query)}
    _refuse_early(max(_wait(rows.get(account), now), _wait_of_address(rows.get(address), now)))


def charge(session: Session, *, asker: Asker, principal: Principal | None, now: datetime) -> Charge:
    """Count a try, before the secret is checked.

    Args:
        principal: the account with the e-mail address; None if it is unknown.

    Raises:
        TooManyTries: as for `ask`. This try is not counted.
    """
    counter = _counter(session, asker, now)
    ask(session, asker=asker, now=now)
    failures, before = _left(counter, now), (counter.failures, counter.last_failure_at)
    counter.failures, counter.last_failure_at = min(failures, MOST_COUNTED) + 1, now
    if asker.device_id is None and asker.source is not None:
        address = _row(session, _address(session, asker.source), now)
        if now - address.last_failure_at > ADDRESS_FORGOTTEN_AFTER:
            address.failures = 0
        address.failures, address.last_failure_at = min(address.failures, MOST_COUNTED) + 1, now
    if principal is not None and counter.failures == LOCK_AFTER:
        note_by(session, principal, "account.locked")
    return Charge(asker=asker, failures=failures, before=before)


def give_back(session: Session, *, charge: Charge, now: datetime) -> None:
    """Take back a counted try because the secret was right."""
    counter = _counter(session, charge.asker, now)
    failures, last = charge.before
    if counter.failures <= charge.failures + 1 and last is not None:
        counter.failures, counter.last_failure_at = failures, last  # no other try failed meanwhile
    else:
        counter.failures = max(0, counter.failures - 1)
    if charge.asker.device_id is None and charge.asker.source is not None:
        address = _row(session, _address(session, charge.asker.source), now)
        address.failures = max(0, address.failures - 1)


def clear(session: Session, *, email: str, device_id: UUID | None) -> None:
    """Reset the failures of an account, and of the browser, after a full sign-in."""
    counters: list[Counter | None] = [session.get(AddressSlowdown, _account(session, email))]
    if device_id is not None:
        counters.append(session.get(RememberedDevice, device_id))
    for counter in counters:
        if counter is not None:
            counter.failures = 0


def failures_of(session: Session, *, email: str, now: datetime) -> int:
    """The failures of an account that still count, those from known browsers apart."""
    row = session.get(AddressSlowdown, _account(session, email))
    return _left(row, now) if row is not None else 0


def _counter(session: Session, asker: Asker, now: datetime) -> Counter:
    """The row that counts the failures of an account or of a known browser, locked."""
    if asker.device_id is not None:
        query = select(RememberedDevice).where(RememberedDevice.id == asker.device_id).with_for_update()
        device = session.scalars(query).one_or_none()
        if device is not None:
            return device
    return _row(session, _account(session, asker.email), now)


def _left(counter: Counter, now: datetime) -> int:
    if counter.last_failure_at is None or _is_to_come(counter.last_failure_at, now):
        return 0
    return int(counter.failures) >> max(0, min(60, (now - counter.last_failure_at) // LOCKED_FOR))


def _wait(counter: Counter | None, now: datetime) -> timedelta:
    """How long an account or a known browser still has to wait."""
    if counter is None or counter.last_failure_at is None:
        return timedelta()
    failures = _left(counter, now)
    if failures >= LOCK_AFTER:
        return counter.last_failure_at + LOCKED_FOR - now
    if failures > FREE_TRIES:
        return counter.last_failure_at + timedelta(seconds=2 ** (failures - FREE_TRIES)) - now
    return timedelta()


def _wait_of_address(counter: AddressSlowdown | None, now: datetime) -> timedelta:
    if counter is None or now - counter.last_failure_at > ADDRESS_FORGOTTEN_AFTER:
        return timedelta()
    if _is_to_come(counter.last_failure_at, now):
        return timedelta()
    over = max(0, counter.failures - FREE_TRIES_OF_AN_ADDRESS)
    return counter.last_failure_at + min(LONGEST_WAIT_OF_AN_ADDRESS, timedelta(seconds=over)) - now


def _is_to_come(last: datetime, now: datetime) -> bool:
    """Whether a failure lies in the future by more than clocks differ. Nobody made it, and it would lock for ever."""
    return last - now > CLOCKS_DIFFER


def _refuse_early(wait: timedelta) -> None:
    seconds = ceil(wait.total_seconds())
    if seconds <= 0:
        return
    words = f"{seconds} seconds" if seconds < 100 else f"{ceil(seconds / 60)} minutes"
    if seconds == 1:
        words = "1 second"
    security_log.note_flood("sign_in.refused", reason="throttled")
    raise TooManyTries(f"There were too many tries. Wait {words} and try again.", retry_after=seconds)


def _row(session: Session, digest: str, now: datetime) -> AddressSlowdown:
    insert_or_ignore(
        session,
        AddressSlowdown,
        key="address_digest",
        values={"address_digest": digest, "failures": 0, "last_failure_at": now},
    )
    of_digest = AddressSlowdown.address_digest == digest
    row = session.scalars(select(AddressSlowdown).where(of_digest).with_for_update()).one_or_none()
    if row is None:  # it cannot be read, and its owner could never sign in again
        session.execute(delete(AddressSlowdown).where(of_digest))
        row = AddressSlowdown(address_digest=digest, failures=0, last_failure_at=now)
        session.add(row)
    return row


def _account(session: Session, email: str) -> str:
    return keyed_digest(session, f"account {looked_up(email)}")


def _address(session: Session, source: str) -> str:
    return keyed_digest(session, f"address {source.strip().lower()}")
