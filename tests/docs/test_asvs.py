"""`docs/asvs.md` answers every requirement once, and the tests and pages that it names are there."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.docs.naming import missing_tests, named_tests

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "asvs.md"
STATES = ("met", "not met", "not applicable")

ASKED_AT_LEVEL_2 = {
    "1": (2, 9, 11, 3, 2),
    "2": (3, 3, 4, 1),
    "3": (0, 2, 4, 6, 5, 0, 2),
    "4": (3, 1, 2, 4),
    "5": (1, 3, 2, 3),
    "6": (3, 12, 4, 4, 5, 3, 0, 4),
    "7": (3, 4, 2, 5, 2, 2),
    "8": (2, 3, 1, 1),
    "9": (3, 4),
    "10": (2, 2, 4, 11, 5, 2, 3),
    "11": (2, 3, 3, 4, 1, 1),
    "12": (3, 2, 4),
    "13": (1, 5, 2, 5),
    "14": (2, 4, 3),
    "15": (3, 3, 7),
    "16": (1, 5, 4, 3, 3),
    "17": (1, 4, 2),
}
"""For each chapter of the standard, section by section, how many requirements are of levels 1 and 2.

Within a section those of level 3 come last, so the numbers run from 1. Version 5.0.0.
"""

AT_LEVEL_1 = 70


class Requirement(NamedTuple):
    """A row of the page."""

    number: str
    level: str
    state: str
    why: str


def _rows() -> list[Requirement]:
    rows = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if re.match(r"\| \d+\.\d+\.\d+ \|", line):
            number, level, _, state, why = (cell.strip() for cell in line.strip("| ").split(" | ", 4))
            rows.append(Requirement(number, level, state, why))
    return rows


ROWS = _rows()


def _expected() -> list[str]:
    return [
        f"{chapter}.{section}.{number}"
        for chapter, sections in ASKED_AT_LEVEL_2.items()
        for section, count in enumerate(sections, start=1)
        for number in range(1, count + 1)
    ]


def test_every_requirement_of_levels_1_and_2_is_answered_once_and_in_order() -> None:
    assert [row.number for row in ROWS] == _expected()
    assert len(ROWS) == 253
    assert Counter(row.level for row in ROWS) == {"1": AT_LEVEL_1, "2": 253 - AT_LEVEL_1}


@pytest.mark.parametrize("row", ROWS, ids=[row.number for row in ROWS])
def test_what_a_row_names_is_there(row: Requirement) -> None:
    assert row.state in STATES
    pages = re.findall(r"\]\(([\w./-]+\.md)\)", row.why)
    assert missing_tests(row.why) == []
    assert [page for page in pages if not (PAGE.parent / page).is_file()] == []
    if row.state == "met":
        assert named_tests(row.why) or pages, "what is met is shown by a test or a page"
    else:
        assert len(row.why) > 10, "what is not met, or does not apply, says why"


def test_headings_that_the_page_refers_to_are_there() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for page, rest in re.findall(r"\[[\w.-]+\]\(([\w./-]+\.md)\)((?:,? \"[^\"]+\")+)", text):
        headings = re.findall(r"^#+ (.+)$", (PAGE.parent / page).read_text(encoding="utf-8"), re.MULTILINE)
        for heading in re.findall(r"\"([^\"]+)\"", rest):
            assert heading in headings, f"{page} has no heading {heading}"


def test_the_numbers_at_the_top_are_those_of_the_rows() -> None:
    counted = Counter(row.state for row in ROWS)
    assert (
        f"Of {len(ROWS)} requirements {counted['met']} are met, {counted['not met']} are not, "
        f"and {counted['not applicable']} do not apply."
    ) in " ".join(PAGE.read_text(encoding="utf-8").split())
