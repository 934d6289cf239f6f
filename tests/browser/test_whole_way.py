"""One young person's record goes from a school to a college, and the NEET group sees how far it is.

Everybody is real: they join with a link and five words, have passphrases and keys of their own, and a PDF is made.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pypdf import PdfReader
from sqlalchemy import select

from tests.browser.conftest import Live
from tests.browser.looking import DESKTOP, page_is_good
from tests.browser.walking import Post, Walker, invite_organisation
from tests.exchange.answers import complete
from tests.exchange.world import rendering
from tests.mailbox import Mailbox, serving
from tests.proforma.records import sen_support
from tests.web.accounts.people import founded, link_of
from transition_exchange.exchange import school_calendar
from transition_exchange.exchange.signing_in import sessions
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.exchange.writing.saving import save_sections
from transition_exchange.store.models import Invitation, Record

HELPS = "Tell me what happens next, then give me a minute."
ANSWER = "Her aunt, at the bus stop."


@pytest.fixture
def tab(chromium: Browser, live: Live) -> Iterator[Callable[[], Page]]:
    """Tabs of people who never share a browser."""
    contexts: list[BrowserContext] = []

    def another() -> Page:
        context = chromium.new_context(base_url=live.url, viewport=DESKTOP, locale="en-GB")
        contexts.append(context)
        return context.new_page()

    yield another
    for context in contexts:
        context.close()


def link_for(live: Live, address: str) -> str:
    """The link in somebody's invitation; test_first_answer.py reads it out of a real mail."""
    with live.db.read() as session:
        invitation = session.scalars(select(Invitation.id).where(Invitation.email == address)).one()
    return link_of(live.db, invitation, f"link-of-{address}")


def joined(live: Live, council: Walker, page: Page, name: str, kind: str, does: str) -> Walker:
    """An organisation is invited by the council, and its first administrator joins."""
    address = f"first@{name.split()[0].lower()}.example"
    words = invite_organisation(council, name, kind, does, f"First of {name}", address)
    first = Walker(page)
    first.join(link_for(live, address), words)
    return first


def colleague_joins(live: Live, first: Walker, page: Page, address: str) -> Walker:
    """The college's administrator invites somebody into every team that has nobody yet."""
    first.follow("People and teams")
    first.press("Invite somebody")
    first.type("Their name", "Kofi Mensah")
    first.type("Their work e-mail address", address)
    for label in first.page.get_by_label("nobody in it yet").all():
        label.check()
    first.press("Invite")
    words = first.page.locator("#spoken-code").inner_text()
    colleague = Walker(page)
    colleague.join(link_for(live, address), words)
    return colleague


def confirm_everybody(council: Walker, number_of: dict[str, str]) -> None:
    """The NEET group compares each team's security number with what the team reads out, and confirms it."""
    for _ in range(12):
        council.page.goto("/area/organisations")
        waiting = council.page.get_by_role("link", name="Confirm by phone")
        if not waiting.count():
            break
        waiting.first.click()
        caption = council.page.locator(".govuk-caption-l").inner_text()
        assert council.page.locator("#number").inner_text() == number_of[caption]
        council.press("Everything is the same: confirm")
    expect(council.page.get_by_role("link", name="Confirm by phone")).to_have_count(0)


def numbers(walker: Walker, place: str) -> dict[str, str]:
    """The security numbers that somebody of an organisation reads out."""
    walker.page.goto("/account/teams")
    found = {}
    for section in walker.page.locator("section.te-shown:has(.te-number)").all():
        found[f"{section.locator('h2').inner_text()} at {place}"] = section.locator(".te-number").inner_text()
    return found


def fill_in(school: Walker, college: str) -> None:
    """The SENCO adds the learner and types what the college should know."""
    school.follow("Learners")
    school.press("Add a learner")
    school.type("Legal first names", "Amina")
    school.type("Legal surname", "Khan")
    for label, figures in (("Day", "14"), ("Month", "3"), ("Year", "2011")):
        school.type(label, figures)
    school.press("Add learner")
    school.follow("Needs and support")
    school.tick("SEN support")
    school.press("Save and go back to the list")
    school.follow("In their own words")
    school.page.get_by_label("How can people help you best?").fill(HELPS)
    school.press("Save and go back to the list")
    school.follow("Destinations")
    school.press("Add a destination")
    school.choose("Provider in this exchange", college)
    school.page.get_by_label("Course or programme").fill("Animal care")
    school.tick("Level 2")
    school.tick("Offer accepted")
    offered = school.page.get_by_role("group", name="When was the offer made?")
    for label, figures in (("Day", "1"), ("Month", "10"), ("Year", "2026")):
        offered.get_by_label(label).fill(figures)
    school.page.get_by_role("group", name="Is the offer suitable").get_by_label("Yes").check()
    starts = school.page.get_by_role("group", name="When does the learner start there?")
    for label, figures in (("Day", "6"), ("Month", "9"), ("Year", "2027")):
        starts.get_by_label(label).fill(figures)
    school.press("Save destination")


