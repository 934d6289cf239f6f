"""The safeguarding team’s list, and its releases for many learners."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from flask import Flask

from tests.exchange.rows_put_there import put_receipts_there, version_of
from tests.exchange.safeguarding_answers import answer, spoil_answers, taken_back
from tests.exchange.world import World
from tests.web.school.forms import LEAD, form_to, marked
from tests.web.visitor import Visitor
from transition_exchange.english import day
from transition_exchange.exchange.organisations.contacts import set_contact
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.exchange.writing.learner_list import learners


def test_nothing_to_pass_on_for_those_marked_in_steps(lead: Visitor, world: World) -> None:
    ids = [world.add("Pupil", f"Number{number}") for number in range(7)]
    page = lead.get("/learners/safeguarding")
    assert len(page.texts(".te-pick")) == 7
    confirm = lead.post("/learners/safeguarding/confirm", marked(*ids[:6]))
    assert "for 6 learners" in confirm.h1
    step = lead.post("/learners/safeguarding/release", confirm.fields() | LEAD)
    assert "5 of 6 learners done" in step.text
    assert step.tree.cssselect("progress[value='5']")
    done = lead.follow(lead.post("/learners/safeguarding/release", step.fields()))
    assert "Released for 6 learners: 6 “Nothing to pass on”." in done.text
    rows = learners(db=world.db, actor=world.safeguarding_lead, purpose="school_safeguarding")
    assert sum(row.safeguarding_released for row in rows) == 6


def test_a_step_left_half_way_is_taken_up_from_the_list(lead: Visitor, world: World) -> None:
    ids = [world.add("Pupil", f"Number{number}") for number in range(6)]
    confirm = lead.post("/learners/safeguarding/confirm", marked(*ids))
    lead.post("/learners/safeguarding/release", confirm.fields() | LEAD)
    assert len(lead.get("/learners/safeguarding").texts(".te-pick")) == 1


@pytest.mark.parametrize("later", ["yes", "not_now"])
def test_an_old_page_for_confirming_releases_no_mark_that_was_changed_since(
    lead: Visitor, world: World, later: str
) -> None:
    """Two windows: in the second the lead finds that there is a file after all, or that they have to look first."""
    record_id, other = world.add(), world.add("Ben", "Stone")
    confirm = lead.post("/learners/safeguarding/confirm", marked(record_id, other))
    changed = f"{record_id}:{later}" if later == "yes" else ""
    form = lead.get("/learners/safeguarding").fields() | {f"mark-{record_id}": [changed] if changed else []}
    assert lead.post("/learners/safeguarding/marks", form).status == 204
    page = lead.post("/learners/safeguarding/release", confirm.fields() | LEAD)
    assert "Marks were changed after the page for confirming was made" in page.errors[0]
    rows = learners(db=world.db, actor=world.safeguarding_lead, purpose="school_safeguarding")
    assert not any(row.safeguarding_released for row in rows)
    assert page.fields().get(f"mark-{record_id}", [""]) != [f"{record_id}:no"]
    again = lead.post("/learners/safeguarding/confirm", marked(record_id, other))
    done = lead.follow(lead.post("/learners/safeguarding/release", again.fields() | LEAD))
    assert "Released for 2 learners" in done.text


def test_the_leads_contact_is_asked_for_and_checked(lead: Visitor, world: World) -> None:
    confirm = lead.post("/learners/safeguarding/confirm", marked(world.add()))
    page = lead.post(
        "/learners/safeguarding/release", confirm.fields() | {"lead_phone": "12", "lead_name": ""}
    )
    assert len(page.errors) == 3
    assert page.fields()["lead_phone"] == ["12"]


def test_marking_nobody_is_said_on_the_list_as_it_was(lead: Visitor, world: World) -> None:
    waiting, released = world.add(), world.add("Ben", "Stone")
    answer(world, {released: "no"})
    page = lead.post("/learners/safeguarding/confirm", {"work": "answer"})
    assert page.errors == ["Mark at least one learner"]
    page = lead.post("/learners/safeguarding/confirm", {"work": "answer", "state": "all"})
    assert page.errors == ["Mark at least one learner"]
    assert page.fields()["state"] == ["all"]
    assert [str(one) in page.source for one in (waiting, released)] == [True, True]
    page = lead.post("/learners/safeguarding/confirm", {"work": "answer", "state": "all", "q": "stone"})
    assert page.fields()["q"] == ["stone"]
    assert str(waiting) not in page.source


def test_who_is_left_alone_is_named_with_the_reason(lead: Visitor, world: World) -> None:
    record_id = world.add()
    world.save(record_id, {"safeguarding": {"file_exists": "yes"}}, owner="school_safeguarding")
    confirm = lead.post("/learners/safeguarding/confirm", marked(record_id))
    page = lead.post("/learners/safeguarding/release", confirm.fields() | LEAD)
    assert "Nothing was done for these" in page.text
    assert "You have already answered “There is a file” here. Open it and check it." in page.text


def test_it_follows_to_a_provider_that_got_its_pack_meanwhile(lead: Visitor, world: World) -> None:
    record_id = world.add()
    confirm = lead.post("/learners/safeguarding/confirm", marked(record_id))
    lead.post("/learners/safeguarding/release", confirm.fields() | LEAD)
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
    assert (
        senco.post(path, {"work": "answer", "record": theirs, "left": theirs, "mark": f"{theirs}:no"}).status
        == 403
    )
    answers = [
        lead.post(
            path,
            {
                "work": "answer",
                "record": one,
                "left": one,
                "mark": f"{one}:no",
                f"mark-{one}": f"{one}:no",
            }
            | LEAD,
        )
        for one in (theirs, str(uuid4()))
    ]
    for page in answers:
        assert page.status == status
        assert words in page.text
    assert answers[0].text == answers[1].text, "it does not tell somebody else's from none"
    rows = learners(db=world.db, actor=world.other_senco)
    assert [row.safeguarding_released for row in rows] == [False]
    assert lead.post(path, {"work": "answer", "record": "x", "left": "x"}).status == 404
    assert lead.post(path, {"work": "else", "record": "", "left": ""}).status == 404


def test_the_safeguarding_team_begins_at_its_own_list(lead: Visitor) -> None:
    assert lead.follow(lead.get("/learners")).h1 == "Safeguarding"


def test_the_list_begins_with_those_who_wait_and_shows_all_if_asked(lead: Visitor, world: World) -> None:
    waiting, released = world.add("Amina", "Khan"), world.add("Ben", "Stone")
    confirm = lead.post("/learners/safeguarding/confirm", marked(released))
    lead.post("/learners/safeguarding/release", confirm.fields() | LEAD)

    def shown(state: dict[str, str]) -> list[bool]:
        page = lead.follow(lead.post("/learners/safeguarding", state))
        return [str(record_id) in page.source for record_id in (waiting, released)]

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


def test_the_list_and_the_banner_say_what_was_answered(lead: Visitor, world: World) -> None:
    amina, ben, cara = world.add(), world.add("Ben", "Stone"), world.add("Cara", "Dale")
    form = marked(amina, ben) | marked(cara, mark="not_disclosed")
    confirm = lead.post(
        "/learners/safeguarding/confirm", {**form, "record": [str(amina), str(ben), str(cara)]}
    )
    page = lead.follow(lead.post("/learners/safeguarding/release", confirm.fields() | LEAD))
    assert "Released for 3 learners: 2 “Nothing to pass on” and 1 “Ring me”." in page.text
    assert "Released: 2 “Nothing to pass on” and 1 “Ring me”." in page.text
    states = page.texts(".te-pick__state")
    today = day(datetime.now(UTC).date())
    assert [state.split(" released")[0] for state in states] == [
        "Ring me",
        "Nothing to pass on",
        "Nothing to pass on",
    ]
    assert all(f"released {today}, " in state for state in states)
    assert not page.tree.cssselect(".te-pick input"), "what is released is not marked again"
    assert "Continue" not in page.text


def test_those_who_wait_keep_their_marks_beside_those_who_are_released(lead: Visitor, world: World) -> None:
    released, waiting = world.add("Amina", "Khan"), world.add("Ben", "Stone")
    answer(world, {released: "yes"})
    page = lead.get("/learners/safeguarding?state=all")
    file, none = page.texts(".te-pick__state")
    assert file.startswith("There is a file released ")
    assert none == "Not released"
    assert page.fields()["record"] == [str(waiting)]


def test_the_banner_leaves_out_whoever_was_left_alone(lead: Visitor, world: World) -> None:
    left, done = world.add(), world.add("Ben", "Stone")
    world.save(left, {"safeguarding": {"file_exists": "yes"}}, owner="school_safeguarding")
    confirm = lead.post("/learners/safeguarding/confirm", marked(left, done))
    page = lead.post("/learners/safeguarding/release", confirm.fields() | LEAD)
    assert page.h1 == "Released for 1 learner"
    assert "Released: 1 “Nothing to pass on”." in page.text


def test_an_answer_that_cannot_be_checked_is_not_certain(lead: Visitor, world: World) -> None:
    record_id = world.add()
    answer(world, {record_id: "yes"})
    spoil_answers(world, record_id)
    page = lead.get("/learners/safeguarding?state=released")
    assert page.texts(".te-pick__state") == ["Not certain"]
    assert "There is a file" not in page.one(".te-picks")


def test_whom_to_ring_is_filled_in_from_what_the_team_has_signed(lead: Visitor, world: World) -> None:
    record_id = world.add()
    team = world.safeguarding_lead.teams[0]
    confirm = lead.post("/learners/safeguarding/confirm", marked(record_id))
    assert confirm.fields()["lead_name"] == [""]
    assert confirm.href("Say it under “People and teams”") == f"/account/teams/{team.id}/contact"
    set_contact(
        db=world.db, actor=world.safeguarding_lead, team_id=team.id, name="Neelam Rai", phone="01709 382121"
    )
    confirm = lead.post("/learners/safeguarding/confirm", marked(record_id))
    assert confirm.fields()["lead_name"] == ["Neelam Rai"]
    assert confirm.fields()["lead_phone"] == ["01709 382121"]
    assert "what you release keeps the number that stands here" in confirm.text
    wrong = lead.post(
        "/learners/safeguarding/release", confirm.fields() | {"lead_phone": "12", "lead_name": "Sam"}
    )
    assert wrong.fields()["lead_name"] == ["Sam"], "what was typed stays"


def test_it_says_whom_marking_all_leaves_out(lead: Visitor, world: World) -> None:
    first, second = world.add(), world.add("Ben", "Stone")
    assert "It leaves out" not in lead.get("/learners/safeguarding").text
    answer(world, {first: "no"})
    taken_back(world, first)
    page = lead.get("/learners/safeguarding")
    assert (
        "It leaves out 1 learner whose answer was taken back or is not certain: mark them yourself."
        in page.text
    )
    assert page.fields()["record"] == [str(first), str(second)]
