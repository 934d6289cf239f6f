"""One's own account."""

from __future__ import annotations

from flask import Flask

from tests.exchange.people import Accounts, Clock, Person
from tests.exchange.world import World
from tests.web.accounts.school_keys import School
from tests.web.visitor import Visitor
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database

WAITS = (
    "The council has not confirmed Safeguarding yet, so you cannot do this team’s work here. Read its security "
    "number to the council when it rings. If you did not expect to be in this team, read nothing out, and tell your "
    "administrator."
)


def test_it_says_who_one_is_and_that_a_recovery_code_is_missing(joined: tuple[Visitor, str]) -> None:
    visitor, _ = joined
    page = visitor.get("/account")
    assert page.h1 == "Your account"
    assert "Robin Marsh" in page.text
    assert "Missing" in page.text


def test_it_says_so_once_there_is_a_recovery_code(joined: tuple[Visitor, str]) -> None:
    visitor, _ = joined
    code = visitor.post("/account/recovery-code").one("#recovery-code")
    visitor.post("/account/recovery-code/typed-back", {"code": code})
    assert "You have one" in visitor.get("/account").text


def test_it_is_for_whoever_is_signed_in(app: Flask, world: World) -> None:
    assert Visitor(app).get("/account").location.startswith("/account/sign-in")


def visit(app: Flask, person: Person) -> Visitor:
    """Somebody's browser, with the session that they have."""
    visitor = Visitor(app)
    visitor.keep(app.config["SIGN_IN_COOKIE"], person.cookie)
    return visitor


def test_it_names_a_team_that_waits_for_the_council_as_people_and_teams_does(
    app: Flask, web_db: Database
) -> None:
    """Dee, who has an account, is the first member of the safeguarding team."""
    accounts = Accounts(web_db, Clock(utc_now()))
    sam = accounts.school(accounts.found())
    dee = accounts.colleague(sam, "Dee Lead", "SEND and transition")
    invited = accounts.invite(sam, "Dee Lead", "Safeguarding")
    visitor = visit(app, dee)
    link = f"/join/{accounts.link(invited.invitation_id)}"
    assert visitor.post(link, {"spoken_code": invited.spoken_code or ""}).status == 303
    page, teams = visitor.get("/account"), visitor.get("/account/teams")
    assert page.texts(".govuk-summary-list__value li") == [
        "SEND and transition",
        "Safeguarding (waits for the council’s confirmation)",
    ]
    for about in (page, teams):
        assert about.text.count(WAITS) == 1
    assert page.href("See the security number of Safeguarding") == "/account/teams"
    assert len(teams.texts(".te-number")) == 2, "where the number stands"


def test_a_team_whose_new_key_one_has_not_got_is_named_too(app: Flask, web_db: Database) -> None:
    school = School.build(app, web_db)
    school.change(school.sam)
    assert school.visit(school.robin).get("/account").texts(".govuk-summary-list__value li") == [
        "SEND and transition (you do not have its new key yet) See what to do about the key of SEND and transition"
    ]
    assert "not confirmed" not in school.visit(school.sam).get("/account").text


def test_whoever_is_in_no_team_reads_so_and_an_administrator_what_they_are(
    app: Flask, web_db: Database
) -> None:
    accounts = Accounts(web_db, Clock(utc_now()))
    head = accounts.colleague(accounts.school(accounts.found()), "Hetty Head", administrator=True)
    assert visit(app, head).get("/account").texts(".govuk-summary-list__value")[2:4] == [
        "None",
        "Administrator",
    ]
