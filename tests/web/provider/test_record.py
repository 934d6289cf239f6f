"""One record, as a receiving team reads it."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from tests.exchange.world import World
from tests.web.provider.visiting import states, visiting
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.store.models import Receipt


@pytest.mark.parametrize("path", ["record.pdf", "record.json", "ask"])
def test_every_door_to_anothers_transfer_is_the_same_404(
    app: Flask, world: World, transfer_id: UUID, path: str
) -> None:
    visitor = visiting(app, world.coach)
    assert visitor.get(f"/received/{transfer_id}/{path}").status == 404
    assert visitor.get(f"/received/{uuid4()}/{path}").status == 404


def test_opening_a_record_shows_it_and_writes_the_receipt(
    app: Flask, world: World, transfer_id: UUID
) -> None:
    visitor = visiting(app, world.college_support)
    page = visitor.get(f"/received/{transfer_id}")
    assert page.h1 == "Amina Khan"
    assert "Farah Khan" in page.text
    assert states(visitor.get("/received")) == ["Opened"]
    with world.db.read() as session:
        opened = session.scalars(select(Receipt).where(Receipt.opened_at.is_not(None))).all()
    assert [receipt.team_id for receipt in opened] == [world.college_support.teams[0].id]


def test_a_team_reads_its_own_sections_only(app: Flask, world: World, transfer_id: UUID) -> None:
    support = visiting(app, world.college_support).get(f"/received/{transfer_id}").text
    exams = visiting(app, world.college_exams).get(f"/received/{transfer_id}").text
    assert "07700 900124" in support
    assert "07700 900124" not in exams
    assert "Farah" not in exams


def test_the_preferred_name_heads_the_page_for_those_who_may_know_it(
    app: Flask, world: World, record_id: UUID, transfer_id: UUID
) -> None:
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(record_id)
    assert visiting(app, world.college_support).get(f"/received/{transfer_id}").h1 == "Mina Khan"
    assert visiting(app, world.college_exams).get(f"/received/{transfer_id}").h1 == "Amina Khan"


def test_what_changed_is_told(app: Flask, world: World, record_id: UUID, transfer_id: UUID) -> None:
    visitor = visiting(app, world.college_support)
    visitor.get(f"/received/{transfer_id}")
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(record_id)
    assert states(visitor.get("/received")) == ["Changed"]
    changes = visitor.get(f"/received/{transfer_id}").texts(".te-changes dt")
    assert len(changes) == 1
    assert changes[0].startswith("Preferred name")


def test_a_record_is_acknowledged(app: Flask, world: World, transfer_id: UUID) -> None:
    visitor = visiting(app, world.college_support)
    visitor.get(f"/received/{transfer_id}")
    page = visitor.follow(visitor.post(f"/received/{transfer_id}/acknowledge"))
    assert "Acknowledged" in page.text
    assert states(visitor.get("/received")) == ["Acknowledged"]


def test_a_recalled_record_is_gone(app: Flask, world: World, record_id: UUID, transfer_id: UUID) -> None:
    visitor = visiting(app, world.college_support)
    assert "Amina" in visitor.get("/received").text
    recall(db=world.db, actor=world.senco, record_id=record_id, transfer_id=transfer_id)
    assert "Amina" not in visitor.get("/received").text
    assert visitor.get(f"/received/{transfer_id}").status == 404
    assert visitor.get(f"/received/{transfer_id}/record.pdf").status == 404
