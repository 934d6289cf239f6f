"""How a refusal becomes a page."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from jinja2 import DictLoader

from transition_exchange.exchange.errors import Busy, Later, Refused, TooManyTries
from transition_exchange.web.problems import NO_PROBLEMS, REFUSED, Problems, Summary, form_page, problems


def test_each_field_has_its_message_and_a_link_to_it() -> None:
    wrong = problems(Refused("Two things.", {"name": "Enter a name", "told.on": "Enter a date"}), "email")
    assert wrong.summary == [Summary("Enter a name", "#name"), Summary("Enter a date", "#told-on")]
    assert wrong.messages == {"name": "Enter a name", "told.on": "Enter a date"}


def test_a_refusal_that_names_no_field_is_said_at_the_default_one() -> None:
    wrong = problems(Refused("There were too many tries."), "email")
    assert wrong == Problems(
        [Summary("There were too many tries.", "#email")], {"email": "There were too many tries."}
    )


@pytest.fixture
def small(app: Flask) -> Flask:
    """An application with one small template."""
    app.jinja_loader = DictLoader({"small.html": "{{ errors | length }} {{ messages.name }} {{ colour }}"})
    return app


def test_a_form_with_something_wrong_is_refused(small: Flask) -> None:
    wrong = problems(Refused("No.", {"name": "Enter a name"}), "name")
    with small.test_request_context():
        assert form_page("small.html", wrong, colour="red") == ("1 Enter a name red", REFUSED)
    assert REFUSED == 422


@pytest.mark.parametrize(
    ("later", "status"),
    [(Busy(), "503"), (TooManyTries("There were too many tries.", retry_after=5), "429")],
)
def test_a_form_that_was_not_judged_says_when_to_send_it_again(
    small: Flask, later: Later, status: str
) -> None:
    with small.test_request_context():
        page = form_page("small.html", problems(later, "name"), colour="red")
    assert page == (f"1 {later.message} red", int(status), {"Retry-After": "5"})


def test_a_form_without_anything_wrong_is_a_page_like_any_other(small: Flask) -> None:
    with small.test_request_context():
        assert form_page("small.html", NO_PROBLEMS, colour="red") == "0  red"
        assert form_page("small.html", colour="red") == "0  red"


def test_no_other_module_says_which_status_a_refused_form_has() -> None:
    web = Path(__file__).parents[2] / "transition_exchange" / "web"
    told = [
        path.name for path in web.rglob("*.py") if ", 400" in path.read_text() or "422" in path.read_text()
    ]
    assert sorted(told) == ["problems.py"], "error_pages names 400 for what a browser itself sent wrongly"