def fill_in_the_rest(live: Live, school: Walker) -> None:
    """The pages between, saved at once with the SENCO's own session: test_school.py looks at each of them."""
    name = live.app.config["SIGN_IN_COOKIE"]
    (cookie,) = [cookie["value"] for cookie in school.page.context.cookies() if cookie["name"] == name]
    resumed = sessions.resume(db=live.db, cookie=cookie)
    assert resumed
    assert resumed.actor
    with live.db.read() as session:
        record_id = session.scalars(select(Record.id)).one()
    with_support = sen_support()
    answers = complete([]) | {
        section: with_support[section]
        for section in ("needs", "own_words", "what_helps", "support", "services", "visits")
    }
    answers["own_words"]["help_me"] = HELPS
    draft = open_draft(db=live.db, actor=resumed.actor, record_id=record_id)
    answers["learner"] |= draft.answers["learner"]
    saved = save_sections(
        db=live.db,
        actor=resumed.actor,
        draft=draft,
        raw={name: values for name, values in answers.items() if name not in ("sen", "destinations")},
        today=school_calendar.today(),
    )
    assert not saved.errors
    school.page.reload()


def send(school: Walker) -> None:
    """See what each team will get, and send it."""
    school.follow("Back")
    school.follow("See what each team will get, and send")
    school.page.get_by_text("Learning support:").click()
    expect(school.page.locator(".te-team__pack").filter(has_text=HELPS).first).to_be_visible()
    with school.page.expect_download() as waiting:
        school.page.get_by_role("link", name="See it as the PDF that Learning support will get").click()
    assert HELPS in text_of(waiting.value.path())
    school.press("Send now")
    expect(school.page.get_by_text("Version 1 was sent to Northway College")).to_be_visible()


def name_a_mailbox(support: Walker) -> None:
    """Learning support has its notices sent to a mailbox that several people read."""
    support.follow("People and teams")
    expect(support.page.get_by_text("kofi@northway.example").first).to_be_visible()
    support.page.get_by_role("link", name=re.compile("Change where they go.*Learning support")).click()
    page_is_good(support.page, "notices")
    support.type("E-mail address for notices", "als@northway.example")
    support.press("Save, and send a message there")
    expect(support.page.get_by_role("alert")).to_contain_text("Notices go to als@northway.example now.")
    page_is_good(support.page, "teams-notices")
    support.follow("Your account")
    support.page.get_by_role("link", name="Change whether you get notices yourself").click()
    page_is_good(support.page, "own-notices")
    support.page.get_by_label("Yes, at once").check()
    support.press("Save")
    expect(support.page.get_by_text("Yes, at once")).to_be_visible()


def mails_of(live: Live) -> dict[str, list[str]]:
    """Send what waits in the outbox to a real mail server; the subjects, by address."""
    mailbox = Mailbox()
    with serving(mailbox) as port:
        Post(live, mailbox, port).send()
    told: dict[str, list[str]] = {}
    for mail in mailbox.mails:
        assert "Khan" not in mail.as_string()
        told.setdefault(str(mail["To"]), []).append(str(mail["Subject"]))
    return told


def take_on(reader: Walker) -> None:
    """Read the record for each of one's teams, and acknowledge it."""
    reader.page.goto("/received")
    others = reader.page.get_by_role("navigation", name="Your teams").get_by_role("link").all()
    for address in [reader.page.url, *(other.get_attribute("href") or "" for other in others)]:
        reader.page.goto(address)
        reader.follow("Amina Khan")
        expect(reader.page.get_by_role("heading", level=1)).to_have_text("Amina Khan")
        if reader.page.get_by_role("button", name="Open", exact=True).count():
            reader.press("Open")
        # What is counted next must not be the list that the link was followed from.
        expect(reader.page.get_by_role("heading", name="Download")).to_be_visible()
        if reader.page.get_by_role("button", name="Acknowledge", exact=True).count():
            reader.press("Acknowledge")
            expect(reader.page.get_by_role("button", name="Acknowledge", exact=True)).to_have_count(0)
        if reader.page.get_by_role("button", name="Acknowledge all the same").count():
            reader.press("Acknowledge all the same")
        expect(reader.page.locator(".govuk-tag", has_text="Acknowledged")).to_be_visible()


