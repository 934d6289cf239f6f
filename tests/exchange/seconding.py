"""An area with a second confirmer: the college's safeguarding team, which confirms teams besides the council."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from tests.exchange.team_rows import MadeTeam
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys import seconding
from transition_exchange.exchange.keys.area_rules import FIRST_SEND_AT, sign_rules
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.sealing.second_confirmer import SecondConfirmation, SecondConfirmer
from transition_exchange.store.base import utc_now
from transition_exchange.store.models import Area, TeamKey

LONG_AGO = date(2026, 1, 5)


def confirmer_team(world: World) -> MadeTeam:
    """The team that confirms besides the council."""
    return world.places["Riverside Boxing"].teams["Riverside Boxing"]


def named(team: MadeTeam, since: date = LONG_AGO) -> SecondConfirmer:
    """A team as the area's rules name it."""
    return SecondConfirmer(team.identity, team.secret.fingerprint.hex(), since)


def require(world: World, second: SecondConfirmer | None) -> None:
    """Sign the area's rules as the NEET group does: with a second confirmer, or without."""
    assert world.root is not None
    with world.db.write() as session:
        sign_rules(
            session.get_one(Area, world.area_id),
            held=world.root.held,
            send_at=FIRST_SEND_AT,
            versions={},
            signed_at=datetime.now(UTC),
            second=second,
        )


def second(world: World, team: MadeTeam, by: Actor | None = None) -> TeamIdentity:
    """Confirm a team as the second confirmer's page shows it now."""
    actor = by or world.coach
    shown = seconding.number_of(db=world.db, actor=actor, team_id=team.row.id)
    return seconding.confirm(db=world.db, actor=actor, team_id=team.row.id, seen=shown.seen)


def second_all(world: World) -> None:
    """Confirm every team that waits for the second confirmer."""
    for one in seconding.to_confirm(db=world.db, actor=world.coach).waiting:
        shown = seconding.number_of(db=world.db, actor=world.coach, team_id=one.team.id)
        seconding.confirm(db=world.db, actor=world.coach, team_id=one.team.id, seen=shown.seen)


def sign_second(world: World, team: MadeTeam, secret: TeamSecret, key_id: UUID) -> None:
    """Put beside a team's key what the second confirmer says of it, signed with some key.

    Args:
        secret: the key that signs.
        key_id: the row that is named as that key's.
    """
    with world.db.write() as session:
        key = session.get_one(TeamKey, team.key_id)
        statement = SecondConfirmation(
            area=world.area_id,
            team=team.identity.plain(),
            version=key.version,
            fingerprint=team.secret.fingerprint.hex(),
            confirmed_at=utc_now(),
        )
        key.second_confirmation, key.second_signature = statement.text(), statement.sign(secret.signing)
        key.second_key_id = key_id


def believed(world: World, actor: Actor, team: MadeTeam) -> bool:
    """Whether a session seals to a team."""
    with world.db.read() as session:
        return bool(trust_of(session, actor).current(session, [team.row.id]))
