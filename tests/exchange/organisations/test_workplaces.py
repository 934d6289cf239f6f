"""What a page needs to know of the organisation that somebody works for."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.exchange.world import World
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.organisations.workplaces import workplace


@pytest.mark.parametrize(
    ("name", "sends", "receives", "coordinates"),
    [
        ("Ashdown School", True, False, False),
        ("Northway College", False, True, False),
        ("Ashdown Council", False, False, True),
    ],
)
def test_it_is_named_with_what_it_does_and_the_area_it_is_in(
    world: World, name: str, sends: bool, receives: bool, coordinates: bool
) -> None:
    place = workplace(db=world.db, organisation_id=world.places[name].id)
    assert (place.id, place.name) == (world.places[name].id, name)
    assert (place.sends, place.receives, place.coordinates) == (sends, receives, coordinates)
    assert (place.area_id, place.area_name) == (world.area_id, "Ashdown")


def test_one_that_is_not_there_is_not_found(world: World) -> None:
    for missing in (uuid4(), world.area_id):
        with pytest.raises(NotFound):
            workplace(db=world.db, organisation_id=missing)
