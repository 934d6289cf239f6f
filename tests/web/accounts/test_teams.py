"""People and teams: who is listed, who may invite and remove, and that nobody reaches into another organisation."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.exchange.claims import name_other_keys
from tests.exchange.members import add_member, join
from tests.exchange.world import World
from tests.web.visitor import Page, Visitor
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.joining.invitation_mails import ENOUGH_TO_ONE, TO_ONE_A_DAY
from transition_exchange.exchange.joining.made_by import digest_of, sign
from transition_exchange.sealing.address_book import AddressBook, Sighting
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.sealing.people import PersonKeys
from transition_exchange.store.base import utc_now
from transition_exchange.store.models import Invitation, Membership, OutboxMail, Principal

SCHOOL = "Ashdown School"


@pytest.fixture
def head(world: World) -> Actor:
    """An administrator of the school, in its transition team."""
    return world.person("head", SCHOOL, "Transition team", administrator=True, signs=True)


def invite(visitor: Visitor, team: str, world: World, email: str = "sam@school.example") -> str:
    """Invite somebody into a team. Returns the heading of the page that follows."""
    team_id = world.school.teams[team].row.id
    form = {"name": "Sam Okafor", "email": email, "teams": [str(team_id)]}
    return visitor.post("/account/teams/invite", form).h1


def invited(world: World) -> Invitation:
    with world.db.read() as session:
        return session.scalars(select(Invitation)).one()


def test_nobody_is_invited_twice_into_a_team(app: Flask, world: World, head: Actor) -> None:
    visitor = Visitor(app, head)
    assert invite(visitor, "Transition team", world) == "Tell them these five words"
    page = _sent_again(visitor, "Transition team", world)
    assert page.status == 422
    assert page.errors == [
        "Somebody with this e-mail address is already invited into Transition team and has not joined yet. "
        "On “People and teams” you can send that invitation again, make new words for it, or take it back."
    ]
    assert page.fields()["email"] == [" SAM@school.example"], "what was typed is kept"
    assert "Sam Okafor" in visitor.get("/account/teams").text
    visitor.post(f"/account/teams/invitations/{invited(world).id}/cancel")
    assert _sent_again(visitor, "Transition team", world).h1 == "Tell them these five words"


def test_somebody_who_is_in_the_team_is_not_invited_into_it(app: Flask, world: World, head: Actor) -> None:
    robin = add_member(world, "Robin", SCHOOL)
    join(world, robin, world.school.teams["Transition team"].held)
    visitor = Visitor(app, head)
    team_id = str(world.school.teams["Transition team"].row.id)
    typed = {"name": "Robin  R", "email": robin.row.email.upper(), "teams": [team_id]}
    page = visitor.post("/account/teams/invite", typed)
    assert (page.status, page.h1) == (422, "Invite somebody")
    assert page.errors == ["Somebody with this e-mail address is already in Transition team."]
    kept = page.fields()
    assert (kept["name"], kept["email"], kept["teams"]) == (["Robin  R"], [typed["email"]], [team_id])
    with world.db.read() as session:
        assert session.scalars(select(Invitation)).all() == []


def _sent_again(visitor: Visitor, team: str, world: World) -> Page:
    team_id = world.school.teams[team].row.id
    form = {"name": "Sam Okafor", "email": " SAM@school.example", "teams": [str(team_id)]}
    return visitor.post("/account/teams/invite", form)


def test_only_an_administrator_sees_addresses_and_buttons(app: Flask, world: World, head: Actor) -> None:
    page = Visitor(app, head).get("/account/teams")
    assert "senco@example.org" in page.text
    assert "Invite somebody" in page.text
    plain = Visitor(app, world.senco).get("/account/teams")
    assert "senco@example.org" not in plain.text
    assert "Invite somebody" not in plain.text


def test_a_member_sees_the_security_number_of_their_own_team_only(app: Flask, world: World) -> None:
    page = Visitor(app, world.senco).get("/account/teams")
    assert len(page.texts(".te-number")) == 1


def test_a_team_that_nobody_confirmed_beside_one_that_is_has_a_number_and_no_work(
    app: Flask, world: World
) -> None:
    actor = world.person("both", SCHOOL, "Transition team", "Safeguarding team")
    safeguarding, transition = actor.teams
    page = Visitor(app, replace(actor, teams=(transition,), set_aside=(safeguarding,))).get("/account/teams")
    assert "The council has not confirmed Safeguarding team yet" in page.text
    assert len(page.texts(".te-number")) == 2


def test_whoever_is_in_the_team_gets_the_five_words_at_once(app: Flask, world: World, head: Actor) -> None:
    visitor = Visitor(app, head)
    assert invite(visitor, "Transition team", world) == "Tell them these five words"
    assert "Waiting for them until" in visitor.get("/account/teams").text


def test_a_team_one_is_not_in_is_for_its_members_to_complete(app: Flask, world: World, head: Actor) -> None:
    visitor = Visitor(app, head)
    assert invite(visitor, "Safeguarding team", world) == "The invitation is on its way"
    assert "Somebody in the team has to finish it" in visitor.get("/account/teams").text
    lead = Visitor(app, world.safeguarding_lead)
    assert "Needs its five words" in lead.get("/account/teams").text
    page = lead.get("/account/teams")
    assert "You are in no team with Head, so ask them before you make the words." in page.text
    assert not [form for form in page.forms if (form.get("action") or "").endswith("/code")]
    path = f"/account/teams/invitations/{invited(world).id}/code"
    asks = lead.get(path)
    assert asks.h1 == "Ask Head before you make the five words"
    assert "Not checked: we know this only from “Transition team”" in asks.text
    [form] = [form for form in asks.forms if "seen" in dict(form.form_values())]
    done = lead.post(path, {**dict(form.form_values()), "asked": "yes"})
    assert done.h1 == "Tell them these five words"
    assert len(done.one("#spoken-code").replace("-", " ").split()) == 5


def test_nobody_makes_words_without_saying_that_they_asked_a_maker_of_another_team(
    app: Flask, world: World, head: Actor
) -> None:
    """The server checks it, not the page."""
    invite(Visitor(app, head), "Safeguarding team", world)
    lead = Visitor(app, world.safeguarding_lead)
    row = invited(world)
    path = f"/account/teams/invitations/{row.id}/code"
    for form in ({}, {"asked": "no"}, {"asked": ""}):
        page = lead.post(path, {"seen": digest_of(row), **form})
        assert page.status == 422
        assert page.errors == ["Ask Head whether they invited Sam Okafor, and tick the box if they did"]
        assert page.h1 == "Ask Head before you make the five words"
        assert invited(world).bundle is None


def test_a_colleague_of_the_own_team_is_not_asked(app: Flask, world: World, head: Actor) -> None:
    invite(Visitor(app, head), "Transition team", world)
    senco = Visitor(app, world.senco)
    page = senco.get("/account/teams")
    assert "Invited by Head" in page.text
    [form] = [form for form in page.forms if form.get("action").endswith("/code")]
    path = f"/account/teams/invitations/{invited(world).id}/code"
    assert senco.get(path).h1 == "Make the five words for Sam Okafor"
    assert senco.post(path, dict(form.form_values())).h1 == "Tell them these five words"


def test_a_maker_for_whom_different_keys_were_named_gets_no_words(
    app: Flask, world: World, head: Actor
) -> None:
    """The transition team's key names other keys for the head than the safeguarding lead remembers."""
    invite(Visitor(app, head), "Safeguarding team", world)
    name_other_keys(world, head)
    lead = Visitor(app, world.safeguarding_lead)
    page = lead.get("/account/teams")
    [card] = page.texts(".te-card")
    assert "Not checked" in card
    assert "Two teams name different keys for the person who made this invitation" in card
    assert "(different keys were named for them)" in page.text
    path = f"/account/teams/invitations/{invited(world).id}/code"
    assert lead.get(path).status == 404
    refused = lead.post(path, {"seen": digest_of(invited(world)), "asked": "yes"})
    assert refused.status == 422
    assert "cannot check who made this invitation" in refused.text
    assert invited(world).bundle is None


