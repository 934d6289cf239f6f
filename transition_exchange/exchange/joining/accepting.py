"""Joining: a newcomer opens the link, gives the spoken code, chooses a passphrase and is a member at once.

Their session makes the keys of the teams whose first member they are. The invitation also says which NEET group key to
trust, and each of their memberships holds it. Somebody who already has an account joins further teams while signed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange import security_log
from transition_exchange.exchange.errors import NotFound, NotReady, Refused
from transition_exchange.exchange.joining.bundles import Bundle
from transition_exchange.exchange.joining.further_teams import for_account
from transition_exchange.exchange.joining.invitations import checked_name
from transition_exchange.exchange.joining.made_by import require_as_asked
from transition_exchange.exchange.joining.memberships import JoiningRows
from transition_exchange.exchange.joining.named_teams import invited_teams, require_brought
from transition_exchange.exchange.keys.personal import invitation_use, unlock_use
from transition_exchange.exchange.keys.remembering import remember, remember_councils
from transition_exchange.exchange.signing_in import sessions
from transition_exchange.exchange.signing_in.credentials import STANDARD_MEMORY_KIB, cost_of
from transition_exchange.exchange.signing_in.devices import UNKNOWN, Browser
from transition_exchange.exchange.signing_in.passphrase_work import place_for
from transition_exchange.exchange.signing_in.recovery import require_strong
from transition_exchange.exchange.signing_in.sessions import SignedIn
from transition_exchange.sealing import CannotOpen, passphrases, unlocks
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.store import events
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Area, Invitation, Organisation, Principal, Unlock
from transition_exchange.store.tokens import token_digest

MOST_WRONG_CODES = 10
"""Tries at the spoken code before the invitation is cancelled."""

GONE = "This link has expired or has already been used. Ask the person who invited you for a new one."
NOT_FOR_YOU = (
    "This invitation is for somebody else, or your account belongs to another organisation. One e-mail address belongs "
    "to one organisation here: ask whoever invited you to use another address of yours."
)
NO_CODE = "Type the five words."
WRONG_CODE = "These are not the right five words. Ask for them again. Capitals and hyphens don't matter."


@dataclass(frozen=True)
class Welcome:
    """What the page behind an invitation's link shows.

    Attributes:
        teams: the names of the teams that the person joins, as whoever invited them saw them.
        administrator: whether they become an administrator of the organisation.
        completed: whether the spoken code has been made. Until then nobody can join with the link.
        has_account: whether the person already has an account. Then they sign in first.
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

    Args:
        token: the end of the link.

    Raises:
        NotFound: the link is unknown, used, cancelled, replaced by a newer one or expired.
    """
    with db.read() as session:
        invitation = _invitation(session, token, now or utc_now())
        organisation = session.get_one(Organisation, invitation.organisation_id)
        area = session.get_one(Area, organisation.area_id)
        teams = invited_teams(session, invitation).values()
        account = session.scalar(select(Principal.id).where(Principal.email == invitation.email))
        return Welcome(
            invitation_id=invitation.id,
            organisation_name=next((team.organisation_name for team in teams), organisation.name),
            area_name=area.name,
            name=invitation.name or "",
            email=invitation.email or "",
            teams=tuple(team.name for team in teams),
            administrator=invitation.administrator,
            completed=invitation.bundle is not None,
            has_account=account is not None,
        )


def accept(
    *,
    db: Database,
    token: str,
    spoken_code: str,
    name: str,
    passphrase: str,
    browser: Browser = UNKNOWN,
    demo: bool = False,
    now: datetime | None = None,
    memory_kib: int = STANDARD_MEMORY_KIB,
) -> SignedIn:
    """Join as somebody who has no account yet.

    Args:
        token: the end of the link.
        spoken_code: the five words as they were typed.
        name: the person's name.
        passphrase: the passphrase that they chose.
        browser: the browser.
        demo: whether this is the demo's own installation. Only there a sample area asks for no second factor.

    Returns:
        A half session in which the second factor is set up; a full session in the demo's sample area.

    Raises:
        NotFound: the link is unknown, used or expired, or the spoken code was wrong too often.
        NotReady: nobody in the team has completed the invitation yet.
        Refused: the spoken code is wrong, the passphrase is too easy to guess, the name is missing, the person already
            has an account, or the invitation names no NEET group key to trust.
        Busy: every place for passphrase work is taken. The try was not counted.
        Tampered: a team's published key is not the one in the invitation, the invitation was changed after its words
            were made, or another version of the service made it.
    """
    now = now or utc_now()
    with db.read() as session:
        usable = _usable_invitation(session, token, now)
        invitation = usable.invitation
        if session.scalar(select(Principal.id).where(Principal.email == invitation.email)) is not None:
            raise Refused("You already have an account. Sign in, then open the link again.")
    name = checked_name(name)
    own = (name, invitation.name or "", invitation.email or "", usable.organisation.name)
    require_strong(passphrase, *own)
    pair, principal_id = KeyPair.generate(), uuid4()
    with place_for(invitation.id, kib=memory_kib):
        bundle = _unwrap(db=db, invitation=invitation, spoken_code=spoken_code, now=now)
        wrapped = unlocks.wrap(pair.seed, passphrase, cost=cost_of(memory_kib), use=unlock_use(principal_id))
    principal = Principal(
        id=principal_id,
        kind="person",
        organisation_id=usable.organisation.id,
        name=name,
        email=invitation.email,
        administrator=invitation.administrator,
        created_at=now,
    )
    joining = JoiningRows.prepare(
        db=db,
        invitation=invitation,
        bundle=bundle,
        principal_id=principal_id,
        name=name,
        pair=pair,
        now=now,
        has_account=False,
    )
    remember_councils(principal, pair, joining.councils, bundle.second)
    with db.write() as session:
        claimed = _claim(session, invitation_id=invitation.id, principal=principal, now=now)
        require_as_asked(claimed, asked=bundle.asked)
        session.add(principal)
        session.add(
            Unlock(principal_id=principal.id, kind="passphrase", wrapped=wrapped, created_at=now, used_at=now)
        )
        session.flush()
        joining.store(session, claimed, now)
        remember(session, principal=principal, pair=pair, now=now)
        signed_in = _begin(
            session,
            principal=principal,
            pair=pair,
            browser=browser,
            full=demo and usable.sample,
            now=now,
        )
        joining.note_joined(session, principal, claimed)
    return signed_in


def join_more(
    *, db: Database, cookie: str, token: str, spoken_code: str, now: datetime | None = None
) -> None:
    """Join further teams of the person's organisation while signed in.

    Args:
        cookie: the cookie of a full session.
        token: the end of the link.
        spoken_code: the five words as they were typed.

    Raises:
        NotAllowed: the session has ended.
        NotFound: the link is unknown, used or expired, or the spoken code was wrong too often.
        NotReady: nobody in the team has completed the invitation yet.
        Refused: the invitation is somebody else's or names no NEET group key to trust, or the spoken code is wrong.
        Busy: as for `accept`.
        Tampered: as for `accept`, or as for `for_account`.
    """
    now = now or utc_now()
    with db.read() as session:
        current = sessions.open_session(session, cookie=cookie, now=now, stages=("full",))
        invitation = _usable_invitation(session, token, now).invitation
    principal = current.principal
    if invitation.email != principal.email or invitation.organisation_id != principal.organisation_id:
        raise Refused(NOT_FOR_YOU)
    with place_for(invitation.id):
        bundle = _unwrap(db=db, invitation=invitation, spoken_code=spoken_code, now=now, by=principal.id)
    with db.read() as session:
        bundle = for_account(session, bundle=bundle, current=current)
    joining = JoiningRows.prepare(
        db=db,
        invitation=invitation,
        bundle=bundle,
        principal_id=principal.id,
        name=invitation.name or "",
        pair=current.pair,
        now=now,
        has_account=True,
    )
    with db.write() as session:
        claimed = _claim(session, invitation_id=invitation.id, principal=principal, now=now)
        require_as_asked(claimed, asked=bundle.asked)
        own = session.get_one(Principal, principal.id)
        own.administrator = own.administrator or claimed.administrator
        remember_councils(own, current.pair, joining.councils, bundle.second)
        joining.store(session, claimed, now)
        remember(session, principal=own, pair=current.pair, now=now)
        joining.note_joined(session, own, claimed)


@dataclass(frozen=True)
class _UsableInvitation:
    """An invitation that somebody can accept now.

    Attributes:
        sample: whether it is for a sample area.
    """

    invitation: Invitation
    organisation: Organisation
    sample: bool


def _invitation(session: Session, token: str, now: datetime) -> Invitation:
    invitation = session.scalar(select(Invitation).where(Invitation.link_digest == token_digest(token)))
    if invitation is None or invitation.expires_at <= now:
        raise NotFound(GONE)
    if invitation.accepted_at is not None or invitation.cancelled_at is not None:
        raise NotFound(GONE)
    return invitation


def _usable_invitation(session: Session, token: str, now: datetime) -> _UsableInvitation:
    invitation = _invitation(session, token, now)
    if invitation.bundle is None:
        raise NotReady(
            "Your invitation is not finished yet: somebody in the team still has to make your code."
        )
    organisation = session.get_one(Organisation, invitation.organisation_id)
    sample = session.get_one(Area, organisation.area_id).sample
    return _UsableInvitation(invitation, organisation, sample)


def _unwrap(
    *, db: Database, invitation: Invitation, spoken_code: str, now: datetime, by: UUID | None = None
) -> Bundle:
    """Open the bundle with the spoken code. The try is counted before the code is checked; nothing typed is no try.

    Args:
        by: the account of whoever tries; None if they have none yet.
    """
    code = passphrases.normalise(spoken_code[:200])
    if not code:
        raise Refused(NO_CODE, {"spoken_code": NO_CODE})
    with db.write() as session:
        row = session.get_one(Invitation, invitation.id, with_for_update=True)
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
        _note_refused("throttled", invitation, by)
        raise NotFound(GONE)
    try:
        opened = unlocks.unwrap(
            invitation.bundle or "",
            code,
            use=invitation_use(invitation.id),
        )
    except CannotOpen:
        _note_refused("wrong_invitation", invitation, by)
        raise Refused(WRONG_CODE, {"spoken_code": WRONG_CODE}) from None
    bundle = Bundle.from_bytes(opened)
    with db.read() as session:
        bundle.check(session, invitation)
        require_as_asked(invitation, asked=bundle.asked)
        require_brought(session, invitation, bundle.teams)
    return bundle


def _note_refused(reason: security_log.Reason, invitation: Invitation, by: UUID | None) -> None:
    """Write into the security log that the words were wrong: ten lines at most for each invitation."""
    security_log.note(
        "sign_in.refused",
        reason=reason,
        route="accounts.join",
        principal_id=by,
        organisation_id=invitation.organisation_id,
    )


def _claim(session: Session, *, invitation_id: UUID, principal: Principal, now: datetime) -> Invitation:
    """Use an invitation, in the transaction of the action. It works only once."""
    invitation = session.get_one(Invitation, invitation_id, with_for_update=True)
    if invitation.accepted_at is not None or invitation.cancelled_at is not None:
        raise NotFound(GONE)
    invitation.accepted_at, invitation.accepted_principal_id = now, principal.id
    invitation.bundle, invitation.link_digest = None, None
    return invitation


def _begin(
    session: Session, *, principal: Principal, pair: KeyPair, browser: Browser, full: bool, now: datetime
) -> SignedIn:
    """Begin the newcomer's session. In a full one, the passphrase that they have just chosen counts as given again."""
    stage: sessions.Stage = "full" if full else "half"
    cookie, ends_at = sessions.begin(
        session,
        principal_id=principal.id,
        seed=pair.seed,
        stage=stage,
        now=now,
        browser=browser,
        proof="passphrase" if full else None,
    )
    return SignedIn(cookie=cookie, stage=stage, ends_at=ends_at, set_up=not full)
