"""Documents that were removed, and whose rows somebody puts back."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, insert

from tests.exchange.copied_rows import Rows, rows_in
from tests.exchange.world import World
from transition_exchange.exchange.writing import attaching

DOCUMENT = ("attachments", "grants", "parts", "ciphertexts")
"""The tables in which a document stands."""


def put_back(world: World, before: Rows) -> None:
    """Write the documents of before over what there is now, as somebody does who kept a copy."""
    tables = [(table, present) for table, present in before if table.name in DOCUMENT]
    with world.db.write() as session:
        for table, _ in reversed(tables):
            session.execute(delete(table))
        for table, present in tables:
            session.execute(insert(table), list(present))


def come_back(world: World, record_id: UUID) -> UUID:
    """A document that was attached, removed and put back."""
    attachment_id = world.attach(record_id, name="Results of June")
    before = rows_in(world.db)
    attaching.remove(db=world.db, actor=world.senco, record_id=record_id, attachment_id=attachment_id)
    put_back(world, before)
    return attachment_id
