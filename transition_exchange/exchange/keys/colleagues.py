"""Whom a session takes for whom: what teams' keys say of their members, beside what the person remembers.

A team's key speaks for its own members. So somebody is certain through a team that the person who looks is in too. Of
somebody in another team of the organisation they know only what that team says: each of its members holds its key, and
can sign with it that anybody is anybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.held_keys import keys_of_memberships
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.sealing import BadSignature, UnknownFormat
from transition_exchange.sealing.address_book import AddressBook, Sighting
from transition_exchange.sealing.people import Member, PersonPublic
from transition_exchange.store.base import utc_now
from transition_exchange.store.models import Membership, Team, TeamKey


@dataclass(frozen=True)
class Known:
    """Somebody of the organisation, as far as the person who looks can know them.

    Attributes:
        publics: their public keys; more than one if it is doubtful which are theirs.
        name: their name as it was signed; empty if it is doubtful.
        certain: whether a team says so that the person who looks is in, or it is that person.
        says: the names of the other teams that say so, where it is not certain. One that is not confirmed any more has
            no name here.
        now: the teams whose newest key says at this moment that they are in it. What is only remembered is not here.
    """

    publics: tuple[PersonPublic, ...] = field(repr=False)
    name: str
    certain: bool
    says: tuple[str, ...] = ()
    now: frozenset[UUID] = field(default=frozenset(), compare=False)

    @property
    def doubtful(self) -> bool:
        """Whether different keys were named for them, so that nobody can tell who they are."""
        return len(self.publics) > 1


def known_people(
    session: Session, *, actor: Actor, ids: Collection[UUID] | None = None
) -> Mapping[UUID, Known]:
    """The people of the organisation whom the actor knows, or only some of them, by id.

    What they remember counts together with what the teams' newest keys say now. Whose keys differ between two of these
    is doubtful.

    Args:
        ids: whom it is about; None for everybody.
    """
    trust, book = trust_of(session, actor), actor.address_book
    seen = sightings(session, actor=actor, trust=trust, ids=ids)
    about = {*book.colleagues, *seen} if ids is None else set(ids) & {*book.colleagues, *seen}
    met = book.with_colleagues(seen, now=utc_now())
    own = own_teams(actor)
    others = {team for id in about if id in met.colleagues for team in met.colleagues[id].teams} - own
    names = {team_id: team.name for team_id, team in trust.current(session, sorted(others)).items()}
    known = {
        id: replace(person, now=frozenset(sighting.team for sighting in seen.get(id, ())))
        for id in about
        for person in [_person(met, id, seen.get(id, ()), own=own, names=names)]
    }
    if actor.person is not None and (ids is None or actor.principal_id in ids):
        own_name = (
            book.colleagues[actor.principal_id].name if actor.principal_id in book.colleagues else actor.name
        )
        known[actor.principal_id] = Known((actor.person.public,), own_name, True)
    return known


def own_teams(actor: Actor) -> set[UUID]:
    """The ids of the teams that the actor is in, but for those that are set aside."""
    return {team.id for team in (*actor.teams, *actor.without_key)}


def sure_keys(actor: Actor, person: UUID | None, *, or_from: Collection[UUID] = ()) -> PersonPublic | None:
    """The public keys of somebody whom the actor remembers from a team that both are in, or of the actor.

    A team does not count for which somebody who had left it, and still knew its key, could have made them up.

    Args:
        actor: the person who looks.
        person: whose keys are asked for.
        or_from: further teams whose word about their members counts, though the actor is not in them.

    Returns:
        None if they remember them only as another team named them, or not at all.
    """
    if person is None:
        return None
    if actor.person is not None and person == actor.principal_id:
        return actor.person.public
    colleague = actor.address_book.colleagues.get(person)
    if colleague is None:
        return None
    count = {*or_from, *(colleague.own_teams.keys() & own_teams(actor))}
    return None if colleague.sure_teams.isdisjoint(count) else colleague.public


def shown_name(actor: Actor, person: UUID, statement: Member | None) -> str:
    """Somebody's name, as the actor remembers it, else as a team signed it. A row can be given anybody's.

    Returns:
        An empty text if neither is there.
    """
    known = actor.address_book.colleagues.get(person)
    if known is not None:
        return known.name
    return statement.name if statement is not None else ""


def unchecked(name: str) -> str:
    """A name that only somebody's row says, as a page or a release shows it. A row can be given anybody's."""
    return f"{name} (we cannot check this name)"


def _person(
    met: AddressBook,
    id: UUID,
    seen: Sequence[Sighting],
    *,
    own: Collection[UUID],
    names: Mapping[UUID, str],
) -> Known:
    colleague = met.colleagues.get(id)
    named = [sighting.public for sighting in seen]
    publics = tuple(dict.fromkeys(named if colleague is None else [colleague.public, *named]))
    if colleague is None or len(publics) > 1:
        return Known(publics, "", False)
    if not colleague.own_teams.keys().isdisjoint(own):
        return Known(publics, colleague.name, True)
    says = sorted(names[team_id] for team_id in colleague.teams if team_id in names)
    return Known(publics, colleague.name, False, tuple(says))


def sightings(
    session: Session, *, actor: Actor, trust: Trust, ids: Collection[UUID] | None = None
) -> dict[UUID, list[Sighting]]:
    """What the teams of the actor's organisation say of their members, by their ids; the actor's own teams first.

    Only what a team's newest key signed counts: somebody who has left knows the keys before. Of the actor it counts
    only with the keys that really are theirs.

    Args:
        trust: which keys the session trusts.
        ids: whom it is about; None for everybody.
    """
    query = (
        select(Membership, TeamKey.id)
        .join(TeamKey, TeamKey.id == Membership.team_key_id)
        .join(Team, Team.id == Membership.team_id)
        .where(
            Team.organisation_id == actor.organisation_id,
            Membership.removed_at.is_(None),
            Membership.statement.is_not(None),
        )
        .order_by(Membership.created_at, Membership.id)
    )
    if ids is not None:
        query = query.where(Membership.principal_id.in_(ids))
    rows = session.execute(query).all()
    current = trust.current(session, sorted({membership.team_id for membership, _ in rows}))
    own = {team.id for team in actor.teams}
    seen: defaultdict[UUID, list[Sighting]] = defaultdict(list)
    for membership, key_id in rows:
        team = current.get(membership.team_id)
        if team is None or team.organisation_id != actor.organisation_id or team.key_id != key_id:
            continue
        statement = member_statement(membership, signed_by=team.signing_public)
        if statement is None:
            continue
        if membership.principal_id == actor.principal_id and not _is_own(statement, actor):
            continue
        seen[membership.principal_id].append(
            Sighting(team.id, team.id in own, statement.public, statement.name)
        )
    return {id: sorted(about, key=lambda sighting: not sighting.own) for id, about in seen.items()}


def member_statement(membership: Membership, *, signed_by: bytes) -> Member | None:
    """What a team's key signed about a member; None if it did not sign it for this membership, or names no keys."""
    try:
        statement = Member.verify(membership.statement or "", membership.signature or b"", signed_by)
        _ = statement.public
    except (BadSignature, UnknownFormat):
        return None
    about = (statement.team, statement.principal)
    return statement if about == (str(membership.team_id), str(membership.principal_id)) else None


