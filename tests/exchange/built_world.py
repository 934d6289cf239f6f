"""The world as it begins, built once in each test process and copied into the database of each test.

Making a dozen teams with real keys takes longer than most tests, and so does sending a record. What a test does to its
copy, no other test sees.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from tests.exchange.copied_rows import Rows, bring, insert_all, rows_of
from tests.exchange.world import InstantRenderer, SentRecord, World
from transition_exchange.store.database import Database


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
            rows = rows_of(session)
        db.dispose()
        return cls(world, rows, empty)

    def copied_to(self, db: Database) -> World:
        """The same world on another empty database."""
        with db.write() as session:
            insert_all(session, self.rows)
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
            rows = rows_of(session)
        db.dispose()
        return record, rows

    def sent_on(self, world: World) -> SentRecord | None:
        """Write what sending a record writes, if nothing has happened yet in a world that is a copy of this one.

        Returns:
            The record; None if the world is another by now, so that the record has to be sent in earnest.
        """
        if world.today != self.world.today or type(world.renderer) is not InstantRenderer:
            return None
        record, after = self._sent
        with world.db.write() as session:
            return record if bring(session, self.rows, after) else None
