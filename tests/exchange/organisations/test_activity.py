"""What an organisation's people did, in plain words."""

from __future__ import annotations

import re
from pathlib import Path

from tests.exchange.world import World
from transition_exchange import exchange
from transition_exchange.exchange.organisations.activity import WORDS, activity


def kinds(world: World) -> list[str]:
    """The council's events."""
    return [each.what for each in activity(db=world.db, actor=world.coordinator).deeds]


def test_activity_shows_the_own_organisations_deeds_only_newest_first(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    assert kinds(world) == []
    school = activity(db=world.db, actor=world.senco)
    assert school.deeds[0].what == "sent a record"
    assert school.deeds[0].who == "Senco"
    assert school.older is None
    for _ in range(60):
        world.add("Sam", "Brown")
    page = activity(db=world.db, actor=world.senco)
    assert len(page.deeds) == 50
    older = activity(db=world.db, actor=world.senco, before=page.older)
    assert len(older.deeds) == 60 + len(school.deeds) - 50


def test_every_kind_of_event_has_words() -> None:
    sources = [path.read_text(encoding="utf-8") for path in Path(exchange.__path__[0]).rglob("*.py")]
    written = {
        kind
        for source in sources
        for kind in re.findall(r'kind(?:: str)? ?= ?"([a-z_]+\.[a-z_]+)"', source)
        + re.findall(r'(?:_append|_event)\(session, [a-z_.]+, "([a-z_]+\.[a-z_]+)"', source)
        + re.findall(r'"([a-z_]+\.[a-z_]+)" if \w+ else "', source)
    }
    assert len(written) > 30
    assert written <= WORDS.keys()
