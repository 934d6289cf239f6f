"""Inviting: the council invites organisations, and an organisation invites its people.

The link in the e-mail only finds an invitation. The spoken code opens it: the teams' keys are wrapped under it. Whoever
completes the invitation reads the code out to the person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.email_addresses import checked_email
from transition_exchange.exchange.errors import NotAllowed, NotFound, NotReady, Refused
from transition_exchange.exchange.joining.bundles import Bundle, bundle_for
from transition_exchange.exchange.joining.free_names import TAKEN, require_free
from transition_exchange.exchange.joining.invitation_mails import (
    SENT_AGAIN,
    require_not_flooded,
    require_not_too_often,
    waiting_mail,
)
from transition_exchange.exchange.joining.invitations import (
    VALID_FOR,
    add_with_mail,
    checked_name,
    invitation_row,
    mail,
    may_complete,
    wrap_bundle,
)
from transition_exchange.exchange.joining.made_by import digest_of, makers, sign
from transition_exchange.exchange.joining.named_teams import require_shown, unlike
from transition_exchange.exchange.joining.new_organisations import (
    NOT_UNUSED,
    NewOrganisation,
    organisation_rows,
    require_sound,
)
from transition_exchange.exchange.joining.once import require_new
from transition_exchange.exchange.joining.shared_members import require_shared_member
from transition_exchange.exchange.keys.organisation_doubts import is_confirmed
from transition_exchange.exchange.keys.organisation_ids import is_founded_as, new_organisation_id
from transition_exchange.exchange.keys.team_identities import identities
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.signing_in.credentials import STANDARD_MEMORY_KIB
from transition_exchange.exchange.signing_in.passphrase_work import place_for
from transition_exchange.proforma.values import composed
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Invitation, Organisation, Team

NOT_MADE = (
    "Nobody signed this invitation, or it has been changed since. "
    "Somebody may have put it there. Take it back, and invite the person again if you know them."
)
NOT_CERTAIN = (
    "We cannot check who made this invitation, so you cannot make its five words. "
    "Ask an administrator who is in one of your teams to invite the person."
)
ONLY_MEMBERS = (
    "Only a member of the team can finish this invitation, because only members hold the team's key."
)


@dataclass(frozen=True)
class Invited:
    """An invitation that was made.

    Attributes:
        spoken_code: five words to tell the person by telephone or face to face; None if a member of the team has to
            complete the invitation first.
    """

    invitation_id: UUID
    organisation_id: UUID
    spoken_code: str | None = field(default=None, repr=False)


def invite_organisation(
    *,
    db: Database,
    actor: Actor,
    organisation: NewOrganisation,
    name: str,
    email: str,
    now: datetime | None = None,
    memory_kib: int = STANDARD_MEMORY_KIB,
) -> Invited:
    """Create an organisation of the council's area with its teams, and invite its first administrator.

    One of this name that nobody has joined or is invited into any more is invited again (`free_names`).

    Args:
        organisation: the organisation with its teams.
        name: the first administrator's name.
        email: the first administrator's e-mail address.

    Raises:
        NotAllowed: the actor is not an administrator of an organisation that coordinates the area, or this session
            cannot sign as the person.
        Refused: a name is missing or too long, the e-mail address is invalid, the teams don't fit the organisation, the
            area already has an organisation with this name, or one that is in use has it although its rows say
            that nobody has joined it.
        ProofNeeded: the actor has to give their passphrase or a code again.
        Busy: every place for passphrase work is taken.
    """
    now = now or utc_now()
    email = checked_email(email)
    name = checked_name(name)
    require_sound(organisation)
    with db.read() as session:
        own = session.get_one(Organisation, actor.organisation_id)
        if not (actor.administrator and own.coordinates):
            raise NotAllowed("Only an administrator of the council can invite organisations.")
        before = require_free(session, area_id=own.area_id, name=organisation.name)
        if before is not None and not (
            is_founded_as(before, area_id=own.area_id, name=composed(organisation.name))
            and not is_confirmed(session, trust_of(session, actor), before)
        ):
            # Another's people and teams were moved away in the database: whoever is invited would be taken for it.
            raise Refused(NOT_UNUSED, {"organisation": NOT_UNUSED})
        made = before or new_organisation_id(
            own.area_id,
            composed(organisation.name),
            taken=lambda found: session.get(Organisation, found) is not None,
        )
        new_rows = organisation_rows(organisation, own.area_id, now, organisation_id=made)
        bundle = bundle_for(
            session,
            actor=actor,
            organisation_id=new_rows.organisation.id,
            teams=new_rows.first_identities,
        )
    actor.require_proof(now)
    invitation = invitation_row(
        organisation_id=new_rows.organisation.id,
        name=name,
        email=email,
        administrator=True,
        team_ids=new_rows.first_teams,
        now=now,
    )
    sign(invitation, actor=actor, teams=new_rows.first_identities, now=now)
    code = None
    if bundle is not None:
        code = wrapped(invitation, bundle, actor=actor, now=now, memory_kib=memory_kib)
    with db.write() as session:
        session.get_one(Organisation, actor.organisation_id, with_for_update=True)  # one invites at a time
        if require_free(session, area_id=own.area_id, name=organisation.name) != before:
            raise Refused(TAKEN, {"organisation": TAKEN})
        new_rows.add(session)
        add_with_mail(session, invitation)
        actor.note(
            session,
            "organisation.invited",
            organisation=new_rows.organisation.id,
            invitation=invitation.id,
            digest=digest_of(invitation),
        )
    return Invited(invitation.id, new_rows.organisation.id, code)


def invite_person(
    *,
    db: Database,
    actor: Actor,
    name: str,
    email: str,
    team_ids: Sequence[UUID],
    administrator: bool = False,
    seen: str = "",
    now: datetime | None = None,
    memory_kib: int = STANDARD_MEMORY_KIB,
) -> Invited:
    """Invite somebody into teams of the actor's organisation.

    If the actor is a member of every chosen team that has a key, the invitation is complete at once.

    Args:
        name: the person's name.
        email: the person's e-mail address.
        team_ids: the teams that they join.
        administrator: whether they become an administrator. Only then `team_ids` may be empty.
        seen: `named_teams.digest_of_teams` of the page on which the teams were chosen; empty if there was none.

    Raises:
        NotAllowed: the actor is not an administrator, or this session cannot sign as the person.
        NotFound: a team is unknown or belongs to another organisation.
        Refused: the name is missing or too long, the e-mail address is invalid, no team was chosen, nobody could
            finish the invitation, because nobody is in all of the teams, the person is in one of the teams already or
            has an open invitation into one, or the page showed a team under another name or with other work.
        ProofNeeded: the actor has to give their passphrase or a code again.
        Busy: every place for passphrase work is taken.
    """
    now = now or utc_now()
    email = checked_email(email)
    name = checked_name(name)
    if not actor.administrator:
        raise NotAllowed("Only an administrator of your organisation can invite people.")
    with db.read() as session:
        if not team_ids and not administrator:
            message = "Choose at least one team."
            raise Refused(message, {"teams": message})
        for team_id in team_ids:
            team = session.get(Team, team_id)
            if team is None or team.organisation_id != actor.organisation_id:
                raise NotFound
        require_shown(session, actor=actor, seen=seen)
        require_new(session, actor=actor, email=email, team_ids=team_ids, administrator=administrator)
        teams = identities(session, actor=actor, team_ids=team_ids)
        bundle = bundle_for(session, actor=actor, organisation_id=actor.organisation_id, teams=teams)
        if bundle is None:
            require_shared_member(session, actor=actor, team_ids=team_ids)
    actor.require_proof(now)
    invitation = invitation_row(
        organisation_id=actor.organisation_id,
        name=name,
        email=email,
        administrator=administrator,
        team_ids=list(team_ids),
        now=now,
    )
    sign(invitation, actor=actor, teams=teams, now=now)
    code = None
    if bundle is not None:
        code = wrapped(invitation, bundle, actor=actor, now=now, memory_kib=memory_kib)
    with db.write() as session:
        session.get_one(Organisation, actor.organisation_id, with_for_update=True)  # one invites at a time
        require_new(session, actor=actor, email=email, team_ids=team_ids, administrator=administrator)
        add_with_mail(session, invitation)
        actor.note(session, "person.invited", invitation=invitation.id, digest=digest_of(invitation))
    return Invited(invitation.id, actor.organisation_id, code)


def can_finish(*, db: Database, actor: Actor) -> bool:
    """Whether the actor can make the five words of what they invite an organisation with.

    Its teams have no key yet. So whoever knows a key of the NEET group can.
    """
    with db.read() as session:
        own = bundle_for(session, actor=actor, organisation_id=actor.organisation_id, teams=())
        return own is not None


def complete(
    *,
    db: Database,
    actor: Actor,
    invitation_id: UUID,
    seen: str,
    asked: bool = False,
    now: datetime | None = None,
    memory_kib: int = STANDARD_MEMORY_KIB,
) -> Invited:
    """Complete an invitation: wrap the teams' keys under a new spoken code. An earlier code stops working.

    Args:
        seen: what the page showed (`OpenInvitation.seen`).
        asked: whether the actor says that they have asked whoever made it in person, where only another team says who
            that is (`OpenInvitation.ask`).

    Raises:
        Refused: the invitation is not what the page showed, nobody signed it so, the actor cannot tell who did, they
            have not asked them, or its maker saw another team than the actor knows.
        NotFound: the invitation is unknown, used, cancelled or expired, or the actor may not change it.
        NotReady: the actor does not hold a key that the invitation needs.
        ProofNeeded: the actor has to give their passphrase or a code again.
        Busy: every place for passphrase work is taken.
    """
    now = now or utc_now()
    with db.read() as session:
        invitation = invitation_to_change(session, actor=actor, invitation_id=invitation_id, now=now)
        require_seen(invitation, seen)
        maker = makers(session, actor, [invitation]).get(invitation_id)
        if maker is None:
            raise Refused(NOT_MADE)
        if maker.ask and not asked:
            message = f"Ask {maker.name} whether they invited {invitation.name}, and tick the box if they did"
            raise Refused(message, {"asked": message})
        if maker.doubt and not maker.ask:
            # Anybody could have signed it and written the name of a colleague beside it.
            raise Refused(NOT_CERTAIN)
        team_ids = [UUID(team_id) for team_id in invitation.team_ids]
        teams = identities(session, actor=actor, team_ids=team_ids)
        differs = unlike(maker.into, teams)
        if differs:
            raise Refused(differs)
        bundle = bundle_for(session, actor=actor, organisation_id=invitation.organisation_id, teams=teams)
    if bundle is None:
        raise NotReady(ONLY_MEMBERS)
    actor.require_proof(now)
    code = wrapped(invitation, bundle, actor=actor, now=now, memory_kib=memory_kib)
    with db.write() as session:
        row = invitation_to_change(session, actor=actor, invitation_id=invitation_id, now=now)
        require_seen(row, seen)
        row.bundle, row.completed_by, row.completed_at = invitation.bundle, actor.principal_id, now
        row.failures = 0
        actor.note(session, "invitation.completed", invitation=row.id)
    return Invited(invitation_id, invitation.organisation_id, code)


def require_seen(invitation: Invitation, seen: str) -> None:
    """Refuse an invitation that is not the one that somebody looked at when they pressed the button.

    Raises:
        Refused: its person, its organisation or its teams are others now.
    """
    if digest_of(invitation) != seen:
        raise Refused("This invitation is not what the page showed any more. Look at it again.")


def wrapped(invitation: Invitation, bundle: Bundle, *, actor: Actor, now: datetime, memory_kib: int) -> str:
    """Wrap a bundle into an invitation, in one of the actor's places. Returns the spoken code."""
    with place_for(actor.principal_id, kib=memory_kib):
        return wrap_bundle(
            invitation=invitation, bundle=bundle, by=actor.principal_id, now=now, memory_kib=memory_kib
        )


