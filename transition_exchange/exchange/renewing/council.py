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
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.keys.area_rules import known_rules, sign_rules
from transition_exchange.exchange.keys.remembering import remember_now
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records.damaged_rows import past_damage, rows_of
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
        keys, unreadable_keys = _keys(session, team, ids)
        changes, unreadable_changes = _changes(session, trust, team, ids)
        confirmed, wrong_confirmations = _confirm_anew(session, trust, team, [*keys, *changes])
        ruled, wrong_rules = _sign_rules_anew(session, actor, team, ids, now)
        for kind, count in (("confirmations", confirmed), ("rules", ruled)):
            if count:
                actor.note(session, "key.renewed", what=kind, count=count)
        if ruled:
            remember_now(session, actor=actor, now=now)
    return unreadable_keys + unreadable_changes + wrong_confirmations + wrong_rules


_Confirmed = tuple[TeamKey | TeamChange, TeamKey | None]
"""Where a confirmation stands, and the key that it is about."""


def _keys(session: Session, team: OpenTeam, ids: Sequence[UUID]) -> tuple[list[_Confirmed], int]:
    """The keys among some ids with what is to be signed anew, and how many cannot be read."""
    keys, unreadable = rows_of(session, TeamKey, ids, lock=True)
    return [(key, key) for key in keys if key.confirmation_key_id in team.older], len(unreadable)


def _changes(
    session: Session, trust: Trust, team: OpenTeam, ids: Sequence[UUID]
) -> tuple[list[_Confirmed], int]:
    """The changes among some ids with the keys of their teams, and how many cannot be read."""
    rows, unreadable = rows_of(session, TeamChange, ids, lock=True)
    changes = [change for change in rows if change.confirmation_key_id in team.older]
    keys = trust.newest(session, [change.team_id for change in changes])
    return [(change, keys.get(change.team_id)) for change in changes], len(unreadable)


def _confirm_anew(
    session: Session, trust: Trust, team: OpenTeam, confirmed: Sequence[_Confirmed]
) -> tuple[int, int]:
    """Sign confirmations: how many were signed, and how many were wrong."""

    def sign(one: _Confirmed) -> _Confirmed:
        row, key = one
        confirmation = trust.confirmation_in(session, row, key) if key else None
        if confirmation is None:
            raise Tampered
        row.confirmation_signature = confirmation.sign(team.secret.signing)
        row.confirmation_key_id = team.key_id
        return one

    signed, failed = past_damage(confirmed, sign)
    session.flush()
    return len(signed), failed


def _sign_rules_anew(
    session: Session, actor: Actor, team: OpenTeam, ids: Sequence[UUID], now: datetime
) -> tuple[int, int]:
    """Sign rules: how many were signed, and how many were wrong."""

    def sign(area: Area) -> Area:
        known = known_rules(session, actor=actor, area=area)
        rules = known.stored
        # Older ones never get today's date. An administrator saves the settings, which sign what counts.
        if rules is None or not known.certain:
            raise Tampered
        sign_rules(
            area,
            held=team.held,
            second=rules.second,
            send_at=rules.send_at,
            versions={int(year): version for year, version in rules.versions.items()},
            signed_at=now,
            after=rules,
        )
        return area

    areas, unreadable = rows_of(session, Area, ids, lock=True)
    signed, failed = past_damage([area for area in areas if area.rules_key_id in team.older], sign)
    session.flush()
    return len(signed), failed + len(unreadable)
