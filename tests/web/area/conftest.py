"""Who visits the council’s pages."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.exchange.coordinators import signed_in
from tests.exchange.world import World
from tests.web.visitor import Visitor


@pytest.fixture
def coordinator(app: Flask, world: World) -> Visitor:
    """Somebody of the NEET group."""
    return Visitor(app, signed_in(world.coordinator))


@pytest.fixture
def administrator(app: Flask, world: World) -> Visitor:
    """An administrator of the council who is in none of its teams."""
    return Visitor(app, world.person("administrator", "Ashdown Council", administrator=True, signs=True))
