"""The safeguarding team’s list, and its releases for many learners."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from flask import Flask

from tests.exchange.rows_put_there import put_receipts_there, version_of
from tests.exchange.world import World
from tests.web.school.forms import form_to
from tests.web.school.safeguarding import LEAD, confirming, marked, released
from tests.web.visitor import Visitor
from transition_exchange.exchange.school_calendar import leaving_year_on
from transition_exchange.exchange.sending.safeguarding_written import Mark
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.exchange.writing.learner_list import learners
from transition_exchange.exchange.writing.opening import open_draft


def test_a_file_nothing_and_ring_me_are_sent_together_in_steps(lead: Visitor, world: World) -> None:
    ids = [world.add("Pupil", f"Number{number}") for number in range(7)]
    page = lead.get("/learners/safeguarding")
    assert len(page.texts(".te-pick")) == 7
    marks: dict[UUID, Mark] = {ids[0]: "file", ids[1]: "ring", **dict.fromkeys(ids[2:6], "nothing")}
    confirm = lead.post("/learners/safeguarding/confirm", marked(marks))
    assert confirm.h1 == "Answer for 6 learners"
    assert confirm.texts("main h2")[:3] == [
        "There is a file: 1 learner",
        "Nothing to pass on: 4 learners",
        "Ring me: 1 learner",
    ]
    assert not confirm.tree.cssselect("main details"), "the names are always shown"
    assert sum("Pupil Number" in name for name in confirm.texts("main .te-columns li")) == 6
    assert "Number6" not in confirm.text
    step = released(lead, confirm)
    assert "5 of 6 learners done" in step.text
    assert step.tree.cssselect("progress[value='5']")
    done = lead.follow(lead.post("/learners/safeguarding/release", step.fields()))
    assert "Released for 6 learners" in done.text
    rows = learners(db=world.db, actor=world.safeguarding_lead, purpose="school_safeguarding")
    assert sum(row.safeguarding_released for row in rows) == 6
    for record_id, answer in ((ids[0], "yes"), (ids[1], "not_disclosed"), (ids[5], "no")):
        draft = open_draft(
            db=world.db, actor=world.safeguarding_lead, record_id=record_id, owner="school_safeguarding"
        )
        assert draft.answers["safeguarding"]["file_exists"] == answer


def test_a_step_left_half_way_is_taken_up_from_the_list(lead: Visitor, world: World) -> None:
    released(lead, confirming(lead, [world.add("Pupil", f"Number{number}") for number in range(6)]))
    assert len(lead.get("/learners/safeguarding").texts(".te-pick")) == 1


def test_contact_and_comparison_are_required_and_nothing_is_lost(lead: Visitor, world: World) -> None:
    confirm = confirming(lead, [world.add()], "ring")
    page = lead.post(
        "/learners/safeguarding/release", confirm.fields() | {"lead_phone": "12", "lead_name": ""}
    )
    assert page.status == 422
    assert len(page.errors) == 3
    assert "Compare the list with your safeguarding system" in page.errors[2]
    assert page.fields()["lead_phone"] == ["12"]
    assert "Ring me: 1 learner" in page.texts("main h2")
    again = lead.post("/learners/safeguarding/release", page.fields() | LEAD | {"compared": ""})
    assert len(again.errors) == 1
    assert again.fields()["marked"] == confirm.fields()["marked"]
    rows = learners(db=world.db, actor=world.safeguarding_lead, purpose="school_safeguarding")
    assert not any(row.safeguarding_released for row in rows)
    done = lead.post("/learners/safeguarding/release", again.fields() | LEAD)
    assert "Released for one learner" in lead.follow(done).text


def test_marking_nobody_is_said(lead: Visitor, world: World) -> None:
    world.add()
    assert lead.post("/learners/safeguarding/confirm", {"work": "answer"}).errors == [
        "Mark at least one learner"
    ]


def test_the_rest_is_marked_nothing_but_for_those_against_whom_something_speaks(
    lead: Visitor, world: World
) -> None:
    amina, ben, cara, dan = (world.add(name, "Khan") for name in ("Amina", "Ben", "Cara", "Dan"))
    world.save(ben, {"day_one_safety": {"information": "Ask at the gate"}}, owner="school_safeguarding")
    world.save(cara, {"safeguarding": {"youth_justice": True}}, owner="school_safeguarding")
    page = lead.get("/learners/safeguarding")
    assert "Something is written for safety on the first day" in page.texts(".te-pick")[1]
    assert "youth justice service" in page.texts(".te-pick")[2]
    assert not page.tree.cssselect(f"input[name='mark-{ben}'][value='nothing']")
    form = form_to(page, "/safeguarding/confirm") | marked({amina: "ring"})
    page = lead.post("/learners/safeguarding/confirm", form | {"rest": "nothing"})
    assert page.status == 200
    assert "1 more learner is marked" in page.text
    assert "2 learners are not marked" in page.text
    chosen = {
        (box.get("name"), box.get("value")) for box in page.tree.cssselect("input[type=radio][checked]")
    }
    assert chosen == {(f"mark-{amina}", "ring"), (f"mark-{dan}", "nothing")}
    confirm = lead.post("/learners/safeguarding/confirm", form_to(page, "/safeguarding/confirm"))
    assert confirm.h1 == "Answer for 2 learners"


def test_a_form_made_up_does_not_say_nothing_of_somebody_with_something(lead: Visitor, world: World) -> None:
    record_id = world.add()
    world.save(record_id, {"safeguarding": {"file_exists": "yes"}}, owner="school_safeguarding")
    page = released(lead, confirming(lead, [record_id]))
    assert "Left alone" in page.text
    assert "Somebody has already written something else here" in page.text


def test_what_changed_since_it_was_confirmed_is_left_alone(lead: Visitor, world: World) -> None:
    amina, ben = world.add("Amina", "Khan"), world.add("Ben", "Stone")
    confirm = confirming(lead, [amina, ben])
    world.save(
        amina,
        {
            "learner": {
                "legal_forename": "Quintessa",
                "legal_surname": "Khan",
                "date_of_birth": f"{leaving_year_on(world.today) - 16}-03-14",
            }
        },
    )
    page = released(lead, confirm)
    (left,) = page.texts("main .govuk-list--spaced li")
    assert "Quintessa Khan: Something about this learner has changed since you confirmed" in left


def test_it_follows_to_a_provider_that_got_its_pack_meanwhile(lead: Visitor, world: World) -> None:
    record_id = world.add()
    released(lead, confirming(lead, [record_id]))
    world.fill(record_id)
    world.send(record_id)
    page = lead.get("/learners/safeguarding")
    assert "1 pack is with a provider where a team that should have your part does not have it" in page.text
    form = form_to(page, "/safeguarding/confirm")
    confirm = lead.post("/learners/safeguarding/confirm", form)
    lead.post("/learners/safeguarding/release", confirm.fields())
    [sent] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    assert "school_safeguarding" in {receipt.owner for receipt in sent.receipts}
    assert "Your part can follow now" not in lead.get("/learners/safeguarding").text


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/learners/safeguarding/confirm", 422, "Nothing was released."),
        ("/learners/safeguarding/release", 200, "This learner is not on your school’s list any more"),
    ],
)
def test_only_own_learners_and_only_the_safeguarding_team(
    lead: Visitor, senco: Visitor, world: World, path: str, status: int, words: str
) -> None:
    theirs = str(world.add(actor=world.other_senco))
    assert senco.post(path, marked({UUID(theirs): "file"})).status == 403
    answers = [
        lead.post(path, marked({UUID(one): "file"}) | {"marked": f"{one}:file"} | LEAD)
        for one in (theirs, str(uuid4()))
    ]
    for page in answers:
        assert page.status == status
        assert words in page.text
    assert answers[0].text == answers[1].text, "it does not tell somebody else's from none"
    rows = learners(db=world.db, actor=world.other_senco)
    assert [row.safeguarding_released for row in rows] == [False]
    assert lead.post(path, {"work": "follow", "record": "x", "left": "x"}).status == 404
    assert lead.post(path, {"work": "answer", "mark-x": "file", "marked": "x:file"}).status == 404
    assert lead.post(path, {"work": "else", "record": "", "left": ""}).status == 404


def test_the_safeguarding_team_begins_at_its_own_list(lead: Visitor) -> None:
    assert lead.follow(lead.get("/learners")).h1 == "Safeguarding"


def test_the_list_begins_with_those_who_wait_and_shows_all_if_asked(lead: Visitor, world: World) -> None:
    waiting, answered = world.add("Amina", "Khan"), world.add("Ben", "Stone")
    released(lead, confirming(lead, [answered]))

    def shown(state: dict[str, str]) -> list[bool]:
        page = lead.follow(lead.post("/learners/safeguarding", state))
        return [str(record_id) in page.source for record_id in (waiting, answered)]

    assert shown({}) == shown({"state": "waiting"}) == [True, False]
    assert shown({"state": "released"}) == [False, True]
    assert shown({"state": "all"}) == [True, True]


def test_a_receipt_that_nobody_signed_is_not_certain_on_both_lists(
    app: Flask, lead: Visitor, world: World
) -> None:
    record_id = world.add()
    world.send(record_id, owner="school_safeguarding")
    world.fill(record_id)
    world.send(record_id)
    put_receipts_there(world, world.transfer_of(record_id), version_of(world, record_id))
    assert "Not certain" in lead.get("/learners/safeguarding?state=all").texts(".te-pick__state")
    assert "Not certain" in Visitor(app, world.senco).get("/learners").text


def test_a_step_that_lets_nothing_follow_does_not_say_that_it_released(lead: Visitor, world: World) -> None:
    record_id = world.add()
    world.send(record_id, owner="school_safeguarding")
    confirm = lead.post("/learners/safeguarding/confirm", {"record": [str(record_id)], "work": "follow"})
    page = lead.post("/learners/safeguarding/release", confirm.fields())
    assert "Nothing was sent" in page.text
    assert "Released for one learner" not in page.text
