"""A school with a sixth form sends to itself; its safeguarding team then both writes and receives."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.exchange.answers import complete, destination
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.receiving import downloading, opening
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.store.models import Grant, Transfer

SCHOOL = "Hill School"


@pytest.fixture
def hill(world: World) -> World:
    world.place(SCHOOL, kind="school_with_sixth_form", sends=True, receives=True)
    for name, *purposes in (
        ("Transition", "transition"),
        ("Safeguarding", "safeguarding"),
        ("Sixth form office", "admissions", "exams"),
        ("Sixth form support", "learning_support"),
    ):
        world.team(SCHOOL, name, *purposes)
    world.person("hill_senco", SCHOOL, "Transition")
    world.person("hill_lead", SCHOOL, "Safeguarding")
    world.person("hill_support", SCHOOL, "Sixth form support")
    world.person("hill_both", SCHOOL, "Transition", "Sixth form support")
    return world


def _sent(world: World) -> tuple[UUID, UUID]:
    record_id = world.add(actor=world.hill_senco)
    draft = open_draft(db=world.db, actor=world.hill_senco, record_id=record_id)
    going = destination(world.places[SCHOOL].id, SCHOOL, kind="staying_on", status="accepted")
    answers = complete([going])
    answers["learner"] = {**answers["learner"], **draft.answers["learner"]}
    world.save(record_id, answers, actor=world.hill_senco)
    world.send(record_id, actor=world.hill_senco)
    with world.db.read() as session:
        return record_id, session.scalars(select(Transfer.id)).one()


def _for(body: bytes) -> list[str]:
    """The reader a PDF was made for: the instant renderer writes the data into it."""
    found: list[str] = json.loads(body.partition(b"\n")[2])["for"]
    return found


def test_the_safeguarding_team_gets_its_own_pack_and_no_other_team_s(hill: World) -> None:
    record_id, transfer_id = _sent(hill)
    hill.save(
        record_id,
        {"safeguarding": {"file_exists": "yes", "lead_name": "Quintessa Harbottle"}},
        owner="safeguarding",
        actor=hill.hill_lead,
    )
    hill.send(record_id, owner="safeguarding", actor=hill.hill_lead)

    with hill.db.write() as session:  # the school's own grants are as old as the others; let them come first
        for grant in session.scalars(select(Grant).where(Grant.grantor_team_id == Grant.grantee_team_id)):
            if "learning_support" in (grant.statement or ""):
                grant.created_at -= timedelta(seconds=1)

    def download(actor: Actor, owner: str) -> list[str]:
        return _for(downloading.download_pdf(db=hill.db, actor=actor, transfer_id=transfer_id, owner=owner))

    assert download(hill.hill_lead, "transition") == ["safeguarding"]
    assert download(hill.hill_lead, "safeguarding") == ["safeguarding"]
    assert download(hill.hill_support, "safeguarding") == ["learning_support"]
    assert download(hill.hill_both, "transition") == ["learning_support"]
    received = opening.open_transfer(db=hill.db, actor=hill.hill_support, transfer_id=transfer_id)
    assert "safeguarding" not in received.answers


def test_one_team_for_everything_gets_one_pack(world: World) -> None:
    """A community organisation of one person that both sends and receives."""
    name = "Riverside Trust"
    world.place(name, kind="community", sends=True, receives=True)
    everything = ("transition", "safeguarding", "admissions", "learning_support", "exams")
    world.team(name, "Everybody", *everything)
    person = world.person("everybody", name, "Everybody")
    record_id = world.add(actor=person)
    draft = open_draft(db=world.db, actor=person, record_id=record_id)
    answers = complete([destination(world.places[name].id, name, kind="staying_on", status="accepted")])
    answers["learner"] = {**answers["learner"], **draft.answers["learner"]}
    world.save(record_id, answers, actor=person)
    world.send(record_id, actor=person)
    with world.db.read() as session:
        transfer_id = session.scalars(select(Transfer.id)).one()
    assert _for(downloading.download_pdf(db=world.db, actor=person, transfer_id=transfer_id)) == [
        "admissions",
        "exams",
        "learning_support",
        "safeguarding",
    ]
    with pytest.raises(NotFound):
        opening.open_transfer(db=world.db, actor=world.coach, transfer_id=transfer_id)