def test_two_people_of_one_name_are_asked_too(app: Flask, world: World, head: Actor) -> None:
    other = world.person("other", SCHOOL, "Transition team", signs=True)
    assert other.person is not None
    invite(Visitor(app, head), "Transition team", world)
    known = Sighting(other.teams[0].id, True, other.person.public, "Head")
    book = world.senco.address_book
    others = {id: colleague for id, colleague in book.colleagues.items() if id != other.principal_id}
    both = AddressBook(others).with_colleagues({other.principal_id: [known]}, now=utc_now())
    senco = Visitor(app, replace(world.senco, address_book=both))
    assert "More than one person has this name here" in senco.get("/account/teams").text
    page = senco.get(f"/account/teams/invitations/{invited(world).id}/code")
    assert "More than one person is called Head here" in page.text


def test_names_that_nobody_signed_are_marked(app: Flask, world: World, head: Actor) -> None:
    with world.db.write() as session:
        row = Principal(organisation_id=head.organisation_id, name="Jo Marsh", email="jo@example.org")
        session.add(row)
        session.flush()
        row_id = row.id
    visitor = Visitor(app, head)
    assert "jo@example.org. Name not checked" in visitor.get("/account/teams").text
    assert "We cannot check this name" in visitor.get(f"/account/teams/people/{row_id}").text


