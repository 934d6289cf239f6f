"""A school with a sixth form sends to itself; its safeguarding team then both writes and receives.

A walk: it goes from writing over sending to receiving.
"""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.exchange.sixth_forms import SCHOOL, add_hill_school, send_to_itself
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.receiving import downloading, opening
from transition_exchange.store.models import Grant

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a session believes does not depend on the kind of database."""


@pytest.fixture
def hill(world: World) -> World:
    """The area with such a school in it."""
    add_hill_school(world)
    return world


def _for(body: bytes) -> list[str]:
    """For whom a PDF was made: the instant renderer writes the data into it."""
    purposes: list[str] = json.loads(body.partition(b"\n")[2])["for"]
    return purposes


def test_the_safeguarding_team_gets_its_own_pack_and_no_other_team_s(hill: World) -> None:
    record_id, transfer_id = send_to_itself(hill, SCHOOL, hill.hill_senco)
    hill.save(
        record_id,
        {
            "safeguarding": {"file_exists": "yes", "lead_name": "Quintessa Harbottle"},
            "day_one_safety": {"information": "Carries an auto-injector."},
        },
        owner="school_safeguarding",
        actor=hill.hill_lead,
    )
    hill.send(record_id, owner="school_safeguarding", actor=hill.hill_lead)

    with hill.db.write() as session:  # the school's own grants are as old as the others; let them come first
        for grant in session.scalars(select(Grant).where(Grant.grantor_team_id == Grant.grantee_team_id)):
            if "learning_support" in (grant.statement or ""):
                grant.created_at -= timedelta(seconds=1)

    def download(actor: Actor, owner: str) -> list[str]:
        hill.open(transfer_id, actor)
        return _for(downloading.download_pdf(db=hill.db, actor=actor, transfer_id=transfer_id, owner=owner))

    assert download(hill.hill_lead, "transition") == ["safeguarding"]
    assert download(hill.hill_lead, "school_safeguarding") == ["safeguarding"]
    assert download(hill.hill_support, "school_safeguarding") == ["learning_support"]
    assert download(hill.hill_both, "transition") == ["learning_support"]
    received = opening.open_transfer(db=hill.db, actor=hill.hill_support, transfer_id=transfer_id)
    assert "safeguarding" not in received.answers


def test_one_team_for_everything_gets_one_pack(world: World) -> None:
    """A community organisation of one person that both sends and receives."""
    name = "Riverside Trust"
    world.place(name, kind="community", sends=True, receives=True)
    everything = (
        "transition",
        "school_safeguarding",
        "safeguarding",
        "admissions",
        "learning_support",
        "exams",
    )
    world.team(name, "Everybody", *everything)
    person = world.person("everybody", name, "Everybody")
    _, transfer_id = send_to_itself(world, name, person)
    world.open(transfer_id, person)
    assert _for(downloading.download_pdf(db=world.db, actor=person, transfer_id=transfer_id)) == [
        "admissions",
        "exams",
        "learning_support",
        "safeguarding",
    ]
    with pytest.raises(NotFound):
        opening.open_transfer(db=world.db, actor=world.coach, transfer_id=transfer_id)
