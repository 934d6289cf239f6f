"""Confirming for a year group: what is the same for nearly everybody."""

from __future__ import annotations

import pytest

from tests.exchange.world import World
from tests.web.visitor import Visitor
from transition_exchange.exchange.writing.opening import open_draft

TOLD = {
    "told.learner_told_on-day": "1",
    "told.learner_told_on-month": "10",
    "told.learner_told_on-year": "2026",
    "told.learner_told_how": "meeting",
}


def test_confirms_for_all_but_those_picked_out_in_steps(senco: Visitor, world: World) -> None:
    ids = [world.add("Pupil", f"Number{number:02}") for number in range(12)]
    page = senco.get("/learners/year-group")
    chosen = {"statement": ["learners_told", "no_suspensions", "home_council"]}
    pick = senco.post("/learners/year-group", page.fields() | chosen | TOLD)
    assert pick.h1 == "Who is it not true of?"
    step = senco.post("/learners/year-group/confirm", pick.fields() | {"out": [str(ids[0])]})
    assert "10 of 11 learners done" in step.text
    done = senco.follow(senco.post("/learners/year-group/confirm", step.fields()))
    assert "Confirmed for 11 learners" in done.text
    drafts = [
        open_draft(db=world.db, actor=world.senco, record_id=record_id) for record_id in (ids[0], ids[11])
    ]
    assert drafts[0].answers["told"] == {}
    assert drafts[1].answers["told"]["learner_told_how"] == "meeting"
    assert drafts[1].answers["enrolment"]["home_la"] == "372"


def test_what_goes_with_a_statement_is_asked_and_nothing_typed_is_lost(senco: Visitor, world: World) -> None:
    page = senco.post(
        "/learners/year-group",
        {"statement": ["learners_told", "all_shared"], "told.learner_told_on-day": "31"},
    )
    assert len(page.errors) == 2
    assert page.fields()["statement"] == ["learners_told", "all_shared"]
    assert page.fields()["told.learner_told_on-day"] == ["31"]
    assert senco.post("/learners/year-group", {}).errors == ["Choose at least one statement to confirm"]


def test_nothing_else_can_be_written_for_everybody(senco: Visitor, world: World) -> None:
    world.add()
    for answers in (
        '{"safeguarding": {"file_exists": "no"}}',
        '{"sen": {"provision": "N"}}',
        "[]",
        "x",
        "",
    ):
        assert senco.post("/learners/year-group/confirm", {"answers": answers}).status == 404, answers


def test_the_safeguarding_team_does_not_confirm_for_the_others(lead: Visitor) -> None:
    assert lead.get("/learners/year-group").status == 403


def test_a_statement_that_no_page_offers_is_unknown(senco: Visitor, world: World) -> None:
    assert senco.post("/learners/year-group", {"statement": ["all_shared", "made_up"]}).status == 404


def test_somebody_elses_learner_is_not_confirmed(senco: Visitor, world: World) -> None:
    theirs = world.add(actor=world.other_senco)
    pick = senco.post("/learners/year-group", {"statement": ["all_shared"]})
    assert "Nobody on your list leaves in" in pick.text
    form = {"answers": '{"sharing": {"agreed": "all"}}', "left": str(theirs), "total": "1"}
    page = senco.post("/learners/year-group/confirm", form)
    assert "A learner: This learner is not on your school’s list any more" in page.text
    assert "Confirmed for no learners" in page.text
    draft = open_draft(db=world.db, actor=world.other_senco, record_id=theirs, owner="transition")
    assert "sharing" not in draft.answers or not draft.answers["sharing"].get("agreed")


@pytest.mark.parametrize(
    "made_up",
    [
        {"answers": "[" * 100_000},
        {"answers": '{"a":' * 100_000},
        {"answers": "{}", "total": "-5"},
        {"answers": "{}", "total": "9" * 30},
        {"answers": "{}", "total": "x"},
    ],
)
def test_what_no_step_carries_is_unknown(senco: Visitor, world: World, made_up: dict[str, str]) -> None:
    world.add()
    assert senco.post("/learners/year-group/confirm", made_up).status == 404