def test_a_team_that_only_its_row_names_is_marked_where_people_are_invited_and_removed(
    app: Flask, world: World, head: Actor
) -> None:
    """Nobody has confirmed it, and the head is not in it."""
    late = world.team(SCHOOL, "Late team", "transition", confirmed=False)
    robin = add_member(world, "Robin", SCHOOL)
    for team in (late, world.school.teams["Safeguarding team"]):
        join(world, robin, team.held)
    visitor = Visitor(app, head)
    page = visitor.get("/account/teams")
    assert (
        page.text.count("We cannot check this team’s name and work until the council has confirmed it.") == 1
    )
    assert "Late team (name not checked)" in visitor.get("/account/teams/invite").text
    person = visitor.get(f"/account/teams/people/{robin.row.id}")
    assert "Late team (name not checked)" in person.text
    assert "Safeguarding team (name not checked)" not in person.text
    leaves = visitor.get(f"/account/teams/people/{robin.row.id}/remove")
    assert "Late team (we cannot check this name)" in leaves.text
    assert "Safeguarding team (we cannot check this name)" not in leaves.text


def test_an_invitation_that_changed_since_it_was_shown_gets_no_words(
    app: Flask, world: World, head: Actor
) -> None:
    invite(Visitor(app, head), "Safeguarding team", world)
    lead = Visitor(app, world.safeguarding_lead)
    path = f"/account/teams/invitations/{invited(world).id}/code"
    [form] = [form for form in lead.get(path).forms if "seen" in dict(form.form_values())]
    with world.db.write() as session:
        row = session.get_one(Invitation, invited(world).id)
        row.email = "mallory@elsewhere.example"
    refused = lead.post(path, {**dict(form.form_values()), "asked": "yes"})
    assert refused.status == 422
    assert "not what the page showed" in refused.text
    page = lead.get("/account/teams")
    assert "Not made by anybody" in page.text
    assert not [form for form in page.forms if form.get("action").endswith("/code")]
    assert invited(world).bundle is None


