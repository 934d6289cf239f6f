"""From the marshmallow classes of a version file to a Version: questions placed, conditions joined, names checked."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from marshmallow import Schema

from .conditions import both
from .fields import SectionSchema
from .findings import Rule
from .model import AttachmentKind, Page, ProformaError, Question, Section, Upgraded, Version
from .values import Rows


class BadVersion(ProformaError):
    """A version file contradicts itself; the message says how."""


def questions_of(schema: type[Schema], *, section: str, table: str = "") -> tuple[Question, ...]:
    """The questions beside the fields of ``schema``, in the order in which they are declared."""
    found = []
    for name, field in schema._declared_fields.items():
        question: Question = field.metadata["question"]
        columns = questions_of(field.row, section=section, table=name) if isinstance(field, Rows) else ()
        found.append(replace(question, section=section, table=table, name=name, rows=columns))
    return tuple(found)


def _place_in(order: tuple[str, ...]) -> Callable[[Question], int]:
    """Sorts the questions named in ``order`` to the front and leaves the others as they are."""
    return lambda question: order.index(question.name) if question.name in order else len(order)


def section_of(schema: type[SectionSchema]) -> Section:
    """The section that ``schema`` declares. A section asked under a condition puts it before each question's own."""
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
    )


def build(
    *,
    name: str,
    year: int,
    title: str,
    schemas: tuple[type[SectionSchema], ...],
    pages: tuple[Page, ...],
    attachment_kinds: tuple[AttachmentKind, ...],
    error_rules: tuple[Rule, ...] = (),
    warning_rules: tuple[Rule, ...] = (),
    upgrades_from: str | None = None,
    upgrade: Callable[[dict[str, Any]], Upgraded] | None = None,
) -> Version:
    """The version made of these sections and pages. Raises BadVersion when it contradicts itself."""
    version = Version(
        name=name,
        year=year,
        title=title,
        sections=tuple(section_of(schema) for schema in schemas),
        pages=pages,
        attachment_kinds=attachment_kinds,
        error_rules=error_rules,
        warning_rules=warning_rules,
        upgrades_from=upgrades_from,
        upgrade=upgrade,
    )
    _contradictions(version)
    return version


def _contradictions(version: Version) -> None:
    """Refuse what would open a section to the wrong people or leave a question on no page."""
    if len(version.pages) > 10:
        raise BadVersion(f"{version.name} has {len(version.pages)} pages; at most ten are allowed.")
    if len({section.name for section in version.sections}) != len(version.sections):
        raise BadVersion(f"{version.name} has two sections of one name.")
    placed = [section for page in version.pages for section in page.sections]
    for section in version.sections:
        typed = any(not question.system for question in section.questions) and not section.per_transfer
        if placed.count(section.name) != (1 if typed else 0):
            raise BadVersion(
                f"{version.name}: the section {section.name} must stand on one page, and on one only."
            )
        for question in section.questions:
            _condition_contradictions(version, section, question)
    for page in version.pages:
        if any(version.section(section).owner != page.owner for section in page.sections):
            raise BadVersion(f"{version.name}: the page {page.name} mixes owners.")
    for kind in version.attachment_kinds:
        version.section(kind.section)


def _condition_contradictions(version: Version, section: Section, question: Question) -> None:
    """A condition reads only existing questions of its own owner; else an answer could leak between owners."""
    for asked in (question, *question.rows):
        for condition in (asked.asked, asked.required):
            for path in condition.reads if condition else ():
                if path.startswith("row."):
                    continue
                if version.section(path.partition(".")[0]).owner != section.owner:
                    raise BadVersion(
                        f"{version.name}: {asked.path} reads {path}, which another owner writes."
                    )
                version.question(path)