def send_again(*, db: Database, actor: Actor, invitation_id: UUID, now: datetime | None = None) -> UUID:
    """Send a new link for an invitation. It can be accepted for another 14 days.

    The earlier link stops working. The spoken code stays the same. Where a mail waits already, that one goes.

    Returns:
        The organisation into which it invites.

    Raises:
        NotFound: the invitation is unknown, used or cancelled, or the actor may not change it.
        Refused: there were too many mails within a day, by this person or to this address.
    """
    now = now or utc_now()
    with db.write() as session:
        invitation = invitation_to_change(
            session, actor=actor, invitation_id=invitation_id, now=now, expired_too=True
        )
        require_not_too_often(session, actor=actor, now=now)
        invitation.expires_at = now + VALID_FOR
        if waiting_mail(session, invitation) is None:
            require_not_flooded(
                session, organisation_id=invitation.organisation_id, email=invitation.email, now=now
            )
            mail(session, invitation, now=now)
        actor.note(session, SENT_AGAIN, invitation=invitation.id)
        return invitation.organisation_id


def cancel(*, db: Database, actor: Actor, invitation_id: UUID, now: datetime | None = None) -> UUID:
    """Cancel an invitation. Its link and its spoken code stop working.

    Returns:
        The organisation into which it invited.

    Raises:
        NotFound: the invitation is unknown, used or cancelled, or the actor may not change it.
    """
    now = now or utc_now()
    with db.write() as session:
        invitation = invitation_to_change(
            session, actor=actor, invitation_id=invitation_id, now=now, expired_too=True
        )
        take_back(invitation, now)
        actor.note(session, "invitation.cancelled", invitation=invitation.id)
        return invitation.organisation_id


