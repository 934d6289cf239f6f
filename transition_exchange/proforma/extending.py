"""An area's version, or a new year's, made out of one that is there: what differs is said, nothing is copied."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from transition_exchange.proforma.asking import asked
from transition_exchange.proforma.building import section_of
from transition_exchange.proforma.contradictions import refuse_contradictions
from transition_exchange.proforma.fields import SectionSchema
from transition_exchange.proforma.keeping import refuse_losses
from transition_exchange.proforma.model import (
    VERSION_NAME,
    BadVersion,
    Page,
    Section,
    Statement,
    Upgraded,
    Version,
)

Added = Mapping[str, type[SectionSchema] | tuple[type[SectionSchema], ...]]
Upgrade = Callable[[dict[str, Any]], Upgraded]


def extend(
    core: Version,
    *,
    name: str,
    year: int,
    title: str | None = None,
    replace: tuple[type[SectionSchema], ...] = (),
    add_after: Added | None = None,
    drop: tuple[str, ...] = (),
    pages: tuple[Page, ...] | None = None,
    statements: tuple[Statement, ...] = (),
    upgrade: Upgrade | None = None,
) -> Version:
    """Make a version of the form out of another one.

    Everything that is not named stays as it is in `core`: sections, pages, kinds of documents, statements and rules.

    Args:
        core: the version to begin with.
        name: what the new one is called, such as `ourtown/2027.1`. With another family than the core's it is an area's
            version, which adds and tightens and takes nothing away.
        year: the leaving year it is made for; the name says it too.
        title: what people call it; the core's title if left out.
        replace: sections that take the place of the core's section of the same name.
        add_after: new sections by the name of the section they follow, one or several. They stand on its page.
        drop: names of sections that are no longer there, nor their documents and statements.
        pages: all the pages, where more differs from the core's than that sections were added or dropped.
        statements: what can be confirmed for a whole year group besides; one of a core statement's name replaces it.
        upgrade: carries answers given in `core` over to this version. An area's version takes them as they are.

    Raises:
        BadVersion: a section is named that the core doesn't have, or is there already; something is dropped or renamed
            that others need; an area's version asks for less than the core; the version contradicts itself.
    """
    after = {
        place: sections if isinstance(sections, tuple) else (sections,)
        for place, sections in (add_after or {}).items()
    }
    replacing = {schema.about.name: section_of(schema) for schema in replace}
    adding = {place: tuple(section_of(schema) for schema in schemas) for place, schemas in after.items()}
    for problem in _unfitting(core, replacing=replacing, adding=adding, drop=drop):
        raise BadVersion(f"{name}: {problem}.")
    sections = tuple(_sections(core, replacing=replacing, adding=adding, drop=drop))
    there = {section.name for section in sections}
    version = dataclasses.replace(
        core,
        name=name,
        year=year,
        title=title or core.title,
        sections=sections,
        pages=_pages(core, adding, drop) if pages is None else pages,
        attachment_kinds=tuple(kind for kind in core.attachment_kinds if kind.section in there),
        statements=_statements(core, statements, there),
        upgrades_from=None,
        upgrade=None,
    )
    refuse_losses(core, version)
    refuse_contradictions(version)
    if upgrade is None and _family(name) != _family(core.name):
        upgrade = _as_they_are(core, version)
    if upgrade is None:
        return version
    return dataclasses.replace(version, upgrades_from=core.name, upgrade=upgrade)


def _family(name: str) -> str:
    parts = VERSION_NAME.fullmatch(name)
    return parts["family"] if parts else name


def _unfitting(
    core: Version,
    *,
    replacing: Mapping[str, Section],
    adding: Mapping[str, tuple[Section, ...]],
    drop: tuple[str, ...],
) -> Iterator[str]:
    """What is said about sections that the core doesn't have, or has already."""
    known = {section.name for section in core.sections}
    for what, names in (("replace", replacing), ("add after", adding), ("drop", drop)):
        for unknown in sorted(set(names) - known):
            yield f"there is no section {unknown} in {core.name} to {what}"
    for both in sorted(set(replacing) & set(drop)):
        yield f"the section {both} cannot be both replaced and dropped"
    for added in (section for sections in adding.values() for section in sections):
        if added.name in known:
            yield f"the section {added.name} is in {core.name} already; replace it"


def _sections(
    core: Version,
    *,
    replacing: Mapping[str, Section],
    adding: Mapping[str, tuple[Section, ...]],
    drop: tuple[str, ...],
) -> Iterator[Section]:
    for section in core.sections:
        if section.name not in drop:
            yield replacing.get(section.name, section)
        yield from adding.get(section.name, ())


def _pages(
    core: Version, adding: Mapping[str, tuple[Section, ...]], drop: tuple[str, ...]
) -> tuple[Page, ...]:
    """The core's pages without what is dropped, each added section behind the one that it follows."""

    def names(section: str) -> Iterator[str]:
        if section not in drop:
            yield section
        for added in adding.get(section, ()):
            if any(not question.system for question in added.questions):
                yield added.name

    return tuple(
        dataclasses.replace(
            page, sections=tuple(name for section in page.sections for name in names(section))
        )
        for page in core.pages
    )


def _statements(core: Version, own: tuple[Statement, ...], sections: set[str]) -> tuple[Statement, ...]:
    """The core's statements about what is still there, then the version's own."""
    kept = [
        statement
        for statement in core.statements
        if all(path.partition(".")[0] in sections for path in statement.paths)
    ]
    return tuple({statement.name: statement for statement in (*kept, *own)}.values())


def _as_they_are(core: Version, version: Version) -> Upgrade:
    """The upgrade of an area's version: every answer fits, and what is new is asked."""
    known = {question.path for question in core.questions}
    new = tuple(question for question in version.questions if question.path not in known)

    def carry_over(answers: dict[str, Any]) -> Upgraded:
        put = asked(version, answers)
        return Upgraded(
            answers,
            tuple(f"New: {question.heading}" for question in new if question.path in put),
            tuple(question.path for question in new if question.required and question.path in put),
        )

    return carry_over
