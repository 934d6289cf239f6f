"""A council that was just founded, and newcomers who join by its pages, with codes as their telephones would show."""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from tests.web.visitor import Page, Visitor
from transition_exchange.exchange.joining.founding import council_of, found
from transition_exchange.store.database import Database
from transition_exchange.store.models import Invitation
from transition_exchange.store.tokens import token_digest

PASSPHRASE = "harvest copper lantern violet meadow"
COST = 64


@dataclass(frozen=True)
class Invited:
    """What somebody who was invited has in hand."""

    link: str
    words: str
    email: str


def founded(db: Database, *, sample: bool = False) -> Invited:
    """Found an area; its council's first administrator has a link and five words."""
    council = council_of("Ashdown Council", home_education=False, la_code="372")
    made = found(
        db=db,
        area_name="Ashdown",
        council=council,
        name="Robin Marsh",
        email="robin@council.example",
        sample=sample,
        memory_kib=COST,
    )
    return Invited(f"/join/{made.link_token}", made.spoken_code, "robin@council.example")


def link_of(db: Database, invitation_id: UUID, token: str = "a-token-of-a-test") -> str:
    """The link of an invitation, as the e-mail would have it: made when the e-mail is sent."""
    with db.write() as session:
        session.get_one(Invitation, invitation_id).link_digest = token_digest(token)
    return f"/join/{token}"


def code_for(typed: str, *, ahead: int = 0) -> str:
    """The six figures that an app shows, some steps of 30 seconds ahead: no code works twice."""
    secret = base64.b32decode(typed.replace(" ", ""))
    totp = TOTP(secret, 6, SHA1(), 30, enforce_key_length=False)
    return totp.generate(int(time.time()) + 30 * ahead).decode()


def join(visitor: Visitor, invited: Invited) -> Page:
    """Join by the link, with the words and a passphrase."""
    return visitor.post(
        invited.link, {"spoken_code": invited.words, "name": "Robin Marsh", "passphrase": PASSPHRASE}
    )


def set_up(visitor: Visitor) -> str:
    """Set the second step up. Returns the app's secret as one would type it."""
    page = visitor.get("/account/set-up")
    typed = page.one(".te-code")
    done = visitor.post("/account/set-up", {"code": code_for(typed)})
    assert done.status == 303, done.errors
    return typed
