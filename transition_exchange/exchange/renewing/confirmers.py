"""Who can confirm a team's new key after somebody has left it, and which of a person's teams wait for that."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.english import listed
from transition_exchange.exchange.actor import Actor, KnownTeam
from transition_exchange.exchange.keys.colleagues import member_statement, shown_name
from transition_exchange.exchange.keys.key_rows import current_keys
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records.names import text_order
from transition_exchange.exchange.records.ownership import teams_of
from transition_exchange.exchange.renewing.vouching import team_that_may
from transition_exchange.sealing.keys import spoken_fingerprint
from transition_exchange.sealing.people import Member
from transition_exchange.store.database import Database
from transition_exchange.store.models import Membership, Principal, TeamKey


@dataclass(frozen=True)
class Confirmer:
    """A team of the organisation that can confirm another's new key, with the people in it who hold its key."""

    team: str
    people: tuple[str, ...]

    @property
    def words(self) -> str:
        """The people and their team, as a list names them."""
        return f"{listed(self.people)} in {self.team}"


@dataclass(frozen=True)
class Awaiting:
    """A team of a person's whose new key nobody else has confirmed yet.

    Attributes:
        team_id: the team.
        team: its name.
        spoken: the number that is compared.
        confirmers: who can confirm it, besides the council.
    """

    team_id: UUID
    team: str
    spoken: str
    confirmers: tuple[Confirmer, ...]


@dataclass(frozen=True)
class WhoConfirms:
    """Who confirms a team's new key after somebody has left.

    Attributes:
        at_once: the name of another team of the actor's with which they confirm it themselves; empty if they are in
            none that may.
        confirmers: who can confirm it otherwise, besides the council.
    """

    at_once: str = ""
    confirmers: tuple[Confirmer, ...] = ()


def who_confirms(session: Session, *, actor: Actor, team_id: UUID, removed: Collection[UUID]) -> WhoConfirms:
    """Who confirms the next key of a team of the actor's organisation; nobody has to if nobody has left.

    Args:
        team_id: the team.
        removed: the ids of those who know its newest key and have left. Who left before an earlier key that nobody has
            confirmed counts too.
    """
    if not removed:
        return WhoConfirms()
    trust, key = trust_of(session, actor), current_keys(session, [team_id]).get(team_id)
    left = set(map(str, removed))
    if key is not None and trust.vouched(session, key) is None:
        left |= trust.waiting_since(session, key)[1]
    own = team_that_may(session, actor, team_id, left)
    if own is not None:
        return WhoConfirms(at_once=own.name)
    return WhoConfirms(
        confirmers=confirmers(session, actor=actor, trust=trust, team_id=team_id, removed=left)
    )


def confirmers(
    session: Session, *, actor: Actor, trust: Trust, team_id: UUID, removed: Collection[str]
) -> tuple[Confirmer, ...]:
    """The teams of the actor's organisation that can confirm the new key of another one, with their people by name.

    Args:
        trust: which keys the session trusts.
        team_id: the team whose key it is.
        removed: the ids of those who have left it. None of them may ever have been in a team that confirms.
    """
    others = [team.id for team in teams_of(session, actor.organisation_id) if team.id != team_id]
    asked = []
    for team in trust.current(session, others).values():
        rows = session.execute(
            select(Membership, Principal)
            .join(Principal, Principal.id == Membership.principal_id)
            .where(Membership.team_id == team.id)
            .order_by(Principal.id)
        ).all()
        was_in = {str(membership.principal_id) for membership, _ in rows}
        if team.organisation_id != actor.organisation_id or not set(removed).isdisjoint(was_in):
            continue
        people = {
            principal.id: shown_name(actor, principal.id, statement)
            for membership, principal in rows
            if principal.removed_at is None
            and principal.id != actor.principal_id
            and (statement := _statement_of_holder(membership, team)) is not None
        }
        if people:
            asked.append(Confirmer(team.name, tuple(sorted(people.values(), key=text_order))))
    return tuple(asked)


def _statement_of_holder(membership: Membership, team: KnownTeam) -> Member | None:
    """What a team's trusted key signed about somebody who is in it and holds that key; None if a row alone says so."""
    if membership.removed_at is not None or membership.team_key_id != team.key_id:
        return None
    return member_statement(membership, signed_by=team.signing_public)


def awaiting(*, db: Database, actor: Actor) -> tuple[Awaiting, ...]:
    """The actor's teams whose new key waits to be confirmed, because somebody has left."""
    waiting = []
    with db.read() as session:
        trust = trust_of(session, actor)
        for team in actor.teams:
            key = session.get(TeamKey, team.key_id) if team.older and not team.confirmed else None
            if key is None or trust.vouched(session, key) is not None:
                continue
            identity, removed = trust.waiting_since(session, key)
            if identity is None or not removed:
                continue
            asked = confirmers(session, actor=actor, trust=trust, team_id=team.id, removed=removed)
            waiting.append(Awaiting(team.id, team.name, spoken_fingerprint(team.secret.fingerprint), asked))
    return tuple(waiting)
