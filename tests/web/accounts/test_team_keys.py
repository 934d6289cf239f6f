"""The pages on which a team's key is changed: after somebody has left, and everything that follows from it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from tests.exchange.people import PASSPHRASE
from tests.web.accounts.school_keys import CONFIRMED_BY_LEE, SAFEGUARDING, TRANSITION, School
from tests.web.spoiling import written_to
from transition_exchange.exchange.renewing.changing import ALREADY_CHANGED
from transition_exchange.exchange.school_calendar import leaving_year_on, today
from transition_exchange.store.database import Database
from transition_exchange.store.models import Handover, Principal, TeamKey

FORENAME = "learner.legal_forename"


@pytest.fixture
def school(app: Flask, web_db: Database) -> School:
    return School.build(app, web_db)


def versions(school: School) -> list[int]:
    """The numbers of the transition team's keys."""
    with school.accounts.db.read() as session:
        query = select(TeamKey.version).where(TeamKey.team_id == school.team_id)
        return list(session.scalars(query.order_by(TeamKey.version)))


def test_removing_somebody_leads_to_the_page_on_which_the_key_is_changed(school: School) -> None:
    page = school.remove(school.jo, by=school.sam)
    assert page.h1 == f"Change the key of {TRANSITION}"
    assert "They can no longer sign in here. With a copy of the database they could still read" in page.text
    assert "Jo Marsh has left." in page.text
    assert "waits for you" not in page.text, "this page is what there is to do"
    assert CONFIRMED_BY_LEE in page.text
    assert "Something about keys waits for you" in school.visit(school.robin).get("/account").text
    assert len(page.fields()["person"]) == 2


def test_the_others_are_told_until_they_take_the_key_that_they_know_of(school: School) -> None:
    school.remove(school.jo, by=school.sam)
    assert "There is nothing to do" not in school.change(school.sam).text
    visitor = school.visit(school.robin)
    assert "which you do not have yet" in visitor.get("/account").text
    page = visitor.get("/account/keys")
    assert f"Sam School has changed the key of {TRANSITION}" in page.text
    assert "Ask Sam School first" in page.text
    own = school.visit(school.sam).get("/account/teams").texts(".te-number")
    assert page.one(".te-code") in own, "what Sam sees"
    (form,) = [form for form in page.forms if form.action.endswith("/take")]
    action, compared = form.action, page.fields(0)
    assert visitor.post(action, {"seen": "0" * 64}).status == 422
    done = visitor.post(action, compared)
    assert "You have your team’s new key." in visitor.follow(done).text
    again = visitor.post(form.action)
    assert again.status == 422
    assert "does not wait for you any more, so nothing was done" in again.errors[0]
    assert "Something that you typed is not saved yet" not in again.text, "nothing was typed"


@pytest.mark.parametrize("second", ["sam", "lee"])
def test_after_two_changes_one_offer_stands_there_with_the_number_of_whoever_made_the_newest(
    school: School, second: str
) -> None:
    school.change(school.sam)
    stale = [form.action for form in school.visit(school.robin).get("/account/keys").forms][-1]
    school.take(school.lee)
    maker = {"sam": school.sam, "lee": school.lee}[second]
    school.change(maker)
    visitor = school.visit(school.robin)
    page = visitor.get("/account/keys")
    assert page.text.count("has changed the key of") == 1
    assert f"{maker.name} has changed the key of {TRANSITION}" in page.text
    assert page.one(".te-code") in school.visit(maker).get("/account/teams").texts(".te-number")
    assert f"{TRANSITION} has a new key, which you do not have yet." in visitor.get("/account").text
    late = visitor.post(stale, {"seen": "0" * 64})
    assert late.status == 422, "the page of the first change is still open in another window"
    assert "The new key has changed since this page was opened." in late.text
    assert "You have your team’s new key." in school.take(school.robin).text
    assert "has changed the key of" not in visitor.get("/account/keys").text
    assert versions(school) == [1, 2, 3]


def test_what_somebody_typed_while_the_key_was_changed_is_kept_until_they_have_the_new_one(
    school: School,
) -> None:
    """Robin is writing on another computer when Sam changes the key."""
    visitor, address = school.visit(school.robin), "/learners/add"
    page = visitor.get(address)
    assert FORENAME in page.fields()
    typed = {**page.fields(), FORENAME: "Amina"}
    school.remove(school.jo, by=school.sam)
    school.change(school.sam)
    late = visitor.post(address, typed)
    page = visitor.follow(late)
    assert "We have kept what you typed until you have the new key." in page.text
    assert "Save it as soon as you have the new key." in page.text
    assert visitor.follow(visitor.get("/learners")).h1 == page.h1, "a page leads there too"
    (form,) = [form for form in page.forms if form.action.endswith("/take")]
    page = visitor.follow(visitor.post(form.action, page.fields(0)))
    kept = visitor.get(visitor.get(page.href("Look at what you typed")).href("Look at it"))
    fields = kept.fields(0)
    assert fields[FORENAME] == ["Amina"]
    again = visitor.post(address, fields)
    assert again.status == 422, "the page judges it as if it had just been typed"
    assert 'value="Amina"' in again.source