def test_an_inserted_invitation_is_shown_as_one_that_nobody_made(
    app: Flask, world: World, head: Actor
) -> None:
    """Although the writer appends the event of it, and signs it with a key of their own."""
    invite(Visitor(app, head), "Transition team", world)
    with world.db.write() as session:
        real = session.scalars(select(Invitation)).one()
        row = Invitation(
            id=uuid4(),
            organisation_id=real.organisation_id,
            name="Mallory",
            email="mallory@elsewhere.example",
            administrator=False,
            team_ids=list(real.team_ids),
            expires_at=real.expires_at,
        )
        team = world.school.teams["Transition team"].identity
        sign(row, actor=replace(head, person=PersonKeys(KeyPair.generate())), teams=[team], now=utc_now())
        session.add(row)
        session.flush()
        forged_id, seen = row.id, digest_of(row)
        head.note(session, "person.invited", invitation=forged_id, digest=seen)
    visitor = Visitor(app, head)
    cards = visitor.get("/account/teams").texts(".te-card")
    [forged] = [card for card in cards if "Mallory" in card]
    assert "Not made by anybody" in forged
    assert "Nobody signed this invitation" in forged
    assert "five words" not in forged
    assert [card for card in cards if "Invited by Head" in card]
    refused = visitor.post(f"/account/teams/invitations/{forged_id}/code", {"seen": seen})
    assert refused.status == 422
    assert "Nobody signed this invitation" in refused.text
    with world.db.read() as session:
        assert session.get_one(Invitation, forged_id).bundle is None


def test_an_invitation_whose_maker_one_cannot_know_names_nobody(
    app: Flask, world: World, head: Actor
) -> None:
    invite(Visitor(app, head), "Safeguarding team", world)
    with world.db.write() as session:
        theirs = Membership.principal_id == head.principal_id
        session.execute(update(Membership).where(theirs).values(statement=None))
    lead = Visitor(app, replace(world.safeguarding_lead, address_book=AddressBook()))
    page = lead.get("/account/teams")
    [card] = page.texts(".te-card")
    assert "Not checked" in card
    assert "We cannot check who made this invitation" in card
    assert "Ask your administrators whether one of them made it" in card
    assert "Head" not in card
    assert "Invited by" not in card
    assert not [form for form in page.forms if form.get("action").endswith("/code")]
    row = invited(world)
    refused = lead.post(f"/account/teams/invitations/{row.id}/code", {"seen": digest_of(row)})
    assert refused.status == 422
    assert "cannot check who made this invitation" in refused.text
    [card] = Visitor(app, world.safeguarding_lead).get("/account/teams").texts(".te-card")
    assert "We cannot check that they are still in a team here" in card
    assert not [form for form in page.forms if form.get("action").endswith("/code")]
    with world.db.write() as session:
        session.get_one(Principal, head.principal_id).removed_at = utc_now()
    [card] = Visitor(app, world.safeguarding_lead).get("/account/teams").texts(".te-card")
    assert "Head made this invitation and is in no team here any more" in card


@pytest.mark.parametrize("action", ["code", "again", "cancel"])
def test_an_invitation_of_another_organisation_is_not_there(
    app: Flask, world: World, head: Actor, action: str
) -> None:
    invite(Visitor(app, head), "Transition team", world)
    other = world.person("other_head", "Beech Lane School", "Transition team", administrator=True)
    theirs = Visitor(app, other).post(f"/account/teams/invitations/{invited(world).id}/{action}")
    missing = Visitor(app, other).post(f"/account/teams/invitations/{uuid4()}/{action}")
    assert (theirs.status, theirs.h1) == (missing.status, missing.h1) == (404, "Page not found")


def test_an_invitation_goes_to_another_address(app: Flask, world: World, head: Actor) -> None:
    visitor = Visitor(app, head)
    invite(visitor, "Transition team", world, email="sma@school.example")
    path = f"/account/teams/invitations/{invited(world).id}/address"
    page = visitor.get("/account/teams")
    assert page.href("Change the address of Sam Okafor") == path
    assert "E-mail: Waits to be sent. Runs out on" in page.text
    form = visitor.get(path)
    assert form.h1 == "Change the address of an invitation"
    seen = form.fields()["seen"]
    wrong = visitor.post(path, {"email": "nobody", "seen": seen})
    assert (wrong.status, wrong.fields()["email"]) == (422, ["nobody"])
    same = visitor.post(path, {"email": "sma@school.example", "seen": seen})
    assert (same.status, len(same.errors)) == (422, 1)
    assert (
        visitor.post(path, {"email": "sam@school.example", "seen": seen}).h1 == "Tell them these five words"
    )
    page = visitor.get("/account/teams")
    assert "sam@school.example" in page.text
    assert "sma@school.example" not in page.text
    assert visitor.get(path).status == 404
    assert Visitor(app, world.senco).get(path).status == 403


