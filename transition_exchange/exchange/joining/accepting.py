"""Joining: a newcomer opens the link, gives the spoken code and chooses a passphrase; and is in at once.

Their session makes the keys of the teams whose first member they are, and signs for those teams which NEET group key
to believe. Somebody who has an account already joins further teams while signed in.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.errors import NotFound, NotReady, Refused
from transition_exchange.exchange.joining.bundles import Bundle
from transition_exchange.exchange.joining.invitations import checked_name
from transition_exchange.exchange.joining.memberships import Entry
from transition_exchange.exchange.keys.personal import invitation_use, unlock_use
from transition_exchange.exchange.signing_in import sessions
from transition_exchange.exchange.signing_in.credentials import STANDARD_MEMORY_KIB, cost_of
from transition_exchange.exchange.signing_in.recovery import require_strong
from transition_exchange.exchange.signing_in.sessions import SignedIn
from transition_exchange.sealing import CannotOpen, passphrases, unlocks
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.store import events
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import (
    Area,
    Invitation,
    Organisation,
    Principal,
    Team,
    Unlock,
)

MOST_WRONG_CODES = 10
GONE = "This link has run out or was used already. Ask whoever invited you for a new one."
WRONG_CODE = "These are not the five words. Ask for them again: capitals and hyphens don't matter."


@dataclass(frozen=True)
class Welcome:
    """What the page behind the link shows.

    Attributes:
        completed: whether somebody has made the spoken code; until then the link cannot be used.
        has_account: whether the person should sign in first, and join from there.
    """

    invitation_id: UUID
    organisation_name: str
    area_name: str
    name: str
    email: str
    teams: tuple[str, ...]
    administrator: bool
    completed: bool
    has_account: bool


def look_up(*, db: Database, token: str, now: datetime | None = None) -> Welcome:
    """The invitation behind a link.

    Raises:
        NotFound: the link was never one, was used, was replaced by a newer one, or has run out.
    """
    with db.read() as session:
        row = _invitation(session, token, now or utc_now())
        organisation = session.get_one(Organisation, row.organisation_id)
        area = session.get_one(Area, organisation.area_id)
        teams = [session.get(Team, UUID(each)) for each in row.team_ids]
        account = session.scalar(select(Principal.id).where(Principal.email == row.email))
        return Welcome(
            invitation_id=row.id,
            organisation_name=organisation.name,
            area_name=area.name,
            name=row.name or "",
            email=row.email or "",
            teams=tuple(team.name for team in teams if team is not None),
            administrator=row.administrator,
            completed=row.bundle is not None,
            has_account=account is not None,
        )


def accept(
    *,
    db: Database,
    token: str,
    spoken_code: str,
    name: str,
    passphrase: str,
    now: datetime | None = None,
    memory_kib: int = STANDARD_MEMORY_KIB,
) -> SignedIn:
    """Join as somebody new.

    Returns:
        A half session in which the second factor is set up; a full one in a sample area.

    Raises:
        NotFound: the link is none, or no longer.
        NotReady: nobody in the team has completed the invitation yet.
        Refused: the code is wrong, the passphrase too easily guessed, the name missing, or there is an account.
        Tampered: a team's published key is not the one in the invitation.
    """
    now = now or utc_now()
    with db.read() as session:
        found = _found(session, token, now)
        if session.scalar(select(Principal.id).where(Principal.email == found.row.email)) is not None:
            raise Refused("You have an account already. Sign in, then open the link again.")
    name = checked_name(name)
    require_strong(passphrase, name, found.row.email or "", found.organisation.name)
    bundle = _unwrap(db, found, spoken_code, now)
    pair, principal_id = KeyPair.generate(), uuid4()
    wrapped = unlocks.wrap(pair.seed, passphrase, cost=cost_of(memory_kib), use=unlock_use(principal_id))
    principal = Principal(
        id=principal_id,
        kind="person",
        organisation_id=found.organisation.id,
        name=name,
        email=found.row.email,
        kem_public=pair.public,
        administrator=found.row.administrator,
        created_at=now,
        failures=0,
    )
    entry = Entry.prepare(db, found.row, bundle, principal_id, pair, now)
    with db.write() as session:
        row = _claim(session, found.row.id, principal, now)
        session.add(principal)
        session.add(
            Unlock(principal_id=principal.id, kind="passphrase", wrapped=wrapped, created_at=now, used_at=now)
        )
        session.flush()
        entry.store(session, row, now)
        signed_in = _begin(session, principal, pair, found.sample, now)
        entry.append_events(session, principal, row)
    return signed_in


def join_more(
    *, db: Database, cookie: str, token: str, spoken_code: str, now: datetime | None = None
) -> None:
    """Join further teams of one's organisation, signed in.

    Raises:
        NotAllowed: the session has ended.
        NotFound: the link is none, no longer, or somebody else's.
        NotReady: nobody in the team has completed the invitation yet.
        Refused: the code is wrong.
        Tampered: a team's published key is not the one in the invitation.
    """
    now = now or utc_now()
    with db.read() as session:
        current = sessions.open_session(session, cookie=cookie, now=now, stages=("full",))
        found = _found(session, token, now)
    principal = current.principal
    if found.row.email != principal.email or found.row.organisation_id != principal.organisation_id:
        raise NotFound("This invitation is for somebody else, or for another organisation.")
    bundle = _unwrap(db, found, spoken_code, now)
    entry = Entry.prepare(db, found.row, bundle, principal.id, current.pair, now)
    with db.write() as session:
        row = _claim(session, found.row.id, principal, now)
        own = session.get_one(Principal, principal.id)
        own.administrator = own.administrator or row.administrator
        entry.store(session, row, now)
        entry.append_events(session, own, row)


def digest_of_link(token: str) -> str:
    """What is stored of a link's token: its SHA-256, in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True)
