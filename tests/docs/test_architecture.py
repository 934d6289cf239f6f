"""The floors and rooms that `docs/architecture.md` draws are those that the import check holds the code to."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import transition_exchange.exchange

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
EXCHANGE = Path(transition_exchange.exchange.__file__).parent

Lines = list[set[str]]
"""The names on each line, from the top down."""


def _section(heading: str) -> str:
    """The text below a heading of the page, up to the next one."""
    return PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def _drawn(heading: str) -> Lines:
    """The names in a section's drawing. Three spaces or more part them from an explanation."""
    drawing = re.findall(r"^    (\S.*)$", _section(heading), re.MULTILINE)
    return [set(re.split(r"\s{3,}", line)[0].split()) for line in drawing]


def _checked(container: str) -> Lines:
    """The layers of the contract for a package."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    [layers] = [
        contract["layers"] for contract in contracts if contract.get("containers", [None])[0] == container
    ]
    return [set(layer.split(" | ")) for layer in layers]


@pytest.mark.parametrize(
    ("heading", "container"),
    [("Floors", "transition_exchange"), ("Rooms of the exchange", "transition_exchange.exchange")],
)
def test_the_page_draws_what_the_import_check_holds(heading: str, container: str) -> None:
    assert _drawn(heading) == _checked(container)


def test_the_table_describes_every_room_and_names_modules_that_are_there() -> None:
    rows = re.findall(r"^\| `(\w+)/` \| .+ \| (.+) \|$", _section("Rooms of the exchange"), re.MULTILINE)
    assert {room for room, _ in rows} == {path.parent.name for path in EXCHANGE.glob("*/__init__.py")}
    for room, start in rows:
        modules = re.findall(r"`(\w+\.py)`", start)
        assert modules, room
        assert [name for name in modules if not (EXCHANGE / room / name).is_file()] == []


def test_modules_that_the_page_names_are_there() -> None:
    named = {name for name in re.findall(r"`((?:\w+/)+\w+\.py)`", PAGE) if not name.startswith("tests/")}
    package = EXCHANGE.parent
    assert named
    assert [
        name for name in named if not (EXCHANGE / name).is_file() and not (package / name).is_file()
    ] == []
