"""What is copied beside the pages leaves behind what belongs to GOV.UK alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "transition_exchange" / "web" / "static"


def test_the_style_sheet_has_no_licensed_font_and_no_crest() -> None:
    css = (STATIC / "govuk-frontend.css").read_text()
    assert "GDS Transport" not in css
    assert "@font-face" not in css
    assert "crest" not in css
    assert "url(" not in css
    assert css.startswith("@charset"), "a style sheet's character set counts only as its first rule"


def test_no_font_and_no_crown_was_copied() -> None:
    names = {path.name for path in STATIC.iterdir()}
    assert not [name for name in names if re.search(r"crown|crest|logotype|\.woff2?$", name)]
    assert {"govuk-frontend.css", "govuk-frontend.js", "app.css", "app.js", "icon.svg"} <= names


@pytest.mark.parametrize(
    "name", ["app.css", "app.js", "autosave.js", "leaving.js", "questions.js", "session.js", "icon.svg"]
)
def test_our_own_files_are_as_they_stand_in_the_source(name: str) -> None:
    source = STATIC.parent / "static_src" / name
    assert (STATIC / name).read_bytes() == source.read_bytes(), "run make static"
