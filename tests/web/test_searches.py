"""A search leads to an address that can be gone back to, and that does not say what was searched for."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from flask import Flask

from tests.exchange.world import World
from tests.web.visitor import Visitor
from transition_exchange.exchange.actor import Actor


def _who(world: World, path: str) -> Actor:
    return {
        "/learners": world.senco,
        "/learners/safeguarding": world.safeguarding_lead,
        "/area/learners": world.coordinator,
        "/received": world.college_support,
    }[path]


@pytest.mark.parametrize("path", ["/learners", "/learners/safeguarding", "/area/learners", "/received"])
def test_what_was_found_is_there_when_somebody_comes_back(app: Flask, world: World, path: str) -> None:
    world.sent("Amina", "Khan")
    world.sent("Ben", "Stone")
    visitor = Visitor(app, _who(world, path))
    found = visitor.post(path, {"q": "khan", "state": ""})
    assert found.status == 303
    assert "khan" not in unquote(found.location).lower()
    for _ in range(2):  # the second time as after a reload, or by the browser's Back
        page = visitor.get(found.location)
        assert "Khan" in page.text
        assert "Stone" not in page.text
        assert 'value="khan"' in page.source
    assert "Stone" in visitor.get(path).text, "without the search, the list is whole"


def test_the_way_back_from_a_learner_leads_to_what_was_found(app: Flask, world: World) -> None:
    sent = world.sent("Amina", "Khan")
    for path, one in (
        ("/learners", f"/learners/{sent.record_id}"),
        ("/area/learners", f"/area/learners/{sent.record_id}"),
        ("/received", f"/received/{sent.transfer_id}"),
    ):
        visitor = Visitor(app, _who(world, path))
        found = visitor.post(path, {"q": "khan"}).location
        visitor.get(found)
        assert found in visitor.get(one).source.replace("&amp;", "&")


def test_the_browser_keeps_nothing_that_can_be_read(app: Flask, world: World) -> None:
    visitor = Visitor(app, world.senco)
    visitor.post("/learners", {"q": "Khan"})
    with visitor.client.session_transaction(base_url=visitor.base) as session:
        (sealed,) = session["searches"].values()
    assert sealed
    assert "khan" not in str(sealed).lower()
    visitor.act_as(world.senco)  # another session
    assert 'value="Khan"' not in visitor.get("/learners?found=yes").source


def test_nothing_of_it_is_left_when_somebody_signs_out(app: Flask, world: World) -> None:
    visitor = Visitor(app, world.senco)
    visitor.search("/learners", {"q": "Khan"})
    visitor.post("/account/sign-out")
    with visitor.client.session_transaction(base_url=visitor.base) as session:
        assert not {"searches", "lists"} & session.keys()


def test_filters_stand_in_the_address_and_the_page_begins_anew(app: Flask, world: World) -> None:
    visitor = Visitor(app, world.coordinator)
    assert visitor.post("/area/learners?page=3", {"q": "", "state": "missing", "turn": ""}).location in (
        "/area/learners?page=3&state=missing",
        "/area/learners?state=missing&page=3",
    )


@pytest.mark.parametrize("path", ["/learners", "/learners/safeguarding", "/area/learners", "/received"])
def test_a_field_that_no_list_has_breaks_nothing(app: Flask, world: World, path: str) -> None:
    visitor = Visitor(app, _who(world, path))
    odd = dict.fromkeys(("endpoint", "_method", "_scheme", "_anchor", "_external", "values", "purpose"), "x")
    for address in (path, f"{path}?endpoint=x&_scheme=javascript"):
        found = visitor.post(address, {"q": "khan", **odd})
        assert found.status == 303
        assert found.location.startswith(f"{path}?")
        assert visitor.get(found.location).status == 200


def test_an_address_never_gets_longer_than_a_header_may_be(app: Flask, world: World) -> None:
    """What a hostile form adds is dropped. The search itself goes on."""
    world.sent("Amina", "Khan")
    visitor = Visitor(app, world.senco)
    found = visitor.post("/learners", {"q": "khan", "state": "x" * 70_000, "strange": "y" * 70_000})
    assert found.location.endswith("/learners?found=yes")
    assert "Khan" in visitor.get(found.location).text
    assert visitor.get(f"/learners?state={'x' * 5_000}").status == 200
    with visitor.client.session_transaction(base_url=visitor.base) as session:
        assert len(session["lists"]["school.learners"]) < 100, "the browser would throw a longer cookie away"
