"""Organisations, settings, activity."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.exchange.world import World
from tests.web.visitor import Visitor


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


def test_activity_is_told_in_plain_words(administrator: Visitor, coordinator: Visitor, world: World) -> None:
    assert "Nothing was done yet." in coordinator.get("/area/activity").text
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
