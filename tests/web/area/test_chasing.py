"""Schools to chase, and the button that reminds them."""

from __future__ import annotations

from sqlalchemy import select

from tests.exchange.world import World
from tests.web.visitor import Visitor
from transition_exchange.store.models import OutboxMail


def test_a_ticked_school_is_reminded_once(coordinator: Visitor, world: World) -> None:
    world.add()
    assert "The office" in coordinator.get("/area/chase").text
    form = {"school": str(world.school.id)}
    page = coordinator.follow(coordinator.post("/area/chase", form))
    assert "1 school will get an e-mail." in page.text
    assert "Reminded" in page.one("tbody")
    page = coordinator.follow(coordinator.post("/area/chase", form))
    assert "Reminded earlier today: Ashdown School." in page.text
    with world.db.read() as session:
        assert len(session.scalars(select(OutboxMail)).all()) == 1


def test_nothing_ticked_reminds_nobody_and_a_strangers_id_is_not_found(
    coordinator: Visitor, world: World
) -> None:
    world.add()
    page = coordinator.follow(coordinator.post("/area/chase", {}))
    assert "nobody was reminded" in page.text
    assert coordinator.post("/area/chase", {"school": str(world.college.id)}).status == 404
