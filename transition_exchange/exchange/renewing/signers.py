"""Which of a person's teams signs what is made anew, and which of their teams others do not believe yet.

Somebody may be in several teams that do the same work. One whose key counts for others goes before one whose key waits.
Among equals it is the team whose key was changed: who waits for that key waits for no other then.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.keys.key_rows import key_in_rows, voucher_in
from transition_exchange.exchange.keys.second_confirmations import second_confirmation
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.renewing import retiring
from transition_exchange.store.base import utc_now


def signers(session: Session, *, actor: Actor, trust: Trust, purpose: str) -> Sequence[OpenTeam]:
    """The actor's teams that make anew what teams with a purpose made, the one that signs first.

    Those that gave this work up come last.
    """
    changed = set(retiring.due(session, actor=actor, trust=trust))
    return sorted(
        (team for team in actor.teams if purpose in team.signs_for),
        key=lambda team: (purpose in team.formerly, team.rank, team.key_id not in changed),
    )


def waiting_teams(actor: Actor, purpose: str) -> Sequence[OpenTeam]:
    """The actor's teams with keys that others believe later than that of the team which acts for a purpose.

    What these signed of that purpose's matters, the team that acts makes anew.
    """
    team = actor.team_for(purpose)
    return [other for other in actor.teams if team is not None and other.rank > team.rank]


def counts_since(session: Session, trust: Trust, team: OpenTeam) -> datetime | None:
    """Since when others believe the newest key of a confirmed team of the actor's, not after today.

    Returns:
        When it was confirmed last, by the NEET group, the second confirmer or another team of the organisation; None if
        that cannot be told.
    """
    key, others = key_in_rows(session, team.key_id), trust.without_own()
    basis = others.basis(session, key) if key else None
    if key is None or basis is None:
        return None
    confirmed, statement = basis
    by = key_in_rows(session, key.voucher_key_id)
    voucher_team = others.known(session, by) if by else None
    voucher = voucher_in(key, voucher_team) if voucher_team else None
    seconded = [
        second_confirmation(
            session,
            confirmed,
            second,
            statement,
            remembered=trust.second_keys.get(second),
            confirmed=trust.is_confirmed(session),
        )
        for second in trust.seconds
    ]
    moments = [
        statement.confirmed_at,
        *([voucher.at] if voucher else []),
        *(second.confirmed_at for second in seconded if second),
    ]
    return min(utc_now(), max(datetime.fromisoformat(str(at)) for at in moments))
