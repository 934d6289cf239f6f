"""The receiving side in a real browser: what a college's teams read, download, acknowledge and ask."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.conftest import Live, served
from tests.browser.looking import page_is_good, tab_to
from tests.exchange.answers import destination
from tests.exchange.chains import events_of
from tests.exchange.queries import forged
from tests.exchange.receiving.test_unchanged import send_address
from tests.exchange.safeguarding_answers import taken_back
from tests.exchange.world import SentRecord, World, rendering
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.queries import asking, threads
from transition_exchange.exchange.receiving.opening import open_transfer
from transition_exchange.exchange.writing import attaching
from transition_exchange.sample.young_people import documents
from transition_exchange.sample.young_people.learners import SampleLearner, learners

COLLEGE = "Northway College"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Live]:
    with served(tmp_path_factory.mktemp("provider"), sqlite_template) as running:
        yield running


@pytest.fixture(scope="module")
def world(live: Live) -> World:
    """The area; somebody at the college is in two teams."""
    world = World.build(live.db)
    world.person("college_both", COLLEGE, "Admissions", "Learning support")
    return world


@pytest.fixture(scope="module")
def with_plan(world: World) -> SampleLearner:
    """A learner with an EHC plan and a lot to say, sent to the college with documents and PDFs, and sent again."""
    found = max(
        (learner for learner in learners() if learner.provision == "E" and learner.stage == "complete"),
        key=lambda learner: (
            len(str(learner.answers)) * ("young_carer" not in learner.flags) * bool(learner.attachments)
        ),
    )
    row = destination(world.college.id, COLLEGE, course="Supported internship")
    answers = {**found.answers, "destinations": {"destinations": [row]}}
    record_id = world.add(
        found.answers["learner"]["legal_forename"],
        found.answers["learner"]["legal_surname"],
        date_of_birth=found.answers["learner"]["date_of_birth"],
    )
    world.save(record_id, answers)
    for attachment in found.attachments:
        attaching.attach(
            db=world.db,
            actor=world.senco,
            record_id=record_id,
            kind=attachment.kind,
            name=attachment.title,
            dated=attachment.dated,
            content=documents.pdf(attachment, found),
        )
    instant = world.renderer
    with rendering() as world.renderer:
        world.send(record_id)
        text = "Sit beside the door.\nA card to leave the room without saying why."
        own = {**answers.get("own_words", {}), "help_me": text}
        world.open(world.transfer_of(record_id), replace(world.college_support, session_id=str(uuid4())))
        world.save(record_id, {"own_words": own})
        world.send(record_id)
    world.renderer = instant
    return found


def send(world: World, forename: str, surname: str) -> UUID:
    """A learner without SEN, sent to the college."""
    record_id = world.add(forename, surname)
    world.fill(record_id)
    world.send(record_id)
    return record_id


def sign_in(live: Live, page: Page, actor: Actor) -> None:
    live.admit(page.context, replace(actor, session_id=str(uuid4())))


def open_record(page: Page) -> None:
    """Press the button of the cover."""
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_role("heading", name="Download", exact=True)).to_be_visible()


def h1(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def test_an_empty_inbox_says_when_something_will_come(live: Live, world: World, page: Page) -> None:
    sign_in(live, page, world.coach)
    page.goto("/received")
    expect(page.get_by_text("No school has sent")).to_be_visible()
    page_is_good(page, "inbox-empty")


def test_a_record_is_read_asked_about_and_answered(
    live: Live, world: World, with_plan: SampleLearner, page: Page
) -> None:
    for forename, surname in (("Leo", "Turner"), ("Zainab", "Iqbal"), ("Oliver", "Bartholomew-Featherstone")):
        send(world, forename, surname)
    sign_in(live, page, world.college_support)
    page.goto("/received")
    page_is_good(page, "inbox")
    expect(page.get_by_role("row", name=with_plan.name)).to_contain_text("Changed")

    page.get_by_role("link", name=with_plan.name).click()
    expect(page.get_by_text("Version 2, sent")).to_be_visible()
    expect(page.get_by_text("A card to leave the room")).to_have_count(0)
    page_is_good(page, "cover-changed")
    page.get_by_role("link", name="Read what your team opened before").click()
    expect(page.get_by_role("heading", name="Important")).to_be_visible()
    expect(page.get_by_text("A card to leave the room")).to_have_count(0)
    page_is_good(page, "received-record-before")
    page.get_by_role("link", name="See what is new").click()
    open_record(page)
    expect(page.get_by_role("heading", name="Changed since")).to_be_visible()
    expect(page.locator(".te-changes")).to_contain_text("A card to leave the room without saying why.")
    page_is_good(page, "received-record")

    page.get_by_role("link", name="Ask the school a question").click()
    page_is_good(page, "ask")
    page.get_by_role("button", name="Send the question").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    page_is_good(page, "ask-wrong")
    page.get_by_label("What is it about?").select_option(label="What helps")
    page.get_by_label("Your question").fill("Does the door seat matter in workshops too?")
    page.get_by_role("button", name="Send the question").click()
    expect(page.get_by_text("Waiting for the school")).to_be_visible()
    page.get_by_role("button", name="Acknowledge", exact=True).click()
    h1(page, f"Acknowledge {with_plan.name}?")
    page_is_good(page, "acknowledge-question")
    page.get_by_role("link", name="Acknowledge nothing and go back").click()
    (question,) = threads.queries(db=world.db, actor=world.senco)
    asking.reply(db=world.db, actor=world.senco, query_id=question.id, text="Yes.\n\nMost of all there.")

    page.get_by_role("link", name="Asked").click()
    expect(page.get_by_text("Most of all there.")).to_be_visible()
    page_is_good(page, "received-question")
    page.get_by_role("button", name="Send").click()
    page_is_good(page, "received-question-wrong")
    page.get_by_label("Say more").fill("Thank you.")
    page.get_by_role("button", name="Send").click()
    page.get_by_role("button", name="Close: we have our answer").click()
    page_is_good(page, "received-record-asked")
    page.get_by_role("link", name="Asked").click()
    page_is_good(page, "received-question-closed")


def test_one_goes_from_the_inbox_to_a_question_by_keyboard(live: Live, world: World, page: Page) -> None:
    send(world, "Keya", "Board")
    sign_in(live, page, world.college_exams)
    page.goto("/received")
    tab_to(page, "Find by name")
    page.keyboard.type("boa")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    tab_to(page, "Keya Board")
    page.keyboard.press("Enter")
    h1(page, "Keya Board")
    expect(page.get_by_role("heading", name="Download", exact=True)).to_have_count(0)
    page_is_good(page, "cover")
    tab_to(page, "Open")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Download", exact=True)).to_be_visible()
    tab_to(page, "PDF")
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    assert waiting.value.path().read_bytes().startswith(b"%PDF")
    tab_to(page, "Acknowledge")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Acknowledged. The school can see")).to_be_visible()
    tab_to(page, "Ask the school a question")
    page.keyboard.press("Enter")
    h1(page, "Ask the school a question")
    tab_to(page, "Your question")
    page.keyboard.type("Which board were the mocks with?")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Question sent.")).to_be_visible()


def test_search_stays_out_of_the_address(live: Live, world: World, page: Page) -> None:
    send(world, "Searched", "Forname")
    sign_in(live, page, world.college_admissions)
    page.goto("/received")
    page.get_by_label(re.compile("^Find by name")).fill("forn")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    assert "forn" not in page.url.lower()
    page.get_by_label(re.compile("^Find by name")).fill("nobody at all")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("No record matches")).to_be_visible()
    page_is_good(page, "inbox-none-found")


def test_every_team_sees_who_comes_where_and_when(live: Live, world: World, page: Page) -> None:
    record_id = send(world, "Wilhelmina", "Forster")
    place = destination(world.college.id, "Northway College", campus="Town campus")
    called = {"known_as": {"preferred_name": "Mina"}, "numbers": {"uln": "1234567007"}}
    world.save(record_id, {**called, "destinations": {"destinations": [place]}})
    world.send(record_id)
    for person in ("college_exams", "college_safeguarding"):
        sign_in(live, page, world.people[person])
        page.goto("/received")
        page.get_by_label("Find by name, ULN or transfer reference").fill("1234567007")
        page.get_by_role("button", name="Search").click()
        expect(page.locator(".te-inbox tbody tr")).to_have_count(1)
        expect(page.get_by_text("Legal name Wilhelmina Forster, born 14 March 2011")).to_be_visible()
        expect(page.get_by_text("Town campus, starts 6 Sep 2027")).to_be_visible()
        page_is_good(page, f"inbox-who-{person}")
        page.get_by_role("link", name="Mina Forster").click()
        open_record(page)
        for words in ("What to call the learner", "Town campus", "6 September 2027", "1234 567 007"):
            expect(page.get_by_text(words).first).to_be_visible()
        expect(page.get_by_text("L372400114001")).to_have_count(0)
        page_is_good(page, f"record-who-{person}")


def test_what_is_downloaded_can_be_read(
    live: Live, world: World, with_plan: SampleLearner, page: Page
) -> None:
    sign_in(live, page, world.college_support)
    page.goto("/received")
    page.get_by_role("link", name=with_plan.name).click()
    if page.get_by_role("button", name="Open", exact=True).count():
        open_record(page)
    pdf = PdfReader(downloaded(page, "PDF"))
    text = " ".join(" ".join(sheet.extract_text() for sheet in pdf.pages).split())
    assert with_plan.answers["learner"]["legal_surname"] in text
    assert "A card to leave the room without saying why." in text
    data = json.loads(downloaded(page, "Data for your systems (JSON)").read_bytes())
    assert data["answers"]["own_words"]["help_me"].startswith("Sit beside the door.")
    attached = with_plan.attachments[0]
    document = PdfReader(downloaded(page, f"{attached.title} (PDF)"))
    assert len(document.pages) == attached.pages
    page.goto("/received")
    table = downloaded(page, "Download all as a table (CSV)").read_text(encoding="utf-8-sig")
    surnames = {row["learner.legal_surname"] for row in csv.DictReader(io.StringIO(table))}
    assert with_plan.answers["learner"]["legal_surname"] in surnames


def downloaded(page: Page, button: str) -> Path:
    """What a button downloads; its name says nothing about anybody."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button, exact=True).click()
    return waiting.value.path()


