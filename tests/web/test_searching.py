"""The search above each list of learners: by POST, by the one spelling of names, with what was typed kept."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from flask import Flask

from tests.exchange.world import World
from tests.web.visitor import Visitor

PAGES = {
    "/learners": "senco",
    "/learners/safeguarding": "safeguarding_lead",
    "/received": "college_admissions",
    "/area/learners": "coordinator",
}
"""Each list with somebody whose list it is."""

TYPED = {
    "nguyen": "Nguyễn",
    "ŁUKASZ": "Łukasz",
    "oneill": "O’Neill",
    "o'neill": "O’Neill",
    "khan smith": "Khan-Smith",
    "Jones": "Smith-Jones",
    "naylor, zara": "Naylor",
}
NAMES = (
    ("An", "Nguyễn"),
    ("Łukasz", "Nowak"),
    ("Cian", "O’Neill"),
    ("Amina", "Khan-Smith"),
    ("Bea", "Smith-Jones"),
    ("Zara", "Naylor"),
)


@pytest.mark.parametrize("path", PAGES)
def test_a_posted_search_finds_names_however_they_are_spelt(app: Flask, world: World, path: str) -> None:
    for forename, surname in NAMES:
        record_id = world.add(forename, surname)
        if path == "/received":
            world.fill(record_id)
            world.send(record_id)
    visitor = Visitor(app, replace(world.people[PAGES[path]], session_id=str(uuid4())))
    assert len(visitor.get(path).texts("tbody tr, li.te-pick")) == len(NAMES)
    for typed, name in TYPED.items():
        page = visitor.search(path, {"q": typed})
        [row] = page.texts("tbody tr, li.te-pick")
        assert name in row, typed
        [box] = page.tree.xpath("//*[@role='search']//input[@name='q']/@value")
        assert box == typed
    assert not visitor.search(path, {"q": "nobody"}).texts("tbody tr, li.te-pick")


def test_what_may_be_the_same_learner_is_pointed_out_however_it_is_spelt(app: Flask, world: World) -> None:
    world.add("Zoë", "O’Neill", date_of_birth="2011-03-14")
    form = {
        "learner.legal_forename": "ZOE",
        "learner.legal_surname": "ONeill",
        "learner.date_of_birth-day": "14",
        "learner.date_of_birth-month": "3",
        "learner.date_of_birth-year": "2011",
    }
    page = Visitor(app, world.senco).post("/learners/add", form)
    assert "on your list already" in page.text
    assert page.texts("main li a") == ["Open Zoë O’Neill"]
    world.add("ZOE", "ONeill", actor=world.other_senco, date_of_birth="2011-03-14")
    page = Visitor(app, world.coordinator).get("/area/same-learner")
    assert page.h1 == "Same learner twice"
    assert "Same name and date of birth" in page.text
