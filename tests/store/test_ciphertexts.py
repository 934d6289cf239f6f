from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.exchange.world import World
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.store.ciphertexts import Ciphertexts, DatabaseCiphertexts
from transition_exchange.store.database import Database
from transition_exchange.store.models import Part
from transition_exchange.store.models.records import Ciphertext

PLACE: Ciphertexts = DatabaseCiphertexts()


def test_bytes_come_back_replaced_ones_are_gone_and_missing_ones_are_left_out(db: Database) -> None:
    one, two, missing = uuid4(), uuid4(), uuid4()
    with db.write() as session:
        PLACE.put_new(session, {one: b"first", two: b"\x00\xff" * 5000})
        session.flush()
        PLACE.replace(session, {one: b"second"})
    with db.read() as session:
        assert PLACE.get(session, [one, two, missing]) == {one: b"second", two: b"\x00\xff" * 5000}
    with db.write() as session:
        PLACE.delete(session, [one, missing])
    with db.read() as session:
        assert PLACE.get(session, [one, two, missing]).keys() == {two}


def test_more_can_be_asked_for_than_one_statement_takes(db: Database) -> None:
    ids = [uuid4() for _ in range(2000)]
    with db.write() as session:
        PLACE.put_new(session, dict.fromkeys(ids, b""))
        session.flush()
        PLACE.replace(session, {id: id.bytes for id in ids})
    with db.write() as session:
        assert PLACE.get(session, ids) == {id: id.bytes for id in ids}
        PLACE.delete(session, ids[1:])
        assert PLACE.get(session, ids).keys() == {ids[0]}


class Shelf:
    """Another place for sealed bytes, as a folder or an object store would be."""

    def __init__(self) -> None:
        self.bodies: dict[UUID, bytes] = {}

    def replace(self, session: Session, bodies: Mapping[UUID, bytes]) -> None:
        self.bodies |= bodies

    def put_new(self, session: Session, bodies: Mapping[UUID, bytes]) -> None:
        self.bodies.update(bodies)

    def get(self, session: Session, ids: Sequence[UUID]) -> dict[UUID, bytes]:
        return {id: self.bodies[id] for id in ids if id in self.bodies}

    def delete(self, session: Session, ids: Sequence[UUID]) -> None:
        for id in ids:
            self.bodies.pop(id, None)


def test_a_database_keeps_its_sealed_bytes_where_it_is_told_to(database_url: str) -> None:
    shelf = Shelf()
    db = Database(database_url, ciphertexts=shelf)
    world = World.build(db)
    record_id = world.add()
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    with db.read() as session:
        assert session.scalars(select(Ciphertext.id)).all() == []
        assert set(shelf.bodies) == set(session.scalars(select(Part.id)))
    draft = open_draft(db=db, actor=world.senco, record_id=record_id)
    assert draft.answers["known_as"] == {"preferred_name": "Mina"}
    db.dispose()
