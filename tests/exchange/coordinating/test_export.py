"""A coordinator's list as a CSV."""

from __future__ import annotations

import csv
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text, update

from tests.exchange.coordinators import UPN, objects
from tests.exchange.world import World
from transition_exchange.exchange.coordinating.export import export_csv
from transition_exchange.exchange.coordinating.listing import Wanted
from transition_exchange.exchange.organisations.activity import activity
from transition_exchange.store import events
from transition_exchange.store.models import Card
from transition_exchange.store.unreadable import forget, left_out


def table(world: World, **wanted: Any) -> list[dict[str, str]]:
    text = "".join(
        export_csv(db=world.db, actor=world.coordinator, wanted=Wanted(**wanted), today=world.today)
    )
    return list(csv.DictReader(text.removeprefix("\ufeff").splitlines()))


def test_the_csv_holds_the_whole_list_and_one_event_says_how_many(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    world.add("=1+1", "Adams", actor=world.other_senco)
    first, second = table(world)
    assert first["First name"] == "'=1+1"
    assert second["Sent to"] == "Northway College: sent, not opened yet"
    assert second["Destinations"] == "Northway College, Animal care Level 2, Offer accepted"
    assert second["SEN provision"] == "No SEN"
    assert second["UPN"] == UPN
    assert [row["Last name"] for row in table(world, school=world.school.id)] == ["Khan"]
    (last, before) = activity(db=world.db, actor=world.coordinator).actions
    assert (last.what, last.count, before.count) == ("downloaded a list of learners", 1, 2)


def test_the_csv_of_a_learner_who_shares_less_holds_what_the_law_names(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    objects(world, record_id)
    (row,) = table(world)
    assert {name for name, cell in row.items() if cell} == {
        "Last name", "First name", "Date of birth", "School", "Leaving year", "Form", "Destinations", "Address",
        "Parents",
    }  # fmt: skip
    assert "Northway" not in row["Destinations"]


def spoil_record(world: World, record_id: UUID, value: str) -> None:
    with world.db.engine.begin() as connection:
        connection.execute(text(f"UPDATE records SET created_at = '{value}' WHERE id = '{record_id.hex}'"))


def spoil_card(world: World, record_id: UUID, value: str) -> None:
    with world.db.engine.begin() as connection:
        connection.execute(
            text(f"UPDATE cards SET changed_at = '{value}' WHERE record_id = '{record_id.hex}'")
        )


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (spoil_record, "something that is stored cannot be read"),
        (spoil_card, "1 entry could not be checked"),
    ],
)
def test_what_cannot_be_read_is_missing_and_every_table_of_the_session_says_so(
    world: World, spoil: Any, words: str
) -> None:
    """The second table is made out of what the first one has left in memory."""
    coordinator = replace(world.coordinator, session_id=uuid4().hex)
    record_id = world.add()
    world.add("Ben", "Adams")
    table(world)  # a colleague has opened the list before, so the cards need no check of where they came from
    spoil(world, record_id, "infinity")
    for _ in range(3):
        forget()
        made = export_csv(db=world.db, actor=coordinator, wanted=Wanted(), today=world.today)
        *said, last = (
            row["Last name"] for row in csv.DictReader("".join(made).removeprefix("\ufeff").splitlines())
        )
        assert not made.whole
        assert any(words in line for line in said)
        assert all(line.startswith("INCOMPLETE: ") for line in said)
        assert last == "Adams"
    spoil(world, record_id, "2027-01-05 10:00:00.000000")
    with world.db.write() as session:
        events.append(session, organisation_id=world.school.id, kind="record.saved")
    forget()
    made = export_csv(db=world.db, actor=coordinator, wanted=Wanted(), today=world.today)
    assert made.whole
    assert len(list(made)) == 3
    assert left_out() == 0


def test_a_card_that_fails_its_check_is_missing_and_the_table_says_so(world: World) -> None:
    record_id = world.add()
    with world.db.write() as session:
        session.execute(update(Card).where(Card.record_id == record_id).values(sealed=b"x" * 1100))
    forget()
    (row,) = table(world)
    assert row["Last name"].startswith("INCOMPLETE: 1 entry could not be checked and is not in this file.")
    assert {cell for name, cell in row.items() if name != "Last name"} == {""}


def test_the_csv_says_who_has_left_and_after_an_objection_not_to_which_school(world: World) -> None:
    record_id = world.add()
    world.save(
        record_id,
        {"leaving": {"left_school": "moved", "left_on": "2026-10-01", "moved_to": "Hill School"}},
    )
    assert table(world)[0]["At the school"] == "Moved to Hill School. Last day: 1 October 2026"
    objects(world, record_id)
    assert table(world)[0]["At the school"] == "Moved to another school. Last day: 1 October 2026"
