"""What every template can use."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from jinja2 import nodes

from transition_exchange.config import Config
from transition_exchange.web import templating


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("told.learner_told_on", "told-learner_told_on"),
        ("contacts.contacts.0.name", "contacts-contacts-0-name"),
        ("a!reason", "a-reason"),
        ("..x..", "x"),
        (7, "7"),
    ],
)
def test_a_name_becomes_an_id_that_a_link_can_lead_to(name: object, slug: str) -> None:
    assert templating.slug(name) == slug


def test_seconds_left_count_down_and_never_below_nought() -> None:
    assert 58 <= templating.seconds_left(datetime.now(UTC) + timedelta(minutes=1)) <= 60
    assert templating.seconds_left(datetime.now(UTC) - timedelta(minutes=1)) == 0
    assert templating.seconds_left(None) == 0


def test_a_static_file_has_its_digest_in_its_address(app: Flask) -> None:
    with app.test_request_context(base_url="https://exchange.example"):
        assert re.fullmatch(r"/static/app\.css\?v=[0-9a-f]{12}", templating.static_url("app.css"))


def test_templates_say_dates_times_and_numbers_in_english(app: Flask) -> None:
    source = "{{ at | day }}/{{ at | short_day }}/{{ at | clock }}/{{ at | moment }}/{{ 2 | plural('pack') }}"
    with app.test_request_context():
        text = render_template_string(source, at=datetime(2027, 9, 6, 13, 5, tzinfo=UTC))
    assert text == "6 September 2027/6 Sep 2027/2:05pm/6 September 2027, 2:05pm/2 packs"


def test_no_page_imports_a_name_that_the_frame_is_given(app: Flask) -> None:
    """Jinja would show the macro's truth in place of what the frame asks, on every such page and without a word."""
    given: dict[str, object] = {}
    with app.test_request_context(base_url="https://exchange.example"):
        app.update_template_context(given)
    assert "not_saved" in given
    environment = app.jinja_env
    for name in environment.list_templates(["html"]):
        source, *_ = environment.loader.get_source(environment, name) if environment.loader else ("",)
        for node in environment.parse(source).find_all(nodes.FromImport):
            names = {one if isinstance(one, str) else one[1] for one in node.names}
            assert names.isdisjoint(given), name


def test_what_a_template_is_given_is_escaped(app: Flask) -> None:
    app.jinja_env.loader = None
    with app.test_request_context():
        assert app.jinja_env.autoescape
        assert "&lt;b&gt;" in render_template_string("{{ name }}", name="<b>")


def test_a_checkout_without_its_styles_says_how_to_make_them(
    app: Flask, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(templating, "STATIC", tmp_path)
    with pytest.raises(templating.NoStaticFiles, match="make static"):
        templating.prepare(app, config)
