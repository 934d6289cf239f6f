"""Invitations: made, completed with a spoken code, sent by e-mail, and listed until they are accepted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.english import listed
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.joining.bundles import Bundle, bundle_for
from transition_exchange.exchange.joining.invitation_mails import MailState, mail_states
from transition_exchange.exchange.joining.made_by import ASK_FIRST, Doubt, Maker, digest_of, makers
from transition_exchange.exchange.joining.named_teams import unlike
from transition_exchange.exchange.joining.shared_members import teams_that_share_nobody
from transition_exchange.exchange.keys.personal import invitation_use
from transition_exchange.exchange.keys.team_identities import identities, seen_teams
from transition_exchange.exchange.signing_in.credentials import cost_of
from transition_exchange.proforma.values import composed
from transition_exchange.sealing import passphrases, unlocks
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.invitations import InvitedTeam
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Invitation, Organisation, OutboxMail

VALID_FOR = timedelta(days=14)
"""How long an invitation can be accepted after it was sent."""


def invitation_row(
    *,
    organisation_id: UUID,
    name: str,
    email: str,
    administrator: bool,
    team_ids: Sequence[UUID],
    now: datetime,
) -> Invitation:
    """The row of an invitation that is neither signed nor completed yet.

    Args:
        organisation_id: the organisation that the person joins.
        name: the person's name.
        email: the person's e-mail address, as `email_addresses.checked_email` returns it.
        administrator: whether they become an administrator.
        team_ids: the teams that they join.
    """
    return Invitation(
        id=uuid4(),
        organisation_id=organisation_id,
        email=email,
        name=composed(name),
        administrator=administrator,
        team_ids=[str(team_id) for team_id in team_ids],
        created_at=now,
        expires_at=now + VALID_FOR,
        failures=0,
    )


def wrap_bundle(
    *, invitation: Invitation, bundle: Bundle, by: UUID | None, now: datetime, memory_kib: int
) -> str:
    """Complete an invitation by wrapping a bundle into it. Call it outside any transaction.

    Args:
        invitation: the invitation, which is changed.
        bundle: what the newcomer gets.
        by: who completes it; None if it is the operator.

    Returns:
        The spoken code.
    """
    code = passphrases.spoken_code()
    invitation.bundle = unlocks.wrap(
        replace(bundle, asked=digest_of(invitation)).to_bytes(),
        passphrases.normalise(code),
        cost=cost_of(memory_kib),
        use=invitation_use(invitation.id),
    )
    invitation.completed_by, invitation.completed_at = by, now
    return code


@dataclass(frozen=True)
class OpenInvitation:
    """An invitation in the list of those that are not accepted yet.

    Attributes:
        teams: the names of the teams that the person joins, as whoever made it saw them; as the actor knows them if
            nobody signed it.
        unlike: how these teams differ from those that the actor knows, and what to do; empty if they do not.
        completed: whether it has a spoken code.
        can_complete: whether the actor can make a spoken code for it now.
        nobody_in: the teams that have a key, if nobody is in all of them any more, so that nobody can make the spoken
            code; empty otherwise.
        genuine: whether somebody signed exactly this invitation.
        doubt: why it is not certain who made it; empty if it is. See `Maker`.
        invited_by: the name of who made it, as it was signed; empty where that is not known.
        told_by: the names of the teams that say who made it, where only another team does.
        seen: what completing it is given, so that it is completed only as it was shown.
        mail: how far the mail with its link is.
    """

    id: UUID
    organisation_id: UUID
    organisation_name: str
    name: str
    email: str
    administrator: bool
    teams: tuple[str, ...]
    completed: bool
    can_complete: bool
    expired: bool
    created_at: datetime
    expires_at: datetime
    nobody_in: tuple[str, ...]
    genuine: bool
    doubt: Doubt
    invited_by: str
    told_by: tuple[str, ...]
    seen: str
    mail: MailState
    unlike: str = ""

    @property
    def certain(self) -> bool:
        """Whether the actor knows who made it. Then they can make a spoken code for it."""
        return self.genuine and not self.doubt

    @property
    def to_finish(self) -> bool:
        """Whether it waits for the actor, or somebody like them, to make its five words."""
        return self.can_complete and not self.completed

    @property
    def can_be_readdressed(self) -> bool:
        """Whether an administrator may send it to another address, as `readdressing.change_address` judges it."""
        return self.genuine and (not self.doubt or self.ask) and not self.unlike

    @property
    def told(self) -> str:
        """Who says who made it, as a sentence names them, where only another team does."""
        return listed([f"“{team}”" for team in self.told_by]) if self.told_by else "another team"

    @property
    def ask(self) -> bool:
        """Whether the actor has to ask whoever made it in person, before they make a spoken code for it."""
        return self.doubt in ASK_FIRST


def open_invitations(
    *, db: Database, actor: Actor, now: datetime | None = None
) -> tuple[OpenInvitation, ...]:
    """The invitations that the actor may see: those of their organisation, for the council those of its whole area.

    They come in the order in which they were made.
    """
    now = now or utc_now()
    with db.read() as session:
        own = session.get_one(Organisation, actor.organisation_id)
        query = (
            select(Invitation, Organisation.name)
            .join(Organisation, Organisation.id == Invitation.organisation_id)
            .where(Invitation.accepted_at.is_(None), Invitation.cancelled_at.is_(None))
            .order_by(Invitation.created_at, Invitation.name, Invitation.id)
        )
        if own.coordinates:
            query = query.where(Organisation.area_id == own.area_id)
        else:
            query = query.where(Invitation.organisation_id == own.id)
        invitations = session.execute(query).all()
        ids = {UUID(team_id) for invitation, _ in invitations for team_id in invitation.team_ids}
        seen = seen_teams(session, actor=actor, team_ids=ids)
        made = makers(session, actor, [invitation for invitation, _ in invitations])
        mails = mail_states(session, [invitation for invitation, _ in invitations])
        alike = _Alike(session, actor)
        return tuple(
            _entry(
                invitation,
                organisation_name=organisation_name,
                teams=[seen[UUID(id)].identity for id in invitation.team_ids if UUID(id) in seen],
                nobody_in=() if invitation.bundle is not None else alike.nobody_in(invitation),
                maker=made.get(invitation.id),
                mailed=mails[invitation.id],
                may=alike.may_complete(invitation),
                now=now,
            )
            for invitation, organisation_name in invitations
        )


@dataclass(frozen=True)
class _Alike:
    """What is the same for all invitations into the same teams, and asked once for each such set."""

    session: Session
    actor: Actor
    _nobody_in: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    _may_complete: dict[tuple[str, ...], bool] = field(default_factory=dict)

    def nobody_in(self, invitation: Invitation) -> tuple[str, ...]:
        """The teams that share nobody who could make an invitation's spoken code."""
        teams = tuple(invitation.team_ids)
        if teams not in self._nobody_in:
            self._nobody_in[teams] = teams_that_share_nobody(
                self.session, actor=self.actor, team_ids=[UUID(id) for id in teams]
            )
        return self._nobody_in[teams]

    def may_complete(self, invitation: Invitation) -> bool:
        """Whether this session holds every key that an invitation needs."""
        asked = (str(invitation.organisation_id), *invitation.team_ids)
        if asked not in self._may_complete:
            self._may_complete[asked] = may_complete(self.session, self.actor, invitation)
        return self._may_complete[asked]


