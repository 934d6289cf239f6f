"""Where a team's notices go: an address that its members, an administrator or the council can set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.email_addresses import checked_email
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.keys.team_identities import names
from transition_exchange.store import chain
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Event, Organisation, OutboxMail, Principal, Team

SET = "team.notices_set"
"""The kind of event by which a chain tells that somebody set such an address."""

TEST_MAIL = "notices_go_here"
"""The name of the text that is sent to a new address, so that somebody sees whether it arrives."""

A_DAY = 30
"""How many messages of this kind somebody may send within a day, so that nobody is flooded through this service."""
ENOUGH = f"You have set {A_DAY} addresses within a day, and a message went to each. Go on tomorrow, or ask a colleague."


@dataclass(frozen=True)
class NoticeAddress:
    """Where a team's notices go.

    Attributes:
        name: what the team is called, as `team_identities.names` finds it.
        email: the address; empty if nobody has set it.
    """

    team_id: UUID
    name: str
    email: str


def addresses(*, db: Database, actor: Actor) -> Mapping[UUID, str]:
    """Where notices go, by team, of the actor's organisation, and for the NEET group of its area; empty where nobody
    has set it."""
    with db.read() as session:
        query = select(Team.id, Team.notification_email).join(Organisation)
        if actor.team_for("neet_group") is not None:
            own = session.get_one(Organisation, actor.organisation_id)
            query = query.where(Organisation.area_id == own.area_id)
        else:
            query = query.where(Organisation.id == actor.organisation_id)
        return {team_id: email or "" for team_id, email in session.execute(query)}


def to_oneself(*, db: Database, actor: Actor) -> list[NoticeAddress]:
    """The actor's own teams of which the notices go to the address with which they sign in."""
    with db.read() as session:
        email = session.get_one(Principal, actor.principal_id).email
        rows = session.scalars(
            select(Team)
            .where(Team.id.in_([team.id for team in actor.teams]), Team.notification_email == email)
            .order_by(Team.created_at, Team.name)
        )
        return [_seen(session, actor, team) for team in rows]


def address(*, db: Database, actor: Actor, team_id: UUID) -> NoticeAddress:
    """Where a team's notices go, for somebody who may change it.

    Raises:
        NotFound: there is no such team, or the actor may not change it.
    """
    with db.read() as session:
        return _seen(session, actor, _team(session, actor, team_id))


def set_address(*, db: Database, actor: Actor, team_id: UUID, email: str, now: datetime | None = None) -> str:
    """Let a team's notices go to an address, and send a message there that says so.

    Args:
        team_id: the team.
        email: the address. A mailbox that several people read is best.

    Returns:
        The address, as it is stored.

    Raises:
        NotFound: there is no such team, or the actor may not change it.
        Refused: it is not an e-mail address, or the actor has set `A_DAY` of them within a day.
    """
    now = now or utc_now()
    with db.read() as session:
        _team(session, actor, team_id)
    email = checked_email(email)
    with db.write() as session:
        team = _team(session, actor, team_id)
        if _set_lately(session, actor, now) >= A_DAY:
            raise Refused(ENOUGH, {"email": ENOUGH})
        team.notification_email = email
        waiting = (OutboxMail.to_address == email, OutboxMail.template == TEST_MAIL)
        if session.scalar(select(OutboxMail.id).where(*waiting, OutboxMail.sent_at.is_(None))) is None:
            session.add(OutboxMail(to_address=email, template=TEST_MAIL, figures={}, not_before=now))
        actor.note(session, SET, team=team_id)
    return email


def _set_lately(session: Session, actor: Actor, now: datetime) -> int:
    """How many addresses the actor has set within a day."""
    told = chain.told(session, actor.organisation_id, Event.body.contains(f'"kind":"{SET}"'))
    return sum(
        action.kind == SET
        and action.principal_id == actor.principal_id
        and action.at > now - timedelta(days=1)
        for action in told
    )


def _seen(session: Session, actor: Actor, team: Team) -> NoticeAddress:
    name = names(session, actor=actor, team_ids=[team.id])[team.id]
    return NoticeAddress(team.id, name, team.notification_email or "")


def _team(session: Session, actor: Actor, team_id: UUID) -> Team:
    """A team of which the actor is a member or an administrator, or, for the NEET group, one of its area."""
    found = session.execute(
        select(Team, Organisation).join(Organisation).where(Team.id == team_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    team, organisation = found
    own = session.get_one(Organisation, actor.organisation_id)
    home = organisation.id == own.id
    may = (home and (actor.administrator or actor.team(team_id) is not None)) or (
        organisation.area_id == own.area_id and actor.team_for("neet_group") is not None
    )
    if not may:
        raise NotFound
    return team
