"""Destinations, documents, check answers, preview, sending, following and taking back."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

import pytest
from flask import Flask

from tests.exchange.documents import locked_pdf, pdf, pdf_with_script
from tests.exchange.world import World
from tests.web.school.forms import form_to
from tests.web.visitor import Visitor
from transition_exchange.exchange.receiving.opening import open_transfer
from transition_exchange.exchange.receiving.receipts import acknowledge
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.exchange.writing.attaching import attach
from transition_exchange.exchange.writing.opening import open_draft


def _rows(world: World, record_id: UUID) -> list[dict[str, object]]:
    draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    return list(draft.answers["destinations"].get("destinations", []))


class TestDestinations:
    def test_a_chosen_provider_fills_in_its_name_numbers_and_campus(
        self, senco: Visitor, world: World
    ) -> None:
        record_id = world.add()
        path = f"/learners/{record_id}/destinations/0"
        form = senco.get(path).fields() | {
            "provider": [f"{world.college.id}|Town campus"],
            "destinations.destinations.0.course": ["Animal care"],
            "destinations.destinations.0.status": ["applied"],
        }
        assert senco.post(path, form).status == 303
        [row] = _rows(world, record_id)
        assert row["organisation"] == str(world.college.id)
        assert (row["provider_name"], row["ukprn"], row["campus"], row["kind"]) == (
            "Northway College",
            "10001234",
            "Town campus",
            "provider",
        )
        page = senco.get(f"/learners/{record_id}/destinations")
        assert "Northway College" in page.text
        assert "Not sent yet" in page.text

    def test_elsewhere_is_typed_and_nothing_can_be_sent_there(self, senco: Visitor, world: World) -> None:
        record_id = world.add()
        path = f"/learners/{record_id}/destinations/0"
        form = senco.get(path).fields() | {
            "provider": ["elsewhere"],
            "destinations.destinations.0.kind": ["provider"],
            "destinations.destinations.0.provider_name": ["Far Away College"],
        }
        assert senco.post(path, form).status == 303
        assert "organisation" not in _rows(world, record_id)[0]
        assert "Not in this exchange" in senco.get(f"/learners/{record_id}/destinations").text

    def test_choosing_nothing_is_said_at_the_field_and_loses_nothing(
        self, senco: Visitor, world: World
    ) -> None:
        record_id = world.add()
        path = f"/learners/{record_id}/destinations/0"
        page = senco.post(
            path, senco.get(path).fields() | {"destinations.destinations.0.course": ["Joinery"]}
        )
        assert page.errors == ["Choose a provider, or say what kind of destination it is"]
        assert page.fields()["destinations.destinations.0.course"] == ["Joinery"]

    def test_a_wrong_date_is_said_at_its_field(self, senco: Visitor, world: World) -> None:
        record_id = world.add()
        world.fill(record_id)
        path = f"/learners/{record_id}/destinations/1"
        form = senco.get(path).fields() | {
            "provider": [f"{world.places['Riverside Boxing'].id}|"],
            "destinations.destinations.0.offer_date-day": ["31"],
            "destinations.destinations.0.offer_date-month": ["2"],
            "destinations.destinations.0.offer_date-year": ["2026"],
        }
        page = senco.post(path, form)
        assert len(page.errors) == 1
        assert page.tree.cssselect("#destinations-destinations-0-offer_date-day-error")
        assert len(_rows(world, record_id)) == 1

    def test_changing_one_leaves_the_others_and_removing_takes_one_away(
        self, senco: Visitor, world: World
    ) -> None:
        record_id = world.add()
        world.fill(record_id, going_to=("Northway College", "Riverside Boxing"))
        path = f"/learners/{record_id}/destinations/1"
        form = senco.get(path).fields() | {"destinations.destinations.0.course": ["Coaching"]}
        assert senco.post(path, form).status == 303
        assert [row["course"] for row in _rows(world, record_id)] == ["Animal care", "Coaching"]
        page = senco.get(f"/learners/{record_id}/destinations")
        senco.post(f"/learners/{record_id}/destinations/0/remove", form_to(page, "/destinations/0/remove"))
        assert [row["provider_name"] for row in _rows(world, record_id)] == ["Riverside Boxing"]
        assert senco.get(f"/learners/{record_id}/destinations/7").status == 404

    def test_two_people_at_the_list_never_lose_each_others_work(self, senco: Visitor, world: World) -> None:
        record_id = world.add()
        path = f"/learners/{record_id}/destinations/0"
        form = senco.get(path).fields() | {"provider": [f"{world.college.id}|"]}
        world.fill(record_id, going_to=("Riverside Boxing",))
        page = senco.post(path, form)
        assert "Somebody else changed the destinations" in page.text
        assert [row["provider_name"] for row in _rows(world, record_id)] == ["Riverside Boxing"]


class TestDocuments:
    @staticmethod
    def _form(content: bytes, **more: str) -> dict[str, object]:
        return {
            "kind": "ehc_plan",
            "dated-day": "1",
            "dated-month": "6",
            "dated-year": "2026",
            "name": "Plan of June",
            "file": (BytesIO(content), "Khan plan.pdf"),
            **more,
        }

    def test_a_document_is_added_listed_opened_and_removed(self, senco: Visitor, world: World) -> None:
        record_id, content = world.add(), pdf(pages=4)
        path = f"/learners/{record_id}/documents"
        page = senco.follow(senco.post(path, self._form(content)))
        assert "Plan of June" in page.text
        assert "4 pages" in page.text
        assert "learning support" in page.one(".govuk-summary-card__content")
        opened = senco.get(page.href("Download"))
        assert opened.response.get_data() == content
        assert "Khan" not in opened.response.headers["Content-Disposition"]
        ask = page.href("Remove")
        assert "Remove “Plan of June”?" in senco.get(ask).h1
        page = senco.follow(senco.post(ask))
        assert "No document is attached yet" in page.text

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "Choose a PDF"),
            (b"hello", "Choose a PDF. Save or print"),
            (locked_pdf(), "locked with a password"),
            (pdf_with_script(), "has scripts or files inside"),
        ],
        ids=["none", "text", "locked", "script"],
    )
    def test_a_refusal_is_clear_and_the_rest_stays(
        self, senco: Visitor, world: World, content: bytes, words: str
    ) -> None:
        record_id = world.add()
        page = senco.post(f"/learners/{record_id}/documents", self._form(content))
        assert words in page.errors[0]
        assert page.fields()["name"] == ["Plan of June"]
        assert page.fields()["kind"] == ["ehc_plan"]

    def test_everything_missing_is_said_at_once(self, senco: Visitor, world: World) -> None:
        record_id = world.add()
        page = senco.post(
            f"/learners/{record_id}/documents", self._form(b"", kind="", **{"dated-month": "13"})
        )
        assert len(page.errors) == 3

    def test_somebody_elses_document_is_not_found(self, senco: Visitor, world: World) -> None:
        mine, theirs = world.add(), world.add(actor=world.other_senco)
        attachment_id = attach(
            db=world.db,
            actor=world.other_senco,
            record_id=theirs,
            kind="ehc_plan",
            name="",
            dated=world.today,
            content=pdf(),
        )
        for record_id in (mine, theirs):
            assert senco.get(f"/learners/{record_id}/documents/{attachment_id}").status == 404
            assert senco.post(f"/learners/{record_id}/documents/{attachment_id}/remove").status == 404


class TestSending:
    def test_check_answers_names_readers_and_what_is_missing(self, senco: Visitor, world: World) -> None:
        record_id = world.add()
        page = senco.get(f"/learners/{record_id}/check/transition")
        assert "still missing" in page.text
        assert "At the next place: admissions can read this." in page.text
        assert "What the council sees" in page.text
        world.fill(record_id)
        assert (
            "Everything that the area asks for is there"
            in senco.get(f"/learners/{record_id}/check/transition").text
        )

    def test_what_is_held_back_is_said_to_be(self, senco: Visitor, world: World) -> None:
        record_id = world.add()
        world.fill(record_id)
        world.save(
            record_id,
            {
                "sen": {"provision": "K"},
                "sharing": {"agreed": "some", "withheld": ["needs"], "withheld_why": "They asked"},
                "needs": {"needs": [{"type": "SPLD", "rank": 1}]},
            },
        )
        assert (
            "Not passed on: the learner or family asked"
            in senco.get(f"/learners/{record_id}/check/transition").text
        )

    def test_the_preview_is_exactly_what_each_team_then_opens(
        self, app: Flask, senco: Visitor, world: World
    ) -> None:
        record_id = world.add()
        world.fill(record_id)
        path = f"/learners/{record_id}/send/transition"
        page = senco.get(path)
        shown = {
            " ".join(team.cssselect(".govuk-details__summary-text")[0].text_content().split()).split(":")[
                0
            ]: {" ".join(each.text_content().split()) for each in team.cssselect("h3")}
            for team in page.tree.cssselect(".te-team")
        }
        assert "For enrolment" in shown["Admissions"]
        assert "For enrolment" not in shown["Learning support"]
        assert senco.post(path, page.fields()).status == 303
        [sent] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
        received = open_transfer(db=world.db, actor=world.college_admissions, transfer_id=sent.transfer_id)
        titles = {received.version.section(name).title for name, values in received.answers.items() if values}
        assert titles - {"About this form"} >= shown["Admissions"] - {"About this form"}
        assert shown["Admissions"] <= titles | {"Completed by", "About this record"} or titles

    def test_nothing_goes_out_unseen(self, senco: Visitor, world: World) -> None:
        record_id = world.add()
        world.fill(record_id)
        path = f"/learners/{record_id}/send/transition"
        form = senco.get(path).fields()
        world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
        page = senco.post(path, form)
        assert "Something changed since you looked" in page.text
        assert track(db=world.db, actor=world.senco, record_id=record_id).delivered == ()

    def test_a_provider_unticked_gets_nothing_and_can_be_added_later(
        self, senco: Visitor, world: World
    ) -> None:
        record_id = world.add()
        world.fill(record_id, going_to=("Northway College", "Riverside Boxing"))
        path = f"/learners/{record_id}/send/transition"
        form = senco.get(path).fields()
        senco.post(path, form | {"provider": [str(world.college.id)]})
        tracked = track(db=world.db, actor=world.senco, record_id=record_id)
        assert [each.provider for each in tracked.delivered] == ["Northway College"]
        page = senco.get(path)
        assert "Has this version" in page.text
        senco.post(path, page.fields())
        tracked = track(db=world.db, actor=world.senco, record_id=record_id)
        assert {each.provider for each in tracked.delivered} == {"Northway College", "Riverside Boxing"}

    def test_an_application_not_far_enough_says_so_and_there_is_nothing_to_send(
        self, senco: Visitor, world: World
    ) -> None:
        record_id = world.add()
        world.fill(record_id, status="applied")
        page = senco.get(f"/learners/{record_id}/send/transition")
        assert "It can be sent once the application is at" in page.text
        assert "Send now" not in page.text

    def test_who_is_not_ready_is_named_with_whom_to_ring(self, senco: Visitor, world: World) -> None:
        world.place("Hilltop Training", kind="training_provider", receives=True, phone="01709 111111")
        world.team("Hilltop Training", "Office", "admissions", confirmed=False)
        record_id = world.add()
        world.fill(record_id, going_to=("Hilltop Training",))
        assert "01709 111111" in senco.get(f"/learners/{record_id}/send/transition").text

    def test_afterwards_it_says_who_opened_and_acknowledged_it(self, senco: Visitor, world: World) -> None:
        record_id = world.add()
        world.fill(record_id)
        world.send(record_id)
        [sent] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
        open_transfer(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id)
        acknowledge(db=world.db, actor=world.college_support, transfer_ids=[sent.transfer_id])
        page = senco.get(f"/learners/{record_id}/sent")
        [row] = [text for text in page.texts("tbody tr") if "Learning support" in text]
        assert row.count("College Support") == 2
        assert "Not yet" in page.text

    def test_taking_back_asks_once_more_and_says_who_had_opened_it(
        self, senco: Visitor, world: World
    ) -> None:
        record_id = world.add()
        world.fill(record_id)
        world.send(record_id)
        [sent] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
        path = f"/learners/{record_id}/sent/{sent.transfer_id}/recall"
        assert "Nobody there has opened it" in senco.get(path).text
        open_transfer(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id)
        assert "Learning support: College Support" in senco.get(path).text
        page = senco.follow(senco.post(path))
        assert "Learning support had opened it before" in page.text
        assert senco.post(path).status == 422
        other = world.add("Ben")
        assert senco.get(f"/learners/{other}/sent/{sent.transfer_id}/recall").status == 404

    def test_a_changed_version_goes_to_those_that_hold_one(self, senco: Visitor, world: World) -> None:
        record_id = world.add()
        world.fill(record_id)
        world.send(record_id)
        world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
        path = f"/learners/{record_id}/send/transition"
        page = senco.get(path)
        assert "A changed version goes to those that hold one" in page.text
        assert "Version 2 was sent to Northway College" in senco.follow(senco.post(path, page.fields())).text
