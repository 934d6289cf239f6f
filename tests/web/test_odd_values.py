"""No value that stands in a row breaks a page: it says that something failed its safety check, and the rest goes on.

Each column of each table is given values in turn that no code of ours writes, in one row, with the constraints of the
database switched off, as somebody can who can write to its file. A new column joins by itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from flask import Flask

from tests.exchange.world import World
from tests.web.visitor import Visitor
from transition_exchange.exchange.joining import inviting
from transition_exchange.exchange.queries import asking
from transition_exchange.store.base import Base
from transition_exchange.store.database import Database

ODD: tuple[Any, ...] = ("odd \u2028 value", -(2**62))
"""Values of every kind that SQLite takes in any column."""

FAILED = "This failed its safety check"
INCOMPLETE = "so this page may be incomplete"


class Column(NamedTuple):
    """A column of a table."""

    table: str
    name: str


COLUMNS = [
    Column(table.name, column.name) for table in Base.metadata.sorted_tables for column in table.columns
]


@dataclass(frozen=True)
class Area:
    """People, and the pages that they look at."""

    world: World
    looks: tuple[tuple[Visitor, str], ...]


@pytest.fixture
def area(app: Flask, world: World, joined: tuple[Visitor, str]) -> Area:
    """An area in which something stands in each table."""
    app.extensions["renderer"] = world.renderer
    record = world.sent("Amina", "Khan")
    world.sent("Ben", "Adams")
    world.attach(record.record_id)
    world.open(record.transfer_id, world.college_support)
    question = asking.ask(
        db=world.db, actor=world.college_support, transfer_id=record.transfer_id, text="Which bus?"
    )
    administrator = world.person("administrator", "Ashdown Council", "NEET group", administrator=True)
    inviting.invite_person(
        db=world.db,
        actor=administrator,
        name="New Person",
        email="new@council.example",
        team_ids=[world.places["Ashdown Council"].teams["NEET group"].row.id],
        memory_kib=64,
    )
    here = f"/learners/{record.record_id}"
    pages = {
        "senco": (
            "/learners", here, f"{here}/pages/learner", f"{here}/documents", f"{here}/sent", f"{here}/send/transition",
            "/learners/questions", f"/learners/questions/{question}", "/account/teams", f"{here}/sent/{record.transfer_id}/recall",
            f"{here}/destinations", "/learners/year-group",
        ),
        "safeguarding_lead": ("/learners/safeguarding", here),
        "college_support": (
            "/received", f"/received/{record.transfer_id}", f"/received/questions/{question}",
            f"/received/{record.transfer_id}/opened-before",
        ),
        "administrator": (
            "/area", "/area/learners", "/area/organisations", "/area/activity", "/area/settings",
            "/area/same-learner", "/area/chase", f"/area/learners/{record.record_id}",
        ),
    }  # fmt: skip
    visitors = {name: Visitor(app, replace(world.people[name], session_id=str(uuid4()))) for name in pages}
    looks = [(visitors[name], path) for name, paths in pages.items() for path in paths]
    return Area(
        world,
        (
            *looks,
            *(
                (joined[0], path)
                for path in (
                    "/account",
                    "/account/browsers",
                    "/account/teams",
                    "/account/unsaved",
                    "/learners/year-group",
                    "/account/recovery-code",
                )
            ),
        ),
    )


@pytest.fixture
def file(area: Area, web_db: Database) -> Iterator[sqlite3.Connection]:
    """The database as somebody opens it who can write to its file."""
    connection = sqlite3.connect(str(web_db.url.database), isolation_level=None)
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA ignore_check_constraints = ON")
    yield connection
    connection.close()


def _put(file: sqlite3.Connection, column: Column, value: Any) -> bool:
    """Put a value into the first row that has one in a column; gives whether that was possible."""
    query = f"SELECT rowid FROM {column.table} WHERE {column.name} IS NOT NULL LIMIT 1"
    row = file.execute(query).fetchone()
    if row is None:
        return False
    try:
        file.execute(f"UPDATE {column.table} SET {column.name} = ? WHERE rowid = ?", (value, row[0]))
    except sqlite3.IntegrityError:
        return False
    return True


def test_no_value_breaks_a_page(area: Area, file: sqlite3.Connection) -> None:
    import traceback
    from collections import Counter

    whole = sqlite3.connect(":memory:")
    file.backup(whole)
    broken: list[Any] = []
    for column in COLUMNS:
        for value in ODD:
            if not _put(file, column, value):
                continue
            for visitor, path in area.looks:
                try:
                    page = visitor.get(path)
                except Exception as error:
                    tb = traceback.extract_tb(error.__traceback__)
                    own = tuple(
                        f"{f.filename.split('transition_exchange/')[-1]}:{f.lineno}"
                        for f in tb
                        if "transition_exchange/" in f.filename
                    )[-4:]
                    broken.append((column, value, path, type(error).__name__, str(error)[:90], own))
                    continue
                if page.status >= 500 and FAILED not in page.text:
                    broken.append((column, value, path, str(page.status), page.text[:100], ()))
            whole.backup(file)
        print(column, len(broken), flush=True)
    kinds: Counter[Any] = Counter()
    first: dict[Any, Any] = {}
    for b in broken:
        k = (b[0], b[3], b[5])
        kinds[k] += 1
        first.setdefault(k, b)
    for k, n in kinds.most_common():
        print(n, k, first[k][1:3], first[k][4])
    assert not broken