def test_many_are_acknowledged_at_once_without_scripts(live: Live, world: World, plain: Page) -> None:
    for forename in ("Pla", "Plb", "Plc"):
        send(world, forename, "Inman")
    sign_in(live, plain, world.college_safeguarding)
    plain.goto("/received")
    for forename in ("Pla", "Plb"):
        find(plain, f"{forename} Inman")
        plain.get_by_role("link", name=f"{forename} Inman").click()
        h1(plain, f"{forename} Inman")
        open_record(plain)
        plain.get_by_role("link", name="Records sent to us").first.click()
    find(plain, "Inman")
    expect(plain.get_by_role("row", name="Plc Inman")).to_contain_text("Read first")
    for forename in ("Pla", "Plb"):
        plain.get_by_label(f"Acknowledge {forename} Inman").check()
    plain.get_by_role("button", name="Acknowledge the ticked").click()
    h1(plain, "Something is still owed about 2 records")
    plain.get_by_role("button", name="Acknowledge all 2 all the same").click()
    expect(plain.get_by_text("2 records acknowledged.")).to_be_visible()
    find(plain, "Plb Inman")
    expect(plain.locator("tbody tr")).to_contain_text("Acknowledged")
    plain.get_by_role("link", name="Plb Inman").click()
    plain.get_by_role("link", name="Ask the school a question").click()
    plain.get_by_label("Your question").fill("Who do we ring?")
    plain.get_by_role("button", name="Send the question").click()
    expect(plain.get_by_text("Waiting for the school")).to_be_visible()


