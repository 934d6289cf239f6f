"""Another e-mail address for an invitation: a new invitation of the same person takes the place of the old one.

The address is part of what its maker signed and of what its five words open. So whoever changes it signs the new one,
and it has a link and words of its own.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.email_addresses import checked_email
from transition_exchange.exchange.errors import NotAllowed, Refused
from transition_exchange.exchange.joining.bundles import bundle_for
from transition_exchange.exchange.joining.invitation_mails import (
    READDRESSED,
    require_not_flooded,
    require_not_too_often,
)
from transition_exchange.exchange.joining.invitations import add_with_mail, invitation_row
from transition_exchange.exchange.joining.inviting import (
    NOT_MADE,
    Invited,
    invitation_to_change,
    require_seen,
    take_back,
    wrapped,
)
from transition_exchange.exchange.joining.made_by import digest_of, makers, sign
from transition_exchange.exchange.joining.named_teams import unlike
from transition_exchange.exchange.joining.once import require_no_member
from transition_exchange.exchange.keys.open_invitations import open_invitations
from transition_exchange.exchange.keys.team_identities import identities
from transition_exchange.exchange.signing_in.credentials import STANDARD_MEMORY_KIB
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Invitation, Organisation

SAME = "The invitation goes to this address already. You can send it again."
TAKEN = "Somebody with this e-mail address is invited there already. Take one of the two invitations back."
NOT_KNOWN = (
    "We cannot check who made this invitation. Take it back, and invite the person again if you know them."
)


def change_address(
    *,
    db: Database,
    actor: Actor,
    invitation_id: UUID,
    email: str,
    seen: str,
    now: datetime | None = None,
    memory_kib: int = STANDARD_MEMORY_KIB,
) -> Invited:
    """Invite the person of an open invitation at another address, into the same teams. The old one is taken back.

    Args:
        email: the new address.
        seen: what the page showed (`OpenInvitation.seen`).

    Returns:
        The new invitation.

    Raises:
        NotAllowed: the actor is no administrator, or this session cannot sign as the person.
        NotFound: the invitation is unknown, used or cancelled, or the actor may not change it.
        Refused: it is not an e-mail address, or the same one; the invitation is not what the page showed; it is not
            known who made it, or they saw other teams; somebody with the address is in one of the teams or invited
            there already; or there were too many mails within a day.
        ProofNeeded: the actor has to give their passphrase or a code again.
        Busy: every place for passphrase work is taken.
    """
    now = now or utc_now()
    if not actor.administrator:
        raise NotAllowed("Only an administrator can change the address of an invitation.")
    email = checked_email(email)
    with db.read() as session:
        old = _old(session, actor=actor, invitation_id=invitation_id, seen=seen, email=email, now=now)
        maker = makers(session, actor, [old]).get(invitation_id)
        if maker is None:
            raise Refused(NOT_MADE, {"email": NOT_MADE})
        if maker.doubt and not maker.ask:
            raise Refused(NOT_KNOWN, {"email": NOT_KNOWN})
        team_ids = [UUID(team_id) for team_id in old.team_ids]
        teams = identities(session, actor=actor, team_ids=team_ids)
        differs = unlike(maker.into, teams)
        if differs:
            raise Refused(differs, {"email": differs})
        bundle = bundle_for(session, actor=actor, organisation_id=old.organisation_id, teams=teams)
    actor.require_proof(now)
    new = invitation_row(
        organisation_id=old.organisation_id,
        name=old.name or "",
        email=email,
        administrator=old.administrator,
        team_ids=team_ids,
        now=now,
    )
    sign(new, actor=actor, teams=teams, now=now)
    code = None
    if bundle is not None:
        code = wrapped(new, bundle, actor=actor, now=now, memory_kib=memory_kib)
    with db.write() as session:
        session.get_one(Organisation, new.organisation_id, with_for_update=True)  # one invites at a time
        row = _old(session, actor=actor, invitation_id=invitation_id, seen=seen, email=email, now=now)
        take_back(row, now)
        add_with_mail(session, new)
        actor.note(session, READDRESSED, instead_of=row.id, invitation=new.id, digest=digest_of(new))
    return Invited(new.id, new.organisation_id, code)


def _old(
    session: Session, *, actor: Actor, invitation_id: UUID, seen: str, email: str, now: datetime
) -> Invitation:
    """The invitation whose address is changed.

    Raises:
        NotFound, Refused: as `change_address`.
    """
    old = invitation_to_change(session, actor=actor, invitation_id=invitation_id, now=now, expired_too=True)
    require_seen(old, seen)
    if old.email == email:
        raise Refused(SAME, {"email": SAME})
    wanted = set(old.team_ids)
    for other in open_invitations(session, old.organisation_id):
        if other.email == email and (wanted.intersection(other.team_ids) or not (wanted or other.team_ids)):
            raise Refused(TAKEN, {"email": TAKEN})
    if old.organisation_id == actor.organisation_id:
        require_no_member(
            session,
            actor=actor,
            email=email,
            team_ids=[UUID(team_id) for team_id in old.team_ids],
            administrator=old.administrator,
        )
    require_not_flooded(session, organisation_id=old.organisation_id, email=email, now=now)
    require_not_too_often(session, actor=actor, now=now)
    return old
