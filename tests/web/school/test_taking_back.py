"""Taking back what the safeguarding team has answered for one learner."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.exchange.safeguarding_answers import answer, taken_back
from tests.exchange.world import SentRecord, World
from tests.web.school.forms import LEAD
from tests.web.visitor import Page, Visitor
from transition_exchange.exchange.organisations.contacts import set_contact
from transition_exchange.exchange.writing.learner_list import learners
from transition_exchange.store.models import Revision


@pytest.fixture
def sent(world: World) -> SentRecord:
    return world.sent()


def _take_back(lead: Visitor, sent: SentRecord) -> Page:
    page = lead.get(f"/learners/{sent.record_id}/take-back")
    return lead.follow(lead.post(f"/learners/{sent.record_id}/take-back", page.fields() | LEAD))


def _released(world: World) -> bool:
    (row,) = learners(db=world.db, actor=world.safeguarding_lead, purpose="school_safeguarding")
    return row.safeguarding_released


def test_an_answer_that_nobody_opened_is_taken_back_from_the_list(
    lead: Visitor, world: World, sent: SentRecord
) -> None:
    answer(world, {sent.record_id: "yes"})
    page = lead.get("/learners/safeguarding?state=released")
    assert page.href("Take back the answer for Amina Khan") == f"/learners/{sent.record_id}/take-back"
    page = lead.get(f"/learners/{sent.record_id}/take-back")
    assert "Nobody there has opened or downloaded it" in page.text
    assert page.fields()["lead_name"] == ["Sam Lead"], "the contact that it named is filled in"
    page = _take_back(lead, sent)
    assert "Nobody had opened or downloaded it, and nobody can any more" in page.text
    assert page.one(".te-pick__state").startswith("Taken back on ")
    assert page.one(".te-pick__state").endswith("not answered")
    page = lead.get(f"/learners/{sent.record_id}")
    assert "not answered" in page.text
    assert "Take back what was released" not in page.text


def test_whoever_had_opened_it_reads_whom_to_ring(
    app: Flask, lead: Visitor, world: World, sent: SentRecord
) -> None:
    answer(world, {sent.record_id: "yes"})
    world.open(sent.transfer_id, world.college_safeguarding)
    assert "Take back what was released" in lead.get(f"/learners/{sent.record_id}").text
    assert "They are told that it was withdrawn" in lead.get(f"/learners/{sent.record_id}/take-back").text
    assert (
        "Safeguarding at Northway College had opened or downloaded it and will read whom to ring"
        in _take_back(lead, sent).text
    )
    college = Visitor(app, world.college_safeguarding)
    college.post(f"/received/{sent.transfer_id}")
    page = college.get(f"/received/{sent.transfer_id}")
    withdrawn = page.one(".govuk-warning-text")
    assert "Withdrawn on" in withdrawn
    assert "has not answered again" in withdrawn
    assert "ring Sam Lead, 01709 382121" in withdrawn
    assert "Yes" not in page.texts("#shown-safeguarding dd")
    assert "Withdrawn" in page.texts("#shown-safeguarding dd")
    assert "Missing: 1 answer" in page.text
    assert "Answer withdrawn" in college.get("/received").text
    senco = Visitor(app, world.senco)
    assert "takes back what was answered before" in senco.get(f"/learners/{sent.record_id}/sent").text


def test_the_contact_is_asked_for_and_what_was_typed_stays(
    lead: Visitor, world: World, sent: SentRecord
) -> None:
    answer(world, {sent.record_id: "yes"})
    path = f"/learners/{sent.record_id}/take-back"
    page = lead.post(path, lead.get(path).fields() | {"lead_name": "", "lead_phone": "12"})
    assert (page.status, len(page.errors)) == (422, 2)
    assert page.fields()["lead_phone"] == ["12"]
    assert _released(world)


def test_what_changed_since_the_page_is_said(lead: Visitor, world: World, sent: SentRecord) -> None:
    answer(world, {sent.record_id: "yes"})
    path = f"/learners/{sent.record_id}/take-back"
    form = lead.get(path).fields()
    world.open(sent.transfer_id, world.college_safeguarding)
    page = lead.post(path, form)
    assert page.status == 422
    assert "has changed since this page was opened" in page.errors[0]
    assert _released(world)


def test_where_nothing_can_be_taken_back_the_page_says_so(
    lead: Visitor, senco: Visitor, world: World, sent: SentRecord
) -> None:
    path = f"/learners/{sent.record_id}/take-back"
    assert "there is nothing to take back" in lead.get(path).errors[0]
    assert senco.get(path).status == 403
    answer(world, {sent.record_id: "no"})
    with world.db.write() as session:
        for row in session.scalars(select(Revision).where(Revision.number > 0)):
            row.released_at = row.released_at and row.released_at - timedelta(days=2)
    assert "Take back" not in lead.get("/learners/safeguarding?state=released").text, "no link by the row"
    assert lead.get(path).status == 200, "what was signed decides"


def test_of_a_learner_whom_no_place_has_the_page_says_so(lead: Visitor, world: World) -> None:
    record_id = world.add("Ben", "Stone")
    answer(world, {record_id: "no"})
    path = f"/learners/{record_id}/take-back"
    page = lead.get(path)
    assert "No place has this learner’s record, so nobody reads the answer yet" in page.text
    assert "Once you take it back, the next place’s safeguarding team reads" not in page.text
    assert "Nobody there" not in page.text
    done = lead.follow(lead.post(path, page.fields() | LEAD))
    assert "Taken back. No place has this learner’s record, so nobody reads the answer." in done.text
    assert "Taken back. The next place" not in done.text


def test_the_learners_page_says_that_it_was_taken_back(
    lead: Visitor, senco: Visitor, world: World, sent: SentRecord
) -> None:
    answer(world, {sent.record_id: "no"})
    before = lead.get(f"/learners/{sent.record_id}").text
    assert "Everything that the area asks for is there." in before
    taken_back(world, sent.record_id)
    after = lead.get(f"/learners/{sent.record_id}").text
    assert "Everything that the area asks for is there." not in after
    assert "Your team took its answer back on" in after
    assert "the next place has no answer from you" in after
    assert "Your team took its answer back" not in senco.get(f"/learners/{sent.record_id}").text
    answer(world, {sent.record_id: "no"})
    assert "took its answer back" not in lead.get(f"/learners/{sent.record_id}").text


def test_the_number_that_the_team_signed_last_is_filled_in(
    lead: Visitor, world: World, sent: SentRecord
) -> None:
    answer(world, {sent.record_id: "yes"})
    actor = world.safeguarding_lead
    set_contact(db=world.db, actor=actor, team_id=actor.teams[0].id, name="Neelam Rai", phone="01709 382122")
    page = lead.get(f"/learners/{sent.record_id}/take-back")
    assert (page.fields()["lead_name"], page.fields()["lead_phone"]) == (["Neelam Rai"], ["01709 382122"])
    assert "This answer named Sam Lead, 01709 382121" in page.text