def find(page: Page, name: str) -> None:
    page.get_by_label(re.compile("^Find by name")).fill(name)
    page.get_by_role("button", name="Search").click()


def test_somebody_in_two_teams_has_one_list(live: Live, world: World, page: Page) -> None:
    send(world, "Twota", "Eams")
    sign_in(live, page, world.college_both)
    page.goto("/received")
    teams = page.get_by_role("navigation", name="Your teams")
    expect(teams.locator("[aria-current]")).to_have_text("All your teams")
    expect(page.get_by_role("row", name="Twota Eams")).to_have_count(1)
    page_is_good(page, "inbox-two-teams")
    page.get_by_role("link", name="Twota Eams").click()
    expect(page.get_by_text("for Admissions and Learning support, and when.")).to_be_visible()
    open_record(page)
    expect(page.get_by_text("You see what Admissions may read.")).to_be_visible()
    page_is_good(page, "received-record-two-teams")
    page.get_by_role("link", name="See what Learning support may read").click()
    expect(page.get_by_text("You see what Learning support may read.")).to_be_visible()
    page.get_by_role("button", name="Acknowledge", exact=True).click()
    page.get_by_role("link", name="Records sent to us").first.click()
    for name in ("Learning support", "Admissions"):
        teams.get_by_role("link", name=name).click()
        expect(teams.locator("[aria-current]")).to_have_text(name)
        expect(page.get_by_role("row", name="Twota Eams")).to_contain_text("Acknowledged")
    page.get_by_role("link", name="Twota Eams").click()
    expect(page.get_by_text("Farah Khan").first).to_be_visible()


