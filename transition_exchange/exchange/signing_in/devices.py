"""Browsers with which somebody has signed in before.

Such a browser has a place of its own when many sign in, and counts its wrong passphrases and codes by itself, so that
strangers keep nobody out. If its person asked for that, it needs no second factor for 14 days.

A browser keeps a token for each person who has signed in with it. Every full sign-in makes a new one, so nobody can
know a token beforehand.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from transition_exchange.sealing import CannotOpen, personal
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.store.base import CLOCKS_DIFFER
from transition_exchange.store.models import RememberedDevice
from transition_exchange.store.tokens import new_token, token_digest

KNOWN_FOR = timedelta(days=90)
"""A browser is forgotten so long after its person last signed in with it."""

REMEMBERED_FOR = timedelta(days=14)
"""How long a browser needs no second factor, if its person asked for that."""

MOST_PEOPLE_OF_A_BROWSER = 4
"""Colleagues who share a computer are all known; a cookie does not grow without end."""

MOST_OF_A_PERSON = 20
"""The browsers of one person that are known; the one that was not used for the longest time is forgotten first."""

_BETWEEN, _PROOF = ".", "~"


@dataclass(frozen=True)
class Browser:
    """The browser of somebody who signs in.

    Attributes:
        known: its cookie with the tokens of people who have signed in with it; empty if it has none.
        session: its session cookie until now; empty if it has none. That session ends when another begins.
        words: what it is in a few fixed words, such as "Firefox on Windows"; empty if nobody says.
    """

    known: str = field(default="", repr=False)
    session: str = field(default="", repr=False)
    words: str = ""


UNKNOWN = Browser()
"""A browser of which nothing is known."""


def known(
    session: Session, *, principal_id: UUID, browser: Browser, now: datetime
) -> RememberedDevice | None:
    """The row of a browser with which this person has signed in before; None if it is new to them."""
    digests = [token_digest(_parted(entry)[0]) for entry in _tokens(browser.known)]
    return session.scalar(
        select(RememberedDevice)
        .where(
            RememberedDevice.token_digest.in_(digests),
            RememberedDevice.principal_id == principal_id,
            RememberedDevice.expires_at > now,
            RememberedDevice.expires_at <= now + KNOWN_FOR + CLOCKS_DIFFER,
        )
        .limit(1)
    )


def needs_no_code(device: RememberedDevice | None, *, browser: Browser, pair: KeyPair, now: datetime) -> bool:
    """Whether a browser needs no second factor now. It is asked after the passphrase was right.

    The row says so, and so does what the person's own key sealed for this browser. So nobody who puts a row into the
    database, or makes one last longer, is spared the code.

    Args:
        device: the row of the browser.
        browser: the browser, whose cookie holds what was sealed.
        pair: the person's own key pair.
    """
    if device is None or device.no_code_until is None:
        return False
    if not now < device.no_code_until <= now + REMEMBERED_FOR + CLOCKS_DIFFER:
        return False
    for token, _, proof in map(_parted, _tokens(browser.known)):
        if token_digest(token) == device.token_digest:
            try:
                sealed = base64.b64decode(proof + "=" * (-len(proof) % 4), altchars=b"-_", validate=True)
                said = personal.open(pair, sealed, use=no_code_use(device.principal_id, device.token_digest))
            except (CannotOpen, ValueError):
                return False
            return said.decode() == _moment(device.no_code_until)
    return False


def no_code_use(principal_id: UUID, digest: str) -> str:
    """The use of what a person's own key seals for a browser that needs no second factor."""
    return f"no code {principal_id} {digest}"


def remember(
    session: Session, *, principal_id: UUID, pair: KeyPair, browser: Browser, no_code: bool, now: datetime
) -> tuple[UUID, str]:
    """Remember the browser of somebody who has just signed in fully, in the transaction of the action.

    Args:
        pair: the person's own key pair.
        no_code: whether it needs no second factor for 14 days from now. If it needs none already, that goes on.

    Returns:
        The id of its row, and the new value of its cookie. Only digests of the tokens are stored.
    """
    device = known(session, principal_id=principal_id, browser=browser, now=now)
    goes_on = needs_no_code(device, browser=browser, pair=pair, now=now)
    token = new_token()
    replaced = device.token_digest if device is not None else None
    if device is None:
        _forget_oldest(session, principal_id)
        device = RememberedDevice(id=uuid4(), principal_id=principal_id, created_at=now, failures=0)
        session.add(device)
    device.token_digest = token_digest(token)
    device.last_used_at, device.expires_at = now, now + KNOWN_FOR
    device.browser = browser.words
    if no_code:
        device.no_code_until = now + REMEMBERED_FOR
    elif not goes_on:
        device.no_code_until = None
    entry = token
    if device.no_code_until is not None:
        use = no_code_use(principal_id, device.token_digest)
        sealed = personal.seal(pair, _moment(device.no_code_until).encode(), use=use)
        entry += _PROOF + base64.urlsafe_b64encode(sealed).decode().rstrip("=")
    session.flush()
    others = [other for other in _tokens(browser.known) if token_digest(_parted(other)[0]) != replaced]
    return device.id, _BETWEEN.join([*others, entry][-MOST_PEOPLE_OF_A_BROWSER:])


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _parted(entry: str) -> tuple[str, str, str]:
    return entry.partition(_PROOF)


def _tokens(cookie: str) -> list[str]:
    """The entries of the cookie: each a token, with what was sealed for this browser if it needs no code."""
    tokens = [token for token in cookie.split(_BETWEEN) if token.isascii() and 0 < len(token) <= 200]
    return tokens[-MOST_PEOPLE_OF_A_BROWSER:]


def _forget_oldest(session: Session, principal_id: UUID) -> None:
    ids = session.scalars(
        select(RememberedDevice.id)
        .where(RememberedDevice.principal_id == principal_id)
        .order_by(RememberedDevice.last_used_at.desc())
        .offset(MOST_OF_A_PERSON - 1)
    ).all()
    session.execute(delete(RememberedDevice).where(RememberedDevice.id.in_(ids)))
