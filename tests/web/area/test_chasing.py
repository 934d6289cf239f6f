"""Schools to chase, and the button that reminds them."""

from __future__ import annotations

from sqlalchemy import select

from tests.exchange.keys.test_contacts import say
from tests.exchange.world import World
from tests.web.visitor import Visitor
from transition_exchange.store.models import OutboxMail


def test_a_ticked_school_is_reminded_once(coordinator: Visitor, world: World) -> None:
    world.add()
    assert "The office" in coordinator.get("/area/chase").text
    form = {"school": str(world.school.id)}
    page = coordinator.follow(coordinator.post("/area/chase", form))
    assert "1 team will get an e-mail: Ashdown School." in page.text
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


def test_a_safeguarding_team_is_reminded_beside_the_one_that_fills_in_forms(
    coordinator: Visitor, world: World
) -> None:
    world.sent()
    world.add("Ben", "Adams")
    say(world, "safeguarding_lead")
    page = coordinator.get("/area/chase")
    assert "Ring Sam Lead on 01709 382121 (Safeguarding team at Ashdown School)" in page.text
    form = {"school": str(world.school.id), "safeguarding": str(world.school.id)}
    page = coordinator.follow(coordinator.post("/area/chase", form))
    assert "2 teams will get an e-mail: Ashdown School; Ashdown School, safeguarding." in page.text
    assert page.text.count("Reminded") == 2
