"""The rule for all views of the receiving side."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.exchange.world import World
from tests.web.visitor import Visitor


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("college_admissions", 200),
        ("college_support", 200),
        ("college_safeguarding", 200),
        ("college_exams", 200),
        ("coach", 200),
        ("senco", 403),
        ("coordinator", 403),
    ],
)
def test_every_receiving_team_has_an_inbox_and_nobody_else(
    app: Flask, world: World, person: str, status: int
) -> None:
    assert Visitor(app, world.people[person]).get("/received").status == status
