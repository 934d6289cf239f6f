"""A version that contradicts itself is refused when it is built, with what is wrong in words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from marshmallow.fields import Field

from transition_exchange.proforma.building import build
from transition_exchange.proforma.conditions import Filled, Is
from transition_exchange.proforma.fields import SectionSchema, choice, text, yes_no
from transition_exchange.proforma.model import (
    AboutSection,
    BadVersion,
    Page,
    Statement,
    Version,
)

READERS = frozenset({"learning_support"})


class Mentoring(SectionSchema):
    """Who goes along."""

    about = AboutSection("mentoring", "Mentoring", "transition", READERS, "UK GDPR Art. 6(1)(e)", 10)
    mentored = yes_no("Is there a mentor?", year_group=True)
    how = choice("How?", (("alone", "Alone"), ("group", "In a group")), year_group=True)
    name = text("Name", card=READERS)


class Notes(SectionSchema):
    """What the safeguarding team writes."""

    about = AboutSection("notes", "Notes", "school_safeguarding", READERS, "UK GDPR Art. 6(1)(e)", 20)
    told = yes_no("Told?", year_group=True)


PAGES = (
    Page("first", "First", "transition", ("mentoring",)),
    Page("second", "Second", "school_safeguarding", ("notes",)),
)


MENTORED = Is("mentoring.mentored", (True,), "there is a mentor")


def declared(section: str, **parts: Any) -> type[SectionSchema]:
    """A section of the safeguarding team: fields under their names, what stands beside them under its own."""
    fields = {name: part for name, part in parts.items() if isinstance(part, Field)}
    beside = {name: part for name, part in parts.items() if name not in fields}
    about = replace(Notes.about, name=section, **beside)
    return type("Declared", (SectionSchema,), {"about": about, **(fields or {"told": yes_no("Told?")})})


def built(**more: Any) -> Version:
    """A small version with what a test gives it."""
    parts: dict[str, Any] = {
        "name": "ourtown/2027.1",
        "year": 2027,
        "title": "Ours",
        "schemas": (Mentoring, Notes),
        "pages": PAGES,
        "attachment_kinds": (),
    }
    return build(**{**parts, **more})


def test_a_version_that_agrees_with_itself_is_built() -> None:
    statement = Statement(
        "mentored", "They have mentors", answers={"mentoring.mentored": True}, asks=("mentoring.how",)
    )
    version = built(statements=(statement,))
    assert version.statements == (statement,)
    assert statement.paths == ("mentoring.mentored", "mentoring.how")
    assert [question.path for question in version.questions][:2] == ["mentoring.mentored", "mentoring.how"]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (Statement("named", "All alike", asks=("mentoring.name",)), "not marked"),
        (Statement("told", "All alike", answers={"notes.told": True}), "not marked"),
        (Statement("wrong", "All alike", answers={"mentoring.how": "by post"}), "wrongly"),
        (Statement("nothing", "All alike", asks=("mentoring.nothing",)), "no question nothing"),
    ],
)
def test_a_statement_confirms_only_what_the_form_lets_it_confirm(statement: Statement, words: str) -> None:
    with pytest.raises(BadVersion, match=words):
        built(statements=(statement,))


def test_two_statements_of_one_name_are_refused() -> None:
    statement = Statement("mentored", "They have mentors", answers={"mentoring.mentored": True})
    with pytest.raises(BadVersion, match="two statements called mentored"):
        built(statements=(statement, statement))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"schemas": (Mentoring, Mentoring, Notes)}, "two sections"),
        ({"pages": PAGES[:1]}, "notes must stand on one page"),
        (
            {"pages": (*PAGES, Page("third", "Third", "transition", ("mentoring",)))},
            "mentoring must stand on one page",
        ),
        ({"pages": (Page("all", "All", "transition", ("mentoring", "notes")),)}, "mixes owners"),
        ({"pages": (*PAGES, Page("empty", "Empty", "transition", ()))}, "page empty has no section"),
        ({"pages": (*PAGES, Page("lost", "Lost", "transition", ("nothing",)))}, "no section nothing"),
        ({"pages": tuple(replace(PAGES[0], name=f"page-{number}") for number in range(11))}, "at most 10"),
        ({"name": "ourtown/2028.1"}, "2028"),
        ({"name": "Our town"}, "looks like core/2027.1"),
    ],
)
def test_what_contradicts_itself_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(BadVersion, match=words):
        built(**change)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"audience": frozenset({"everybody"})}, "unknown readers: everybody"),
        ({"owner": "college"}, "unknown owner college"),
        ({"only_at": "castle"}, "unknown kind of place: castle"),
        ({"withholdable": True}, "notes may be held back"),
        ({"asked": MENTORED}, "notes reads mentoring.mentored, which another owner writes"),
        ({"name": text("Name", required=MENTORED)}, "notes.name reads mentoring.mentored, which another"),
        ({"name": text("Name", asked=Filled("notes.nobody", "somebody"))}, "no question nobody"),
        ({"name": text("Name", or_else="why")}, "answered by why"),
        ({"name": text("Name", offer_from="mentoring.nobody")}, "no question nobody"),
        ({"name": text("Name", card=frozenset({"bursar"}))}, "cards of unknown purposes: bursar"),
        (
            {"name": text("Name", card=READERS)},
            "the card of learning_support would have two entries called name",
        ),
    ],
)
def test_a_section_that_contradicts_the_others_is_refused(parts: dict[str, Any], words: str) -> None:
    with pytest.raises(BadVersion, match=words):
        built(schemas=(Mentoring, declared("notes", **parts)))