def _entry(
    invitation: Invitation,
    *,
    organisation_name: str,
    teams: Sequence[TeamIdentity],
    nobody_in: tuple[str, ...],
    maker: Maker | None,
    mailed: MailState,
    may: bool,
    now: datetime,
) -> OpenInvitation:
    """One entry of the list.

    Args:
        teams: its teams, as the actor knows them.
        nobody_in: the teams that share nobody who could make its spoken code.
        maker: who made it; None if nobody did.
        mailed: how far its mail is.
        may: whether this session holds every key that it needs.
    """
    answers_for_it = maker is not None and (not maker.doubt or maker.ask)
    expired = invitation.expires_at <= now
    into = maker.into if maker else {team.id: InvitedTeam.of(team) for team in teams}
    differs = unlike(into, teams)
    return OpenInvitation(
        id=invitation.id,
        organisation_id=invitation.organisation_id,
        organisation_name=next(iter(into.values())).organisation_name if into else organisation_name,
        name=invitation.name or "",
        email=invitation.email or "",
        administrator=invitation.administrator,
        teams=tuple(team.name for team in into.values()),
        completed=invitation.bundle is not None,
        can_complete=answers_for_it and may and not differs and not expired,
        expired=expired,
        created_at=maker.at if maker else invitation.created_at,
        expires_at=invitation.expires_at,
        nobody_in=nobody_in,
        genuine=maker is not None,
        doubt=maker.doubt if maker else "",
        invited_by=maker.name if maker else "",
        told_by=maker.told_by if maker else (),
        seen=digest_of(invitation),
        mail=mailed,
        unlike=differs,
    )


def may_complete(session: Session, actor: Actor, invitation: Invitation) -> bool:
    """Whether this session holds every key that an invitation needs."""
    team_ids = [UUID(team_id) for team_id in invitation.team_ids]
    bundle = bundle_for(
        session,
        actor=actor,
        organisation_id=invitation.organisation_id,
        teams=identities(session, actor=actor, team_ids=team_ids),
    )
    return bundle is not None


def add_with_mail(session: Session, invitation: Invitation) -> None:
    """Add an invitation and its e-mail, in the transaction of the action."""
    session.add(invitation)
    session.flush()
    mail(session, invitation, now=invitation.created_at)


def mail(session: Session, invitation: Invitation, *, now: datetime) -> None:
    """Queue the e-mail with an invitation's link. The link is made when the e-mail is sent."""
    session.add(
        OutboxMail(
            to_address=invitation.email,
            template="invitation",
            figures={},
            invitation_id=invitation.id,
            created_at=now,
        )
    )


def checked_name(name: str) -> str:
    """A person's name, as it is stored.

    Raises:
        Refused: the name is missing or longer than 200 characters.
    """
    name = composed(name)
    if not name or len(name) > 200:
        message = "Enter the person's name."
        raise Refused(message, {"name": message})
    return name
