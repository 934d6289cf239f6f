"""What no version may say: a section open to nobody one knows, a question on no page, a rule about what is not there.

An area's own version is written by people who don't know the code, so each refusal says in words what to mend.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from transition_exchange.proforma.conditions import Condition
from transition_exchange.proforma.model import (
    VERSION_NAME,
    BadVersion,
    Page,
    Question,
    Section,
    Statement,
    UnknownName,
    Version,
)
from transition_exchange.proforma.reading import read_section
from transition_exchange.purposes import COORDINATING, PLACES, RECEIVING, SENDING

MOST_PAGES = 10
"""How many pages a version may have, so that the task list stays short."""

WITHHELD = "sharing.withheld"
"""The question in which learner and family choose what is held back."""


def refuse_contradictions(version: Version) -> None:
    """Refuse a version that contradicts itself.

    Raises:
        BadVersion: the first contradiction, in words.
    """
    try:
        for contradiction in _contradictions(version):
            raise BadVersion(f"{version.name}: {contradiction}.")
    except UnknownName as unknown:
        raise BadVersion(str(unknown)) from unknown


def _contradictions(version: Version) -> Iterator[str]:
    yield from _of_name(version)
    for section in version.sections:
        yield from _of_section(version, section)
    yield from _of_pages(version)
    yield from _of_cards(version)
    yield from _of_withheld(version)
    for kind in version.attachment_kinds:
        version.section(kind.section)
        yield from _unreadable(version, kind.expected, what=kind.code, section=version.section(kind.section))
    yield from _twice("statement", [statement.name for statement in version.statements])
    for statement in version.statements:
        yield from _of_statement(version, statement)


def _of_name(version: Version) -> Iterator[str]:
    parts = VERSION_NAME.fullmatch(version.name)
    if not parts:
        yield "this is no name of a version; one looks like core/2027.1"
    elif int(parts["year"]) != version.year:
        yield f"the name says {parts['year']}, and the year is {version.year}"


def _of_pages(version: Version) -> Iterator[str]:
    yield from _twice("section", [section.name for section in version.sections])
    yield from _twice("page", [page.name for page in version.pages])
    if len(version.pages) > MOST_PAGES:
        yield f"there are {len(version.pages)} pages; at most {MOST_PAGES} are allowed"
    placed = Counter(name for page in version.pages for name in page.sections)
    for section in version.sections:
        typed = any(not question.system for question in section.questions) and not section.per_transfer
        if typed and placed[section.name] != 1:
            yield f"the section {section.name} must stand on one page, and on one only"
        if not typed and placed[section.name]:
            yield f"nobody types anything into the section {section.name}, so that it must stand on no page"
    for page in version.pages:
        yield from _of_page(version, page)


def _of_page(version: Version, page: Page) -> Iterator[str]:
    if not page.sections:
        yield f"the page {page.name} has no section"
    if any(version.section(name).owner != page.owner for name in page.sections):
        yield f"the page {page.name} mixes owners"


def _of_section(version: Version, section: Section) -> Iterator[str]:
    if section.owner not in SENDING:
        yield f"the section {section.name} has the unknown owner {section.owner}"
    if unknown := section.audience - set(RECEIVING):
        yield f"the section {section.name} is for unknown readers: {', '.join(sorted(unknown))}"
    if section.only_at and section.only_at not in PLACES:
        yield f"the section {section.name} is for an unknown kind of place: {section.only_at}"
    yield from _unreadable(version, section.asked, what=section.name, section=section)
    for question in section.questions:
        names = {other.name for other in section.questions}
        yield from _of_question(version, section, question, beside=names)
        columns = {column.name for column in question.rows}
        for column in question.rows:
            yield from _of_question(version, section, column, beside=columns)


def _of_question(
    version: Version, section: Section, question: Question, *, beside: set[str]
) -> Iterator[str]:
    if unknown := (question.card | question.objection_card) - {*SENDING, *RECEIVING, *COORDINATING}:
        yield f"{question.path} is for the cards of unknown purposes: {', '.join(sorted(unknown))}"
    if question.or_else and question.or_else not in beside:
        yield f"{question.path} may be answered by {question.or_else}, which is not there"
    if question.offer_from:
        version.question(question.offer_from)
    for condition in (question.asked, question.required):
        yield from _unreadable(version, condition, what=question.path, section=section)


def _unreadable(
    version: Version, condition: Condition | None, *, what: str, section: Section
) -> Iterator[str]:
    """A condition reads only existing questions of its own owner; else an answer could leak between owners."""
    for path in condition.reads if condition else ():
        if path.startswith("row."):
            continue
        if version.section(path.partition(".")[0]).owner != section.owner:
            yield f"{what} reads {path}, which another owner writes"
        version.question(path)


def _of_cards(version: Version) -> Iterator[str]:
    """A card holds one entry of a name; only what is made for a transfer may say again what the list says."""
    for purpose in (*SENDING, *COORDINATING, *RECEIVING):
        names = Counter(
            question.name
            for section in version.sections
            if not section.per_transfer
            for question in section.questions
            if purpose in question.card
        )
        for name, count in names.items():
            if count > 1:
                yield f"the card of {purpose} would have two entries called {name}"


def _of_withheld(version: Version) -> Iterator[str]:
    """What may be held back can be chosen, and nothing else can; a choice without effect would be a false promise."""
    withholdable = {section.name for section in version.sections if section.withholdable}
    section, _, name = WITHHELD.partition(".")
    there = any(question.path == WITHHELD for question in version.questions)
    offered = {code for code, _ in version.section(section).question(name).choices} if there else set()
    if missing := withholdable - offered:
        yield f"{', '.join(sorted(missing))} may be held back, and {WITHHELD} has no such choice"
    if wrong := offered - withholdable:
        yield f"{WITHHELD} offers {', '.join(sorted(wrong))}, which may not be held back"


def _of_statement(version: Version, statement: Statement) -> Iterator[str]:
    """A statement fills questions of the transition team that are marked for it, with answers that they take."""
    for path in statement.paths:
        question = version.question(path)
        if not question.year_group or version.section(question.section).owner != "transition":
            yield (
                f"the statement {statement.name} confirms {path}, which is not marked as one that can be confirmed "
                "for a whole year group"
            )
    for path, answer in statement.answers.items():
        section, _, name = path.partition(".")
        if read_section(version, section, {name: answer}).errors:
            yield f"the statement {statement.name} answers {path} wrongly"


def _twice(what: str, names: list[str]) -> Iterator[str]:
    for name, count in Counter(names).items():
        if count > 1:
            yield f"there are two {what}s called {name}"