def test_the_work_that_follows_goes_on_in_steps_and_says_when_it_is_done(school: School) -> None:
    school.remove(school.jo, by=school.sam)
    page = school.change(school.sam)
    assert "The change of the key is not finished" in page.text
    visitor = school.visit(school.sam)
    for _ in range(20):
        page = visitor.follow(visitor.post("/account/keys/carry-on"))
        if "Everything of your teams is under the new key now." in page.text:
            break
    page = visitor.get("/account/keys")
    assert "The change of the key is not finished" not in page.text
    assert f"The new key of {TRANSITION} is not confirmed yet" in page.text
    assert CONFIRMED_BY_LEE in page.text
    assert page.one(".te-code") in visitor.get("/account/teams").texts(".te-number")
    assert "nothing is sent or received" in visitor.get("/account").text
    lee = school.visit(school.lee)
    address = f"/account/teams/{school.team_id}/vouch"
    lee.post(address, lee.get(address).fields())
    assert "is not confirmed yet" not in visitor.get("/account/keys").text


def test_every_page_says_in_the_same_words_who_can_confirm_a_new_key(school: School) -> None:
    """Before somebody is removed, before the key is changed, and until the new one is confirmed.

    Dee is in the safeguarding team only, Lee in both. Sam and Robin are in the team that has the new key.
    """
    accounts = school.accounts
    with accounts.db.write() as session:
        session.get_one(Principal, accounts.row(school.lee).id).administrator = True
    dee = accounts.colleague(school.lee, "Dee Lead", SAFEGUARDING)
    accounts.sign_in_later(dee, school.sam, school.robin)
    sentence = CONFIRMED_BY_LEE.replace("Lee", "Dee")
    sam, robin = school.visit(school.sam), school.visit(school.robin)
    before = sam.get(f"/account/teams/people/{accounts.row(school.jo).id}/remove")
    assert before.text.count(sentence) == 1
    assert school.remove(school.jo, by=school.sam).text.count(sentence) == 1
    assert robin.get(f"/account/teams/{school.team_id}/key").text.count(sentence) == 1
    school.change(school.sam)
    school.take(school.robin)
    school.finish(school.sam)
    for visitor in (sam, robin):
        page = visitor.get("/account/keys")
        assert page.text.count(sentence) == 1
        assert "Lee Lead" not in page.text


def test_what_could_not_be_locked_with_the_new_key_is_said_and_stays_on_the_page(
    school: School, web_db: Database
) -> None:
    """The row of a record was changed; the key before is retired all the same."""
    visitor = school.visit(school.sam)
    page = visitor.get("/learners/add")
    year = leaving_year_on(today()) - 16
    typed = {FORENAME: "Amina", "learner.legal_surname": "Khan", "learner.date_of_birth": f"{year}-03-14"}
    added = visitor.post("/learners/add", {**page.fields(), **typed})
    assert added.status == 303, added.errors
    school.change(school.sam)
    with written_to(web_db) as file:
        assert file.execute("UPDATE records SET version = 'core/1999.1'").rowcount == 1
    assert "could not be read" not in visitor.get("/account/keys").text
    words = "2 things could not be read, so they were left as they are. Go on:"
    assert words in visitor.get("/account/keys?failed=2").text, "what the step before could not do"
    for _ in range(20):
        page = visitor.follow(visitor.post("/account/keys/carry-on"))
        if "The change of the key is not finished" not in page.text:
            break
    assert "not everything could be locked with the new one" in page.text
    assert "Everything of your teams is under the new key now." not in page.text
    school.take(school.robin)
    for person in (school.sam, school.robin):
        text = school.visit(person).get("/account/keys").text
        assert f"could not be read when the key of {TRANSITION} was changed on" in text
        assert "Tell the council’s NEET group." in text
        assert "There is nothing to do" not in text
    assert "waits for you" not in visitor.get("/account").text, "nobody can do anything here about it"


def test_somebody_of_another_team_confirms_the_number_that_the_page_showed(school: School) -> None:
    """Lee was in the team with Jo and is in one that Jo was not in."""
    school.remove(school.jo, by=school.sam)
    school.change(school.sam)
    lee = school.visit(school.lee)
    address = f"/account/teams/{school.team_id}/vouch"
    assert f"{TRANSITION} has a new key that your team can confirm" in lee.get("/account/keys").text
    page = lee.get(address)
    assert page.h1 == f"Confirm the new key of {TRANSITION}"
    assert "Sam School changed the key" in page.text
    own = school.visit(school.sam).get("/account/teams").texts(".te-number")
    assert page.one("#number") in own
    wrong = lee.post(address, {"seen": "0" * 64})
    assert wrong.status == 422
    assert wrong.errors == ["The new key has changed since this page was opened. Compare its number again."]
    assert "The new key is confirmed." in lee.follow(lee.post(address, page.fields())).text
    assert lee.get(address).status == 404
    page = lee.get("/account/keys")
    assert "has changed the key of" not in page.text, "the key that stands alone is taken by itself"
    assert "do not have the new key" not in page.text


