"""From a person's own key to the keys of their teams.

The `*_use` functions name what a secret is sealed for. The name is bound into the encryption, so that one secret never
opens in the place of another. docs/sealing.md lists them all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.keys import seconds
from transition_exchange.exchange.keys.changes import followed
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.sealing import CannotOpen, personal
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.store.models import Membership, Principal, Team, TeamKey

BROKEN_ACCOUNT = (
    "Your account failed its safety check, so your teams cannot be opened. "
    "Tell your administrator, who can invite you again."
)
SWAPPED_KEY = (
    "The key that stands for your team is not the one your team made. Somebody has changed it. "
    "Nothing was opened or sent. Ring your council."
)
ANOTHER_TEAM = (
    "Your council has confirmed your team as another team, or for other work, than you joined. "
    "Nothing was opened or sent. Ring your council."
)


def unlock_use(principal_id: UUID) -> str:
    """The use of a person's private key, wrapped under a passphrase or a recovery code."""
    return f"unlock {principal_id}"


def membership_use(principal_id: UUID, team_key_id: UUID) -> str:
    """The use of a team secret, sealed to one of the team's members."""
    return f"membership {principal_id} {team_key_id}"


def second_factor_use(principal_id: UUID) -> str:
    """The use of a person's second factor."""
    return f"second factor {principal_id}"


def next_second_factor_use(principal_id: UUID) -> str:
    """The use of a person's second factor that they have not confirmed yet."""
    return f"next second factor {principal_id}"


def late_save_use(principal_id: UUID, late_save_id: UUID) -> str:
    """The use of a form that was sent after the session had ended."""
    return f"late save {principal_id} {late_save_id}"


def invitation_use(invitation_id: UUID) -> str:
    """The use of an invitation's bundle, wrapped under the spoken code."""
    return f"invitation {invitation_id}"


def new_membership(*, principal_id: UUID, pair: KeyPair, held: HeldKey, added_by: UUID | None) -> Membership:
    """A membership row. The person seals the key to themselves, so only they can have made it.

    Args:
        principal_id: the member.
        pair: the member's own key pair.
        held: the key that they get, and who the team is.
        added_by: who completed their invitation; None for the person who founds an area.
    """
    return Membership(
        id=uuid4(),
        principal_id=principal_id,
        team_id=held.team.id,
        team_key_id=held.key_id,
        sealed=_sealed(principal_id, pair, held),
        added_by=added_by,
    )


def open_actor(session: Session, *, principal: Principal, pair: KeyPair, session_id: str = "") -> Actor:
    """A person as an actor, with every team whose key their memberships hold.

    Which organisation a team belongs to and what it is for come from the sealed membership.

    Args:
        principal: the person.
        pair: the person's own key pair.
        session_id: the session that acts; empty if there is none.

    Raises:
        Tampered: a membership is not what this person sealed to themselves, a team's published key is not the one that
            they hold, or the NEET group's confirmation says something else about the team than the team accepted.
    """
    actor = Actor(
        principal_id=principal.id,
        organisation_id=principal.organisation_id,
        name=principal.name,
        administrator=principal.administrator,
        teams=_open_teams(session, principal, pair),
        session_id=session_id,
    )
    if any(team.organisation_id != principal.organisation_id for team in actor.teams):
        raise Tampered(BROKEN_ACCOUNT)
    actor = replace(actor, teams=seconds.seen(session, actor))
    trust = trust_of(session, actor)
    return replace(actor, teams=tuple(_checked(session, trust, team) for team in actor.teams))


def _open_teams(session: Session, principal: Principal, pair: KeyPair) -> tuple[OpenTeam, ...]:
    memberships = session.execute(
        select(Membership, TeamKey.version)
        .join(Team, Team.id == Membership.team_id)
        .join(TeamKey, TeamKey.id == Membership.team_key_id)
        .where(
            Membership.principal_id == principal.id,
            Membership.removed_at.is_(None),
            Membership.sealed.is_not(None),
        )
        .order_by(Team.created_at, Team.name, TeamKey.version)
    ).all()
    held: defaultdict[UUID, list[HeldKey]] = defaultdict(list)
    for membership, _version in memberships:
        if membership.team_key_id is None or membership.sealed is None:
            continue
        use = membership_use(principal.id, membership.team_key_id)
        try:
            key = HeldKey.from_bytes(personal.open(pair, membership.sealed, use=use))
        except CannotOpen as error:
            raise Tampered(BROKEN_ACCOUNT) from error
        if key.key_id != membership.team_key_id or key.team.id != membership.team_id:
            raise Tampered(BROKEN_ACCOUNT)
        held[key.team.id].append(key)
    return tuple(_open_team(keys) for keys in held.values())


def _open_team(keys: Sequence[HeldKey]) -> OpenTeam:
    *older, current = keys  # in the order of key versions, the newest last
    return OpenTeam(
        **vars(current.team),
        key_id=current.key_id,
        secret=current.secret,
        older={key.key_id: key.secret for key in older},
        change=current.change,
        second=current.second,
    )


def _checked(session: Session, trust: Trust, team: OpenTeam) -> OpenTeam:
    """A team, compared with its published key and with the NEET group's confirmation of it.

    A team that accepted another name or other purposes becomes that where the NEET group has confirmed it.
    """
    published = session.get(TeamKey, team.key_id)
    if published is None or trust.known(session, published) is None:
        raise Tampered(SWAPPED_KEY)
    if team.id in trust.roots.values():
        return replace(followed(session, team, None), confirmed=True)
    vouched = trust.vouched(session, published)
    if vouched is None:
        return replace(team, confirmed=False)
    moved = followed(session, team, vouched)
    if moved.identity != vouched:
        raise Tampered(ANOTHER_TEAM)
    # What the second confirmer has not confirmed too moves nobody.
    return replace(moved, confirmed=True) if trust.complete(session, published) else team


def seal_anew(session: Session, *, principal: Principal, pair: KeyPair) -> None:
    """Seal a person's memberships anew where they have changed, in the transaction that signs them in.

    That is: for teams that have become others, and with a second confirmer that the person has seen.

    Nothing happens while one of their teams cannot be opened; the next page says so.

    Args:
        principal: the person.
        pair: the person's own key pair.
    """
    try:
        actor = open_actor(session, principal=principal, pair=pair)
    except Tampered:
        return
    for team in actor.teams:
        if team.moved:
            reseal(session, principal_id=principal.id, pair=pair, held=team.held)


def reseal(session: Session, *, principal_id: UUID, pair: KeyPair, held: HeldKey) -> None:
    """Seal a membership that has not ended anew, in the transaction of the action.

    Args:
        principal_id: the member.
        pair: the member's own key pair.
        held: what the membership holds from then on.
    """
    session.execute(
        update(Membership)
        .where(
            Membership.principal_id == principal_id,
            Membership.team_key_id == held.key_id,
            Membership.removed_at.is_(None),
            Membership.sealed.is_not(None),
        )
        .values(sealed=_sealed(principal_id, pair, held))
    )


def _sealed(principal_id: UUID, pair: KeyPair, held: HeldKey) -> bytes:
    return personal.seal(pair, held.to_bytes(), use=membership_use(principal_id, held.key_id))
