"""What somebody typed is kept until it is saved, whatever happens between, and dropped only then."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.exchange.people import PASSPHRASE, Accounts, Clock, Person
from tests.web.accounts.school_keys import School
from tests.web.visitor import Page, Visitor
from transition_exchange.exchange.errors import Conflict, NotConfirmedYet, NotFound, NotReady, Tampered
from transition_exchange.exchange.signing_in import late_saves
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import LateSave, Organisation, Record, SignInSession
from transition_exchange.store.unreadable import Unreadable
from transition_exchange.web.school import pages

TOWN, NAME, UPN = "enrolment.town", "known_as.preferred_name", "pupil_number.upn"
UNSAVED = "/account/unsaved"
LONG_AGO = utc_now() - timedelta(hours=1)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> tuple[Path, School]:
    """A school that is built once, and its database."""
    path = tmp_path_factory.mktemp("school") / "school.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    school = School.build(Flask("not served"), database)
    database.dispose()
    return path, school


@pytest.fixture
def web_db(built: tuple[Path, School], tmp_path: Path) -> Iterator[Database]:
    """A copy of its database."""
    shutil.copy(built[0], tmp_path / "web.db")
    database = Database(f"sqlite:///{tmp_path / 'web.db'}")
    yield database
    database.dispose()


@pytest.fixture
def school(app: Flask, web_db: Database, built: tuple[Path, School]) -> School:
    """The school in this test's own database, with sessions of its own."""
    sam, robin, jo, lee = (
        replace(person) for person in (built[1].sam, built[1].robin, built[1].jo, built[1].lee)
    )
    accounts = Accounts(web_db, Clock(built[1].accounts.clock.now))
    return replace(built[1], app=app, accounts=accounts, sam=sam, robin=robin, jo=jo, lee=lee)


def _kept(school: School) -> int:
    with school.accounts.db.read() as session:
        return len(session.scalars(select(LateSave)).all())


def _typed(school: School, by: Person, address: str, **typed: str) -> dict[str, Any]:
    """A page's form as somebody has it open, with what they typed."""
    page = school.visit(by).get(address)
    return {**page.fields(), **{name.replace("__", "."): value for name, value in typed.items()}}


def _too_late(school: School, by: Person, address: str, form: dict[str, Any]) -> None:
    """Send a form after the team's key was changed, and take the new key."""
    school.remove(school.jo, by=school.sam)
    school.change(school.sam)
    school.finish(school.sam)
    late = school.visit(by).post(address, form)
    assert late.location == "/account/keys"
    assert _kept(school) == 1
    school.take(by)


def _put_back(visitor: Visitor, address: str, **typed: str) -> Page:
    """Put back what is kept, as the page offers it."""
    fields = visitor.get(visitor.get(UNSAVED).href("Look at it")).fields(0)
    return visitor.post(address, fields | typed)


def test_new_section_keys_are_no_conflict_and_what_was_typed_is_put_in(school: School) -> None:
    address = school.add_learner(school.sam)
    form = _typed(school, school.robin, address, known_as__preferred_name="Mina")
    _too_late(school, school.robin, address, form)
    robin = school.visit(school.robin)
    page = robin.get(UNSAVED)
    assert "Not saved, because your team’s key had been changed." in page.text
    assert "you had been signed out" not in page.text
    done = _put_back(robin, address)
    assert (done.status, _kept(school)) == (303, 0), done.source if done.status != 303 else ""
    assert robin.get(address).fields()[NAME] == ["Mina"]


def test_new_keys_are_no_conflict_in_a_tab_of_whoever_changed_the_key(school: School) -> None:
    address = school.add_learner(school.sam)
    form = _typed(school, school.sam, address, known_as__preferred_name="Mina")
    school.remove(school.jo, by=school.sam)
    school.change(school.sam)
    school.finish(school.sam)
    assert school.visit(school.sam).post(address, form).status == 303


def test_what_was_put_back_and_met_a_colleagues_answer_rests_beside_it(school: School) -> None:
    """From then on the draft keeps it, and both teams' pages show it. What was kept for one person is done."""
    address = school.add_learner(school.sam)
    form = _typed(school, school.robin, address, known_as__preferred_name="Mina")
    theirs = _typed(school, school.sam, address, known_as__preferred_name="Amy")
    assert school.visit(school.sam).post(address, theirs).status == 303
    _too_late(school, school.robin, address, form)
    robin = school.visit(school.robin)
    clash = _put_back(robin, address)
    assert (clash.status, _kept(school)) == (409, 0)
    assert "Somebody else saved other answers here while you were writing." in clash.text
    assert robin.get(address).fields()[NAME] == ["Mina"], "they went elsewhere and come back"
    assert robin.post(address, robin.get(address).fields()).status == 303
    assert robin.get(address).fields()[NAME] == ["Mina"]
    assert "not saved yet" not in robin.get("/account").text


