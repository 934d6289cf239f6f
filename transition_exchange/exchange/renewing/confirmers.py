"""Who can confirm a team's new key after somebody has left it, and which of a person's teams wait for that."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.english import either
from transition_exchange.exchange.actor import Actor, KnownTeam
from transition_exchange.exchange.keys.colleagues import member_statement, shown_name
from transition_exchange.exchange.keys.key_rows import key_in_rows
from transition_exchange.exchange.keys.leavers import ever_in
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records.names import text_order
from transition_exchange.exchange.records.ownership import teams_of
from transition_exchange.exchange.renewing.vouching import team_that_may
from transition_exchange.sealing.acceptance import ROOT
from transition_exchange.sealing.keys import spoken_fingerprint
from transition_exchange.sealing.people import Member
from transition_exchange.store.database import Database
from transition_exchange.store.models import Membership, Principal, TeamKey


@dataclass(frozen=True)
class Confirmer:
    """A team of the organisation that can confirm another's new key, with the people in it who hold its key.

    Attributes:
        council: whether it is the NEET group, which can confirm the key by phone too.
    """

    team: str
    people: tuple[str, ...]
    council: bool = False

    @property
    def words(self) -> str:
        """The people and their team. One of them is enough."""
        return f"{either(self.people)} in {self.team}"


@dataclass(frozen=True)
class WhoConfirms:
    """Who confirms a team's new key after somebody has left. Every page says it in these words.

    Attributes:
        team: the name of the team whose key it is.
        at_once: the name of another team of the actor's with which they confirm it themselves; empty if they are in
            none that may.
        confirmers: who can confirm it otherwise, besides the council.
    """

    team: str = ""
    at_once: str = ""
    confirmers: tuple[Confirmer, ...] = ()

    @property
    def words(self) -> str:
        """Who can confirm the new key, in a sentence."""
        new_key = f"The new key of {self.team} can be confirmed"
        council = "by the council’s NEET group by phone"
        if self.at_once:
            return f"{new_key} by you, because you are in {self.at_once}, or {council}."
        if not self.confirmers:
            return f"{new_key} only {council}."
        people = ", or by ".join(confirmer.words for confirmer in self.confirmers)
        otherwise = "" if any(confirmer.council for confirmer in self.confirmers) else f", or {council}"
        return f"{new_key} by {people}, on the page “Your teams’ keys”{otherwise}."


@dataclass(frozen=True)
class Awaiting:
    """A team of a person's whose new key nobody else has confirmed yet.

    Attributes:
        team_id: the team.
        team: its name.
        spoken: the number that is compared.
        by: who can confirm it.
    """

    team_id: UUID
    team: str
    spoken: str
    by: WhoConfirms


def who_confirms(
    session: Session, *, actor: Actor, team_id: UUID, name: str, removed: Collection[UUID]
) -> WhoConfirms:
    """Who confirms the next key of a team of the actor's organisation; nobody has to if nobody has left.

    Args:
        team_id: the team.
        name: its name.
        removed: the ids of those who know its newest key and have left. Who left before an earlier key that nobody has
            confirmed counts too.
    """
    if not removed:
        return WhoConfirms()
    trust = trust_of(session, actor)
    key = trust.newest(session, [team_id]).get(team_id)
    left = set(map(str, removed))
    if key is not None and trust.vouched(session, key) is None:
        left |= trust.waiting_since(session, key)[1]
    own = team_that_may(session, actor, team_id, left)
    if own is not None:
        return WhoConfirms(name, at_once=own.name)
    return who_else_confirms(session, actor=actor, trust=trust, team_id=team_id, name=name, removed=left)


def who_else_confirms(
    session: Session, *, actor: Actor, trust: Trust, team_id: UUID, name: str, removed: Collection[str]
) -> WhoConfirms:
    """Who besides the actor can confirm the new key of a team of their organisation.

    People who are in that team too can do it through their other team. They are named only where nobody outside that
    team can.

    Args:
        trust: which keys the session trusts.
        team_id: the team whose key it is.
        name: its name.
        removed: the ids of those who have left it. None of them may ever have been in a team that confirms, by its
            rows or as the actor remembers them.
    """
    rows = _members(session, [team.id for team in teams_of(session, actor.organisation_id)])
    inside = {person.id for membership, person in rows.pop(team_id, ()) if membership.removed_at is None}
    others, everybody = trust.without_own(), dict[KnownTeam, dict[UUID, str]]()
    for team in trust.current(session, list(rows)).values():
        was_in = set(map(str, ever_in(session, book=actor.address_book, team_id=team.id)))
        if team.organisation_id != actor.organisation_id or not was_in.isdisjoint(removed):
            continue
        if not _counts_for_others(session, others, team):
            continue
        everybody[team] = {
            person.id: shown_name(actor, person.id, statement)
            for membership, person in rows[team.id]
            if person.removed_at is None
            and person.id != actor.principal_id
            and (statement := _statement_of_holder(membership, team)) is not None
        }
    outside = {
        team: {id: shown for id, shown in people.items() if id not in inside}
        for team, people in everybody.items()
    }
    return WhoConfirms(
        name,
        confirmers=tuple(
            Confirmer(team.name, tuple(sorted(people.values(), key=text_order)), ROOT in team.purposes)
            for team, people in (outside if any(outside.values()) else everybody).items()
            if people
        ),
    )


def _members(session: Session, team_ids: Sequence[UUID]) -> dict[UUID, list[tuple[Membership, Principal]]]:
    """The members of some teams, former ones too, by team and in the order of the teams."""
    members: dict[UUID, list[tuple[Membership, Principal]]] = {team_id: [] for team_id in team_ids}
    for membership, person in session.execute(
        select(Membership, Principal)
        .join(Principal, Principal.id == Membership.principal_id)
        .where(Membership.team_id.in_(members))
        .order_by(Principal.id)
    ):
        members[membership.team_id].append((membership, person))
    return members


def _counts_for_others(session: Session, others: Trust, team: KnownTeam) -> bool:
    """Whether a team's key counts in the sessions of people who are not in it. The actor's own counts in theirs anyway.

    Args:
        others: what the session would trust if it believed no team for being its own.
    """
    key = key_in_rows(session, team.key_id)
    return key is not None and (others.is_root(session, key) or others.complete(session, key))


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
            by = who_else_confirms(
                session, actor=actor, trust=trust, team_id=team.id, name=team.name, removed=removed
            )
            waiting.append(Awaiting(team.id, team.name, spoken_fingerprint(team.secret.fingerprint), by))
    return tuple(waiting)