class _Found:
    row: Invitation
    organisation: Organisation
    sample: bool


def _invitation(session: Session, token: str, now: datetime) -> Invitation:
    row = session.scalar(select(Invitation).where(Invitation.link_digest == digest_of_link(token)))
    if row is None or row.accepted_at is not None or row.cancelled_at is not None or row.expires_at <= now:
        raise NotFound(GONE)
    return row


def _found(session: Session, token: str, now: datetime) -> _Found:
    row = _invitation(session, token, now)
    if row.bundle is None:
        raise NotReady(
            "Your invitation is not finished yet: somebody in the team still has to make your code."
        )
    organisation = session.get_one(Organisation, row.organisation_id)
    return _Found(row, organisation, session.get_one(Area, organisation.area_id).sample)


def _unwrap(db: Database, found: _Found, spoken_code: str, now: datetime) -> Bundle:
    """Open the bundle with the spoken code; the try is counted before it is looked at."""
    with db.write() as session:
        row = session.get_one(Invitation, found.row.id, with_for_update=True)
        row.failures += 1
        too_many = row.failures > MOST_WRONG_CODES
        if too_many and row.cancelled_at is None:
            row.cancelled_at, row.bundle, row.link_digest = now, None, None
            events.append(
                session,
                organisation_id=row.organisation_id,
                kind="invitation.locked",
                about={"invitation": row.id},
            )
    if too_many:
        raise NotFound(GONE)
    try:
        opened = unlocks.unwrap(
            found.row.bundle or "",
            passphrases.normalise(spoken_code[:200]),
            use=invitation_use(found.row.id),
        )
    except CannotOpen:
        raise Refused(WRONG_CODE, {"spoken_code": WRONG_CODE}) from None
    bundle = Bundle.from_bytes(opened)
    with db.read() as session:
        bundle.check(session)
    return bundle


def _claim(session: Session, invitation_id: UUID, principal: Principal, now: datetime) -> Invitation:
    """Use an invitation up, in the deed's own transaction; it works once."""
    row = session.get_one(Invitation, invitation_id, with_for_update=True)
    if row.accepted_at is not None or row.cancelled_at is not None:
        raise NotFound(GONE)
    row.accepted_at, row.accepted_principal_id = now, principal.id
    row.bundle, row.link_digest = None, None
    return row


def _begin(session: Session, principal: Principal, pair: KeyPair, sample: bool, now: datetime) -> SignedIn:
    stage: sessions.Stage = "full" if sample else "half"
    cookie, ends_at = sessions.begin(session, principal_id=principal.id, seed=pair.seed, stage=stage, now=now)
    return SignedIn(cookie=cookie, stage=stage, ends_at=ends_at, set_up=not sample)
