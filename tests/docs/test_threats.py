"""`docs/threats.md` has a section for each adversary, and the tests that it names are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.naming import missing_tests, named_tests

PAGE = (Path(__file__).parents[2] / "docs" / "threats.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
ADVERSARIES = (
    "passer-by",
    "thief of the database",
    "writer",
    "operator",
    "council",
    "colleague",
    "former colleague",
    "mailbox thief",
    "laptop",
)
WITHOUT_A_TEST = {"The operator, and a council that is also the operator"}
"""What cannot be stopped by a program."""


def test_every_adversary_has_a_section() -> None:
    headings = " | ".join(SECTIONS)
    assert [adversary for adversary in ADVERSARIES if adversary not in headings] == []


@pytest.mark.parametrize("heading", SECTIONS)
def test_the_tests_that_a_section_names_are_there(heading: str) -> None:
    assert missing_tests(SECTIONS[heading]) == []
    assert bool(named_tests(SECTIONS[heading])) == (heading not in WITHOUT_A_TEST)
