"""Whether there is anybody who can finish an invitation into several teams: only members hold a team's key."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.english import listed
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.keys.key_rows import keyed_teams
from transition_exchange.exchange.keys.team_identities import names
from transition_exchange.store.models import Membership, Principal


def require_shared_member(session: Session, *, actor: Actor, team_ids: Collection[UUID]) -> None:
    """Refuse an invitation that nobody could finish.

    Whoever finishes it puts in the key of every team that has one, so they have to be a member of all of these.

    Args:
        actor: who invites somebody.
        team_ids: the teams that somebody is to join.

    Raises:
        Refused: two or more of them have a key, and nobody is in all of these.
    """
    shared = teams_that_share_nobody(session, actor=actor, team_ids=team_ids)
    if shared:
        message = (
            f"Nobody is in {'both ' if len(shared) == 2 else 'all of '}{listed(shared)}, so nobody could finish this "
            "invitation. Invite them to each team separately, with the same e-mail address."
        )
        raise Refused(message, {"teams": message})


def teams_that_share_nobody(session: Session, *, actor: Actor, team_ids: Collection[UUID]) -> tuple[str, ...]:
    """The names of those among some teams that have a key, in the order of their making, if nobody is in all of them;
    otherwise empty.

    A member who has not taken a team's newest key yet counts: they can finish an invitation when they have.
    """
    keyed = keyed_teams(session, team_ids)
    if len(keyed) < 2:
        return ()
    rows = session.execute(
        select(Membership.team_id, Membership.principal_id)
        .join(Principal, Principal.id == Membership.principal_id)
        .where(Membership.team_id.in_(keyed), Membership.removed_at.is_(None), Principal.removed_at.is_(None))
    )
    members: dict[UUID, set[UUID]] = {team_id: set() for team_id in keyed}
    for team_id, principal_id in rows:
        members[team_id].add(principal_id)
    if set.intersection(*members.values()):
        return ()
    return tuple(names(session, actor=actor, team_ids=keyed).values())
