"""A team's security number as pages show it to whoever compares it by telephone, and whether it was another before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.store import events
from transition_exchange.store.models import Event, TeamKey
from transition_exchange.store.unreadable import Unreadable, leave_out


@dataclass(frozen=True)
class Changed:
    """A change that a team accepted.

    Attributes:
        before: who the team was when it accepted.
        after: who it becomes once it is confirmed.
        accepted_at: when it accepted.
        confirmed_before: whether the NEET group confirmed it as what it was.
    """

    before: TeamIdentity
    after: TeamIdentity
    accepted_at: datetime
    confirmed_before: bool

    @property
    def gained(self) -> frozenset[str]:
        """The purposes that the team gets."""
        return self.after.purposes - self.before.purposes

    @property
    def lost(self) -> frozenset[str]:
        """The purposes that the team gives up."""
        return self.before.purposes - self.after.purposes


@dataclass(frozen=True)
class KeyNumber:
    """A team's security number as it is read out over the telephone, with all that confirming it would sign.

    Attributes:
        team: who the team is, according to the database. Confirming signs this.
        spoken: the number in groups of digits, for reading out.
        seen: a digest of everything that confirming would sign. `confirm` takes it, so that nothing else is signed than
            what was on the page.
        confirmed_at: when this key was confirmed as this team's; None if it is not.
        before: when this team was confirmed last, if that was with another key, under another name or for other work,
            and the team has not accepted the change; None if it was not.
        change: the change that the team accepted and that waits to be confirmed; None if there is none.
        waits_for: the second confirmer, in words, if the NEET group has confirmed this and it has not; empty otherwise.
        left: whether the number is another since `before` because somebody has left the team, and nothing else about
            it has changed.
        not_accepted: whether its rows say something else than was confirmed, and the team has not accepted that. Then
            nothing can be confirmed.
        doubt: why a team may not be one of the organisation that it names; empty if nothing
            speaks against it. The NEET group cannot confirm it then; the second confirmer is warned, as it cannot know
            whether the organisation was renamed.
    """

    team: TeamIdentity
    spoken: str
    seen: str
    confirmed_at: datetime | None
    before: datetime | None
    change: Changed | None = None
    waits_for: str = ""
    left: bool = False
    not_accepted: bool = False
    doubt: str = ""


def left_since(session: Session, trust: Trust, *, key: TeamKey, team: TeamIdentity) -> bool:
    """Whether a team's key was changed because somebody left, and the team is still all that was confirmed.

    Args:
        trust: which keys the session trusts.
        key: the newest key.
        team: who the team is now.
    """
    before, removed = trust.waiting_since(session, key)
    if before is None or not removed:
        return False
    return replace(before, formerly=team.formerly) == team.identity


def confirmed_before(
    session: Session, actor: Actor, *, team_id: UUID, seen: str, kind: str = "key.confirmed"
) -> datetime | None:
    """When the actor's organisation last confirmed a team, by its own events; None if it was exactly what is seen now.

    Args:
        seen: `KeyNumber.seen` of what would be confirmed now.
        kind: the kind of event that says so.
    """
    about_team = session.scalars(
        select(Event)
        .where(Event.organisation_id == actor.organisation_id, Event.body.contains(str(team_id)))
        .order_by(Event.seq.desc())
    )
    for event in about_team:
        try:
            action = events.read(event)
        except Unreadable:
            leave_out()
            continue
        if action.kind == kind and action.about.get("team") == str(team_id):
            return None if action.about.get("confirmed") == seen else action.at
    return None