def member_keys(membership: Membership, *, signed_by: bytes) -> PersonPublic | None:
    """A member's own public keys; None if the team's key did not sign them for this membership."""
    statement = member_statement(membership, signed_by=signed_by)
    return statement.public if statement is not None else None


def own_name(session: Session, *, actor: Actor, team_id: UUID) -> str | None:
    """The actor's name, for what a team's next key signs about them.

    It is the one that they remember of themselves, else the one that a key of this team which they hold has signed with
    their own keys. Their row could name anybody.

    Returns:
        None if neither is there.
    """
    remembered = actor.address_book.colleagues.get(actor.principal_id)
    if remembered is not None or actor.person is None:
        return remembered.name if remembered else None
    held = keys_of_memberships(session, principal_id=actor.principal_id, pair=actor.person.pair)
    secrets = {key.key_id: key.secret for key in held if key.team.id == team_id}
    for membership in session.scalars(
        select(Membership).where(
            Membership.principal_id == actor.principal_id, Membership.team_key_id.in_(secrets)
        )
    ):
        if membership.team_key_id is None:
            continue
        signed_by = secrets[membership.team_key_id].signing.public
        statement = member_statement(membership, signed_by=signed_by)
        if statement is not None and _is_own(statement, actor):
            return statement.name
    return None


def _is_own(statement: Member, actor: Actor) -> bool:
    return actor.person is not None and statement.public == actor.person.public
