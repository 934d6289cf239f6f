"""What a NEET group's older key signed for the whole area: the confirmations of teams' keys, and the area's rules.

Confirmations of changes that wait for the second confirmer are among them.
Schools and colleges believe them from the NEET group's key alone. After the change they are signed with the new key,
and say what they said.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.keys.area_rules import sign_rules, signed_rules
from transition_exchange.exchange.keys.key_rows import current_keys
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.store.database import Database
from transition_exchange.store.models import Area, TeamChange, TeamKey

STEP = 500
"""How many confirmations and rules one step takes."""


def due(session: Session, *, actor: Actor, trust: Trust) -> Sequence[UUID]:
    """The keys, changes of teams and areas whose confirmations and rules an older key of the actor's NEET group signed.

    Returns:
        Ids of team keys, those first that were made first, then of changes, and then of areas.
    """
    team = actor.team_for("neet_group")
    if team is None or not team.older:
        return ()
    keys = session.scalars(
        select(TeamKey.id)
        .where(TeamKey.confirmation_key_id.in_(team.older))
        .order_by(TeamKey.created_at, TeamKey.id)
    )
    changes = session.scalars(
        select(TeamChange.id)
        .where(TeamChange.confirmation_key_id.in_(team.older), TeamChange.outcome.is_(None))
        .order_by(TeamChange.created_at, TeamChange.id)
    )
    areas = session.scalars(select(Area.id).where(Area.rules_key_id.in_(team.older)).order_by(Area.id))
    return (*keys, *changes, *areas)


def renew(*, db: Database, actor: Actor, ids: Sequence[UUID], now: datetime) -> int:
    """Sign some confirmations and rules with the current key of the actor's NEET group.

    A confirmation keeps its text, with the day on which the number was compared. The rules name those before, as they
    do when the council changes them.

    Args:
        db: the database.
        actor: who does it. Nothing is done for somebody who is not in the NEET group.
        ids: ids of team keys, changes and areas, as `due` gives them.
        now: when.

    Returns:
        How many were not what the NEET group had signed. They stay as they are.
    """
    team = actor.team_for("neet_group")
    if team is None or not team.older:
        return 0
    with db.write() as session:
        trust = trust_of(session, actor)
        confirmed, wrong_confirmations = _confirm_anew(
            session, trust, team, [*_keys(session, team, ids), *_changes(session, team, ids)]
        )
        ruled, wrong_rules = _sign_rules_anew(session, trust, team, ids, now)
        for kind, count in (("confirmations", confirmed), ("rules", ruled)):
            if count:
                actor.note(session, "key.renewed", renewed=kind, count=count)
    return wrong_confirmations + wrong_rules


_Confirmed = tuple[TeamKey | TeamChange, TeamKey | None]
"""Where a confirmation stands, and the key that it is about."""


def _keys(session: Session, team: OpenTeam, ids: Sequence[UUID]) -> list[_Confirmed]:
    keys = session.scalars(
        select(TeamKey)
        .where(TeamKey.id.in_(ids), TeamKey.confirmation_key_id.in_(team.older))
        .order_by(TeamKey.id)
        .with_for_update()
    )
    return [(key, key) for key in keys.all()]


def _changes(session: Session, team: OpenTeam, ids: Sequence[UUID]) -> list[_Confirmed]:
    changes = session.scalars(
        select(TeamChange)
        .where(TeamChange.id.in_(ids), TeamChange.confirmation_key_id.in_(team.older))
        .order_by(TeamChange.id)
        .with_for_update()
    ).all()
    keys = current_keys(session, [change.team_id for change in changes])
    return [(change, keys.get(change.team_id)) for change in changes]


def _confirm_anew(
    session: Session, trust: Trust, team: OpenTeam, confirmed: Sequence[_Confirmed]
) -> tuple[int, int]:
    """Sign confirmations: how many were signed, and how many were wrong."""
    signed = failed = 0
    for row, key in confirmed:
        confirmation = trust.confirmation_in(session, row, key) if key else None
        if confirmation is None:
            failed += 1
            continue
        row.confirmation_signature = confirmation.sign(team.secret.signing)
        row.confirmation_key_id = team.key_id
        signed += 1
    session.flush()
    return signed, failed


def _sign_rules_anew(
    session: Session, trust: Trust, team: OpenTeam, ids: Sequence[UUID], now: datetime
) -> tuple[int, int]:
    """Sign rules: how many were signed, and how many were wrong."""
    signed = failed = 0
    for area in session.scalars(
        select(Area).where(Area.id.in_(ids), Area.rules_key_id.in_(team.older)).with_for_update()
    ).all():
        rules = signed_rules(session, trust=trust, area=area)
        if rules is None:
            failed += 1
            continue
        sign_rules(
            area,
            held=team.held,
            second=rules.second,
            send_at=rules.send_at,
            versions={int(year): version for year, version in rules.versions.items()},
            signed_at=now,
        )
        signed += 1
    session.flush()
    return signed, failed
