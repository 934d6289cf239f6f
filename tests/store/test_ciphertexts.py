from __future__ import annotations

from uuid import uuid4

from transition_exchange.store.ciphertexts import Ciphertexts, DatabaseCiphertexts
from transition_exchange.store.database import Database

PLACE: Ciphertexts = DatabaseCiphertexts()


def test_bytes_come_back_replaced_ones_are_gone_and_missing_ones_are_left_out(db: Database) -> None:
    one, two, missing = uuid4(), uuid4(), uuid4()
    with db.write() as session:
        PLACE.put(session, one, b"first")
        PLACE.put(session, two, b"\x00\xff" * 5000)
        PLACE.put(session, one, b"second")
    with db.read() as session:
        assert PLACE.get(session, [one, two, missing]) == {one: b"second", two: b"\x00\xff" * 5000}
    with db.write() as session:
        PLACE.delete(session, [one, missing])
    with db.read() as session:
        assert PLACE.get(session, [one, two, missing]).keys() == {two}


def test_more_can_be_asked_for_than_one_statement_takes(db: Database) -> None:
    ids = [uuid4() for _ in range(2000)]
    with db.write() as session:
        for id in ids:
            PLACE.put(session, id, id.bytes)
    with db.write() as session:
        assert PLACE.get(session, ids) == {id: id.bytes for id in ids}
        PLACE.delete(session, ids[1:])
        assert PLACE.get(session, ids).keys() == {ids[0]}