def text_of(path: Path) -> str:
    """The words of a PDF, lines joined."""
    return " ".join(
        " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(path.read_bytes())).pages).split()
    )


def say_whom_to_ring(school: Walker) -> None:
    """The school's first member is asked whom others ring, when they have joined."""
    school.page.goto("/account/joined")
    link = school.page.get_by_role("link", name="Say whom to ring at").first
    expect(link).to_be_visible()
    page_is_good(school.page, "joined-school")
    link.click()
    page_is_good(school.page, "whom-to-ring")
    school.type("Who answers there", "The office")
    school.type("Phone number", "01632 960131")
    school.press("Save")
    expect(school.page.get_by_text("The office, 01632 960131").first).to_be_visible()
    page_is_good(school.page, "teams-whom-to-ring")


def test_a_record_goes_from_a_school_to_a_college(live: Live, tab: Callable[[], Page]) -> None:
    council = Walker(tab())
    robin = founded(live.db)
    council.join(robin.link, robin.words)
    sends, receives = "It sends records of its learners", "It receives records of learners who come to it"
    school = joined(live, council, tab(), "Hazel Bank School", "School", sends)
    college = joined(live, council, tab(), "Northway College", "College", receives)
    support = colleague_joins(live, college, tab(), "kofi@northway.example")
    confirm_everybody(
        council,
        numbers(school, "Hazel Bank School")
        | numbers(college, "Northway College")
        | numbers(support, "Northway College"),
    )

    name_a_mailbox(support)
    say_whom_to_ring(school)
    with rendering() as live.app.extensions["renderer"]:
        fill_in(school, "Northway College")
        fill_in_the_rest(live, school)
        send(school)
    told = mails_of(live)
    assert any("will come here" in subject for subject in told["als@northway.example"])
    assert "1 new record waiting" in told["als@northway.example"]
    assert "1 new record waiting" in told["first@northway.example"], (
        "the first in her team, who named nothing"
    )

    support.follow("Records sent to us")
    support.page.get_by_role("navigation", name="Your teams").get_by_role(
        "link", name="Learning support"
    ).click()
    support.follow("Amina Khan")
    expect(support.page.get_by_text(HELPS)).to_have_count(0)
    support.press("Open")
    expect(support.page.get_by_text(HELPS)).to_be_visible()
    with support.page.expect_download() as waiting:
        support.page.get_by_role("button", name="PDF", exact=True).click()
    assert HELPS in text_of(waiting.value.path())
    support.press("Acknowledge")
    # She is in the safeguarding team too, and acknowledges for it.
    expect(support.page.get_by_text("still owes an answer. Ring")).to_be_visible()
    support.press("Acknowledge all the same")
    support.follow("Ask the school a question")
    support.type("Your question", "Who meets her?")
    support.press("Send the question")
    expect(support.page.get_by_text("Waiting for the school")).to_be_visible()

    school.follow("Learners")
    school.follow("Questions (1 waiting)")
    school.follow("Amina Khan")
    school.type("Your answer", ANSWER)
    school.press("Send answer")
    support.page.get_by_role("link", name="Asked").click()
    expect(support.page.get_by_text(ANSWER)).to_be_visible()

    council.page.goto("/area/learners")
    line = council.page.get_by_role("row", name="Khan, Amina")
    expect(line).to_contain_text("Complete")
    expect(line).to_contain_text("Northway College to read the school’s answer")
    expect(council.page.locator("body")).not_to_contain_text(HELPS)
    support.press("Close: we have our answer")
    take_on(support)
    take_on(college)
    council.page.reload()
    expect(line).to_contain_text("Acknowledged")
    expect(line).not_to_contain_text("Northway College to")

    school.follow("Learners")
    school.follow("Amina Khan")
    school.follow("What was sent, and who has it")
    school.page.get_by_role("link", name="Take it back").first.click()
    school.press("Take it back")
    expect(school.page.get_by_text("Taken back from Northway College.")).to_be_visible()
    support.follow("Records sent to us")
    expect(support.page.get_by_role("link", name="Amina Khan")).to_have_count(0)
