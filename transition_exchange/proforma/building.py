"""From the marshmallow classes of a version file to a Version: questions placed, conditions joined, names checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from marshmallow import Schema

from transition_exchange.proforma.conditions import both
from transition_exchange.proforma.contradictions import refuse_contradictions
from transition_exchange.proforma.fields import SectionSchema
from transition_exchange.proforma.findings import Rule
from transition_exchange.proforma.model import (
    AttachmentKind,
    Page,
    Question,
    Section,
    Statement,
    Upgraded,
    Version,
)
from transition_exchange.proforma.values import Rows


def questions_of(schema: type[Schema], *, section: str, table: str = "") -> tuple[Question, ...]:
    """The questions beside the fields of `schema`, in the order in which they are declared."""
    questions = []
    for name, field in schema._declared_fields.items():
        if name in schema.opts.exclude:  # inherited, and no longer asked
            continue
        question: Question = field.metadata["question"]
        columns = questions_of(field.row, section=section, table=name) if isinstance(field, Rows) else ()
        questions.append(replace(question, section=section, table=table, name=name, rows=columns))
    return tuple(questions)


def _place_in(order: tuple[str, ...]) -> Callable[[Question], int]:
    """Sorts the questions named in `order` to the front and leaves the others as they are."""
    return lambda question: order.index(question.name) if question.name in order else len(order)


def section_of(schema: type[SectionSchema]) -> Section:
    """The section that `schema` declares. A section asked under a condition puts it before each question's own."""
    about = schema.about
    questions = tuple(
        replace(question, asked=both(about.asked, question.asked))
        for question in sorted(questions_of(schema, section=about.name), key=_place_in(about.order))
    )
    return Section(
        name=about.name,
        title=about.title,
        owner=about.owner,
        audience=about.audience,
        lawful_basis=about.lawful_basis,
        reader_order=about.reader_order,
        schema=schema,
        questions=questions,
        intro=about.intro,
        asked=about.asked,
        withholdable=about.withholdable,
        in_pack=about.in_pack,
        per_transfer=about.per_transfer,
        only_at=about.only_at,
    )


def build(
    *,
    name: str,
    year: int,
    title: str,
    schemas: tuple[type[SectionSchema], ...],
    pages: tuple[Page, ...],
    attachment_kinds: tuple[AttachmentKind, ...],
    statements: tuple[Statement, ...] = (),
    error_rules: tuple[Rule, ...] = (),
    warning_rules: tuple[Rule, ...] = (),
    upgrades_from: str | None = None,
    upgrade: Callable[[dict[str, Any]], Upgraded] | None = None,
) -> Version:
    """The version made of these sections and pages.

    Raises:
        BadVersion: it contradicts itself.
    """
    version = Version(
        name=name,
        year=year,
        title=title,
        sections=tuple(section_of(schema) for schema in schemas),
        pages=pages,
        attachment_kinds=attachment_kinds,
        statements=statements,
        error_rules=error_rules,
        warning_rules=warning_rules,
        upgrades_from=upgrades_from,
        upgrade=upgrade,
    )
    refuse_contradictions(version)
    return version
