"""The school's pages in a real browser: accessible, on a phone, by keyboard alone, and without JavaScript."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pikepdf
import pytest
from pikepdf import String
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Live
from tests.browser.looking import page_is_good, tab_to
from tests.exchange.documents import pdf
from tests.exchange.queries import forged
from tests.exchange.safeguarding_answers import answer
from tests.exchange.world import World
from tests.uploads.samples import action, annotated, drawn, refused
from transition_exchange.exchange.queries import asking
from transition_exchange.exchange.receiving.exporting import export_csv
from transition_exchange.exchange.receiving.opening import open_transfer
from transition_exchange.exchange.receiving.receipts import acknowledge
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.proforma import load

NAMES = ("Amina Khan", "Ben Okafor", "Cara Dale", "Dylan Price", "Ewa Nowak", "Femi Adeyemi", "Grace Hill")
PAGES = [page.name for page in load("core/2027.1").pages_of("transition")]


@pytest.fixture
def senco(live: Live, context: BrowserContext, world: World, page: Page) -> Page:
    """A tab of the SENCO's."""
    live.app.extensions["renderer"] = world.renderer
    live.admit(context, world.senco)
    return page


@pytest.fixture
def lead(live: Live, context: BrowserContext, world: World, page: Page) -> Page:
    """A tab of the safeguarding lead's."""
    live.app.extensions["renderer"] = world.renderer
    live.admit(context, world.safeguarding_lead)
    return page


def _with_files_and_links() -> bytes:
    """A PDF of three pages from which two things are taken out."""
    link = annotated(A=action("Launch", F=String("a.exe")))

    def change(document: pikepdf.Pdf) -> None:
        link(document)
        document.attachments["notes.txt"] = b"notes"

    return drawn(change, pages=3)


def _everybody(world: World) -> list[UUID]:
    return [world.add(*name.split()) for name in NAMES]


def _sent(world: World, record_id: UUID) -> UUID:
    world.fill(record_id, going_to=("Northway College", "Riverside Boxing"))
    world.save(
        record_id,
        {
            "sen": {"provision": "K"},
            "needs": {"needs": [{"type": "SPLD", "rank": 1}]},
            "known_as": {"preferred_name": "Mina", "pronouns": "she/her"},
        },
    )
    world.attach(record_id, kind="strategies", name="What helps Mina", content=pdf(2))
    world.send(record_id)
    [college, _] = sorted(
        track(db=world.db, actor=world.senco, record_id=record_id).delivered,
        key=lambda transfer: transfer.provider,
    )
    for person in (world.college_support, world.college_admissions):
        open_transfer(db=world.db, actor=person, transfer_id=college.transfer_id)
    acknowledge(db=world.db, actor=world.college_support, transfer_ids=[college.transfer_id])
    "".join(export_csv(db=world.db, actor=world.college_exams))
    return college.transfer_id


def test_list_and_adding(senco: Page, world: World) -> None:
    senco.goto("/learners")
    page_is_good(senco, "school-nobody")
    ids = _everybody(world)
    world.fill(ids[1])
    _sent(world, ids[0])
    senco.goto("/learners")
    page_is_good(senco, "school-learners")
    senco.get_by_label("Find by name").fill("kh")
    senco.get_by_role("button", name="Search").click()
    expect(senco.get_by_role("link", name="Mina Khan")).to_be_visible()
    page_is_good(senco)
    senco.goto("/learners/add")
    page_is_good(senco, "school-add")
    senco.get_by_role("button", name="Add learner").click()
    expect(senco.get_by_role("heading", name="There is a problem")).to_be_visible()
    page_is_good(senco, "school-add-errors")


@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_the_form(senco: Page, world: World, name: str) -> None:
    record_id = world.add()
    world.save(record_id, {"sen": {"provision": "E"}})
    senco.goto(f"/learners/{record_id}/pages/{name}")
    page_is_good(senco, f"school-page-{name}")


