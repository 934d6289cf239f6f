"""One warm rendering process for all tests of packs."""

from collections.abc import Iterator

import pytest

from transition_exchange.packs.rendering import Renderer


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    with Renderer(workers=1) as renderer:
        renderer.warm()
        yield renderer
