"""Who saved a draft since it was opened, as far as a page may say so."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import update

from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.exchange.writing.savers import others_only
from transition_exchange.store.models import Event

MINA, ASHDOWN = {"known_as": {"preferred_name": "Mina"}}, {"enrolment": {"town": "Ashdown"}}


def _others(world: World, record_id: UUID, since: int) -> bool:
    return others_only(db=world.db, actor=world.senco, record_id=record_id, owner="transition", since=since)


def _opened(world: World, record_id: UUID) -> int:
    return open_draft(db=world.db, actor=world.senco, record_id=record_id).last_event


def _office(world: World) -> Actor:
    return world.person("office", "Ashdown School", "Transition team")


def test_somebody_else_saved_if_every_save_since_was_theirs(world: World) -> None:
    record_id, office = world.add(), _office(world)
    world.save(record_id, ASHDOWN)
    since = _opened(world, record_id)
    assert not _others(world, record_id, since), "nobody has"
    world.save(record_id, MINA, actor=office)
    assert _others(world, record_id, since)
    world.save(record_id, {"enrolment": {"town": "Beech Lane"}})
    assert not _others(world, record_id, since), "which of the two saved a section is written nowhere"


def test_a_save_of_ones_own_in_another_tab_is_not_somebody_elses(world: World) -> None:
    record_id = world.add()
    since = _opened(world, record_id)
    world.save(record_id, MINA)
    assert not _others(world, record_id, since)


def test_other_records_and_the_other_owners_draft_do_not_count(world: World) -> None:
    record_id, other, office = world.add(), world.add("Ben", "Shah"), _office(world)
    since = _opened(world, record_id)
    world.save(other, MINA, actor=office)
    world.save(record_id, {"safeguarding": {"file_exists": "no"}}, owner="school_safeguarding")
    assert not _others(world, record_id, since)


def test_an_event_that_was_changed_says_nothing(world: World) -> None:
    record_id, office = world.add(), _office(world)
    since = _opened(world, record_id)
    world.save(record_id, MINA, actor=office)
    with world.db.write() as session:
        session.execute(update(Event).where(Event.seq > since).values(body=Event.body + " "))
    assert not _others(world, record_id, since)
