"""A coordinator's list as a CSV."""

from __future__ import annotations

import csv
from typing import Any

from tests.exchange.coordinators import UPN, objects
from tests.exchange.world import World
from transition_exchange.exchange.coordinating.export import export_csv
from transition_exchange.exchange.coordinating.listing import Wanted
from transition_exchange.exchange.organisations.activity import activity


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
