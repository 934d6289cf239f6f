"""What steps over many rows go on past, and what they do not."""

from __future__ import annotations

import sqlite3
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from tests.exchange.world import World
from transition_exchange.exchange.errors import NotConfirmedYet, NotFound, NotReady, Tampered
from transition_exchange.exchange.records.damaged_rows import past_damage, rows_of
from transition_exchange.proforma import UnknownVersion, load
from transition_exchange.sealing import BadSignature, CannotOpen, UnknownFormat
from transition_exchange.store.models import Record
from transition_exchange.store.unreadable import Unreadable, leave_out

ONLY_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    "damage",
    [
        Tampered(),
        NotConfirmedYet("it waits"),
        NotFound(),
        NotReady("somebody has to join first"),
        Unreadable(),
        UnknownVersion("core/1999.1"),
        CannotOpen(),
        UnknownFormat("keyring", 9),
        BadSignature(),
    ],
    ids=lambda damage: type(damage).__name__,
)
def test_a_damaged_row_is_counted_and_the_others_are_made_in_order(damage: Exception) -> None:
    ids = [uuid4() for _ in range(4)]

    def make(row_id: UUID) -> UUID | None:
        if row_id == ids[1]:
            raise damage
        return None if row_id == ids[2] else row_id

    assert past_damage(ids, make) == ([ids[0], ids[3]], 1)


def test_a_version_of_the_form_that_is_not_there_is_damage() -> None:
    assert past_damage(["core/1999.1"], load) == ([], 1)


@pytest.mark.parametrize("fault", [ZeroDivisionError, KeyError, TypeError, AttributeError])
def test_a_fault_of_the_program_is_not_taken_for_damage(fault: type[Exception]) -> None:
    def make(row_id: UUID) -> UUID:
        raise fault

    with pytest.raises(fault):
        past_damage([uuid4()], make)


def test_what_came_to_nothing_because_a_row_was_left_out_is_damage() -> None:
    def make(row_id: UUID) -> UUID | None:
        leave_out()
        return row_id if row_id == whole else None

    whole = uuid4()
    assert past_damage([uuid4(), whole], make) == ([whole], 1)


@ONLY_SQLITE
@pytest.mark.parametrize("lock", [False, True])
def test_rows_are_told_from_damaged_ones_and_from_those_that_are_gone(world: World, lock: bool) -> None:
    first, damaged, last = world.add("Amina"), world.add("Ben"), world.add("Cara")
    file = sqlite3.connect(str(world.db.url.database))
    file.execute("UPDATE records SET delete_on = 'not a day' WHERE id = ?", (damaged.hex,))
    file.commit()
    file.close()
    with world.db.write() as session:
        assert len(session.scalars(select(Record.id)).all()) == 3
        rows, unreadable = rows_of(session, Record, [last, damaged, uuid4(), first], lock=lock)
        assert [row.id for row in rows] == [last, first]
        assert unreadable == [damaged]