def test_task_list_destinations_documents_and_sending(senco: Page, world: World, tmp_path: Path) -> None:
    record_id = world.add()
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    senco.goto(f"/learners/{record_id}")
    page_is_good(senco, "school-record")
    senco.get_by_role("link", name="Destinations").click()
    page_is_good(senco, "school-destinations-none")
    senco.get_by_role("button", name="Add a destination").click()
    page_is_good(senco, "school-destination")
    senco.get_by_label("Provider in this exchange").select_option(label="Northway College, Town campus")
    senco.get_by_label("Course or programme").fill("Animal care")
    senco.get_by_label("Level").select_option("2") if senco.get_by_label("Level").count() == 1 else None
    senco.get_by_role("button", name="Save destination").click()
    page_is_good(senco, "school-destinations")
    senco.goto(f"/learners/{record_id}/documents")
    page_is_good(senco, "school-documents-none")
    (tmp_path / "plan.pdf").write_bytes(_with_files_and_links())
    senco.get_by_role("button", name="Add document").click()
    page_is_good(senco, "school-documents-errors")
    senco.get_by_label("What kind of document is it?").select_option("strategies")
    for label, value in (("Day", "1"), ("Month", "6"), ("Year", "2026")):
        senco.get_by_label(label, exact=True).fill(value)
    senco.get_by_label("The document").set_input_files(tmp_path / "plan.pdf")
    senco.get_by_role("button", name="Add document").click()
    expect(senco.get_by_text("3 pages")).to_be_visible()
    expect(senco.get_by_text("See below what we took out of it")).to_be_visible()
    expect(senco.get_by_text("files inside the PDF")).to_be_visible()
    page_is_good(senco, "school-documents")
    (tmp_path / "film.pdf").write_bytes(refused("a film"))
    senco.get_by_label("The document").set_input_files(tmp_path / "film.pdf")
    senco.get_by_label("What kind of document is it?").select_option("strategies")
    for label, value in (("Day", "1"), ("Month", "6"), ("Year", "2026")):
        senco.get_by_label(label, exact=True).fill(value)
    senco.get_by_role("button", name="Add document").click()
    expect(senco.get_by_role("link", name="This PDF has a film")).to_be_visible()
    page_is_good(senco, "school-documents-refused")
    senco.goto(f"/learners/{record_id}/documents")
    senco.get_by_role("link", name="Remove").click()
    page_is_good(senco, "school-document-remove")
    senco.goto(f"/learners/{record_id}/check/transition")
    page_is_good(senco, "school-check-gaps")
    senco.goto(f"/learners/{record_id}/send/transition")
    page_is_good(senco, "school-send-not-yet")


def test_preview_sending_following_and_taking_back(senco: Page, world: World) -> None:
    record_id = world.add()
    transfer_id = _sent(world, record_id)
    world.save(record_id, {"known_as": {"preferred_name": "Minnie"}})
    senco.goto(f"/learners/{record_id}/send/transition")
    senco.get_by_text("Learning support:").click()
    page_is_good(senco, "school-send")
    senco.get_by_role("button", name="Send now").click()
    expect(senco.get_by_text("Version 2 was sent to")).to_be_visible()
    page_is_good(senco, "school-sent")
    senco.goto(f"/learners/{record_id}")
    page_is_good(senco, "school-record-sent")
    senco.goto(f"/learners/{record_id}/check/transition")
    page_is_good(senco, "school-check")
    senco.goto(f"/learners/{record_id}/sent/{transfer_id}/recall")
    page_is_good(senco, "school-recall")
    senco.get_by_role("button", name="Take it back").click()
    expect(senco.get_by_text("Taken back from Northway College.")).to_be_visible()
    page_is_good(senco, "school-recalled")


