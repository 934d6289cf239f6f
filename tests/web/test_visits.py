"""Who is looking at a page, and where they may be sent on to."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask, Response

from tests.exchange.world import World
from tests.web.visitor import Visitor
from transition_exchange.exchange.errors import NotAllowed, Tampered
from transition_exchange.store.database import Database
from transition_exchange.web import visits


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/learners",
        "/\\evil.example",
        "/\t/evil.example",
        "/learners\r\nSet-Cookie: x=y",
        "javascript:alert(1)",
        "learners",
        "/" + "x" * 500,
        "",
        None,
    ],
)
def test_nobody_is_sent_on_to_another_site(target: str | None) -> None:
    assert visits.safe_next(target) is None


@pytest.mark.parametrize("target", ["/", "/learners?state=ready", "/area/learners?year=2027&page=2"])
def test_a_place_of_our_own_is_kept_whole(target: str) -> None:
    assert visits.safe_next(target) == target


def test_the_form_says_where_to_go_on_to_and_so_does_the_address(app: Flask) -> None:
    with app.test_request_context("/account/sign-in?next=/learners"):
        assert visits.onward_place() == "/learners"
    with app.test_request_context("/account/sign-in", method="POST", data={"next": "/area"}):
        assert visits.onward_place() == "/area"
    with app.test_request_context("/account/sign-in?next=//evil.example"):
        assert visits.onward_place() is None


@pytest.mark.parametrize(("secure", "name"), [(True, "__Host-signed-in"), (False, "signed-in")])
def test_the_cookie_is_bound_to_this_host_where_pages_are_secure(secure: bool, name: str) -> None:
    assert visits.cookie_name(secure=secure) == name


def test_the_session_cookie_is_out_of_reach_and_ends_with_the_browser(app: Flask) -> None:
    response = Response()
    with app.test_request_context():
        visits.set_cookie(response, "x")
        (cookie,) = response.headers.getlist("Set-Cookie")
        assert cookie == "__Host-signed-in=x; Secure; HttpOnly; Path=/; SameSite=Lax"
        visits.drop_cookie(response)
    assert "Max-Age=0" in response.headers.getlist("Set-Cookie")[-1]


def test_a_cookie_of_nobody_is_nobody(app: Flask, web_db: Database) -> None:
    assert visits.resume(web_db, "never-was-one", datetime.now(UTC)) == visits.NOBODY
    with app.test_request_context():
        assert visits.current_visit() == visits.NOBODY
        with pytest.raises(NotAllowed):
            visits.current_actor()


def test_whoever_is_signed_in_is_known_with_their_workplace(joined: tuple[Visitor, str]) -> None:
    visitor, _ = joined
    cookie = visitor.cookie("__Host-signed-in")
    assert cookie
    visit = visits.resume(visitor.app.extensions["db"], cookie, datetime.now(UTC))
    assert (visit.stage, visit.coordinates) == ("full", True)
    assert visit.actor is not None
    assert visit.actor.name == "Robin Marsh"


def test_a_school_does_not_coordinate(app: Flask, world: World) -> None:
    visitor = Visitor(app, world.senco)
    with app.test_request_context(
        headers={"Cookie": f"__Host-signed-in={visitor.cookie('__Host-signed-in')}"}
    ):
        assert visits.current_actor() is world.senco
        assert not visits.current_visit().coordinates


def test_an_account_that_fails_its_check_is_nobody_on_the_page_that_says_so(app: Flask) -> None:
    def tampered(*_: object) -> visits.Visit:
        raise Tampered

    app.extensions["resume"] = tampered
    with app.test_request_context(headers={"Cookie": "__Host-signed-in=x"}):
        with pytest.raises(Tampered):
            visits.current_visit()
        assert visits.current_visit() == visits.NOBODY
