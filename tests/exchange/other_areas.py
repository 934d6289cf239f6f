"""A second area in the same database, with a council, a school and a provider of its own."""

from __future__ import annotations

from tests.exchange.world import World
from transition_exchange.store.models import Area


def other_area(world: World) -> World:
    """An area beside the world's own, whose NEET group has signed its rules.

    Returns:
        The area with the people `far_coordinator`, `far_senco` and `far_clerk`.
    """
    with world.db.write() as session:
        row = Area(name="Ourtown", la_code="373", sample=True)
        session.add(row)
        session.flush()
        area_id = row.id
    other = World(db=world.db, area_id=area_id)
    other.place("Ourtown Council", kind="council", coordinates=True)
    other.root = other.team("Ourtown Council", "NEET group", "neet_group")
    other.sign_rules()
    other.place("Far School", kind="school", sends=True, urn="123458", laestab="3734001", la_code="373")
    other.team("Far School", "Transition team", "transition")
    other.place("Far College", kind="college_group", receives=True)
    other.team("Far College", "Admissions", "admissions")
    other.person("far_coordinator", "Ourtown Council", "NEET group")
    other.person("far_senco", "Far School", "Transition team")
    other.person("far_clerk", "Far College", "Admissions")
    return other
