"""Somebody changes what is stored between a page and its button: nothing is done, and the page says what is there."""

from __future__ import annotations

import pytest

from tests.exchange.lost_transfers import BOXING, Loss, moved, to_another_learner, without_row
from tests.exchange.recalls import forge, shown
from tests.exchange.world import World
from tests.web.school.safeguarding import LEAD, confirming
from tests.web.visitor import Visitor
from transition_exchange.exchange.writing.learner_list import learners
from transition_exchange.store.models import Record, Transfer

NOT_SAVED = "Something that you typed is not saved yet"


def test_taking_back_takes_back_from_nobody_whom_the_page_did_not_name(senco: Visitor, world: World) -> None:
    sent = world.sent()
    world.open(sent.transfer_id)
    path = f"/learners/{sent.record_id}/sent/{sent.transfer_id}/recall"
    before = senco.get(path)
    assert before.h1 == "Take it back from Northway College?"
    moved(world, sent)
    page = senco.post(path, before.fields())
    assert (page.status, page.h1) == (422, "Take it back from Northway College?")
    assert "so nothing was taken back" in page.errors[0]
    warning = page.one(".govuk-warning-text__text")
    assert f"went to {BOXING}" in warning
    assert "went to Northway College" in warning
    assert NOT_SAVED not in page.text
    with world.db.read() as session:
        assert session.get_one(Transfer, sent.transfer_id).state != "recalled"
    page = senco.follow(senco.post(path, page.fields()))
    assert "Taken back from Northway College. Learning support had opened" in page.text
    assert BOXING not in page.text
    assert shown(world, sent).state == "recalled"


def test_without_what_the_page_showed_nothing_is_taken_back(senco: Visitor, world: World) -> None:
    sent = world.sent()
    assert senco.post(f"/learners/{sent.record_id}/sent/{sent.transfer_id}/recall").status == 422
    assert shown(world, sent).state == "sent"


@pytest.mark.parametrize("lose", [without_row, to_another_learner])
@pytest.mark.parametrize("button", ["recall", "keep"])
def test_a_decision_about_what_is_not_there_any_more_leads_to_what_is(
    senco: Visitor, world: World, lose: Loss, button: str
) -> None:
    sent = world.sent()
    forge(world, sent)
    path = f"/learners/{sent.record_id}/sent"
    lose(world, sent)
    page = senco.post(f"{path}/{sent.transfer_id}/{button}", {"seen": "x"})
    assert (page.status, page.h1) == (422, "What was sent, and who has it")
    assert "is not stored here any more" in page.errors[0]
    assert NOT_SAVED not in page.text


@pytest.mark.parametrize("gone", [True, False])
def test_a_release_for_many_does_the_others_and_names_who_is_not_there(
    lead: Visitor, world: World, gone: bool
) -> None:
    amina, ben = world.add("Amina", "Khan"), world.add("Ben", "Stone")
    confirm = confirming(lead, [amina, ben])
    with world.db.write() as session:
        record = session.get_one(Record, ben)
        if gone:
            session.delete(record)
        else:
            record.organisation_id = world.college.id
    page = lead.post("/learners/safeguarding/release", confirm.fields() | LEAD)
    assert (page.status, page.h1) == (200, "Released for 1 learner")
    (left,) = page.texts("main .govuk-list--spaced li")
    assert left.startswith("Ben Stone: This learner is not on your school’s list any more")
    assert NOT_SAVED not in page.text
    rows = learners(db=world.db, actor=world.safeguarding_lead, purpose="school_safeguarding")
    assert [row.safeguarding_released for row in rows if row.record_id == amina] == [True]


def test_who_was_ticked_and_is_not_there_any_more_is_said_before_anything_is_asked(
    lead: Visitor, world: World
) -> None:
    amina, ben = world.add("Amina", "Khan"), world.add("Ben", "Stone")
    with world.db.write() as session:
        session.get_one(Record, ben).organisation_id = world.college.id
    page = confirming(lead, [amina, ben])
    assert (page.status, page.h1) == (422, "Safeguarding")
    assert "Somebody whom you marked is not on your school’s list any more" in page.errors[0]
    assert NOT_SAVED not in page.text
