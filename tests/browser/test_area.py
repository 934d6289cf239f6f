"""The council's pages in a real browser: accessible, by keyboard, at a phone's width."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from tests.browser.conftest import Live
from tests.browser.looking import page_is_good, tab_to
from tests.exchange.coordinators import UPN, acknowledges, objects, signed_in
from tests.exchange.keys.test_contacts import say
from tests.exchange.walks.tampering import swap_key
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.open_invitations import take_words
from transition_exchange.exchange.school_calendar import leaving_year_on
from transition_exchange.store.models import Invitation, OutboxMail, Record

MORE = ("Hazel Bank School", "Moorside Academy", "Oak Tree Special School")
LEARNERS = (
    ("Amina", "Khan"),
    ("Ben", "Adams"),
    ("Chloe", "Whitworth-Castellanos"),
    ("Daniel", "Okafor"),
    ("Ellie", "Price"),
    ("Farid", "Rahimi"),
    ("Grace", "Liu"),
    ("Harvey", "Stone"),
)


@pytest.fixture
def coordinator(live: Live, world: World, context: BrowserContext) -> Actor:
    """Somebody of the NEET group who is an administrator too, signed in, in an area where something is going on."""
    for name in MORE:
        world.place(name, kind="school", sends=True)
    world.team("Hazel Bank School", "SEND and transition", "transition", confirmed=False)
    for place, (forename, surname) in enumerate(LEARNERS):
        record_id = world.add(forename, surname, date_of_birth="2011-01-05")
        if place % 4:
            world.save(record_id, {"pupil_number": {"upn": UPN}, "sen": {"provision": "NKE"[place % 3]}})
        if place % 4 > 1:
            world.fill(record_id, going_to=["Northway College", "Riverside Boxing"][: place % 4 - 1])
        if place % 4 == 3:
            world.send(record_id)
        if place == 3:
            acknowledges(world, record_id, "college_admissions")
        if place == 6:
            objects(world, record_id)
    world.add("Amina", "Khan", actor=world.other_senco, date_of_birth="2011-01-05")
    say(world)
    lead = world.person("lead", "Ashdown Council", "NEET group", administrator=True, signs=True)
    person = signed_in(lead)
    live.admit(context, person)
    return person


def test_the_overview_leads_by_keyboard_to_the_learners_behind_a_number(
    page: Page, coordinator: Actor
) -> None:
    page.goto("/area")
    expect(page.get_by_role("heading", level=1)).to_have_text("Area overview")
    page_is_good(page, "area-overview")
    tab_to(page, "not started")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Learners")
    expect(page.locator("tbody tr")).to_have_count(3)


def test_a_cohort_that_has_left_stays_in_view_until_it_is_closed(
    page: Page, coordinator: Actor, world: World
) -> None:
    year = leaving_year_on(world.today) - 1
    with world.db.write() as session:
        for record in session.scalars(select(Record).limit(3)):
            record.leaving_year = year
    page.goto("/area")
    expect(page.get_by_role("heading", name=f"Leaving school in {year}")).to_be_visible()
    page_is_good(page, "area-overview-two-years")
    page.get_by_role("link", name="3 of them").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    page.go_back()
    page.get_by_role("button", name=f"Close {year}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Close {year}?")
    expect(page.get_by_text("Somebody has something to do for 3 of 3 learners")).to_be_visible()
    page_is_good(page, "area-close-year")
    page.get_by_role("button", name=f"Close {year}").click()
    expect(page.get_by_role("heading", name=f"Leaving school in {year}")).to_have_count(0)
    page.get_by_text(f"{year} is closed", exact=True).click()
    page_is_good(page, "area-overview-closed-year")
    page.get_by_role("link", name=f"Show those leaving in {year}").click()
    expect(page.get_by_text(f"{year} is closed.", exact=True)).to_be_visible()
    page_is_good(page, "area-overview-of-closed-year")
    page.get_by_role("button", name=f"Open {year} again").click()
    expect(page.get_by_role("heading", name=f"Leaving school in {year}")).to_be_visible()


def test_each_open_year_has_a_start_of_term_and_a_wrong_one_is_refused_at_its_field(
    page: Page, coordinator: Actor, world: World
) -> None:
    year = leaving_year_on(world.today)
    with world.db.write() as session:
        for record in session.scalars(select(Record).limit(3)):
            record.leaving_year = year - 1
    page.goto("/area")
    page.get_by_role("link", name=f"Set when the autumn term of {year - 1} starts").click()
    fields = [
        page.get_by_role("group", name=f"When does the autumn term of {shown} start")
        for shown in (year - 1, year)
    ]
    for field, (day, month, typed) in zip(fields, (("2", "9", year - 1), ("25", "12", year)), strict=True):
        for label, text in (("Day", day), ("Month", month), ("Year", str(typed))):
            field.get_by_label(label).fill(text)
    page.get_by_role("button", name="Save").click()
    wrong = f"The autumn term of {year} must start between 15 August and 15 October {year}"
    expect(page.get_by_role("link", name=wrong)).to_be_visible()
    expect(fields[0].get_by_label("Day")).to_have_value("2")
    page_is_good(page, "area-settings-two-terms")
    fields[1].get_by_label("Day").fill("6")
    fields[1].get_by_label("Month").fill("9")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The area’s settings are saved.")).to_be_visible()
    page.goto("/area")
    expect(page.get_by_text("Set when the autumn term of")).to_have_count(0)
    page.goto(f"/area/learners?year={year}")
    page.get_by_label("Find by name, UPN or ULN").fill("khan")
    page.get_by_label("Find by name, UPN or ULN").press("Enter")
    page_is_good(page, "area-learners-elsewhere")
    page.get_by_role("button", name=f"1 in {year - 1}").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    assert "khan" not in page.url


def test_a_list_is_narrowed_searched_and_one_learner_opened(page: Page, coordinator: Actor) -> None:
    page.goto("/area/learners")
    page_is_good(page, "area-learners")
    page.get_by_label("School", exact=True).select_option(label="Ashdown School")
    page.get_by_text("More filters").click()
    page.get_by_label("No suitable offer").check()
    page_is_good(page, "area-learners-filters")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("link", name="Remove the filter Ashdown School")).to_be_visible()
    page_is_good(page, "area-learners-narrowed")
    page.get_by_role("link", name="Remove the filter No suitable offer").click()
    page.get_by_label("Find by name, UPN or ULN").fill("okafor")
    page.get_by_label("Find by name, UPN or ULN").press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert "okafor" not in page.url
    page.get_by_role("link", name="Okafor, Daniel").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Okafor, Daniel")
    page_is_good(page, "area-learner")


def test_who_shares_less_is_shown_calmly(page: Page, coordinator: Actor) -> None:
    page.goto("/area/learners?state=shares_less")
    page.get_by_role("link", name="Liu, Grace").click()
    expect(page.get_by_text("The family has asked the school to share less")).to_be_visible()
    page_is_good(page, "area-shares-less")


def test_a_list_is_downloaded(page: Page, coordinator: Actor) -> None:
    page.goto("/area/learners")
    with page.expect_download() as started:
        page.get_by_role("button", name="Download as a table (CSV)").click()
    assert started.value.suggested_filename.startswith("learners-")


def test_a_school_is_reminded(page: Page, coordinator: Actor) -> None:
    page.goto("/area/chase")
    page_is_good(page, "area-chase")
    expect(page.get_by_text("Ring Sam Lead on 01709 382121")).to_be_visible()
    page.locator("label", has_text="Remind the safeguarding team at Ashdown School").click()
    page.locator("label", has_text="Remind Ashdown School").click()
    page.get_by_role("button", name="Remind the ticked teams").click()
    expect(page.get_by_text("2 teams will get an e-mail")).to_be_visible()
    page_is_good(page, "area-chased")


def test_a_security_number_is_confirmed_by_phone(page: Page, world: World, coordinator: Actor) -> None:
    page.goto("/area/organisations")
    page_is_good(page, "area-organisations")
    page.get_by_role("link", name="Confirm by phone").click()
    page_is_good(page, "area-confirm")
    page.get_by_role("button", name="Everything is the same: confirm").click()
    expect(page.get_by_text("SEND and transition at Hazel Bank School is confirmed.")).to_be_visible()
    team = world.places["Hazel Bank School"].teams["SEND and transition"]
    page.goto(f"/area/teams/{team.row.id}/number")
    expect(page.get_by_text("There is nothing to do")).to_be_visible()
    page_is_good(page, "area-confirmed")
    swap_key(world, team.key_id)
    page.reload()
    expect(page.get_by_text("This team was confirmed before")).to_be_visible()
    page_is_good(page, "area-confirm-again")


def test_the_numbers_of_a_sixth_form_are_read_out_with_the_rest(
    live: Live, page: Page, world: World, coordinator: Actor
) -> None:
    hill = world.place(
        "Hill School",
        kind="school_with_sixth_form",
        sends=True,
        receives=True,
        ukprn="10009999",
        urn="123460",
    )
    team = world.team(hill.name, "Sixth form office", "admissions", "exams", confirmed=False)
    page.goto(f"/area/teams/{team.row.id}/number")
    expect(
        page.get_by_text("Your UKPRN is 10009999. You are a school, and your URN is 123460.")
    ).to_be_visible()
    page_is_good(page, "area-confirm-numbers")
    page.get_by_role("button", name="Everything is the same: confirm").click()
    live.admit(page.context, signed_in(world.person("office", hill.name, team.row.name)))
    page.goto("/account/teams")
    expect(page.get_by_text("UKPRN 10009999")).to_be_visible()
    expect(page.get_by_text("School URN 123460")).to_be_visible()
    page_is_good(page, "teams-numbers")


def test_an_organisation_is_invited(page: Page, coordinator: Actor) -> None:
    page.goto("/area/organisations")
    page.get_by_role("button", name="Invite an organisation").click()
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page_is_good(page, "area-invite-errors")
    page.get_by_label("Its name").fill("Hill Top School")
    page.get_by_label("What kind of organisation is it?").select_option("school")
    page.get_by_label("It sends records of its learners").check()
    page.get_by_label("Their name").fill("Robin Marsh")
    page.get_by_label("Their work e-mail address").fill("robin@hilltop.example")
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tell them these five words")
    page_is_good(page, "area-invited")


def test_settings_possible_duplicates_and_activity_are_good_pages(page: Page, coordinator: Actor) -> None:
    for path, name in (
        ("/area/settings", "area-settings"),
        ("/area/same-learner", "area-same-learner"),
        ("/area/activity", "area-activity"),
    ):
        page.goto(path)
        page_is_good(page, name)


def test_without_a_script_everything_still_works(live: Live, plain: Page, coordinator: Actor) -> None:
    live.admit(plain.context, coordinator)
    plain.goto("/area/learners")
    plain.get_by_label("Form", exact=True).select_option(label="Not started")
    plain.get_by_role("button", name="Search").click()
    expect(plain.locator("tbody tr")).to_have_count(3)


def test_an_administrator_is_invited_for_a_school_that_lost_its_own(page: Page, coordinator: Actor) -> None:
    page.goto("/area/organisations")
    page_is_good(page, "area-organisations-administrators")
    page.get_by_role("link", name=re.compile("Invite an administrator.*Beech Lane School")).click()
    page.get_by_role("button", name="Invite").click()
    page_is_good(page, "area-invite-administrator-errors")
    page.get_by_label("Their name").fill("N. Head")
    page.get_by_label("Their e-mail address at work").fill("head@beech.example")
    page.get_by_role("button", name="Invite").click()
    expect(page.locator("#spoken-code")).to_have_count(1)


def test_an_invitation_whose_mail_was_refused_is_mended_on_the_organisation_s_card(
    page: Page, live: Live, context: BrowserContext, world: World, coordinator: Actor
) -> None:
    world.team("Ashdown Council", "SEND team", "send", confirmed=True)
    outside = world.person("office", "Ashdown Council", administrator=True, signs=True)
    context.clear_cookies()
    live.admit(context, signed_in(outside))
    page.goto("/area/organisations/invite")
    expect(page.get_by_text("to invite them instead: Keeper of NEET group")).to_be_visible()
    page_is_good(page, "area-invite-outside")

    inviter = world.person("send_lead", "Ashdown Council", "SEND team", administrator=True, signs=True)
    context.clear_cookies()
    live.admit(context, signed_in(inviter))
    page.goto("/area/organisations/invite")
    page.get_by_label("Its name").fill("Hill Top School")
    page.get_by_label("What kind of organisation is it?").select_option("school")
    page.get_by_label("It sends records of its learners").check()
    page.get_by_label("Their name").fill("Robin Marsh")
    page.get_by_label("Their work e-mail address").fill("robin@hiltop.example")
    page.get_by_role("button", name="Invite").click()
    with world.db.write() as session:
        for mail in session.scalars(select(OutboxMail).where(OutboxMail.invitation_id.is_not(None))):
            mail.given_up_at, mail.last_error = mail.created_at, "SMTPRecipientsRefused 550 5.1.1"
        take_words(session.scalars(select(Invitation)).one())

    context.clear_cookies()
    live.admit(context, signed_in(world.lead))
    page.goto("/area")
    page.get_by_role("link", name="Invitations to finish").click()
    expect(page.get_by_text("Refused: no such mailbox.")).to_be_visible()
    page_is_good(page, "area-organisations-invited")
    page.get_by_role("button", name="Change the address of Robin Marsh").click()
    page_is_good(page, "change-address")
    page.get_by_label("Their work e-mail address").fill("robin@hiltop.example")
    page.get_by_role("button", name="Change the address").click()
    page_is_good(page, "change-address-error")
    page.get_by_label("Their work e-mail address").fill("robin@hilltop.example")
    page.get_by_role("button", name="Change the address").press("Enter")
    expect(page.locator("#spoken-code")).to_have_count(1)
    page_is_good(page, "change-address-words")
    page.get_by_role("button", name="I have told them").click()
    expect(page.get_by_text("robin@hilltop.example")).to_be_visible()
    page.get_by_role("button", name="Send the link again").click()
    expect(page.get_by_text("We are sending a new link.")).to_be_visible()
    page.get_by_role("button", name="Take back").click()
    page.get_by_role("link", name=re.compile("Invite it again.*Hill Top School")).click()
    expect(page.get_by_label("Its name")).to_have_value("Hill Top School")
