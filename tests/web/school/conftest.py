"""Who visits the school's pages."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.exchange.world import World
from tests.web.visitor import Visitor


@pytest.fixture
def senco(app: Flask, world: World) -> Visitor:
    """Somebody of the school's transition team. PDFs are not what these tests look at, so none is made."""
    app.extensions["renderer"] = world.renderer
    return Visitor(app, world.senco)


@pytest.fixture
def lead(app: Flask, world: World) -> Visitor:
    """Somebody of the school's safeguarding team."""
    app.extensions["renderer"] = world.renderer
    return Visitor(app, world.safeguarding_lead)
