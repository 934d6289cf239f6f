"""A save that comes after the session's end is kept, and offered after signing in again."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import delete, select

from tests.browser.conftest import Live
from tests.browser.looking import page_is_good
from tests.browser.walking import Walker, invite_organisation
from tests.exchange.people import Person
from tests.web.accounts.people import PASSPHRASE, code_for, founded, link_of
from tests.web.accounts.school_keys import School
from transition_exchange.store.models import Invitation, SignInSession


def test_what_was_typed_too_late_is_kept_and_put_back(live: Live, page: Page) -> None:
    walker = Walker(page)
    robin = founded(live.db)
    walker.join(robin.link, robin.words)
    words = invite_organisation(
        walker,
        "Hazel Bank School",
        "School",
        "It sends records of its learners",
        "Sam Okafor",
        "sam@hazel.example",
    )
    page.context.clear_cookies()
    with live.db.read() as session:
        invited = session.scalars(select(Invitation.id).where(Invitation.email == "sam@hazel.example")).one()
    app = walker.join(link_of(live.db, invited), words)
    walker.follow("Learners")
    walker.press("Add a learner")
    walker.type("Legal first names", "Amina")
    walker.type("Legal surname", "Khan")
    for label, figures in (("Day", "14"), ("Month", "3"), ("Year", "2011")):
        walker.type(label, figures)
    walker.press("Add learner")
    walker.follow("About the learner")
    walker.type("Address line 1", "1 High Street")

    with live.db.write() as session:
        for row in session.scalars(select(SignInSession)):
            row.last_seen_at -= timedelta(minutes=31)
    walker.press("Save and continue")
    walker.arrived("Sign in")
    expect(page.get_by_text("We have kept what you typed for 24 hours")).to_be_visible()
    page_is_good(page, "sign-in-kept")
    walker.type("E-mail address", "sam@hazel.example")
    walker.type("Passphrase", PASSPHRASE)
    walker.press("Sign in")
    walker.type("Code", code_for(app, ahead=1))
    page.keyboard.press("Enter")
    walker.arrived("We kept what you typed")
    page_is_good(page, "unsaved")
    page.get_by_role("link", name="Look at it").click()
    walker.arrived("Put back what you typed")
    page_is_good(page, "unsaved-one")
    walker.press("Put it back")
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.goto("/learners")
    walker.follow("Amina Khan")
    walker.follow("About the learner")
    expect(page.get_by_label("Address line 1")).to_have_value("1 High Street")
    page.goto("/account/unsaved")
    expect(page.get_by_role("link", name="Look at it")).to_have_count(0)

    page.goto("/learners")
    walker.follow("Amina Khan")
    walker.follow("About the learner")
    walker.type("Address line 1", "2 High Street")
    with live.db.write() as session:
        session.execute(delete(SignInSession))
    walker.press("Save and continue")
    walker.arrived("Sign in")
    expect(page.get_by_text("What you sent was not saved")).to_be_visible()
    page_is_good(page, "sign-in-lost")


def _is(live: Live, context: BrowserContext, person: Person) -> None:
    """Go on as somebody, with the session that they have."""
    name = live.app.config["SIGN_IN_COOKIE"]
    context.add_cookies([{"name": name, "value": person.cookie, "url": live.url}])


def test_what_a_colleague_types_while_the_key_is_changed_is_there_until_it_is_saved(
    live: Live, page: Page, context: BrowserContext
) -> None:
    """Robin types; Sam saves the same page and changes the key; Robin takes it, goes elsewhere and comes back."""
    school = School.build(live.app, live.db)
    address = school.add_learner(school.sam)
    _is(live, context, school.robin)
    walker = Walker(page)
    page.route("**/typed", lambda route: route.fulfill(status=429))  # nothing of it saves itself
    page.goto(address)
    walker.type("Preferred name (optional)", "Mina")
    walker.type("Address line 1", "1 High Street")
    sam = school.visit(school.sam)
    theirs = sam.get(address).fields() | {"known_as.preferred_name": ["Amy"]}
    assert sam.post(address, theirs).status == 303
    school.remove(school.jo, by=school.sam)
    school.change(school.sam)
    school.finish(school.sam)

    walker.press("Save and continue")
    walker.arrived("Your teams’ keys")
    page_is_good(page, "kept-key-changed")
    walker.press("It is the same: take the new key")
    walker.press("Look at what you typed")
    walker.arrived("We kept what you typed")
    expect(page.get_by_text("Not saved, because your team’s key had been changed.")).to_be_visible()
    page_is_good(page, "unsaved-key-changed")
    page.get_by_role("link", name="Look at it").click()
    walker.press("Put it back")
    expect(page.get_by_text("Somebody else saved other answers here while you were writing.")).to_be_visible()
    expect(page.locator(".te-clash__pair")).to_have_count(1)
    page_is_good(page, "kept-conflict")

    page.goto("/account")
    expect(page.get_by_text("Something that you typed is not saved yet")).to_have_count(0)
    page.goto(address)  # what they typed rests there, beside what is saved
    expect(page.locator(".te-clash__pair")).to_have_count(1)
    expect(page.get_by_label("Preferred name (optional)")).to_have_value("Mina")
    walker.press("Save and go back to the list")
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_text("is not saved yet")).to_have_count(0)
    page.goto(address)
    expect(page.get_by_label("Preferred name (optional)")).to_have_value("Mina")
    expect(page.get_by_label("Address line 1")).to_have_value("1 High Street")
