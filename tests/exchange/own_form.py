"""A version of an area's own, as an operator adds it in a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

NAME = "ourtown/2027.1"
TITLE = "Ourtown transition form 2027"
SOURCE = '''"""The core's form with a section on mentoring."""

from schemas.core import audiences, lawful_bases
from schemas.core.v2027_1 import VERSION as CORE
from transition_exchange.proforma.conditions import ALWAYS
from transition_exchange.proforma.extending import extend
from transition_exchange.proforma.fields import SectionSchema, text, yes_no
from transition_exchange.proforma.model import AboutSection, Statement


class Mentoring(SectionSchema):
    about = AboutSection(
        "mentoring", "Mentoring", "transition", audiences.SUPPORT, lawful_bases.EQUALITY, reader_order=265
    )
    mentored = yes_no("Is there a mentor?", required=ALWAYS, year_group=True, pack_label="Has a mentor")
    mentor = text("Who is the mentor?")


VERSION = extend(
    CORE,
    name="ourtown/2027.1",
    year=2027,
    title="Ourtown transition form 2027",
    add_after={"support": Mentoring},
    statements=(Statement("no_mentors", "They have no mentors", answers={"mentoring.mentored": False}),),
)
'''


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, source: str = SOURCE) -> None:
    """Put the version into a folder, and name the folder as an operator does."""
    (folder / "ourtown").mkdir(exist_ok=True)
    (folder / "ourtown" / "v2027_1.py").write_text(source, encoding="utf-8")
    monkeypatch.setenv("TRANSITION_EXCHANGE_SCHEMAS", str(folder))
