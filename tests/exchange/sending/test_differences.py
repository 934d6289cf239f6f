"""What makes a new version: other answers, documents or places, and not who signed it or what a provider is called."""

from __future__ import annotations

from sqlalchemy import select

from tests.exchange.answers import destination
from tests.exchange.world import World
from transition_exchange.exchange.receiving.opening import open_transfer
from transition_exchange.store.models import Transfer


def test_another_course_at_the_same_place_makes_a_new_version(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    assert not world.plan(record_id).changed
    college = world.college.id
    moved_on = [destination(college, "Northway College", status="enrolled")]
    world.save(record_id, {"destinations": {"destinations": moved_on}})
    assert not world.plan(record_id).changed
    other = [destination(college, "Northway College", course="Joinery")]
    world.save(record_id, {"destinations": {"destinations": other}})
    planned = world.plan(record_id)
    assert (planned.changed, [provider.state for provider in planned.providers]) == (True, ["again"])
    world.send(record_id)
    with world.db.read() as session:
        transfer_id = session.scalars(select(Transfer.id)).one()
    received = open_transfer(db=world.db, actor=world.college_support, transfer_id=transfer_id)
    assert received.answers["destination"]["course"] == "Joinery"


def test_another_name_of_the_provider_alone_makes_none(world: World) -> None:
    record_id = world.sent().record_id
    rows = [destination(world.college.id, "Northway")]
    world.save(record_id, {"destinations": {"destinations": rows}})
    assert not world.plan(record_id).changed, "it knows its own name"


def test_a_document_more_makes_one(world: World) -> None:
    record_id = world.sent().record_id
    world.attach(record_id)
    assert world.plan(record_id).changed
