"""What an organisation's people did, in plain words."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID, uuid4

from tests.exchange.world import World
from transition_exchange import exchange
from transition_exchange.exchange.organisations.activity import WORDS, activity
from transition_exchange.store import events


def kinds(world: World) -> list[str]:
    """The council's events."""
    return [action.what for action in activity(db=world.db, actor=world.coordinator).deeds]


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


def test_what_was_done_says_by_whom_about_which_team_and_how_many(world: World) -> None:
    team = world.college.teams["Learning support"].row
    coordinator = world.coordinator.principal_id
    written: list[tuple[str, UUID | None, dict[str, UUID | int]]] = [
        ("transfer.acknowledged", coordinator, {"transfers": 3}),
        ("key.confirmed", coordinator, {"team": team.id}),
        ("organisation.invited", None, {"organisation": world.school.id, "learners": 2}),
        ("something.new_here", None, {"team": uuid4()}),
    ]
    with world.db.write() as session:
        for kind, principal_id, about in written:
            events.append(
                session,
                organisation_id=world.coordinator.organisation_id,
                kind=kind,
                principal_id=principal_id,
                about=about,
            )
    done = activity(db=world.db, actor=world.coordinator).deeds
    assert [(one.who, one.what, one.about, one.count) for one in done] == [
        ("", "something new here", "", None),
        ("", "invited an organisation", "Ashdown School", 2),
        ("Coordinator", "confirmed a team’s security number by phone", "Learning support", None),
        ("Coordinator", "acknowledged records", "", 3),
    ]
    assert [one.seq for one in done] == [4, 3, 2, 1]
