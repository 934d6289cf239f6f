"""Removing a learner who was added by mistake, on the school's pages."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from tests.exchange.safeguarding_answers import answer, taken_back
from tests.exchange.world import World
from tests.web.visitor import Visitor
from transition_exchange.exchange.writing.learner_list import learners


def left_on_the_list(world: World) -> list[UUID]:
    return [row.record_id for row in learners(db=world.db, actor=world.senco)]


def test_the_learners_page_leads_there_and_the_list_says_who_was_removed(
    senco: Visitor, world: World
) -> None:
    record_id = world.add()
    assert f"/learners/{record_id}/remove" in senco.get(f"/learners/{record_id}").source
    page = senco.get(f"/learners/{record_id}/remove")
    assert page.h1 == "Remove Amina Khan?"
    assert "no page of the form has answers yet" in page.text
    done = senco.post(f"/learners/{record_id}/remove", {**page.fields(), "reason": "twice"})
    assert done.status == 303
    after = senco.follow(done)
    assert "Amina Khan was removed." in after.text
    assert left_on_the_list(world) == []
    assert "was removed" not in senco.get("/learners").text, "it is said once"


def test_no_cookie_holds_the_name(senco: Visitor, world: World) -> None:
    record_id = world.add()
    page = senco.get(f"/learners/{record_id}/remove")
    senco.post(f"/learners/{record_id}/remove", {**page.fields(), "reason": "twice"})
    with senco.client.session_transaction(base_url=senco.base) as session:
        kept = str(dict(session))
    assert "removed" in kept
    assert "amina" not in kept.lower()
    assert "khan" not in kept.lower()


def test_a_reason_is_asked_for_and_nothing_is_removed_without_one(senco: Visitor, world: World) -> None:
    record_id = world.add()
    world.save(record_id, {"safeguarding": {"file_exists": "no"}}, owner="school_safeguarding")
    page = senco.get(f"/learners/{record_id}/remove")
    assert "you cannot see it" in page.text
    wrong = senco.post(f"/learners/{record_id}/remove", page.fields())
    assert (wrong.status, len(wrong.errors)) == (422, 2)
    still = senco.post(f"/learners/{record_id}/remove", {**wrong.fields(), "reason": "trial"})
    assert (still.status, len(still.errors)) == (422, 1)
    assert still.fields()["reason"] == ["trial"], "what was chosen stays"
    done = senco.post(f"/learners/{record_id}/remove", {**still.fields(), "knows": "yes"})
    assert done.status == 303
    assert left_on_the_list(world) == []


def test_what_a_colleague_saved_meanwhile_is_shown_first(senco: Visitor, world: World) -> None:
    record_id = world.add()
    page = senco.get(f"/learners/{record_id}/remove")
    world.save(record_id, {"sen": {"provision": "K"}})
    again = senco.post(f"/learners/{record_id}/remove", {**page.fields(), "reason": "twice"})
    assert again.status == 422
    assert "has changed since this page was opened" in again.text
    assert "1 page of the form" in again.text
    assert left_on_the_list(world) == [record_id]
    assert senco.post(f"/learners/{record_id}/remove", again.fields()).status == 303


def test_a_second_press_leads_to_the_list(senco: Visitor, world: World) -> None:
    record_id = world.add()
    form = {**senco.get(f"/learners/{record_id}/remove").fields(), "reason": "twice"}
    senco.post(f"/learners/{record_id}/remove", form)
    again = senco.post(f"/learners/{record_id}/remove", form)
    assert again.status == 303
    assert "This learner was removed before." in senco.follow(again).text
    assert senco.get(f"/learners/{record_id}/remove").status == 404


def test_what_was_sent_cannot_be_removed_and_the_page_says_what_to_do(senco: Visitor, world: World) -> None:
    sent = world.sent()
    assert f"/learners/{sent.record_id}/remove" not in senco.get(f"/learners/{sent.record_id}").source
    page = senco.get(f"/learners/{sent.record_id}/remove")
    assert (page.status, page.h1) == (200, "Amina Khan cannot be removed")
    assert "take it back" in page.text
    assert f"/learners/{sent.record_id}/sent" in page.source
    assert f"/learners/{sent.record_id}/pages/next#section-leaving" in page.source
    assert senco.post(f"/learners/{sent.record_id}/remove", {"reason": "twice"}).status == 422
    assert left_on_the_list(world) == [sent.record_id]


def test_a_learner_whom_the_safeguarding_team_answered_for_in_a_list_can_be_removed(
    senco: Visitor, world: World
) -> None:
    record_id = world.add()
    answer(world, {record_id: "no"})
    taken_back(world, record_id)
    assert f"/learners/{record_id}/remove" in senco.get(f"/learners/{record_id}").source
    page = senco.get(f"/learners/{record_id}/remove")
    assert page.h1 == "Remove Amina Khan?"
    assert "It has released its part, which went to no college" in page.text
    done = senco.post(f"/learners/{record_id}/remove", {**page.fields(), "reason": "twice", "knows": "yes"})
    assert done.status == 303
    assert left_on_the_list(world) == []


@pytest.mark.parametrize("person", ["safeguarding_lead", "other_senco", "college_support"])
def test_nobody_else_removes(app: Flask, world: World, person: str) -> None:
    record_id = world.add()
    visitor = Visitor(app, world.people[person])
    assert visitor.get(f"/learners/{record_id}/remove").status in (403, 404)
    assert visitor.post(f"/learners/{record_id}/remove", {"reason": "twice"}).status in (403, 404)
    assert left_on_the_list(world) == [record_id]