def test_a_table_of_all_opens_nothing(live: Live, world: World, page: Page) -> None:
    send(world, "Tabula", "Rasa")
    sign_in(live, page, world.college_safeguarding)
    page.goto("/received")
    downloaded(page, "Download all as a table (CSV)")
    page.reload()
    row = page.get_by_role("row", name="Tabula Rasa")
    expect(row).to_contain_text("New")
    expect(row).to_contain_text("Exported")
    page_is_good(page, "inbox-given-out")
    page.get_by_role("link", name="Tabula Rasa").click()
    expect(page.get_by_text("downloaded it in a table of all records")).to_be_visible()
    page_is_good(page, "cover-given-out")


def test_a_double_click_opens_once_and_going_back_changes_nothing(
    live: Live, world: World, plain: Page
) -> None:
    """Without scripts nothing holds a second click back."""
    record_id = send(world, "Dubbel", "Klick")
    sign_in(live, plain, world.college_exams)
    plain.goto("/received")
    find(plain, "Klick")
    plain.get_by_role("link", name="Dubbel Klick").click()
    cover = plain.url
    before = len(events_of(world.db, world.college.id))
    plain.get_by_role("button", name="Open", exact=True).dblclick()
    expect(plain.get_by_role("heading", name="Download", exact=True)).to_be_visible()
    plain.goto(cover)
    expect(plain.get_by_role("heading", name="Download", exact=True)).to_be_visible()
    written = events_of(world.db, world.college.id)[before:]
    assert [event.kind for event in written] == ["transfer.opened"]
    assert written[0].about["transfer"] == str(world.transfer_of(record_id))


