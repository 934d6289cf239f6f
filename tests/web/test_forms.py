"""What a browser sent, read by a schema."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from marshmallow import fields

from tests.web.visitor import Visitor
from transition_exchange.config import Config
from transition_exchange.exchange.arguments import Arguments, Id, Ids, flag, page, year
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.store.database import Database
from transition_exchange.web import create_app, forms


class Visit(Arguments):
    """A form with a field of every kind."""

    name = fields.String(required=True, error_messages={"required": "Enter a name"})
    on = fields.Date(format="%Y-%m-%d", load_default=None, error_messages={"invalid": "Enter a real date"})
    remind = flag()
    team = Id(load_default=None)
    person_ids = Ids(data_key="person")


class Wanted(Arguments):
    """What a list may be asked for."""

    q = fields.String(load_default="")
    year = year()
    page = page()
    school = fields.UUID(load_default=None)


def sent(app: Flask, form: dict[str, Any], address: str = "/", **beside: Any) -> dict[str, Any]:
    with app.test_request_context(address, method="POST", data=form):
        return forms.sent(Visit, **beside)


def test_a_form_becomes_the_arguments_of_an_action(app: Flask) -> None:
    team, people = uuid4(), [uuid4(), uuid4()]
    form = {"name": "Amina", "on-day": "3", "on-month": "6", "on-year": "2027", "remind": "yes"}
    arguments = sent(app, form | {"team": str(team), "person": [str(one) for one in people]})
    assert arguments == {
        "name": "Amina",
        "on": date(2027, 6, 3),
        "remind": True,
        "team": team,
        "person_ids": people,
    }


def test_what_is_left_empty_has_its_default_and_buttons_are_no_fields(app: Flask) -> None:
    arguments = sent(app, {"name": "Amina", "on-day": " ", "team": "", "csrf_token": "x", "then": "next"})
    assert arguments == {"name": "Amina", "on": None, "remind": False, "team": None, "person_ids": ()}


def test_every_problem_is_said_at_once_and_in_the_order_of_the_form(app: Flask) -> None:
    with pytest.raises(Refused) as refused:
        sent(app, {"on-day": "31", "on-month": "2", "on-year": "2027"})
    assert list(refused.value.fields.items()) == [("name", "Enter a name"), ("on", "Enter a real date")]


@pytest.mark.parametrize("form", [{"team": "x"}, {"person": "x"}, {"person": [str(uuid4()), "x"]}])
def test_an_id_that_is_none_is_as_unknown_as_somebody_elses(app: Flask, form: dict[str, Any]) -> None:
    with pytest.raises(NotFound):
        sent(app, {"name": "Amina", **form})


def test_ids_may_come_in_one_text_as_the_steps_of_a_long_job_send_them(app: Flask) -> None:
    people = [uuid4(), uuid4()]
    form = {"name": "Amina", "person": f"{people[0]} {people[1]}"}
    assert sent(app, form)["person_ids"] == people


def test_nothing_of_an_action_is_read_from_the_address(app: Flask) -> None:
    with pytest.raises(Refused):
        sent(app, {}, "/?name=Amina")


def test_what_is_no_field_of_the_form_may_stand_beside_it(app: Flask) -> None:
    assert sent(app, {}, name="Amina")["name"] == "Amina"


def test_a_list_is_asked_by_its_address_and_by_its_filters(app: Flask) -> None:
    school = uuid4()
    with app.test_request_context(f"/?year=2027&page=2&school={school}"):
        assert forms.wanted(Wanted) == {"q": "", "year": 2027, "page": 2, "school": school}
    with app.test_request_context("/?page=2", method="POST", data={"q": "khan", "year": "2026"}):
        assert forms.wanted(Wanted) == {"q": "khan", "year": 2026, "page": 2, "school": None}


@pytest.mark.parametrize(
    "address", ["/?year=never", "/?page=0", "/?page=-1", "/?school=x", "/?year=99999999"]
)
def test_what_makes_no_sense_in_an_address_is_left_out(app: Flask, address: str) -> None:
    with app.test_request_context(f"{address}&other=1"):
        assert forms.wanted(Wanted) == {"q": "", "year": None, "page": 1, "school": None}


def test_a_search_is_never_read_from_an_address(app: Flask) -> None:
    with app.test_request_context("/?q=khan"):
        assert forms.wanted(Wanted)["q"] == ""


def test_what_was_typed_stays_however_wrong_it_is(app: Flask) -> None:
    form = {"name": " Amina ", "on-day": "31", "on-month": "Feb", "remind": "yes", "person": ["a", "b"]}
    with app.test_request_context(method="POST", data=form):
        assert forms.typed(Visit) == {
            "name": " Amina ",
            "on": {"day": "31", "month": "Feb", "year": ""},
            "remind": "yes",
            "team": "",
            "person": ["a", "b"],
        }


def test_nothing_sent_is_nothing_typed(app: Flask) -> None:
    with app.test_request_context():
        typed = forms.typed(Visit)
    assert typed["name"] == ""
    assert typed["person"] == []
    assert typed["on"] == {"day": "", "month": "", "year": ""}


def test_an_id_may_have_any_form_that_python_takes(app: Flask) -> None:
    team = UUID("0b6f1f0e-2f1c-4b8e-9d1f-3c5a7e9b1d2f")
    assert sent(app, {"name": "A", "team": str(team).upper()})["team"] == team


@pytest.mark.parametrize("path", ["/account/sign-in", "/account/recover"])
def test_text_that_no_database_takes_reaches_none(config: Config, db: Database, path: str) -> None:
    visitor = Visitor(create_app(config, db, testing=True))
    for typed in ("a\0b@school.example", "\0", "a\ud800b@school.example"):
        form = {"email": typed.encode("utf-8", "surrogatepass"), "passphrase": "p\0p", "code": "c\0c"}
        assert visitor.post(path, form).status == 422, typed
    assert visitor.get(f"{path}?next=/a%00b").status == 200
    assert visitor.get("/join/a%00b").status in (404, 410)
