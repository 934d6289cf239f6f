"""Questions from colleges, the safeguarding team's releases, and confirming for the year group."""

from __future__ import annotations

import json

import pytest

from tests.exchange.world import World
from tests.web.school.forms import form_to
from tests.web.visitor import Visitor
from transition_exchange.exchange.queries import asking
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.exchange.writing.learner_list import learners
from transition_exchange.exchange.writing.opening import open_draft

LEAD = {"lead_name": "Sam Lead", "lead_phone": "01709 382121", "lead_email": ""}


class TestQuestions:
    def test_a_question_is_listed_read_and_answered(self, senco: Visitor, world: World) -> None:
        record_id = world.add()
        world.fill(record_id)
        world.send(record_id)
        [sent] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
        asking.ask(
            db=world.db,
            actor=world.college_support,
            transfer_id=sent.transfer_id,
            text="Which bus?",
            section="transport",
        )
        assert "Questions (1 waiting)" in senco.get("/learners").text
        page = senco.get("/learners/questions")
        assert "Waiting for you" in page.text
        path = page.href("Amina Khan")
        page = senco.get(path)
        assert "Which bus?" in page.text
        empty = senco.post(path, page.fields() | {"text": [" "]})
        assert empty.errors == ["Write your message"]
        assert senco.post(path, {"text": "The 22."}).status == 303
        assert "Answered" in senco.get("/learners/questions").text

    def test_the_other_teams_questions_are_not_there(
        self, lead: Visitor, senco: Visitor, world: World
    ) -> None:
        record_id = world.add()
        world.fill(record_id)
        world.send(record_id)
        [sent] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
        query_id = asking.ask(
            db=world.db, actor=world.college_support, transfer_id=sent.transfer_id, text="Which bus?"
        )
        assert senco.get(f"/learners/questions/{query_id}").status == 200
        assert lead.get(f"/learners/questions/{query_id}").status == 404


class TestSafeguarding:
    def test_nothing_to_pass_on_for_those_ticked_in_steps(self, lead: Visitor, world: World) -> None:
        ids = [world.add("Pupil", f"Number{number}") for number in range(7)]
        page = lead.get("/learners/safeguarding")
        assert len(page.texts(".te-pick")) == 7
        picked = {"record": [str(each) for each in ids[:6]], "work": "nothing"}
        confirm = lead.post("/learners/safeguarding/confirm", picked)
        assert "for 6 learners" in confirm.h1
        step = lead.post("/learners/safeguarding/release", confirm.fields() | LEAD)
        assert "5 of 6 learners done" in step.text
        assert step.tree.cssselect("progress[value='5']")
        done = lead.follow(lead.post("/learners/safeguarding/release", step.fields()))
        assert "Released for 6 learners" in done.text
        rows = learners(db=world.db, actor=world.safeguarding_lead, purpose="safeguarding")
        assert sum(row.safeguarding_released for row in rows) == 6

    def test_a_step_left_half_way_is_taken_up_from_the_list(self, lead: Visitor, world: World) -> None:
        ids = [world.add("Pupil", f"Number{number}") for number in range(6)]
        picked = {"record": [str(each) for each in ids], "work": "nothing"}
        confirm = lead.post("/learners/safeguarding/confirm", picked)
        lead.post("/learners/safeguarding/release", confirm.fields() | LEAD)
        assert len(lead.get("/learners/safeguarding").texts(".te-pick")) == 1

    def test_the_leads_contact_is_asked_for_and_checked(self, lead: Visitor, world: World) -> None:
        confirm = lead.post(
            "/learners/safeguarding/confirm", {"record": [str(world.add())], "work": "nothing"}
        )
        page = lead.post(
            "/learners/safeguarding/release", confirm.fields() | {"lead_phone": "12", "lead_name": ""}
        )
        assert len(page.errors) == 2
        assert page.fields()["lead_phone"] == ["12"]

    def test_ticking_nobody_is_said(self, lead: Visitor, world: World) -> None:
        world.add()
        assert lead.post("/learners/safeguarding/confirm", {"work": "nothing"}).errors == [
            "Choose at least one learner"
        ]

    def test_who_is_left_alone_is_named_with_the_reason(self, lead: Visitor, world: World) -> None:
        record_id = world.add()
        world.save(record_id, {"safeguarding": {"file_exists": "yes"}}, owner="safeguarding")
        confirm = lead.post("/learners/safeguarding/confirm", {"record": [str(record_id)], "work": "nothing"})
        page = lead.post("/learners/safeguarding/release", confirm.fields() | LEAD)
        assert "Left alone" in page.text
        assert "Somebody has already written something else here" in page.text

    def test_one_is_released_from_its_own_page(self, lead: Visitor, world: World) -> None:
        record_id = world.add()
        world.save(
            record_id,
            {"safeguarding": {"file_exists": "no", "lead_name": "Sam", "lead_phone": "01709 382121"}},
            owner="safeguarding",
        )
        path = f"/learners/{record_id}/send/safeguarding"
        page = lead.get(path)
        assert "Nobody has the learner’s pack yet" in page.text
        assert "is released" in lead.follow(lead.post(path, page.fields())).text

    def test_it_follows_to_a_provider_that_got_its_pack_meanwhile(self, lead: Visitor, world: World) -> None:
        record_id = world.add()
        confirm = lead.post("/learners/safeguarding/confirm", {"record": [str(record_id)], "work": "nothing"})
        lead.post("/learners/safeguarding/release", confirm.fields() | LEAD)
        world.fill(record_id)
        world.send(record_id)
        page = lead.get("/learners/safeguarding")
        assert "1 pack went to another provider" in page.text
        form = form_to(page, "/safeguarding/confirm")
        confirm = lead.post("/learners/safeguarding/confirm", form)
        lead.post("/learners/safeguarding/release", confirm.fields())
        [sent] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
        assert "safeguarding" in {each.owner for each in sent.receipts}
        assert "went to another provider" not in lead.get("/learners/safeguarding").text

    @pytest.mark.parametrize("path", ["/learners/safeguarding/confirm", "/learners/safeguarding/release"])
    def test_only_own_learners_and_only_the_safeguarding_team(
        self, lead: Visitor, senco: Visitor, world: World, path: str
    ) -> None:
        theirs = str(world.add(actor=world.other_senco))
        assert senco.post(path, {"work": "nothing", "record": theirs, "left": theirs}).status == 403
        assert lead.post(path, {"work": "nothing", "record": theirs, "left": theirs}).status == 404
        assert lead.post(path, {"work": "nothing", "record": "x", "left": "x"}).status == 404
        assert lead.post(path, {"work": "else", "record": "", "left": ""}).status == 404

    def test_the_safeguarding_team_begins_at_its_own_list(self, lead: Visitor) -> None:
        assert lead.follow(lead.get("/learners")).h1 == "Safeguarding"