def test_a_mail_that_was_refused_is_said_and_nobody_is_flooded(app: Flask, world: World, head: Actor) -> None:
    visitor = Visitor(app, head)
    invite(visitor, "Transition team", world)
    again = f"/account/teams/invitations/{invited(world).id}/again"
    refused = {"given_up_at": utc_now(), "attempts": 1, "last_error": "SMTPRecipientsRefused 550 5.1.1"}
    for _ in range(TO_ONE_A_DAY):
        with world.db.write() as session:
            session.execute(update(OutboxMail).values(**refused))
        assert visitor.get("/account/teams").text.count("Refused: no such mailbox.") == 1
        assert visitor.post(again).location == "/account/teams"
    assert ENOUGH_TO_ONE in visitor.get("/account/teams").text


def test_an_invitation_can_be_taken_back(app: Flask, world: World, head: Actor) -> None:
    visitor = Visitor(app, head)
    invite(visitor, "Transition team", world)
    assert visitor.post(f"/account/teams/invitations/{invited(world).id}/cancel").location == "/account/teams"
    page = visitor.get("/account/teams")
    assert "You have taken the invitation back." in page.text
    assert "sam@school.example" not in page.text


def test_an_ordinary_member_cannot_invite_or_remove(app: Flask, world: World, head: Actor) -> None:
    visitor = Visitor(app, world.senco)
    assert visitor.get("/account/teams/invite").status == 403
    assert visitor.post(f"/account/teams/people/{head.principal_id}/remove").status == 403


def test_a_team_of_another_organisation_cannot_be_joined_through_a_form(
    app: Flask, world: World, head: Actor
) -> None:
    foreign = world.college.teams["Admissions"].row.id
    form = {"name": "Sam Okafor", "email": "sam@school.example", "teams": [str(foreign)]}
    assert Visitor(app, head).post("/account/teams/invite", form).status == 404
    assert Visitor(app, head).post("/account/teams/invite", {**form, "teams": ["x"]}).status == 404


def test_nobody_is_invited_into_teams_that_share_no_member(app: Flask, world: World, head: Actor) -> None:
    teams = [str(world.school.teams[name].row.id) for name in ("Transition team", "Safeguarding team")]
    form = {"name": "Sam Okafor", "email": "sam@school.example", "teams": teams}
    page = Visitor(app, head).post("/account/teams/invite", form)
    assert page.status == 422
    assert page.errors == [
        "Nobody is in both Transition team and Safeguarding team, so nobody could finish this invitation. "
        "Invite them to each team separately, with the same e-mail address."
    ]
    assert page.fields()["teams"] == teams, "what was ticked stays"


def test_an_invitation_that_nobody_can_finish_any_more_says_so(app: Flask, world: World, head: Actor) -> None:
    """The only person in both teams has left one of them."""
    names = ("Transition team", "Safeguarding team")
    both = world.person("both", SCHOOL, *names)
    rows = [world.school.teams[name].row for name in names]
    with world.db.write() as session:
        session.add_all([Membership(principal_id=both.principal_id, team_id=row.id) for row in rows])
    teams = [str(row.id) for row in rows]
    form = {"name": "Sam Okafor", "email": "sam@school.example", "teams": teams}
    visitor = Visitor(app, head)
    assert visitor.post("/account/teams/invite", form).h1 == "The invitation is on its way"
    (card,) = visitor.get("/account/teams").texts(".te-card")
    assert "Somebody in the team has to finish it" in card
    with world.db.write() as session:
        session.execute(
            update(Membership)
            .where(
                Membership.principal_id == both.principal_id,
                Membership.team_id == rows[1].id,
            )
            .values(removed_at=utc_now())
        )
    (card,) = visitor.get("/account/teams").texts(".te-card")
    assert "Nobody can finish it" in card
    assert "Nobody is in both Transition team and Safeguarding team any more." in card
