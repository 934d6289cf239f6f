"""Whatever stands in the address of a list: what is wrong is left out, and the rest narrows the list."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from importlib import import_module
from inspect import getsource
from pkgutil import walk_packages
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError

from tests.exchange.coordinators import signed_in
from tests.exchange.world import World
from tests.web.visitor import Visitor
from transition_exchange import web
from transition_exchange.exchange.arguments import Arguments, read_wanted
from transition_exchange.exchange.errors import NotFound

ODD = ("a\0b", "\0", "a\ud800b", "", " ", "x", "0", "1", "-1", "99999999999999999999", "2027", "name", "<b>")
"""What somebody may put into an address: what no database takes, no number, no code, and what makes sense."""


def listing_schemas() -> list[type[Arguments]]:
    """Every schema that a view hands to `forms.wanted`."""
    found: set[type[Arguments]] = set()
    for module in walk_packages(web.__path__, f"{web.__name__}."):
        import_module(module.name)
        found |= set(_handed_over(module.name))
    return sorted(found, key=lambda schema: (schema.__module__, schema.__qualname__))


def _handed_over(name: str) -> Iterator[type[Arguments]]:
    module = sys.modules[name]
    for node in ast.walk(ast.parse(getsource(module))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"wanted", "forms.wanted"}:
            yield getattr(module, ast.unparse(node.args[0]))


SCHEMAS = listing_schemas()


def _loads(schema: Arguments, raw: dict[str, Any]) -> bool:
    try:
        schema.load(raw)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: f"{schema.__module__}.{schema.__qualname__}")
@given(data=st.data())
@settings(max_examples=40)
def test_what_is_wrong_in_an_address_is_left_out_whatever_stands_beside_it(
    schema: type[Arguments], data: st.DataObject
) -> None:
    arguments = schema()
    names = [field.data_key or name for name, field in arguments.fields.items()]
    values = st.sampled_from(ODD) | st.text(max_size=5)
    raw = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys([*names, "unknown"], values)))
    try:
        sound = {name: value for name, value in raw.items() if _loads(arguments, {name: value})}
        alone = arguments.load(sound)
    except NotFound:
        with pytest.raises(NotFound):
            read_wanted(arguments, raw)
        return
    assert read_wanted(arguments, raw) == alone


def test_every_list_that_can_be_narrowed_is_among_them() -> None:
    assert {schema.__qualname__ for schema in SCHEMAS} >= {
        "WantedActivity",
        "WantedLearners",
        "WantedRecords",
        "WantedSafeguarding",
        "WantedYear",
    }


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("senco", "/learners?state=%00&page=x"),
        ("safeguarding_lead", "/learners/safeguarding?state=%00&q=%00"),
        ("coordinator", "/area/learners?school=%00&year=x"),
        ("coordinator", "/area/learners?sort=%00&page=x"),
        ("college_support", "/received?state=%00&page=x"),
    ],
)
def test_a_list_with_several_wrong_values_in_its_address_is_shown(
    app: Flask, world: World, who: str, address: str
) -> None:
    actor = getattr(world, who)
    visitor = Visitor(app, signed_in(actor) if who == "coordinator" else actor)
    assert visitor.get(address).status == 200


def test_a_search_that_no_database_takes_is_left_out_beside_a_wrong_page(app: Flask, world: World) -> None:
    page = Visitor(app, world.college_support).search("/received", {"q": "a\0b", "page": "x"})
    assert page.status == 200
