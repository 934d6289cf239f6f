"""Forms that are open when somebody signs out are kept for that person, and count for nobody who comes next."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from tests.exchange.people import PASSPHRASE, Person
from tests.web.accounts.school_keys import School
from tests.web.visitor import Page, Visitor
from transition_exchange.exchange.signing_in import late_saves
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import LateSave

NAME = "known_as.preferred_name"
SIGNED_OUT = "This page was open when somebody signed out"


@pytest.fixture
def school(app: Flask, web_db: Database) -> School:
    return School.build(app, web_db)


@pytest.fixture
def address(school: School) -> str:
    """The page of a form."""
    return school.add_learner(school.sam)


def _open(visitor: Visitor, address: str) -> dict[str, Any]:
    return visitor.get(address).fields() | {NAME: "Mina"}


def _sign_out(visitor: Visitor) -> None:
    assert visitor.post("/account/sign-out").location == "/account/sign-in"


def _sign_in(visitor: Visitor, person: Person, *, later: int = 0) -> Page:
    """Both steps; the code is that of so many seconds later, because none works twice."""
    told = {"email": person.email, "passphrase": PASSPHRASE}
    visitor.post("/account/sign-in", told)
    code = person.app.code_at(utc_now() + timedelta(seconds=later))
    return visitor.post("/account/code", {"code": code})


def _kept_for(school: School) -> list[UUID]:
    with school.accounts.db.read() as session:
        return list(session.scalars(select(LateSave.principal_id)))


def _name_in(school: School, address: str) -> str | None:
    draft = open_draft(
        db=school.accounts.db,
        actor=school.accounts.actor(school.robin),
        record_id=UUID(address.split("/")[2]),
    )
    return draft.answers["known_as"].get("preferred_name")


def test_a_shared_browser_does_not_say_who_was_there(school: School, app: Flask) -> None:
    sam_id = school.accounts.row(school.sam).id
    browser = school.visit(school.robin)
    _sign_out(browser)
    _sign_in(browser, school.sam)
    _sign_out(browser)
    with browser.client.session_transaction(base_url=browser.base) as held:
        assert held, "the browser's own session can be read by whoever sits there next"
        assert str(sam_id) not in str(dict(held))


def test_what_is_saved_after_signing_out_in_another_tab_is_kept(school: School, address: str) -> None:
    sam_id = school.accounts.row(school.sam).id
    browser = school.visit(school.sam)
    form = _open(browser, address)
    _sign_out(browser)
    assert browser.post(address, form).location == "/account/sign-in?kept=yes"
    assert _kept_for(school) == [sam_id]
    offered = browser.follow(_sign_in(browser, school.sam))
    assert offered.h1 == "We kept what you typed"
    put_back = browser.post(address, browser.get(offered.href("Look at it")).fields(0))
    assert (put_back.status, _kept_for(school)) == (303, [])
    assert _name_in(school, address) == "Mina"


def test_whoever_signs_in_next_neither_saves_nor_sees_it(school: School, address: str) -> None:
    sam_id = school.accounts.row(school.sam).id
    browser = Visitor(school.app)
    _sign_in(browser, school.sam)
    form = _open(browser, address)
    _sign_out(browser)
    _sign_in(browser, school.robin)
    assert browser.get("/account").status == 200
    late = browser.post(address, form)
    assert (late.status, late.h1) == (400, SIGNED_OUT)
    assert "Mina" not in late.source
    assert _name_in(school, address) is None, "Robin may write there, but did not write this"
    assert _kept_for(school) == [sam_id]
    assert late_saves.waiting(db=school.accounts.db, actor=school.accounts.actor(school.robin)) == ()


def test_what_the_last_but_one_left_open_is_kept_for_nobody_else(school: School, address: str) -> None:
    browser = school.visit(school.sam)
    form = _open(browser, address)
    _sign_out(browser)
    _sign_in(browser, school.robin)
    browser.get("/account")
    _sign_out(browser)
    late = browser.post(address, form)
    assert (late.status, late.h1) == (400, "This page was open for too long")
    assert _kept_for(school) == []


def test_whoever_signs_in_in_the_place_of_somebody_else_saves_nothing_of_theirs(
    school: School, address: str
) -> None:
    """Nobody has signed out: the first one has gone, and their session has expired."""
    browser = Visitor(school.app)
    _sign_in(browser, school.sam)
    form = _open(browser, address)
    browser.keep(school.app.config["SIGN_IN_COOKIE"], "expired")
    _sign_in(browser, school.robin)
    assert browser.post(address, form).status == 400
    assert _name_in(school, address) is None


def test_what_somebody_left_open_without_signing_out_is_never_kept_for_another(
    school: School, address: str
) -> None:
    browser = Visitor(school.app)
    _sign_in(browser, school.sam)
    _sign_out(browser)
    _sign_in(browser, school.robin)
    form = _open(browser, address)
    browser.keep(school.app.config["SIGN_IN_COOKIE"], "expired")
    _sign_in(browser, school.sam, later=30)
    late = browser.post(address, form)
    assert (late.status, late.h1) == (400, "This page was open for too long")
    assert _kept_for(school) == []


def test_whoever_signs_in_again_goes_on_in_the_forms_that_are_open(school: School, address: str) -> None:
    browser = Visitor(school.app)
    _sign_in(browser, school.robin)
    form = _open(browser, address)
    browser.keep(school.app.config["SIGN_IN_COOKIE"], "expired")
    _sign_in(browser, school.robin, later=30)
    assert browser.post(address, form).status == 303
    assert _name_in(school, address) == "Mina"


def test_what_is_left_behind_opens_nothing(school: School) -> None:
    browser = school.visit(school.sam)
    _sign_out(browser)
    left = browser.cookie(f"{school.app.config['SIGN_IN_COOKIE']}-left")
    assert left
    browser.keep(school.app.config["SIGN_IN_COOKIE"], left)
    assert browser.get("/account").location.startswith("/account/sign-in")
