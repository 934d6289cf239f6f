"""What pages say of the teams of an invitation, and of a key from somebody who is in the team no more."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.exchange.planted import invitation_elsewhere
from tests.web.accounts.school_keys import TRANSITION, School
from transition_exchange.exchange.organisations import teams
from transition_exchange.store.database import Database
from transition_exchange.store.models import Invitation, Team


@pytest.fixture
def school(app: Flask, web_db: Database) -> School:
    return School.build(app, web_db)


def test_an_invitation_into_another_team_than_its_maker_saw_gets_no_words(school: School) -> None:
    """Sam saw the team under another name. Robin is in it, and is told what to do."""
    invitation_id = invitation_elsewhere(school.accounts, school.sam).id
    robin = school.visit(school.robin)
    page = robin.get("/account/teams")
    assert "Into another team" in page.text
    assert "was shown “Exams office” at Ashdown School" in page.text
    assert f"But this team is “{TRANSITION}”" in page.text
    assert "Ask an administrator to take it back and to invite the person again." in page.text
    assert "Make the five words" not in page.text
    with school.accounts.db.read() as session:
        assert session.get_one(Invitation, invitation_id).bundle is None
    seen = school.accounts.seen(invitation_id)
    refused = robin.post(f"/account/teams/invitations/{invitation_id}/code", {"seen": seen})
    assert "Make no words for it" in refused.text


def test_the_form_shows_each_teams_work_and_is_refused_if_a_team_was_called_otherwise(school: School) -> None:
    organisation_id = school.accounts.actor(school.sam).organisation_id
    sam = school.visit(school.sam)
    page = sam.get("/account/teams/invite")
    assert "Transition and SEND" in page.text
    assert "Safeguarding at school" in page.text
    with school.accounts.db.write() as session:
        session.add(
            Team(
                organisation_id=organisation_id,
                name="Evening office",
                purposes=["transition"],
            )
        )
    typed = {"name": "Pat New", "email": "pat@school.example", "teams": [str(school.team_id)]}
    again = sam.post("/account/teams/invite", {**page.fields(0), **typed})
    assert again.status == 422
    assert "A team’s name or work has changed since this page was opened." in again.text
    done = sam.post("/account/teams/invite", {**again.fields(0), **typed})
    assert done.h1 == "Tell them these five words"


def test_a_key_from_somebody_who_is_in_the_team_no_more_cannot_be_taken(school: School) -> None:
    accounts = school.accounts
    accounts.change_key(school.robin, school.team_id)
    teams.remove_person(
        db=accounts.db,
        actor=accounts.proven(school.sam),
        principal_id=accounts.row(school.robin).id,
    )
    (offer,) = accounts.actor(school.sam).offers
    sam = school.visit(school.sam)
    assert f"Somebody outside {TRANSITION} handed you a new key of it." in sam.get("/account/teams").text
    page = sam.get("/account/keys")
    assert f"Somebody outside {TRANSITION} made a new key for it" in page.text
    assert f"Robin Reed is not in {TRANSITION}, but handed you a new key of it." in page.text
    assert "ask somebody in the team to invite you again" in page.text
    assert "take the new key" not in page.text
    refused = sam.post(f"/account/keys/{offer.id}/take", {"seen": offer.seen})
    assert "Whoever made this key is not in the team." in refused.text
    assert "handed you a new key of it" in sam.get("/account/keys").text
