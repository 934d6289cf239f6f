"""A team gives receiving work up and then changes its key: it keeps what it holds, and others what it wrote."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from tests.exchange.changing import member, session_of, sign_in
from tests.exchange.seconding import believed, confirmer_team, named, require, second_all
from tests.exchange.walks.giving_up import COLLEGE, SAFEGUARDING, Giver, Reading, listed
from tests.exchange.world import World
from transition_exchange.exchange.queries import asking, threads
from transition_exchange.exchange.receiving.opening import read_transfer
from transition_exchange.store.models import Receipt

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a key signs does not depend on the kind of database."""


def _pastoral(world: World) -> Giver:
    """A team of the college that was sent a record, has opened it, and has asked about it."""
    team = world.team(COLLEGE, "Pastoral", "safeguarding", "learning_support")
    giver = Giver(world, team, member(world, "Pat", team))
    sign_in(world, giver.person)
    giver.record_id, giver.transfer_id = world.sent()
    world.send(giver.record_id, owner=SAFEGUARDING)
    world.open(giver.transfer_id, giver.actor)
    return giver


def _asked(giver: Giver, name: str) -> Reading:
    world = giver.world
    query_id = asking.ask(
        db=world.db, actor=giver.actor, transfer_id=giver.transfer_id, text="What helps?", section="contacts"
    )
    asking.reply(db=world.db, actor=world.senco, query_id=query_id, text="A quiet room.")

    def read() -> Any:
        (query,) = threads.queries(db=world.db, actor=world.people.get(name, giver.actor))
        return [(message.text, message.from_team) for message in query.messages]

    return read


def _kept_pack(giver: Giver) -> Reading:
    def read() -> Any:
        received = read_transfer(db=giver.world.db, actor=giver.actor, transfer_id=giver.transfer_id)
        answers = {name: given for name, given in received.answers.items() if given}
        return answers, [receipt.opened_at for receipt in _receipts(giver)]

    return read


RECEIVED: dict[str, Callable[[Giver], Reading]] = {
    "a pack and its receipts": _kept_pack,
    "its list": lambda giver: lambda: listed(giver.world, giver.actor),
    "its question, for the school": lambda giver: _asked(giver, "senco"),
    "its question and the answer": lambda giver: _asked(giver, ""),
}
"""What a receiving team holds, and how it is read."""


@pytest.mark.parametrize("left", [("learning_support",), ("exams",)], ids=["part of it", "all of it"])
@pytest.mark.parametrize("kind", RECEIVED.values(), ids=RECEIVED)
def test_nothing_that_a_receiving_team_holds_is_lost(
    world: World, kind: Callable[[Giver], Reading], left: tuple[str, ...]
) -> None:
    giver = _pastoral(world)
    read = kind(giver)
    before = read()
    assert before
    giver.give_up(*left)
    giver.change_key()
    assert read() == before


def test_a_list_keeps_what_came_from_a_school_whose_key_was_retired_before_its_own(world: World) -> None:
    giver = _pastoral(world)
    before = listed(world, giver.actor)
    transition = world.school.teams["Transition team"]
    school = Giver(world, transition, member(world, "Sol", transition))
    sign_in(world, school.person)
    school.change_key()
    giver.give_up("exams")
    giver.change_key()
    assert listed(world, giver.actor) == before


def test_a_second_confirmer_that_gave_work_up_is_believed_still(world: World) -> None:
    team = confirmer_team(world)
    giver = Giver(world, team, member(world, "Cleo", team))
    sign_in(world, giver.person)
    require(world, named(team))
    second_all(world)
    sam = member(world, "Sam", world.school.teams["Transition team"])
    sign_in(world, sam)
    admissions = world.college.teams["Admissions"]
    assert believed(world, session_of(world, sam), admissions)
    giver.give_up("admissions")
    giver.change_key()
    assert believed(world, session_of(world, sam), admissions)


def _receipts(giver: Giver) -> list[Receipt]:
    with giver.world.db.read() as session:
        of_team = (Receipt.team_id == giver.team.row.id, Receipt.transfer_id == giver.transfer_id)
        return list(session.scalars(select(Receipt).where(*of_team).order_by(Receipt.granted_at)))
