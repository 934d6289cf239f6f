"""Inviting: organisations by the council, people by their organisation; completed by a member's spoken code.

The e-mailed link only finds an invitation. What opens it is the code that whoever completed it reads out: the team's
keys lie wrapped under it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotAllowed, NotFound, NotReady, Refused
from transition_exchange.exchange.joining.bundles import bundle_for
from transition_exchange.exchange.joining.invitations import (
    VALID_FOR,
    add_with_mail,
    checked_email,
    checked_name,
    invitation_row,
    mail,
    may_complete,
    wrap_bundle,
)
from transition_exchange.exchange.joining.new_organisations import (
    NewOrganisation,
    organisation_rows,
    require_sound,
)
from transition_exchange.exchange.records.folding import stored
from transition_exchange.exchange.signing_in.credentials import STANDARD_MEMORY_KIB
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Invitation, Organisation, Team

ONLY_MEMBERS = "Only somebody in the team can finish this invitation, because the team's key is theirs."


@dataclass(frozen=True)
class Invited:
    """An invitation that was made.

    Attributes:
        spoken_code: five words to tell the person, by telephone or in person; None where somebody in the team has
            to complete the invitation first.
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

    Raises:
        NotAllowed: the actor is no administrator of an organisation that coordinates the area.
        Refused: what was typed cannot be.
    """
    now = now or utc_now()
    email = checked_email(email)
    name = checked_name(name)
    require_sound(organisation)
    with db.read() as session:
        own = session.get_one(Organisation, actor.organisation_id)
        if not (actor.administrator and own.coordinates):
            raise NotAllowed("Only an administrator of the council can invite organisations.")
        of_same_name = select(Organisation.id).where(
            Organisation.area_id == own.area_id, Organisation.name == stored(organisation.name)
        )
        if session.scalar(of_same_name) is not None:
            message = "There is an organisation of this name already."
            raise Refused(message, {"organisation": message})
        bundle = bundle_for(session, actor=actor, team_ids=[])
    rows = organisation_rows(organisation, own.area_id, now)
    invitation = invitation_row(
        organisation_id=rows.organisation.id,
        name=name,
        email=email,
        administrator=True,
        team_ids=rows.first_teams,
        invited_by=actor.principal_id,
        now=now,
    )
    code = wrap_bundle(invitation, bundle, actor.principal_id, now, memory_kib) if bundle else None
    with db.write() as session:
        rows.add(session)
        add_with_mail(session, invitation)
        actor.note(
            session, "organisation.invited", organisation=rows.organisation.id, invitation=invitation.id
        )
    return Invited(invitation.id, rows.organisation.id, code)


def invite_person(
    *,
    db: Database,
    actor: Actor,
    name: str,
    email: str,
    team_ids: Sequence[UUID],
    administrator: bool = False,
    now: datetime | None = None,
    memory_kib: int = STANDARD_MEMORY_KIB,
) -> Invited:
    """Invite somebody into teams of the actor's organisation.

    Where the actor is in every chosen team that has a key, the invitation is complete at once.

    Raises:
        NotAllowed: the actor is no administrator.
        NotFound: a team is not of this organisation.
        Refused: what was typed cannot be.
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
        bundle = bundle_for(session, actor=actor, team_ids=list(team_ids))
    invitation = invitation_row(
        organisation_id=actor.organisation_id,
        name=name,
        email=email,
        administrator=administrator,
        team_ids=list(team_ids),
        invited_by=actor.principal_id,
        now=now,
    )
    code = wrap_bundle(invitation, bundle, actor.principal_id, now, memory_kib) if bundle else None
    with db.write() as session:
        add_with_mail(session, invitation)
        actor.note(session, "person.invited", invitation=invitation.id)
    return Invited(invitation.id, actor.organisation_id, code)


def complete(
    *,
    db: Database,
    actor: Actor,
    invitation_id: UUID,
    now: datetime | None = None,
    memory_kib: int = STANDARD_MEMORY_KIB,
) -> Invited:
    """Complete an invitation: wrap the teams' keys under a fresh spoken code. An earlier code no longer works.

    Raises:
        NotFound: no open invitation of this id that concerns the actor.
        NotReady: the actor doesn't hold a key that it needs.
    """
    now = now or utc_now()
    with db.read() as session:
        invitation = _open_invitation(session, actor, invitation_id, now)
        bundle = bundle_for(session, actor=actor, team_ids=[UUID(each) for each in invitation.team_ids])
    if bundle is None:
        raise NotReady(ONLY_MEMBERS)
    code = wrap_bundle(invitation, bundle, actor.principal_id, now, memory_kib)
    with db.write() as session:
        row = _open_invitation(session, actor, invitation_id, now)
        row.bundle, row.completed_by, row.completed_at = invitation.bundle, actor.principal_id, now
        row.failures = 0
        actor.note(session, "invitation.completed", invitation=row.id)
    return Invited(invitation_id, invitation.organisation_id, code)


def send_again(*, db: Database, actor: Actor, invitation_id: UUID, now: datetime | None = None) -> None:
    """Send a new link; the earlier one no longer works, the spoken code does. It is valid for 14 days anew.

    Raises:
        NotFound: no open invitation of this id that concerns the actor.
    """
    now = now or utc_now()
    with db.write() as session:
        row = _open_invitation(session, actor, invitation_id, now, expired_too=True)
        row.expires_at = now + VALID_FOR
        mail(session, row)
        actor.note(session, "invitation.sent_again", invitation=row.id)


def cancel(*, db: Database, actor: Actor, invitation_id: UUID, now: datetime | None = None) -> None:
    """Take an invitation back; its link and its code open nothing any more.

    Raises:
        NotFound: no open invitation of this id that concerns the actor.
    """
    now = now or utc_now()
    with db.write() as session:
        row = _open_invitation(session, actor, invitation_id, now, expired_too=True)
        row.cancelled_at, row.bundle, row.link_digest = now, None, None
        actor.note(session, "invitation.cancelled", invitation=row.id)


def _open_invitation(
    session: Session, actor: Actor, invitation_id: UUID, now: datetime, *, expired_too: bool = False
) -> Invitation:
    row = session.get(Invitation, invitation_id)
    if row is None or row.accepted_at is not None or row.cancelled_at is not None:
        raise NotFound
    if not expired_too and row.expires_at <= now:
        raise NotFound("This invitation has run out. Send it again first.")
    if row.organisation_id == actor.organisation_id and (
        actor.administrator or may_complete(session, actor, row)
    ):
        return row
    own = session.get_one(Organisation, actor.organisation_id)
    other = session.get_one(Organisation, row.organisation_id)
    council = own.coordinates and own.area_id == other.area_id
    if council and (actor.administrator or actor.team_for("neet_group")):
        return row
    raise NotFound
