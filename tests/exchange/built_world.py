"""The world as it begins, built once in each test process and copied into the database of each test.

Making a dozen teams with real keys takes longer than most tests, and so does sending a record. What a test does to its
copy, no other test sees.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, NamedTuple

from tests.exchange.copied_rows import Rows, bring, insert_all, rows_in
from tests.exchange.world import ADD, FILL, SENT, InstantRenderer, SentRecord, World
from transition_exchange.exchange.actor import Actor
from transition_exchange.store.database import Database


class Step(NamedTuple):
    """Something that many tests do first, done once.

    Attributes:
        result: what it gave.
        before: what stood in the database.
        after: what stands in it since.
    """

    result: Any
    before: Rows
    after: Rows


@dataclass(frozen=True)
class BuiltWorld:
    """A world, the rows that it wrote, and its first steps.

    Attributes:
        world: the world as it was built. Nobody may change it.
        rows: what it wrote.
        steps: what was done in a copy of it afterwards.
    """

    world: World
    rows: Rows = field(repr=False)
    steps: Mapping[str, Step] = field(repr=False)

    @classmethod
    def on(cls, empty: Callable[[], Database]) -> BuiltWorld:
        """Build a world on an empty database, and go on in a copy of it on another."""
        db = empty()
        built = cls(World.build(db), rows_in(db), {})
        db.dispose()
        db = empty()
        world = built.copied_to(db)
        record_id = world.add()
        added = rows_in(db)
        world.fill(record_id)
        filled = rows_in(db)
        world.send(record_id)
        record = SentRecord(record_id, world.transfer_of(record_id))
        steps = {
            ADD: Step(record_id, built.rows, added),
            FILL: Step(record_id, added, filled),
            SENT: Step(record, built.rows, rows_in(db)),
        }
        db.dispose()
        return replace(built, steps=steps)

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
            db=db,
            area_id=built.area_id,
            places=places,
            people=people,
            root=root,
            before=partial(self._copy, senco=people["senco"]),
        )

    def _copy(self, world: World, what: str, *, senco: Actor) -> Any:
        """Write what a step writes, if nothing else has happened yet in a world that is a copy of this one.

        Args:
            what: the step.
            senco: who does it in that world.

        Returns:
            What it gave; None if the world is another by now, so that the step has to be done in earnest.
        """
        if world.today != self.world.today or world.senco is not senco or what not in self.steps:
            return None
        if what == SENT and type(world.renderer) is not InstantRenderer:
            return None
        step = self.steps[what]
        with world.db.write() as session:
            return step.result if bring(session, step.before, step.after) else None