def test_what_was_put_back_and_is_wrong_rests_in_the_draft(school: School) -> None:
    address = school.add_learner(school.sam)
    form = _typed(school, school.robin, address, pupil_number__upn="wrong", enrolment__town="Ashdown")
    _too_late(school, school.robin, address, form)
    robin = school.visit(school.robin)
    refused = _put_back(robin, address)
    assert (refused.status, _kept(school)) == (422, 0)
    assert robin.get(address).fields()[TOWN] == ["Ashdown"]
    assert robin.get(address).fields()[UPN] == ["wrong"]


def test_a_form_that_adds_a_row_is_saved_too(school: School) -> None:
    """The button that adds a row was pressed when the key had been changed."""
    address = school.add_learner(school.sam).removesuffix("/learner") + "/family"
    form = _typed(school, school.robin, address)
    form |= {"contacts.contacts.0.name": "Farah Khan", "add": "contacts.contacts"}
    _too_late(school, school.robin, address, form)
    robin = school.visit(school.robin)
    shown = _put_back(robin, address)
    assert (shown.status, _kept(school)) == (200, 0)
    assert robin.get(address).fields()["contacts.contacts.0.name"] == ["Farah Khan"]


def test_a_key_that_changes_again_before_it_is_put_back_loses_nothing(school: School) -> None:
    address = school.add_learner(school.sam)
    form = _typed(school, school.robin, address, known_as__preferred_name="Mina")
    _too_late(school, school.robin, address, form)
    robin = school.visit(school.robin)
    fields = robin.get(robin.get(UNSAVED).href("Look at it")).fields(0)
    school.change(school.sam)
    assert robin.post(address, fields | {TOWN: "Ashdown"}).location == "/account/keys"
    assert _kept(school) == 1, "it takes the place of what it puts back"
    school.take(school.robin)
    assert _put_back(robin, address).status == 303
    assert (robin.get(address).fields()[TOWN], _kept(school)) == (["Ashdown"], 0)


def test_a_session_that_ends_before_it_is_put_back_loses_nothing(school: School) -> None:
    address = school.add_learner(school.sam)
    form = _typed(school, school.robin, address, known_as__preferred_name="Mina")
    _too_late(school, school.robin, address, form)
    robin = school.visit(school.robin)
    fields = robin.get(robin.get(UNSAVED).href("Look at it")).fields(0)
    with school.accounts.db.write() as session:
        session.execute(update(SignInSession).values(last_seen_at=LONG_AGO))
    assert robin.post(address, fields).location == "/account/sign-in?kept=yes"
    assert _kept(school) == 1
    school.accounts.clock.wait(minutes=1)
    robin = school.visit(school.accounts.sign_in(school.robin))
    assert "Not saved, because you had been signed out." in robin.get(UNSAVED).text
    assert (_put_back(robin, address).status, _kept(school)) == (303, 0)


def test_whoever_is_in_two_teams_is_led_to_the_key_that_they_lack(school: School) -> None:
    """Lee's other team lets them onto the page, which then finds nothing that it opens."""
    address = school.add_learner(school.sam)
    form = _typed(school, school.lee, address, known_as__preferred_name="Mina")
    _too_late(school, school.lee, address, form)
    lee = school.visit(school.lee)
    assert (_put_back(lee, address).status, _kept(school)) == (303, 0)
    assert lee.get(address).fields()[NAME] == ["Mina"]