def test_another_provider_gets_the_page_that_says_there_is_none(live: Live, world: World, page: Page) -> None:
    sign_in(live, page, world.coach)
    page.goto(f"/received/{uuid4()}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page_is_good(page, "received-none")


def test_a_question_with_what_is_not_certain(live: Live, world: World, page: Page) -> None:
    """An answer that another school's team put there, and a question that the team never asked."""
    sent = world.sent("Leo", "Turner")
    open_transfer(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id)
    query_id = asking.ask(
        db=world.db, actor=world.college_support, transfer_id=sent.transfer_id, text="Which bus?"
    )
    asking.reply(db=world.db, actor=world.senco, query_id=query_id, text="The 22.")
    forged.speak(world, query_id, actor=world.other_senco)
    copy = forged.copied_question(world, query_id, with_messages=True)
    sign_in(live, page, world.college_support)
    page.goto(f"/received/{sent.transfer_id}")
    expect(page.get_by_text("Not certain who asked")).to_be_visible()
    page_is_good(page, "received-record-damaged")
    page.goto(f"/received/questions/{query_id}")
    expect(page.get_by_text("It is not certain who wrote this")).to_have_count(1)
    page_is_good(page, "received-question-damaged")
    page.goto(f"/received/questions/{copy}")
    expect(page.get_by_text("You cannot write in this question")).to_be_visible()
    page_is_good(page, "received-question-uncertain")


def test_the_safeguarding_team_sees_what_was_not_answered(live: Live, world: World, page: Page) -> None:
    said = {"yes": "Yusuf", "no": "Nora", "": "Silas"}
    lead = {"lead_name": "Sam Lead", "lead_phone": "01709 382121"}
    for answer, forename in said.items():
        record_id = send(world, forename, "Answer")
        if answer:
            world.save(
                record_id, {"safeguarding": {**lead, "file_exists": answer}}, owner="school_safeguarding"
            )
            world.send(record_id, owner="school_safeguarding")
    sign_in(live, page, world.college_safeguarding)
    page.goto("/received")
    find(page, "Answer")
    expect(page.get_by_role("row", name="Silas Answer")).to_contain_text("Not answered")
    expect(page.get_by_role("row", name="Nora Answer")).to_contain_text("Nothing to pass on")
    expect(page.get_by_role("row", name="Yusuf Answer")).to_contain_text("There is a file")
    page_is_good(page, "inbox-safeguarding")
    page.get_by_role("link", name="Silas Answer").click()
    expect(page.get_by_text("has not answered yet (since")).to_be_visible()
    page_is_good(page, "cover-not-answered")
    open_record(page)
    expect(page.get_by_text("has not answered yet (since")).to_be_visible()
    page_is_good(page, "received-record-not-answered")
    sign_in(live, page, world.college_admissions)
    page.goto("/received")
    find(page, "Silas Answer")
    page.get_by_role("link", name="Silas Answer").click()
    expect(page.get_by_text("Safeguarding: ask your safeguarding team.")).to_be_visible()


def test_what_is_owed_is_named_before_a_record_is_acknowledged(live: Live, world: World, page: Page) -> None:
    for forename in ("Owa", "Owb"):
        send(world, forename, "Owing")
    sign_in(live, page, world.college_safeguarding)
    for forename in ("Owa", "Owb"):
        page.goto("/received")
        find(page, f"{forename} Owing")
        page.get_by_role("link", name=f"{forename} Owing").click()
        open_record(page)
    page.get_by_role("button", name="Acknowledge", exact=True).click()
    h1(page, "Acknowledge Owb Owing?")
    expect(page.get_by_text("still owes an answer. Ring")).to_be_visible()
    page_is_good(page, "acknowledge-owed")
    page.goto("/received")
    find(page, "Owing")
    for forename in ("Owa", "Owb"):
        page.get_by_label(f"Acknowledge {forename} Owing").check()
    page.get_by_role("button", name="Acknowledge the ticked").click()
    h1(page, "Something is still owed about 2 records")
    page_is_good(page, "acknowledge-many-owed")
    page.get_by_role("button", name="Acknowledge all 2 all the same").click()
    expect(page.get_by_text("2 records acknowledged.")).to_be_visible()


def test_what_was_withdrawn_is_said_and_printed_without_anybody_else(
    live: Live, world: World, page: Page
) -> None:
    record_id = send(world, "Withe", "Drawn")
    answers = {
        "safeguarding": {"file_exists": "no", "lead_name": "Sam Lead", "lead_phone": "01709 382121"},
        "day_one_safety": {"information": "Met on arrival."},
    }
    world.save(record_id, answers, owner="school_safeguarding")
    world.send(record_id, owner="school_safeguarding")
    transfer_id = world.transfer_of(record_id)
    for actor in (world.college_safeguarding, world.college_support):
        sign_in(live, page, actor)
        page.goto(f"/received/{transfer_id}")
        open_record(page)
    taken_back(world, record_id)
    for actor, picture in ((world.college_safeguarding, "safeguarding"), (world.college_support, "support")):
        sign_in(live, page, actor)
        page.goto(f"/received/{transfer_id}")
        page_is_good(page, f"cover-withdrawn-{picture}")
        open_record(page)
        expect(page.locator(".te-changes")).to_contain_text("withdrawn")
        expect(page.get_by_text("Before nothing")).to_have_count(0)
        page_is_good(page, f"received-record-withdrawn-{picture}")
    send(world, "Somebody", "Else")
    page.reload()
    expect(page.get_by_text("Somebody Else")).not_to_have_count(0)
    page.emulate_media(media="print")
    expect(page.get_by_text("Somebody Else").first).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    address = (
        "getComputedStyle(document.querySelector('.te-shown .govuk-link, .govuk-link'), '::after').content"
    )
    assert page.evaluate(address) in ("none", "normal")
    page.emulate_media(media="screen")


def test_what_changed_nothing_is_noted_at_once(live: Live, world: World, page: Page) -> None:
    sign_in(live, page, world.college_exams)
    for forename in ("Noa", "Nob"):
        record_id = send(world, forename, "Noting")
        sent = SentRecord(record_id, world.transfer_of(record_id))
        page.goto(f"/received/{sent.transfer_id}")
        open_record(page)
        send_address(world, sent)
    page.reload()
    expect(page.get_by_text("Version 2 changed nothing for your team.")).to_be_visible()
    page_is_good(page, "received-record-unchanged")
    page.goto("/received")
    expect(page.get_by_role("row", name="Noa Noting")).to_contain_text("Opened")
    page_is_good(page, "inbox-unchanged")
    page.get_by_role("button", name="Take note of all 2 in which nothing changed for your team").click()
    expect(page.get_by_text("Noted for 2 records.")).to_be_visible()
    expect(page.get_by_text("changed nothing for your team")).to_have_count(0)
