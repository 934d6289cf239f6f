"""The world as it begins, built once in each test process and copied into the database of each test.

Making a dozen teams with real keys takes longer than most tests, and so does sending a record. What a test does to its
copy, no other test sees.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Session

from tests.exchange.world import InstantRenderer, SentRecord, World
from transition_exchange.store.base import Base
from transition_exchange.store.database import Database

Rows = Sequence[tuple[Table, Sequence[Mapping[str, Any]]]]
"""What stands in each table, in an order in which foreign keys allow it to be written."""


@dataclass(frozen=True)
class BuiltWorld:
    """A world and the rows that it wrote.

    Attributes:
        world: the world as it was built. Nobody may change it.
        rows: what it wrote.
        empty: makes another empty database.
    """

    world: World
    rows: Rows = field(repr=False)
    empty: Callable[[], Database] = field(repr=False)

    @classmethod
    def on(cls, empty: Callable[[], Database]) -> BuiltWorld:
        """Build a world on an empty database and read its rows."""
        db = empty()
        world = World.build(db)
        with db.read() as session:
            rows = _read(session)
        db.dispose()
        return cls(world, rows, empty)

    def copied_to(self, db: Database) -> World:
        """The same world on another empty database."""
        with db.write() as session:
            for table, found in self.rows:
                if found:
                    session.execute(insert(table), found)
        built = self.world
        # Secrets never change, and the keys in them cannot be copied.
        shared = {
            id(secret): secret
            for place in built.places.values()
            for team in place.teams.values()
            for secret in (team.secret, *team.older.values())
        }
        places, people, root = copy.deepcopy((built.places, built.people, built.root), shared)
        return World(
            db=db, area_id=built.area_id, places=places, people=people, root=root, sent_before=self.sent_on
        )

    @cached_property
    def _sent(self) -> tuple[SentRecord, Rows]:
        """A record that was sent in this world, and all rows of the world afterwards."""
        db = self.empty()
        world = self.copied_to(db)
        world.sent_before = lambda _: None
        record = world.sent()
        with db.read() as session:
            rows = _read(session)
        db.dispose()
        return record, rows

    def sent_on(self, world: World) -> SentRecord | None:
        """Write what sending a record writes, if nothing has happened yet in a world that is a copy of this one.

        Returns:
            The record; None if the world is another by now, so that the record has to be sent in earnest.
        """
        if world.today != self.world.today or type(world.renderer) is not InstantRenderer:
            return None
        with world.db.write() as session:
            if any(
                _by_key(table, now) != _by_key(table, before)
                for (table, before), (_, now) in zip(self.rows, _read(session), strict=True)
            ):
                return None
            record, rows = self._sent
            for (table, before), (_, after) in zip(self.rows, rows, strict=True):
                _bring(session, table, _by_key(table, before), after)
        return record


def _read(session: Session) -> Rows:
    return [
        (table, [dict(row) for row in session.execute(select(table)).mappings()])
        for table in Base.metadata.sorted_tables
    ]


def _by_key(table: Table, rows: Sequence[Mapping[str, Any]]) -> dict[tuple[Any, ...], Mapping[str, Any]]:
    keys = [column.name for column in table.primary_key]
    return {tuple(row[key] for key in keys): row for row in rows}


def _bring(
    session: Session,
    table: Table,
    before: Mapping[tuple[Any, ...], Mapping[str, Any]],
    after: Sequence[Mapping[str, Any]],
) -> None:
    """Insert the rows that came, and change those that changed."""
    now = _by_key(table, after)
    if came := [row for key, row in now.items() if key not in before]:
        session.execute(insert(table), came)
    for key, row in before.items():
        if now[key] != row:
            this_row = (column == value for column, value in zip(table.primary_key, key, strict=True))
            session.execute(update(table).where(*this_row).values(**now[key]))