@pytest.mark.parametrize(
    "error",
    [NotReady("Waiting."), NotConfirmedYet(), Tampered(), Unreadable(), Conflict(["known_as"]), NotFound()],
)
def test_what_a_page_cannot_take_for_another_reason_is_kept_too(
    school: School, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    address = school.add_learner(school.sam)
    sam, form = school.visit(school.sam), _typed(school, school.sam, address, known_as__preferred_name="Mina")

    def fail(*_: Any, **__: Any) -> Any:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(pages, "opened", fail)
        page = sam.post(address, form)
    assert page.status >= 400
    assert "Something that you typed is not saved yet" in page.text
    assert "Not saved, because it could not be done then." in sam.get(UNSAVED).text
    assert (_put_back(sam, address).status, _kept(school)) == (303, 0)


def test_what_was_typed_for_a_record_that_is_another_schools_for_a_moment_is_kept(school: School) -> None:
    """Somebody who can write to the database moves it away and back again."""
    address = school.add_learner(school.sam)
    sam, form = school.visit(school.sam), _typed(school, school.sam, address, known_as__preferred_name="Mina")

    def move(organisation_id: UUID) -> UUID:
        with school.accounts.db.write() as session:
            record = session.scalars(select(Record)).one()
            before, record.organisation_id = record.organisation_id, organisation_id
            return before

    with school.accounts.db.read() as session:
        own = session.scalars(select(Record.organisation_id)).one()
        other = session.scalars(select(Organisation.id).where(Organisation.id != own)).first()
    assert other is not None
    before = move(other)
    page = sam.post(address, form)
    assert (page.status, page.h1, _kept(school)) == (404, "Page not found", 1)
    assert "Something that you typed is not saved yet" in page.text
    move(before)
    assert (_put_back(sam, address).status, _kept(school)) == (303, 0)
    assert sam.get(address).fields()[NAME] == ["Mina"]


def test_whoever_is_in_two_teams_is_not_told_that_a_key_is_why_nothing_was_found(school: School) -> None:
    address = school.add_learner(school.sam)
    form = _typed(school, school.lee, address, known_as__preferred_name="Mina")
    school.remove(school.jo, by=school.sam)
    school.change(school.sam)
    school.finish(school.sam)
    with school.accounts.db.write() as session:
        own = session.scalars(select(Record.organisation_id)).one()
        other = session.scalars(select(Organisation.id).where(Organisation.id != own)).first()
        session.execute(update(Record).values(organisation_id=other))
    lee = school.visit(school.lee)
    text = lee.follow(lee.post(address, form)).text
    assert "Your team’s key was changed meanwhile" not in text
    assert (
        "It may need the new key of one of your teams, or what it was about may have been taken back" in text
    )
    assert "Not saved, because it could not be done then." in lee.get(UNSAVED).text


def test_where_nothing_can_be_kept_the_page_says_only_what_failed(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = school.add_learner(school.sam)
    sam, form = school.visit(school.sam), _typed(school, school.sam, address, known_as__preferred_name="Mina")

    def fail(*_: Any, **__: Any) -> Any:
        raise Unreadable

    with monkeypatch.context() as patched:
        patched.setattr(pages, "opened", fail)
        patched.setattr(late_saves, "keep", fail)
        page = sam.post(address, form)
    assert (page.status, page.h1) == (500, "This failed its safety check")
    assert "is not saved yet" not in page.text
    assert "What you just typed was not kept" in page.text


def test_whoever_has_too_much_waiting_is_told_that_the_next_was_not_kept(school: School) -> None:
    sam, missing = school.visit(school.sam), f"/learners/{uuid4()}/pages/learner"
    for _ in range(late_saves.MOST_OF_ONE_PERSON):
        page = sam.post(missing, {NAME: "Mina"})
        assert (page.status, "was not kept" in page.text) == (404, False)
    page = sam.post(missing, {NAME: "Mina"})
    assert "What you just typed was not kept" in page.text
    assert _kept(school) == late_saves.MOST_OF_ONE_PERSON
    assert "was not kept" not in sam.get("/account").text


def test_it_can_be_thrown_away_and_is_not_dropped_by_anything_else(school: School) -> None:
    address = school.add_learner(school.sam)
    form = _typed(school, school.robin, address, known_as__preferred_name="Mina")
    _too_late(school, school.robin, address, form)
    robin = school.visit(school.robin)
    page = robin.get(robin.get(UNSAVED).href("Look at it"))
    other = _typed(school, school.robin, address, enrolment__town="Ashdown")
    assert (robin.post(address, other).status, _kept(school)) == (303, 1)
    assert "We threw it away." in robin.follow(robin.post(page.forms[1].action)).text
    assert _kept(school) == 0


def test_a_search_is_not_kept_and_leads_back_to_its_page(school: School) -> None:
    sam = school.visit(school.sam)
    with school.accounts.db.write() as session:
        session.execute(update(SignInSession).values(last_seen_at=LONG_AGO))
    late = sam.post("/learners", {"q": "Khan"}, headers={"Referer": f"{sam.base}/learners"})
    assert (late.location, _kept(school)) == ("/account/sign-in?next=/learners", 0)


def test_a_confirmation_that_is_asked_for_carries_it_on_once(school: School) -> None:
    """The page that asks for the passphrase holds every field of the form, this one among them."""
    sam = school.visit(school.sam)
    with school.accounts.db.write() as session:
        session.execute(update(SignInSession).values(last_seen_at=LONG_AGO))
    form = {"name": "Kim Lee", "email": "kim@school.example", "administrator": "yes"}
    assert sam.post("/account/teams/invite", form).location == "/account/sign-in?kept=yes"
    school.accounts.clock.wait(minutes=1)
    sam = school.visit(school.accounts.sign_in(school.sam), proven=False)
    asked = _put_back(sam, "/account/teams/invite")
    assert (asked.status, _kept(school), len(asked.fields(0)["late_save"])) == (403, 1, 1)
    done = sam.post("/account/teams/invite", {**asked.fields(0), "proof": PASSPHRASE})
    assert (done.h1, _kept(school)) == ("Tell them these five words", 0)
