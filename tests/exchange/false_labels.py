"""A label that somebody of a receiving team sealed: such a team holds the label's key."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select

from tests.exchange.world import World
from transition_exchange.exchange.records import parts
from transition_exchange.exchange.records.part_names import label_part
from transition_exchange.store.ciphertexts import ciphertexts_of
from transition_exchange.store.models import Part, Record


def seal_false_label(world: World, record_id: UUID, transfer_id: UUID, **said: Any) -> UUID:
    """Seal another label for the one document that the college's learning support was sent. Returns its attachment."""
    (label,) = world.open(transfer_id, world.college_support).attachments
    name = label_part(label.id)
    with world.db.write() as session:
        record = session.get_one(Record, record_id)
        row_id = session.scalars(select(Part.id).where(Part.name == name)).one()
        body = parts.reseal(
            binding=parts.binding_of(record, label.id),
            name=name,
            key=label.keys[name],
            plaintext=replace(label, **said).plaintext(),
        )
        ciphertexts_of(session).replace(session, {row_id: body})
    return label.id