def take_back(invitation: Invitation, now: datetime) -> None:
    """Cancel an invitation, in the transaction of the action."""
    invitation.cancelled_at, invitation.bundle, invitation.link_digest = now, None, None


def invitation_to_change(
    session: Session, *, actor: Actor, invitation_id: UUID, now: datetime, expired_too: bool = False
) -> Invitation:
    """An invitation that is not accepted or cancelled, and that the actor may change.

    Args:
        expired_too: whether it may have run out.

    Raises:
        NotFound: it is unknown, used, cancelled or expired, or the actor may not change it.
    """
    invitation = session.get(Invitation, invitation_id)
    if invitation is None or invitation.accepted_at is not None or invitation.cancelled_at is not None:
        raise NotFound
    if not expired_too and invitation.expires_at <= now:
        raise NotFound("This invitation has expired. Send it again first.")
    if invitation.organisation_id == actor.organisation_id and (
        actor.administrator or may_complete(session, actor, invitation)
    ):
        return invitation
    own = session.get_one(Organisation, actor.organisation_id)
    invited_to = session.get_one(Organisation, invitation.organisation_id)
    council = own.coordinates and own.area_id == invited_to.area_id
    if council and (actor.administrator or actor.team_for("neet_group")):
        return invitation
    raise NotFound
