"""What an organisation's people did, in plain words."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import update

from tests.exchange.world import World
from transition_exchange import exchange
from transition_exchange.exchange.organisations.activity import WORDS, activity
from transition_exchange.store import events
from transition_exchange.store.models import Organisation, Team


def kinds(world: World) -> list[str]:
    """The council's events."""
    return [action.what for action in activity(db=world.db, actor=world.coordinator).actions]


def test_activity_shows_the_own_organisations_actions_only_newest_first(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    assert kinds(world) == []
    school = activity(db=world.db, actor=world.senco)
    assert school.actions[0].what == "sent a record"
    assert school.actions[0].who == "Senco"
    assert school.older is None
    for _ in range(60):
        world.add("Sam", "Brown")
    page = activity(db=world.db, actor=world.senco)
    assert len(page.actions) == 50
    older = activity(db=world.db, actor=world.senco, before=page.older)
    assert len(older.actions) == 60 + len(school.actions) - 50


WRITES_EVENTS = {
    "note",
    "note_by",
    "append",
    "_note_removal",
    "note_opened",
    "note_given_out",
    "_give_out",
    "complete",
}


def test_every_kind_of_event_has_words_and_all_words_are_of_events() -> None:
    literals: set[str] = set()
    written: set[str] = set()
    for path in Path(exchange.__path__[0]).rglob("*.py"):
        if path.name == "activity.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        literals |= _kinds_in(tree)
        for call in ast.walk(tree):
            if isinstance(call, ast.Call):
                name = getattr(call.func, "attr", getattr(call.func, "id", ""))
                logged = ast.unparse(call.func).startswith("security_log.")
                written |= _kinds_in(call) if name in WRITES_EVENTS and not logged else set()
    assert len(written) > 30
    assert written <= WORDS.keys()
    assert WORDS.keys() <= literals


def _kinds_in(tree: ast.AST) -> set[str]:
    """The strings in some code that look like kinds of events."""
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"[a-z_]+\.[a-z_]+", node.value)
    }


def test_what_was_done_says_by_whom_about_which_team_and_how_many(world: World) -> None:
    """Teams and organisations are called what they were confirmed as, whatever their rows say."""
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
        session.execute(update(Team).where(Team.id == team.id).values(name="Elsewhere"))
        session.execute(
            update(Organisation).where(Organisation.id == world.school.id).values(name="Elsewhere School")
        )
    done = activity(db=world.db, actor=world.coordinator).actions
    assert [(one.who, one.what, one.about, one.count) for one in done] == [
        ("", "something new here", "", None),
        ("", "invited an organisation", "Ashdown School", 2),
        (
            "Coordinator",
            "confirmed a team’s security number by phone",
            "Learning support, Northway College",
            None,
        ),
        ("Coordinator", "acknowledged records", "", 3),
    ]
    assert [one.seq for one in done] == [4, 3, 2, 1]
