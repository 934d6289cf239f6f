"""What is missing from a person's lists because it could not be checked, and for which new keys some of it waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records import ledgers
from transition_exchange.exchange.renewing.confirmers import WhoConfirms, who_else_confirms
from transition_exchange.exchange.renewing.makers import maker_and_left
from transition_exchange.exchange.renewing.vouching import waiting_keys
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.store.database import Database


@dataclass(frozen=True)
class WaitingEntries:
    """Entries that a team signed with a new key which is not confirmed yet.

    Attributes:
        team: the team, as it was confirmed.
        count: how many entries there are.
        own: whether it is a team of the actor's organisation. What follows is known of such a team only.
        maker: the name of the member who changed the key.
        left: the names of those because of whom it was changed.
        may_confirm: whether the actor can confirm the key.
        by: who else can.
    """

    team: TeamIdentity
    count: int
    own: bool = False
    maker: str = ""
    left: tuple[str, ...] = ()
    may_confirm: bool = False
    by: WhoConfirms = field(default_factory=WhoConfirms)


@dataclass(frozen=True)
class MissingEntries:
    """What is missing from a person's lists.

    Attributes:
        waiting: what waits for a new key to be confirmed, by team.
        others: how many further entries could not be opened or checked.
    """

    waiting: tuple[WaitingEntries, ...] = ()
    others: int = 0


def missing_entries(*, db: Database, actor: Actor) -> MissingEntries:
    """What is missing from the actor's lists, and why."""
    unchecked = ledgers.unchecked(db=db, actor=actor)
    if not unchecked:
        return MissingEntries()
    waiting = ledgers.waiting(db=db, actor=actor)
    may_confirm = {key.team.id for key in waiting_keys(db=db, actor=actor)} if waiting else set()
    with db.read() as session:
        trust = trust_of(session, actor)
        entries = [
            _of_own_organisation(session, actor, trust, team, count, may_confirm=team.id in may_confirm)
            if team.organisation_id == actor.organisation_id
            else WaitingEntries(team, count)
            for team, count in _in_order(waiting).items()
        ]
    return MissingEntries(tuple(entries), unchecked - sum(waiting.values()))


def _in_order(waiting: Mapping[TeamIdentity, int]) -> Mapping[TeamIdentity, int]:
    return dict(sorted(waiting.items(), key=lambda entry: (entry[0].organisation_name, entry[0].name)))


def _of_own_organisation(
    session: Session, actor: Actor, trust: Trust, team: TeamIdentity, count: int, *, may_confirm: bool
) -> WaitingEntries:
    key = trust.newest(session, [team.id])[team.id]
    _, removed = trust.waiting_since(session, key)
    maker, left = maker_and_left(session, actor, key, removed)
    by = (
        WhoConfirms(team.name)
        if may_confirm
        else who_else_confirms(
            session, actor=actor, trust=trust, team_id=team.id, name=team.name, removed=removed
        )
    )
    return WaitingEntries(team, count, own=True, maker=maker, left=left, may_confirm=may_confirm, by=by)
