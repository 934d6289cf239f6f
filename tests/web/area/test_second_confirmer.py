"""The council’s page that requires a second confirmer: who may, what is refused, what it says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from tests.exchange.seconding import confirmer_team
from tests.exchange.world import World
from tests.web.visitor import Visitor

PATH = "/area/settings/second-confirmer"
TODAY = datetime.now(UTC).date()


@pytest.fixture
def lead(app: Flask, world: World) -> Visitor:
    """An administrator of the council who is in the NEET group."""
    return Visitor(app, world.person("lead", "Ashdown Council", "NEET group", administrator=True))


def _form(world: World, days: int = 0) -> dict[str, str]:
    day = TODAY + timedelta(days=days)
    return {
        "second": str(confirmer_team(world).row.id),
        "since-day": str(day.day),
        "since-month": str(day.month),
        "since-year": str(day.year),
    }


def test_it_is_switched_on_and_off(lead: Visitor, world: World) -> None:
    assert lead.get("/area/settings").href("Whether a second organisation confirms teams too") == PATH
    page = lead.get(PATH)
    assert "No second confirmer is required now." in page.text
    assert "Riverside Boxing: Riverside Boxing" in page.text
    assert "Ashdown Council" not in page.texts("option")
    done = lead.follow(lead.post(PATH, _form(world)))
    assert "Riverside Boxing at Riverside Boxing confirms teams too." in done.text
    assert "8 teams that you have confirmed wait for it." in done.text
    assert done.fields()["second"] == [str(confirmer_team(world).row.id)]
    off = lead.follow(lead.post(PATH, {"second": ""}))
    assert "No second confirmer is required now." in off.text


def test_what_is_wrong_is_said_and_what_was_typed_stays(lead: Visitor, world: World) -> None:
    past = lead.post(PATH, _form(world, days=-3))
    assert past.errors == ["Enter the day from which on a team needs both, today or later"]
    assert past.fields()["second"] == [str(confirmer_team(world).row.id)]
    assert lead.post(PATH, {**_form(world), "since-month": "13"}).errors
    unknown = lead.post(PATH, {**_form(world), "second": "nobody"})
    assert unknown.errors == ["Choose one of the teams that are ready"]
    lead.post(PATH, _form(world, days=9))
    assert "so it cannot be put off" in lead.post(PATH, _form(world, days=10)).text


def test_others_of_the_council_see_it_and_change_nothing(
    coordinator: Visitor, administrator: Visitor, world: World
) -> None:
    for visitor in (coordinator, administrator):
        assert not visitor.get(PATH).tree.cssselect("main form")
        assert visitor.post(PATH, _form(world)).status == 403
    assert "The area’s rules cannot be checked here." in administrator.get(PATH).text
