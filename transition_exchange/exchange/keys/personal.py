"""From a person's own key to the keys of their teams.

The `*_use` functions name what a secret is sealed for. The name is bound into the encryption, so that one secret never
opens in the place of another. docs/sealing.md lists them all.
"""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.errors import Tampered
from transition_exchange.sealing import CannotOpen, personal
from transition_exchange.sealing.keys import KeyPair, TeamSecret
from transition_exchange.store.models import Membership, Principal, Team, TeamKey

BROKEN_ACCOUNT = (
    "Your account failed its safety check, so your teams cannot be opened. "
    "Tell your administrator, who can invite you again."
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


def new_membership(
    *,
    principal_id: UUID,
    pair: KeyPair,
    team_id: UUID,
    key_id: UUID,
    secret: TeamSecret,
    added_by: UUID | None,
) -> Membership:
    """A membership row. The person seals the team's secret to themselves, so only they can have made it.

    Args:
        principal_id: the member.
        pair: the member's own key pair.
        team_id: the team they join.
        key_id: the team key that they get.
        secret: the secret of that key.
        added_by: who completed their invitation; None for the person who founds an area.
    """
    sealed = personal.seal(pair, secret.to_bytes(), use=membership_use(principal_id, key_id))
    return Membership(
        id=uuid4(),
        principal_id=principal_id,
        team_id=team_id,
        team_key_id=key_id,
        sealed=sealed,
        added_by=added_by,
    )


def open_actor(session: Session, *, principal: Principal, pair: KeyPair, session_id: str = "") -> Actor:
    """A person as an actor, with every team whose key their memberships hold.

    Args:
        principal: the person.
        pair: the person's own key pair.
        session_id: the session that acts; empty if there is none.

    Raises:
        Tampered: a membership is not what this person sealed to themselves.
    """
    memberships = session.execute(
        select(Membership, Team, TeamKey.version)
        .join(Team, Team.id == Membership.team_id)
        .join(TeamKey, TeamKey.id == Membership.team_key_id)
        .where(
            Membership.principal_id == principal.id,
            Membership.removed_at.is_(None),
            Membership.sealed.is_not(None),
        )
        .order_by(Team.created_at, Team.name, TeamKey.version)
    ).all()
    teams: dict[UUID, Team] = {}
    secrets: defaultdict[UUID, dict[UUID, TeamSecret]] = defaultdict(dict)
    for membership, team, _version in memberships:
        if membership.team_key_id is None or membership.sealed is None:
            continue
        use = membership_use(principal.id, membership.team_key_id)
        try:
            secret = TeamSecret.from_bytes(personal.open(pair, membership.sealed, use=use))
        except CannotOpen as error:
            raise Tampered(BROKEN_ACCOUNT) from error
        teams[team.id] = team
        secrets[team.id][membership.team_key_id] = secret
    return Actor(
        principal_id=principal.id,
        organisation_id=principal.organisation_id,
        name=principal.name,
        administrator=principal.administrator,
        teams=tuple(_open_team(team, secrets[team.id]) for team in teams.values()),
        session_id=session_id,
    )


def _open_team(team: Team, secrets: dict[UUID, TeamSecret]) -> OpenTeam:
    *older, current = secrets  # in the order of key versions, the newest last
    return OpenTeam(
        id=team.id,
        organisation_id=team.organisation_id,
        name=team.name,
        purposes=frozenset(team.purposes),
        key_id=current,
        secret=secrets[current],
        older={key_id: secrets[key_id] for key_id in older},
    )
