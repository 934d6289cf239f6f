"""What the pages say of a key, or of a team, that waits for something which the person has to do first."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.exchange.claims import OFFICE
from tests.exchange.people import Person
from tests.exchange.walks.changes_of_keys import NEW_NAME, Area
from tests.web.accounts.school_keys import visit
from tests.web.accounts.waiting_keys import administrator, area_on, away, is_here, join_office
from tests.web.visitor import Page, Visitor
from transition_exchange.store.database import Database

HAS_NONE = f"{OFFICE} has a new key, which you do not have yet."


@pytest.fixture
def area(web_db: Database) -> Area:
    return area_on(web_db)


def _visit(app: Flask, area: Area, person: Person) -> Visitor:
    is_here(area, person)
    return visit(app, area.accounts, person)


def _send(visitor: Visitor, address: str) -> Page:
    """Press the button of a page. Returns the page that follows."""
    done = visitor.post(address, visitor.get(address).fields())
    assert done.status == 303, done.errors
    return visitor.follow(done)


def _takes(visitor: Visitor) -> Page:
    page = visitor.get("/account/keys")
    (form,) = [form for form in page.forms if form.action.endswith("/take")]
    return visitor.follow(visitor.post(form.action, page.fields(0)))


def test_somebody_who_was_away_compares_the_councils_number_and_takes_the_key_then(
    app: Flask, area: Area
) -> None:
    kim = away(area)
    area.happens("crk")
    visitor = _visit(app, area, kim)
    account = visitor.get("/account")
    assert f"{HAS_NONE} Compare the council’s new security number first." in account.text
    page = visitor.get(account.href(f"See what to do about the key of {OFFICE}"))
    assert page.texts("h2.govuk-heading-m")[:2] == [
        "The council has a new security number",
        f"The new key of {OFFICE} waits",
    ]
    assert "It says that the team has another name or other work now." in page.text
    assert "does not count for you yet. Compare the council’s new number first." in page.text
    assert NEW_NAME not in page.text, "only a colleague says so"
    assert not [form for form in page.forms if form.action.endswith("/take")]
    offer = area.offer(kim)
    early = visitor.post(f"/account/keys/{offer.id}/take", {"seen": offer.seen})
    assert early.status == 422
    assert "Compare the council’s new number first." in early.text
    page = _send(visitor, "/account/council-number")
    assert "You have confirmed the council’s new number." in page.text
    assert f"Sam School has changed the key of {NEW_NAME}" in page.text
    assert "You have your team’s new key." in _takes(visitor).text
    assert visitor.get("/account").texts(".govuk-summary-list__value li") == [NEW_NAME]


def test_a_key_waits_for_the_decision_about_the_second_confirmer(app: Flask, area: Area) -> None:
    area.require_second_of_a_college()
    kim = away(area)
    area.drop_second()
    area.accept(area.sam)
    area.happens("rk")
    visitor = _visit(app, area, kim)
    decide = "Decide first whether you accept the area’s new rule about who confirms teams."
    assert f"{HAS_NONE} {decide}" in visitor.get("/account").text
    page = visitor.get("/account/keys")
    assert (
        "The area’s rule about who confirms teams has changed, and you keep to the one before." in page.text
    )
    assert "You have accepted the area’s new rule." in _send(visitor, page.href("Read the new rule")).text
    assert f"Sam School has changed the key of {NEW_NAME}" in visitor.get("/account/keys").text
    assert "You have your team’s new key." in _takes(visitor).text


def test_a_key_that_not_everybody_has_confirmed_waits_for_that(app: Flask, area: Area) -> None:
    area.require_second_of_a_college()
    nia, kim = area.nia, away(area)
    assert nia is not None
    area.drop_second()
    area.accept(area.sam)
    area.happens("rk")
    area.accounts.sign_in_later(nia)
    area.require_second(nia)
    page = _visit(app, area, kim).get("/account/keys")
    assert "Not everybody who confirms teams in your area has confirmed that. Ask Sam School" in page.text


def test_somebody_in_no_team_compares_the_number_and_reads_what_their_team_waits_for(
    app: Flask, area: Area
) -> None:
    adi = administrator(area)
    area.change_council()
    area.compare(area.sam)
    area.accounts.sign_in_later(area.sam, adi)
    join_office(area, adi)
    visitor = _visit(app, area, adi)
    account, teams = visitor.get("/account"), visitor.get("/account/teams")
    assert account.texts(".govuk-summary-list__value li") == [
        f"{OFFICE} (waits until you have compared the council’s new number)"
    ]
    for page in (account, teams):
        assert "Something about keys waits for you" in page.text
        assert (
            f"You cannot do the work of {OFFICE} here yet. The council has a new security number" in page.text
        )
        assert "If you did not expect to be in this team, tell your administrator." in page.text
    keys = visitor.get(teams.href("Your teams’ keys"))
    assert "Until then nothing that the council confirms counts for you." in keys.text
    assert "You have confirmed the council’s new number." in _send(visitor, "/account/council-number").text
    account = visitor.get("/account")
    assert account.texts(".govuk-summary-list__value li") == [OFFICE]
    assert "waits for you" not in account.text


def test_a_team_waits_for_the_decision_about_the_second_confirmer(app: Flask, area: Area) -> None:
    adi = administrator(area)
    area.require_second(area.college())
    area.accounts.sign_in_later(adi)
    area.drop_second()
    area.accept(area.sam)
    area.accounts.sign_in_later(adi)
    join_office(area, adi)
    visitor = _visit(app, area, adi)
    account = visitor.get("/account")
    assert account.texts(".govuk-summary-list__value li") == [
        f"{OFFICE} (waits for your decision about the area’s new rule)"
    ]
    _send(visitor, account.href("Decide first whether you accept the new rule"))
    assert visitor.get("/account").texts(".govuk-summary-list__value li") == [OFFICE]
