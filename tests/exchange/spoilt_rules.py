"""What somebody who can write to the database does to an area's signed rules."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.exchange.other_areas import other_area
from tests.exchange.team_rows import MadeTeam
from tests.exchange.world import World
from transition_exchange.exchange.keys.area_rules import sign_rules
from transition_exchange.store.models import Area

LOW = "applied"
"""A status that would let packs go out long before the area wants it."""

WAYS = ("removed", "half", "lowered", "forged", "school", "unconfirmed", "elsewhere", "copied", "no_key")


def spoil(world: World, how: str) -> None:
    """Spoil the rules of the world's area in one of the `WAYS`."""
    match how:
        case "removed":
            _write(world, rules=None, rules_signature=None, rules_key_id=None)
        case "half":
            _write(world, rules_signature=None)
        case "no_key":
            _write(world, rules_key_id=None)
        case "lowered":
            _write(world, rules=(_stored(world).rules or "").replace('"accepted"', f'"{LOW}"'))
        case "forged":
            _write(world, rules_signature=b"s" * 64)
        case "school":
            sign_as(world, world.school.teams["Transition team"])
        case "unconfirmed":
            team = world.team("Ashdown Council", "Second group", "neet_group", confirmed=False)
            sign_as(world, team)
        case "elsewhere":
            other = other_area(world)
            assert other.root is not None
            sign_as(world, other.root)
        case "copied":
            other = other_area(world)
            other.sign_rules(send_at=LOW)
            copied = _stored(other)
            _write(
                world,
                rules=copied.rules,
                rules_signature=copied.rules_signature,
                rules_key_id=copied.rules_key_id,
            )
        case _:
            raise ValueError(how)


def sign_as(world: World, team: MadeTeam, *, area: World | None = None) -> None:
    """Let a team sign rules for the world's area that let packs go out early.

    Args:
        area: the area that the rules name; None for the world's own.
    """
    with world.db.write() as session:
        row = session.get_one(Area, world.area_id)
        named = session.get_one(Area, area.area_id) if area else row
        kept = (named.rules, named.rules_signature, named.rules_key_id)
        sign_rules(named, held=team.held, send_at=LOW, versions={}, signed_at=datetime.now(UTC))
        if named is not row:
            row.rules, row.rules_signature = named.rules, named.rules_signature
            row.rules_key_id = named.rules_key_id
            named.rules, named.rules_signature, named.rules_key_id = kept


def _stored(world: World) -> Area:
    with world.db.read() as session:
        area = session.get_one(Area, world.area_id)
        session.expunge(area)
    assert area.rules is not None
    return area


def _write(world: World, **columns: object) -> None:
    with world.db.write() as session:
        for name, value in columns.items():
            setattr(session.get_one(Area, world.area_id), name, value)