class TestYearGroup:
    TOLD = {  # noqa: RUF012 - a form, as it is sent
        "told.learner_told_on-day": "1",
        "told.learner_told_on-month": "10",
        "told.learner_told_on-year": "2026",
        "told.learner_told_how": "meeting",
    }

    def test_confirms_for_all_but_those_picked_out_in_steps(self, senco: Visitor, world: World) -> None:
        ids = [world.add("Pupil", f"Number{number:02}") for number in range(12)]
        page = senco.get("/learners/year-group")
        chosen = {"statement": ["learners_told", "no_suspensions", "home_council"]}
        pick = senco.post("/learners/year-group", page.fields() | chosen | self.TOLD)
        assert pick.h1 == "Who is it not true of?"
        step = senco.post("/learners/year-group/confirm", pick.fields() | {"out": [str(ids[0])]})
        assert "10 of 11 learners done" in step.text
        done = senco.follow(senco.post("/learners/year-group/confirm", step.fields()))
        assert "Confirmed for 11 learners" in done.text
        drafts = [open_draft(db=world.db, actor=world.senco, record_id=each) for each in (ids[0], ids[11])]
        assert drafts[0].answers["told"] == {}
        assert drafts[1].answers["told"]["learner_told_how"] == "meeting"
        assert drafts[1].answers["enrolment"]["home_la"] == "372"

    def test_what_goes_with_a_statement_is_asked_and_nothing_typed_is_lost(
        self, senco: Visitor, world: World
    ) -> None:
        page = senco.post(
            "/learners/year-group",
            {"statement": ["learners_told", "all_shared"], "told.learner_told_on-day": "31"},
        )
        assert len(page.errors) == 2
        assert page.fields()["statement"] == ["learners_told", "all_shared"]
        assert page.fields()["told.learner_told_on-day"] == ["31"]
        assert senco.post("/learners/year-group", {}).errors == ["Choose at least one statement to confirm"]

    def test_nothing_else_can_be_written_for_everybody(self, senco: Visitor, world: World) -> None:
        world.add()
        for answers in (
            '{"safeguarding": {"file_exists": "no"}}',
            '{"sen": {"provision": "N"}}',
            "[]",
            "x",
            "",
        ):
            assert senco.post("/learners/year-group/confirm", {"answers": answers}).status in (303, 404)
        assert json.loads("[]") == []

    def test_the_safeguarding_team_does_not_confirm_for_the_others(self, lead: Visitor) -> None:
        assert lead.get("/learners/year-group").status == 403
