"""What pages say and offer while a team that was confirmed late still waits for what the first one holds."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask

from tests.exchange.world import World
from tests.exchange.writing.late import LateTeams, add_late_teams, confirm, written
from tests.web.visitor import Visitor

LISTS = ("/learners", "/learners/safeguarding")


@pytest.fixture
def late(world: World) -> LateTeams:
    """Two teams that nobody has confirmed yet."""
    return add_late_teams(world)


def _pages(world: World, record_id: UUID, owner: str) -> Iterator[str]:
    """Every page of one record that an owner's team has."""
    here = f"/learners/{record_id}"
    yield from (here, f"{here}/sent", f"{here}/check/{owner}", f"{here}/send/{owner}")
    if owner == "transition":
        yield from (f"{here}/pages/learner", f"{here}/documents", f"{here}/destinations")
        yield f"{here}/sent/{world.transfer_of(record_id)}/recall"
    else:
        yield f"{here}/pages/safeguarding"


def test_every_page_of_a_record_says_for_whom_it_waits_and_opens_then(
    app: Flask, world: World, late: LateTeams, senco: Visitor, lead: Visitor
) -> None:
    record_id = written(world)
    confirm(world, late.office, late.second)
    for first, second, owner, who in (
        (senco, Visitor(app, late.clerk), "transition", "Transition team"),
        (lead, Visitor(app, late.deputy), "school_safeguarding", "Safeguarding team"),
    ):
        pages = list(_pages(world, record_id, owner))
        for path in pages:
            assert first.get(path).status == 200, path
            page = second.get(path)
            assert page.status == 409, path
            assert f"Waiting for {who}" in page.text, path
            assert "Khan" not in page.text
    for visitor in (senco, lead):
        visitor.follow(visitor.post("/learners/lists"))
    for visitor, owner in (
        (Visitor(app, late.clerk), "transition"),
        (Visitor(app, late.deputy), "school_safeguarding"),
    ):
        for path in _pages(world, record_id, owner):
            page = visitor.get(path)
            assert page.status == 200, path
            assert "Amina Khan" in page.text, path


def test_its_list_says_so_too_and_offers_no_step_that_would_fail(
    app: Flask, world: World, late: LateTeams, senco: Visitor, lead: Visitor
) -> None:
    written(world)
    confirm(world, late.office, late.second)
    for visitor, path, who in zip(
        (Visitor(app, late.clerk), Visitor(app, late.deputy)),
        LISTS,
        ("Transition team", "Safeguarding team"),
        strict=True,
    ):
        page = visitor.get(path)
        assert page.texts(".govuk-inset-text")[0].startswith(f"Waiting for {who}")
        assert "to go" not in page.text
        assert visitor.follow(visitor.post("/learners/lists")).status == 200
        assert "Waiting for" in visitor.get(path).text
    for visitor, path in zip((senco, lead), LISTS, strict=True):
        assert "Waiting for" not in visitor.get(path).text


def test_both_first_teams_are_asked_on_their_own_list_and_it_goes_on_by_itself(
    world: World, late: LateTeams, senco: Visitor, lead: Visitor
) -> None:
    written(world)
    confirm(world, late.office, late.second)
    for visitor, path, count in zip(
        (senco, lead), LISTS, ("3 updates to go", "2 updates to go"), strict=True
    ):
        page = visitor.get(path)
        assert count in page.text
        assert page.tree.cssselect("form[data-next-step][action='/learners/lists']")
        done = visitor.post("/learners/lists")
        assert done.location == path
        page = visitor.follow(done)
        assert "Everything is up to date" in page.text
        assert "to go" not in page.text


def test_a_search_is_not_interrupted_by_a_step(
    world: World, late: LateTeams, senco: Visitor, lead: Visitor
) -> None:
    written(world)
    confirm(world, late.office, late.second)
    for visitor, path in zip((senco, lead), LISTS, strict=True):
        page = visitor.search(path, {"q": "khan"})
        assert "to go" in page.text
        assert not page.tree.cssselect("form[data-next-step]")


def test_nobody_else_can_press_on(app: Flask, world: World, late: LateTeams) -> None:
    written(world)
    confirm(world, late.office)
    for actor in (world.college_support, world.coordinator):
        assert Visitor(app, actor).post("/learners/lists").status == 403
