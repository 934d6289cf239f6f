"""Check answers, preview, and sending."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.exchange.recalls import forge
from tests.exchange.spoilt_rules import spoil
from tests.exchange.world import World
from tests.web.school.test_learners import NEW
from tests.web.visitor import Visitor
from transition_exchange.exchange.receiving.opening import open_transfer
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.proforma import show
from transition_exchange.store.models import Organisation, Team, TeamKey


def test_check_answers_names_readers_and_what_is_missing(senco: Visitor, world: World) -> None:
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


def test_what_is_held_back_is_said_to_be(senco: Visitor, world: World) -> None:
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


def test_the_preview_is_exactly_what_each_team_then_opens(app: Flask, senco: Visitor, world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    path = f"/learners/{record_id}/send/transition"
    page = senco.get(path)
    shown = {
        " ".join(team.cssselect(".govuk-details__summary-text")[0].text_content().split()).split(":")[0]: {
            " ".join(heading.text_content().split()) for heading in team.cssselect("h3")
        }
        for team in page.tree.cssselect(".te-team")
    }
    assert "For enrolment" in shown["Admissions"]
    assert "For enrolment" not in shown["Learning support"]
    assert senco.post(path, page.fields()).status == 303
    [sent] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    received = open_transfer(db=world.db, actor=world.college_admissions, transfer_id=sent.transfer_id)
    sections = show(received.version, received.answers, list(received.answers), released=True)
    assert {section.title for section in sections if section.items} == shown["Admissions"]


def test_nothing_goes_out_unseen(senco: Visitor, world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    path = f"/learners/{record_id}/send/transition"
    form = senco.get(path).fields()
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    page = senco.post(path, form)
    assert page.status == 422
    assert "Something changed since you looked" in page.text
    assert page.tree.cssselect(".govuk-error-summary a")[0].get("href") == "#send-now"
    assert page.one(".govuk-error-summary__title") == "Nothing was sent"
    assert track(db=world.db, actor=world.senco, record_id=record_id).delivered == ()


def test_a_provider_unticked_gets_nothing_and_can_be_added_later(senco: Visitor, world: World) -> None:
    record_id = world.add()
    world.fill(record_id, going_to=("Northway College", "Riverside Boxing"))
    path = f"/learners/{record_id}/send/transition"
    form = senco.get(path).fields()
    senco.post(path, form | {"provider": [str(world.college.id)]})
    tracked = track(db=world.db, actor=world.senco, record_id=record_id)
    assert [transfer.provider for transfer in tracked.delivered] == ["Northway College"]
    page = senco.get(path)
    assert "Has this version" in page.text
    assert "Left out" in page.text
    assert "It gets nothing unless you tick it." in page.text
    assert page.fields().get("provider", []) == [], "a place that was left out is not ticked by itself"
    senco.post(path, page.fields() | {"provider": [str(world.places["Riverside Boxing"].id)]})
    tracked = track(db=world.db, actor=world.senco, record_id=record_id)
    assert {transfer.provider for transfer in tracked.delivered} == {"Northway College", "Riverside Boxing"}


def test_an_application_not_far_enough_says_so_and_there_is_nothing_to_send(
    senco: Visitor, world: World
) -> None:
    record_id = world.add()
    world.fill(record_id, status="applied")
    page = senco.get(f"/learners/{record_id}/send/transition")
    assert "It can be sent once the application is at" in page.text
    assert "Send now" not in page.text


@pytest.mark.parametrize("confirmed", [True, False])
def test_who_is_not_ready_is_named_with_who_to_ring(senco: Visitor, world: World, confirmed: bool) -> None:
    """Where the council has to act, nobody is sent to the provider; two teams that lack the same are one sentence."""
    world.place("Hilltop Training", kind="training_provider", receives=True, phone="01709 111111")
    for name, purpose in (("Office", "admissions"), ("Support", "learning_support")):
        world.team("Hilltop Training", name, purpose, confirmed=confirmed, ready=not confirmed)
    record_id = world.add()
    world.fill(record_id, going_to=("Hilltop Training",))
    text = senco.get(f"/learners/{record_id}/send/transition").text
    assert text.count("Office and Support at Hilltop Training are not ready.") == 1
    assert ("01709 111111" in text) == confirmed
    assert ("Ring the council’s NEET group." in text) != confirmed


def test_a_changed_version_goes_to_those_that_hold_one(senco: Visitor, world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    path = f"/learners/{record_id}/send/transition"
    page = senco.get(path)
    assert "A changed version goes to those that hold one" in page.text
    assert "Version 2 was sent to Northway College" in senco.follow(senco.post(path, page.fields())).text


def test_a_provider_that_is_no_longer_a_destination_is_unticked_and_gets_nothing_new(
    senco: Visitor, world: World
) -> None:
    record_id = world.sent().record_id
    world.fill(record_id, going_to=("Riverside Boxing",))
    path = f"/learners/{record_id}/send/transition"
    page = senco.get(path)
    assert "It has the learner’s record, but it is no longer among the learner’s destinations" in page.text
    assert "unless you tick it" not in page.text, "it has what would be sent"
    world.save(record_id, {"known_as": {"preferred_name": "Sam"}})
    page = senco.get(path)
    tags = {
        section.cssselect("h2")[0].text_content(): section.cssselect(".govuk-tag")[0].text_content()
        for section in page.tree.cssselect(".te-provider")
    }
    assert tags == {"Riverside Boxing": "Will be sent", "Northway College": "No longer a destination"}
    assert "It gets nothing new unless you tick it" in page.text
    assert page.href("Take the record back") == f"/learners/{record_id}/sent"
    assert page.fields()["provider"] == [str(world.places["Riverside Boxing"].id)]
    sent = senco.follow(senco.post(path, page.fields()))
    assert "Version 2 was sent to Riverside Boxing." in sent.text

    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    page = senco.get(path)
    assert "provider" not in page.fields()
    ticked = senco.follow(senco.post(path, page.fields() | {"provider": [str(world.college.id)]}))
    assert "Version 3 was sent to" in ticked.text
    assert "Northway College" in ticked.texts(".govuk-notification-banner")[0]


def test_rules_that_cannot_be_checked_stop_adding_and_sending_and_the_pages_say_why(
    senco: Visitor, lead: Visitor, world: World
) -> None:
    record_id = world.sent().record_id
    path = f"/learners/{record_id}/send/transition"
    form = senco.get(path).fields()
    spoil(world, "lowered")
    why = "The rules of your area cannot be checked, so nothing is added or sent. Ring the council"
    for page in (
        senco.get(path),
        senco.post(path, form),
        senco.get("/learners/add"),
        senco.post("/learners/add", NEW),
        senco.get("/learners/year-group"),
    ):
        assert page.status == 409
        assert why in page.text
    for here in ("/learners", f"/learners/{record_id}", f"/learners/{record_id}/sent"):
        assert senco.get(here).status == 200, here
    destinations = senco.get(f"/learners/{record_id}/destinations")
    assert destinations.status == 200
    assert why in destinations.text
    assert "once the application is at" not in destinations.text
    release = f"/learners/{record_id}/send/school_safeguarding"
    assert lead.get(release).status == 200, "its part follows what the school sent, whatever the rules are"


def test_names_that_were_swapped_in_rows_stand_nowhere_on_the_page(senco: Visitor, world: World) -> None:
    record_id = world.sent().record_id
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    with world.db.write() as session:
        session.get_one(Organisation, world.college.id).name = "Riverside Boxing"
        session.get_one(Team, world.college.teams["Admissions"].row.id).name = "Evening class"
    page = senco.get(f"/learners/{record_id}/send/transition")
    assert page.texts(".te-provider h2") == ["Northway College"]
    assert "Admissions:" in page.text
    for swapped in ("Riverside Boxing", "Evening class"):
        assert swapped not in page.text
    here = senco.get(f"/learners/{record_id}/destinations/1")
    assert "Northway College" in here.text
    assert senco.get(f"/learners/{record_id}/sent").texts(".te-provider h2") == ["Northway College"]


def test_one_is_released_from_its_own_page(lead: Visitor, world: World) -> None:
    record_id = world.add()
    world.save(
        record_id,
        {"safeguarding": {"file_exists": "no", "lead_name": "Sam", "lead_phone": "01709 382121"}},
        owner="school_safeguarding",
    )
    path = f"/learners/{record_id}/send/school_safeguarding"
    page = lead.get(path)
    assert "Nobody has the learner’s pack yet" in page.text
    assert "is released" in lead.follow(lead.post(path, page.fields())).text


def test_a_provider_of_which_it_is_not_certain_that_it_has_the_record_is_unticked(
    senco: Visitor, lead: Visitor, world: World
) -> None:
    sent = world.sent()
    path = f"/learners/{sent.record_id}/send/transition"
    forge(world, sent)
    page = senco.get(path)
    assert page.texts(".te-provider__head .govuk-tag") == ["Not certain"]
    assert "The log says that this was taken back on" in page.one(".govuk-warning-text__text")
    assert page.href("Decide whether it stays there") == f"/learners/{sent.record_id}/sent"
    assert "unless you tick it" not in page.text, "there is nothing new to send"
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    page = senco.get(path)
    assert "It gets nothing new unless you tick it" in page.text
    assert "provider" not in page.fields()
    assert senco.post(path, page.fields()).status == 422
    ticked = senco.follow(senco.post(path, page.fields() | {"provider": [str(world.college.id)]}))
    assert "Version 2 was sent to Northway College." in ticked.text
    assert ticked.texts(".te-provider__head .govuk-tag") == ["Sent, not opened yet"]


def test_the_safeguarding_team_reads_why_its_part_does_not_go_there_yet(lead: Visitor, world: World) -> None:
    sent = world.sent()
    forge(world, sent)
    page = lead.get(f"/learners/{sent.record_id}/send/school_safeguarding")
    assert page.texts(".te-provider__head .govuk-tag") == ["Not certain"]
    assert "The log says that this was taken back on" in page.one(".govuk-warning-text__text")
    assert "Your part goes there once your school’s transition team has decided" in page.text
    assert "Decide whether" not in page.text


def test_a_release_that_reaches_no_team_there_does_not_say_that_it_was_sent(
    lead: Visitor, world: World
) -> None:
    record_id = world.sent().record_id
    with world.db.write() as session:
        for team in ("Safeguarding", "Learning support"):
            made = world.college.teams[team]
            session.get_one(TeamKey, made.key_id).confirmation = None
            session.get_one(Team, made.row.id).purposes = []
    path = f"/learners/{record_id}/send/school_safeguarding"
    page = lead.get(path)
    assert page.texts(".te-provider__head .govuk-tag") == ["Cannot be sent yet"]
    assert (
        "Safeguarding (not confirmed): nothing that was confirmed says what this team may read." in page.text
    )
    done = lead.follow(lead.post(path, page.fields()))
    assert "Version 1 is released. It was not sent to Northway College." in done.text
    assert "Version 1 was sent" not in done.text


def test_whoever_sends_reads_that_the_learner_has_left(senco: Visitor, world: World) -> None:
    record_id = world.add()
    path = f"/learners/{record_id}/send/transition"
    assert "Left school" not in senco.get(path).text
    world.save(record_id, {"leaving": {"left_school": "left"}})
    page = senco.get(path)
    assert "Left school Left, and is at no other school. You can still send" in page.text
