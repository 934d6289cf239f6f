"""Only those who are named by a view's rule can reach it, and what they typed is not lost."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select, update

from tests.exchange.world import World
from tests.web.accounts.people import PASSPHRASE, founded, join
from tests.web.visitor import Visitor
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import LateSave, SignInSession


def end_session(db: Database) -> None:
    with db.write() as session:
        session.execute(update(SignInSession).values(last_seen_at=utc_now() - timedelta(hours=1)))


def late_saves(db: Database) -> list[LateSave]:
    with db.read() as session:
        return list(session.scalars(select(LateSave)))


def test_whoever_follows_a_link_comes_back_to_it_after_signing_in(visitor: Visitor) -> None:
    assert visitor.get("/area/learners?state=complete").location == (
        "/account/sign-in?next=/area/learners?state%3Dcomplete"
    )


def test_whoever_is_half_signed_in_is_asked_for_the_code(app: Flask, web_db: Database) -> None:
    visitor = Visitor(app)
    join(visitor, founded(web_db))
    assert visitor.get("/account/teams").location == "/account/code"


def test_a_stranger_who_posts_is_asked_to_sign_in_and_nothing_is_kept(
    visitor: Visitor, web_db: Database
) -> None:
    assert visitor.post("/account/teams/invite", {"name": "Sam"}).location == "/account/sign-in?kept=no"
    assert late_saves(web_db) == []


def test_a_button_without_a_word_typed_leads_back_to_its_page(visitor: Visitor, web_db: Database) -> None:
    here = {"Referer": f"{visitor.base}/received/1?team=2"}
    late = visitor.post("/received/export.csv", headers=here)
    assert late.location == "/account/sign-in?next=/received/1?team%3D2"
    elsewhere = {"Referer": "https://elsewhere.example/received"}
    assert visitor.post("/received/export.csv", headers=elsewhere).status == 400, "no form of ours"
    assert late_saves(web_db) == []


def test_what_is_sent_too_late_is_kept(joined: tuple[Visitor, str], web_db: Database) -> None:
    visitor, _ = joined
    end_session(web_db)
    assert visitor.post("/account/teams/invite", {"name": "Sam"}).location == "/account/sign-in?kept=yes"
    assert len(late_saves(web_db)) == 1


def test_a_passphrase_is_never_kept_for_later(joined: tuple[Visitor, str], web_db: Database) -> None:
    visitor, _ = joined
    end_session(web_db)
    late = visitor.post("/account/passphrase", {"passphrase": PASSPHRASE, "current_passphrase": PASSPHRASE})
    assert late.location == "/account/sign-in"
    assert late_saves(web_db) == []


def test_whoever_is_in_the_wrong_team_is_told_whom_to_ask(app: Flask, world: World) -> None:
    page = Visitor(app, world.college_support).get("/learners")
    assert page.status == 403
    assert "This page is not for your organisation." in page.text


def test_an_administrator_is_named_only_if_they_can_help(app: Flask, world: World) -> None:
    """A school's safeguarding lead can be put into its transition team; a college has no team for the area."""
    ask = "An administrator can add you to one that can."
    assert ask in Visitor(app, world.safeguarding_lead).get("/learners/add").text
    outsider = world.person("clerk", "Ashdown Council")
    assert ask in Visitor(app, outsider).get("/area").text
    for actor in (world.college_support, world.senco):
        page = Visitor(app, actor).get("/area")
        assert page.status == 403
        assert "administrator" not in page.text
    page = Visitor(app, world.college_support).get("/account/teams/invite")
    assert (page.status, "Only an administrator of the organisation can use this page." in page.text) == (
        403,
        True,
    )