def test_a_team_that_the_provider_added_later_is_sent_what_the_others_have(senco: Page, world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    world.team("Northway College", "Second support team", "learning_support")
    senco.goto(f"/learners/{record_id}/send/transition")
    expect(senco.get_by_text("Goes to a new team")).to_be_visible()
    page_is_good(senco, "school-send-added")
    senco.get_by_role("button", name="Send now").click()
    expect(senco.get_by_text("Version 1 was sent to Northway College.")).to_be_visible()
    page_is_good(senco, "school-sent-added")


def test_questions(senco: Page, world: World) -> None:
    record_id = world.add()
    transfer_id = _sent(world, record_id)
    asking.ask(
        db=world.db,
        actor=world.college_support,
        transfer_id=transfer_id,
        text="Which bus does she take?\nAnd who meets her at the stop?",
        section="transport",
    )
    senco.goto("/learners/questions")
    page_is_good(senco, "school-questions")
    senco.get_by_role("link", name="Mina Khan").click()
    senco.get_by_label("Your answer").fill("The 22. Her aunt meets her.")
    page_is_good(senco, "school-question")
    senco.get_by_role("button", name="Send answer").click()
    expect(senco.get_by_text("Answered")).to_be_visible()


def test_questions_with_what_is_not_certain(senco: Page, world: World) -> None:
    """A message that another team put there, and a question that nobody asked."""
    record_id = world.add()
    query_id = asking.ask(
        db=world.db,
        actor=world.college_support,
        transfer_id=_sent(world, record_id),
        text="Which bus does she take?",
        section="transport",
    )
    forged.speak(world, query_id, actor=world.coach)
    asking.reply(db=world.db, actor=world.senco, query_id=query_id, text="The 22.")
    copy = forged.copied_question(world, query_id, with_messages=True)
    senco.goto("/learners/questions")
    expect(senco.get_by_text("Cannot be checked")).to_be_visible()
    page_is_good(senco, "school-questions-damaged")
    senco.goto(f"/learners/questions/{query_id}")
    expect(senco.get_by_text("It is not certain who wrote this")).to_have_count(1)
    expect(senco.get_by_label("Your answer")).to_be_visible()
    page_is_good(senco, "school-question-damaged")
    senco.goto(f"/learners/questions/{copy}")
    expect(senco.get_by_text("You cannot answer this here")).to_be_visible()
    page_is_good(senco, "school-question-uncertain")


def test_the_safeguarding_teams_list_and_its_steps(lead: Page, world: World) -> None:
    ids = _everybody(world)
    world.save(ids[2], {"safeguarding": {"file_exists": "yes"}}, owner="school_safeguarding")
    lead.goto("/learners")
    page_is_good(lead, "school-safeguarding")
    lead.get_by_role("group").nth(1).get_by_label("Ring me").check()
    lead.get_by_role("button", name="Mark all that have no mark").click()
    lead.get_by_role("button", name="Continue").click()
    expect(lead.get_by_role("heading", name="Nothing to pass on: 6 learners")).to_be_visible()
    expect(lead.get_by_role("heading", name="Ring me: 1 learner")).to_be_visible()
    page_is_good(lead, "school-safeguarding-confirm")
    lead.get_by_role("button", name="Confirm and release").click()
    page_is_good(lead, "school-safeguarding-not-compared")
    lead.get_by_label("I have compared this list").check()
    lead.get_by_label("Name of your designated").fill("Sam Lead")
    lead.get_by_label("Their phone number").fill("01709 382121")
    lead.get_by_role("button", name="Confirm and release").click()
    # With a script the steps go on by themselves to the end.
    expect(lead.get_by_text("7 of 7 learners looked at")).to_be_visible(timeout=20_000)
    expect(lead.get_by_role("heading", name="Nothing was done for these")).to_be_visible()
    page_is_good(lead, "school-safeguarding-steps")
    lead.goto(f"/learners/{ids[0]}")
    page_is_good(lead, "school-safeguarding-record")
    lead.goto(f"/learners/{ids[2]}/pages/safeguarding")
    page_is_good(lead, "school-page-safeguarding")
    lead.goto(f"/learners/{ids[0]}/send/school_safeguarding")
    page_is_good(lead, "school-safeguarding-send")


def test_an_answer_that_was_opened_is_taken_back(lead: Page, live: Live, world: World) -> None:
    sent = world.sent()
    answer(world, {sent.record_id: "yes"})
    world.open(sent.transfer_id, world.college_safeguarding)
    lead.goto(f"/learners/{sent.record_id}")
    lead.get_by_role("link", name="Take back what was released").click()
    page_is_good(lead, "school-take-back")
    lead.get_by_role("button", name="Take it back").click()
    expect(lead.get_by_text("will read whom to ring")).to_be_visible()
    expect(lead.get_by_text("Taken back").first).to_be_visible()
    page_is_good(lead, "school-safeguarding-taken-back")
    live.admit(lead.context, world.college_safeguarding)
    lead.goto(f"/received/{sent.transfer_id}")
    lead.get_by_role("button", name="Open", exact=True).click()
    expect(lead.get_by_text("ring Sam Lead, 01709 382121.")).to_be_visible()
    page_is_good(lead, "provider-withdrawn")


def test_the_year_group(senco: Page, world: World) -> None:
    _everybody(world)
    senco.goto("/learners/year-group")
    page_is_good(senco, "school-year-group")
    senco.get_by_label("The learners know").check()
    page_is_good(senco)
    senco.get_by_role("button", name="Continue").click()
    page_is_good(senco, "school-year-group-errors")
    for label, value in (("Day", "1"), ("Month", "10"), ("Year", "2026")):
        senco.locator("#asks-learners_told").get_by_label(label).fill(value)
    senco.locator("#asks-learners_told").get_by_label("At a meeting").check() if senco.locator(
        "#asks-learners_told"
    ).get_by_label("At a meeting").count() else senco.locator(
        "#asks-learners_told input[value=meeting]"
    ).check()
    senco.get_by_label("No suspensions").check()
    senco.get_by_role("button", name="Continue").click()
    page_is_good(senco, "school-year-group-pick")
    senco.get_by_label("Cara Dale").check()
    senco.get_by_role("button", name="Confirm for all others").click()
    expect(senco.get_by_text("Confirmed for 6 learners")).to_be_visible(timeout=20_000)


def test_a_conflict(senco: Page, world: World) -> None:
    record_id = world.add()
    senco.goto(f"/learners/{record_id}/pages/learner")
    senco.get_by_role("textbox", name="Preferred name").fill("Amy")
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    senco.get_by_role("button", name="Save and continue").click()
    expect(senco.get_by_text("Other answers were saved here in the meantime")).to_be_visible()
    page_is_good(senco, "school-conflict")


def test_errors_lead_to_their_field(senco: Page, world: World) -> None:
    record_id = world.add()
    senco.goto(f"/learners/{record_id}/pages/learner")
    senco.get_by_label("Unique pupil number").fill("A801200005001")
    senco.get_by_role("button", name="Save and continue").click()
    page_is_good(senco, "school-page-errors")
    senco.locator(".govuk-error-summary a").click()
    expect(senco.get_by_label("Unique pupil number")).to_be_focused()


def test_by_keyboard_alone_a_learner_is_added_and_a_page_saved(senco: Page, world: World) -> None:
    senco.goto("/learners/add")
    tab_to(senco, "Legal first names")
    for text in ("Amina", "Khan", "14", "3", "2011"):
        senco.keyboard.type(text)
        senco.keyboard.press("Tab")
    tab_to(senco, "Add learner") if "Add learner" not in senco.evaluate(
        "document.activeElement.innerText"
    ) else None
    senco.keyboard.press("Enter")
    expect(senco.get_by_role("heading", level=1, name="Amina Khan")).to_be_visible()
    tab_to(senco, "About the learner")
    senco.keyboard.press("Enter")
    expect(senco.get_by_role("heading", level=1, name="About the learner")).to_be_visible()
    tab_to(senco, "Preferred name")
    senco.keyboard.type("Mina")
    # Enter in a field saves; it neither adds a row nor removes one.
    senco.keyboard.press("Enter")
    expect(senco.get_by_text("Saved.")).to_be_visible()
    expect(senco.get_by_role("heading", level=1, name="Mina Khan")).to_be_visible()


def test_without_a_script_rows_and_steps_work(plain: Page, live: Live, world: World) -> None:
    live.app.extensions["renderer"] = world.renderer
    live.admit(plain.context, world.senco)
    ids = _everybody(world)
    plain.goto(f"/learners/{ids[0]}/pages/family")
    plain.get_by_label("Full name").first.fill("Farah Khan")
    plain.get_by_role("button", name="Add another contact").click()
    expect(plain.get_by_role("group", name="Contact 2")).to_be_visible()
    expect(plain.get_by_label("Full name").first).to_have_value("Farah Khan")
    expect(plain.get_by_text("Only answer if").first).to_be_visible()
    plain.get_by_role("button", name="Remove Contact 2").click()
    plain.get_by_role("button", name="Save and go back to the list").click()
    expect(plain.get_by_text("Saved.")).to_be_visible()
    live.admit(plain.context, world.safeguarding_lead)
    plain.goto("/learners/safeguarding")
    for number in range(1, 8):
        plain.locator(f"#learners-{number}").check()
    plain.get_by_role("button", name="Continue").click()
    plain.get_by_label("I have compared this list").check()
    plain.get_by_label("Name of your designated").fill("Sam Lead")
    plain.get_by_label("Their phone number").fill("01709 382121")
    plain.get_by_role("button", name="Confirm and release").click()
    expect(plain.get_by_text("5 of 7 learners done")).to_be_visible()
    plain.get_by_role("button", name="Continue").click()
    expect(plain.get_by_text("Released for 7 learners")).to_be_visible()


def test_lists_that_are_due_write_themselves_while_somebody_watches(senco: Page, world: World) -> None:
    for number in range(22):
        world.add("Pupil", f"Number{number}")
    world.team("Ashdown Council", "SEND team", "send")
    senco.goto("/learners")
    expect(senco.get_by_text("Everything is up to date")).to_be_visible(timeout=20_000)
