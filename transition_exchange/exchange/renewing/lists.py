"""The cards of a team's lists that lie under an older key of the team, or were posted to one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import not_, or_, select, true, update
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records.cards import place_of
from transition_exchange.exchange.records.damaged_rows import past_damage, rows_of
from transition_exchange.exchange.records.ledger_reading import checked_card, held_for_checking
from transition_exchange.exchange.records.ledgers import listed, not_in_ledger, sealed_for_ledger
from transition_exchange.exchange.renewing.outdated_cards import older_than_work
from transition_exchange.store.database import Database
from transition_exchange.store.models import Card

STEP = 500
"""How many cards one step takes. A council has 30,000, and each takes well under a millisecond."""


def due(session: Session, *, actor: Actor, trust: Trust) -> Sequence[UUID]:
    """The cards of the actor's teams that only an older key of the team opens, those first that changed first.

    Those that their school makes anew, because the team got work since, are not among them.
    """
    older = [key_id for team in actor.teams for key_id in team.older]
    if not older:
        return ()
    made_anew = older_than_work(session, [team.id for team in actor.teams])
    return session.scalars(
        select(Card.id)
        .where(
            or_(*map(listed, actor.teams)),
            Card.team_key_id.in_(older),
            Card.state != "due",
            true() if made_anew is None else not_(made_anew),
        )
        .order_by(Card.changed_at, Card.id)
    ).all()


def renew(*, db: Database, actor: Actor, ids: Sequence[UUID], now: datetime) -> int:
    """Put some cards into the ledgers of their teams under the current keys.

    A card says what it said, and is as large as it was. One that counted in the ledger under a key that its school has
    retired since counts there still. One that a member or its school has changed in the meantime
    is left, because it lies under a newer key then.

    Args:
        db: the database.
        actor: who does it.
        ids: the cards.
        now: when.

    Returns:
        How many do not open, or were not signed by a team of the record's school. They stay where they are.
    """
    with db.read() as session:
        trust = trust_of(session, actor)
        rows, unreadable = rows_of(session, Card, ids)
        held = held_for_checking(session, rows)
        sealed, failed = past_damage(rows, lambda row: _sealed(session, actor=actor, trust=trust, row=row))
        del held
    failed += len(unreadable)
    if not sealed:
        return failed
    with db.write() as session:
        moved = 0
        for row, team, body in sealed:
            changed = session.execute(
                update(Card)
                .where(Card.id == row.id, Card.changed_at == row.changed_at, not_in_ledger(team))
                .values(state="ledger", sealed=body, team_key_id=team.key_id)
                .returning(Card.id)
                .execution_options(synchronize_session=False)
            )
            moved += changed.scalar() is not None
        if moved:
            actor.note(session, "key.renewed", what="cards", count=moved)
    return failed


def _sealed(
    session: Session, *, actor: Actor, trust: Trust, row: Card
) -> tuple[Card, OpenTeam, bytes] | None:
    """A card under the current key of its team, with its row and the team; None if it lies under no older key.

    Raises:
        Tampered: it does not open, or no team of the record's school signed it.
    """
    team = actor.team(row.team_id)
    if team is None or row.team_key_id == team.key_id:
        return None
    card = checked_card(session, trust=trust, team=team, row=row, in_ledger=row.state == "ledger")
    if card is None:
        raise Tampered
    return row, team, sealed_for_ledger(team, place_of(row), card)