def test_a_change_for_no_reason_and_who_may_ask_for_it(school: School) -> None:
    page = school.visit(school.robin).get(f"/account/teams/{school.team_id}/key")
    assert "Nobody has left the team." in page.text
    for stranger, team_id in ((school.cora, school.team_id), (school.robin, uuid4())):
        visitor = school.visit(stranger)
        assert visitor.get(f"/account/teams/{team_id}/key").status == 404
        assert visitor.post(f"/account/teams/{team_id}/key").status == 404


def test_a_second_sending_of_the_page_changes_nothing(school: School) -> None:
    """A double click, or a form that somebody sends by itself."""
    visitor, address = school.visit(school.sam), f"/account/teams/{school.team_id}/key"
    form = visitor.get(address).fields()
    assert visitor.post(address, form).status == 303
    for again in (form, {}, {"unknown": "field"}):
        page = visitor.post(address, again)
        assert page.status == 422
        assert page.errors == [ALREADY_CHANGED]
    assert versions(school) == [1, 2]


def test_changing_a_key_asks_for_the_passphrase_again_and_keeps_what_was_ticked(school: School) -> None:
    visitor, address = school.visit(school.sam, proven=False), f"/account/teams/{school.team_id}/key"
    form = visitor.get(address).fields()
    robin = str(school.accounts.row(school.robin).id)
    asked = visitor.post(address, {**form, "person": [robin]})
    assert (asked.status, asked.h1) == (403, "Confirm that it is you")
    assert asked.fields(0)["person"] == [robin]
    assert versions(school) == [1]
    done = visitor.post(address, {**asked.fields(0), "proof": PASSPHRASE})
    assert done.location == "/account/keys"
    assert versions(school) == [1, 2]
    with school.accounts.db.read() as session:
        takers = session.scalars(select(Handover.taker_id)).all()
    assert takers == [school.accounts.row(school.robin).id]


def test_whoever_has_not_met_the_maker_is_told_so_and_confirms(school: School) -> None:
    accounts = school.accounts
    with accounts.db.write() as session:
        session.get_one(Principal, accounts.row(school.lee).id).administrator = True
    dee = accounts.colleague(school.lee, "Dee Lead", SAFEGUARDING)
    meg = accounts.colleague(school.sam, "Meg Frith", TRANSITION, administrator=True)
    school.remove(school.jo, by=meg)
    school.change(meg)
    assert CONFIRMED_BY_LEE.replace("Lee", "Dee") in school.visit(meg).get("/account/keys").text
    visitor, address = school.visit(dee), f"/account/teams/{school.team_id}/vouch"
    assert "There is nothing to do" not in visitor.get("/account/keys").text
    page = visitor.get(address)
    assert (
        "You have not met Meg Frith here before. Speak to them in person, or ring Ashdown School" in page.text
    )
    assert page.one("#number") in school.visit(meg).get("/account/teams").texts(".te-number")
    assert visitor.post(address, page.fields()).location == "/account/keys"


def test_only_people_on_the_page_are_given_the_key(school: School) -> None:
    visitor = school.visit(school.sam)
    address = f"/account/teams/{school.team_id}/key"
    form = visitor.get(address).fields()
    refused = visitor.post(address, {**form, "person": str(school.accounts.row(school.cora).id)})
    assert refused.status == 422
    assert refused.errors == ["Choose only people whom we can give the new key. Invite the others again."]


def test_after_a_removal_in_the_neet_group_its_number_is_compared_once_more(school: School) -> None:
    accounts = school.accounts
    kit = accounts.colleague(school.cora, "Kit Council", "NEET group")
    council = accounts.actor(school.cora).teams[0].id
    visitor = school.visit(school.cora)
    visitor.post(f"/account/teams/people/{accounts.row(kit).id}/remove")
    page = visitor.get(f"/account/teams/{council}/key")
    assert visitor.post(f"/account/teams/{council}/key", page.fields()).status == 303
    sam = school.visit(school.sam)
    assert "The council has a new security number" in sam.get("/account/keys").text
    page = sam.get("/account/council-number")
    assert page.one("#number") in visitor.get("/account/teams").texts(".te-number")
    assert sam.post("/account/council-number", {"seen": ""}).status == 422
    assert sam.follow(sam.post("/account/council-number", page.fields())).status == 200
    assert sam.get("/account/council-number").status == 404
