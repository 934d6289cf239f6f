"""Organisations, settings, activity."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from tests.exchange import own_form
from tests.exchange.world import World
from tests.web.visitor import Visitor
from transition_exchange.exchange.school_calendar import leaving_year_on, today


def test_organisations_that_need_something_come_first(coordinator: Visitor, world: World) -> None:
    world.place("New School", kind="school", sends=True)
    team = world.team("New School", "Transition", "transition", confirmed=False, ready=False)
    page = coordinator.get("/area/organisations")
    assert page.texts("h2")[:2] == ["Not ready yet (1)", "Ready (5)"]
    assert "It needs a second person, or a recovery code typed back once" in page.text
    assert "No team for safeguarding" in page.text
    assert page.href("Confirm by phone") == f"/area/teams/{team.row.id}/number"


def test_settings_are_changed_by_administrators_and_read_by_members(
    administrator: Visitor, coordinator: Visitor
) -> None:
    term = {"term_starts-day": "6", "term_starts-month": "9", "term_starts-year": "2027"}
    form = {"send_at": "conditional", "keep_months": "6", **term}
    page = administrator.follow(administrator.post("/area/settings", form))
    assert "The area’s settings are saved." in page.text
    assert page.fields()["send_at"] == ["conditional"]
    text = coordinator.get("/area/settings").text
    assert "They have a conditional offer" in text
    assert "6 September 2027" in text
    assert coordinator.post("/area/settings", form).status == 403


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("keep_months", "99"),
        ("keep_months", "many"),
        ("send_at", ""),
        ("term_starts-month", "13"),
        ("term_starts-year", ""),
    ],
)
def test_a_setting_that_cannot_be_is_refused_at_its_field(
    administrator: Visitor, field: str, value: str
) -> None:
    form = {
        "send_at": "accepted",
        "keep_months": "12",
        "term_starts-day": "6",
        "term_starts-month": "9",
        "term_starts-year": "2027",
        field: value,
    }
    page = administrator.post("/area/settings", form)
    assert (page.status, len(page.errors)) == (422, 1)


def test_the_form_for_a_leaving_year_is_chosen_among_those_installed(
    administrator: Visitor,
    coordinator: Visitor,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own_form.install(tmp_path, monkeypatch)
    year = leaving_year_on(today())
    page = administrator.get("/area/settings")
    assert f"Which form is used for those who leave in {year}?" in page.text
    assert page.texts(f"#form_{year} option") == [
        "The newest common form, now Transition pro-forma 2027 (core/2027.1)",
        "Ourtown transition form 2027 (ourtown/2027.1)",
        "Transition pro-forma 2027 (core/2027.1)",
        "Transition pro-forma 2026 (core/2026.1)",
    ]
    assert page.fields()[f"form_{year}"] == [""]
    form = {name: values[0] for name, values in page.fields().items()} | {f"form_{year}": own_form.NAME}
    saved = administrator.follow(administrator.post("/area/settings", form))
    assert saved.fields()[f"form_{year}"] == [own_form.NAME]
    assert saved.fields()[f"form_{year + 1}"] == [""]
    assert "Ourtown transition form 2027 (ourtown/2027.1)" in coordinator.get("/area/settings").text

    wrong = administrator.post("/area/settings", form | {f"form_{year}": "ourtown/1999.1"})
    assert (wrong.status, wrong.errors) == (422, [f"Choose one of the forms for {year} that are installed"])
    assert wrong.fields()[f"form_{year}"] == ["ourtown/1999.1"], (
        "what was chosen stays, and says what is wrong"
    )

    without = {name: value for name, value in form.items() if not name.startswith("form_")}
    assert administrator.follow(administrator.post("/area/settings", without)).fields()[f"form_{year}"] == [
        own_form.NAME
    ]

    monkeypatch.delenv("TRANSITION_EXCHANGE_SCHEMAS")
    assert "ourtown/2027.1, which is not installed" in administrator.get("/area/settings").text
    assert "ourtown/2027.1, which is not installed" in coordinator.get("/area/settings").text


def test_activity_is_told_in_plain_words(administrator: Visitor, coordinator: Visitor, world: World) -> None:
    assert "Nothing has been done yet." in coordinator.get("/area/activity").text
    world.add()
    coordinator.post("/area/chase", {"school": str(world.school.id)})
    (row,) = administrator.get("/area/activity").texts("tbody tr")
    assert "Coordinator" in row
    assert "Reminded a school’s team by e-mail" in row
    assert "Ashdown School" in row


def test_nobody_else_sees_the_councils_pages(app: Flask, world: World) -> None:
    head = world.person("head", "Ashdown School", "Transition team", administrator=True)
    visitor = Visitor(app, head)
    for path in ("organisations", "organisations/invite", "settings", "activity"):
        assert visitor.get(f"/area/{path}").status == 403


@pytest.mark.parametrize("before", ["0", "-1", "9223372036854775807", "9223372036854775808", "9" * 5_000])
def test_the_list_of_events_can_begin_at_no_number_that_is_too_large(
    coordinator: Visitor, before: str
) -> None:
    assert coordinator.get(f"/area/activity?before={before}").status == 200
