"""The world as it begins, built once in each test process and copied into the database of each test.

Making a dozen teams with real keys takes longer than most tests. What a test does to its copy, no other test sees.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, insert, select

from tests.exchange.world import World
from transition_exchange.store.base import Base
from transition_exchange.store.database import Database


@dataclass(frozen=True)
class BuiltWorld:
    """A world and the rows that it wrote.

    Attributes:
        world: the world as it was built. Nobody may change it.
        rows: what stands in each table, in an order in which foreign keys allow it to be written.
    """

    world: World
    rows: Sequence[tuple[Table, Sequence[Mapping[str, Any]]]]

    @classmethod
    def on(cls, db: Database) -> BuiltWorld:
        """Build a world on an empty database and read its rows."""
        world = World.build(db)
        with db.read() as session:
            rows = [
                (table, [dict(row) for row in session.execute(select(table)).mappings()])
                for table in Base.metadata.sorted_tables
            ]
        return cls(world, [(table, found) for table, found in rows if found])

    def copied_to(self, db: Database) -> World:
        """The same world on another empty database."""
        with db.write() as session:
            for table, found in self.rows:
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
        return World(db=db, area_id=built.area_id, places=places, people=people, root=root)
