"""What a version of the pro-forma is made of: questions in sections, sections on pages.

A section is for readers: it has one owner, who writes and releases it, and one audience. A page is for writers: it
groups sections of one owner. Both are plain data, read from the marshmallow classes of a version file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from marshmallow import Schema

from transition_exchange.proforma.conditions import Condition
from transition_exchange.proforma.findings import Rule
from transition_exchange.purposes import teams_there

Owner = Literal["transition", "school_safeguarding"]
Kind = Literal[
    "text", "long_text", "date", "yes_no", "choice", "choices", "number", "hours", "money", "upn", "uln",
    "postcode", "email", "phone", "ukprn", "urn", "laestab", "la_code", "rows",
]  # fmt: skip

VERSION_NAME = re.compile(r"(?P<family>[a-z][a-z0-9-]*)/(?P<year>[0-9]{4})\.(?P<issue>[0-9]{1,3})")
"""What a version is called, such as `core/2027.1`: whose it is, for which leaving year, which issue of it."""


class ProformaError(Exception):
    """What is wrong with a version or with what was asked of one; the message is for a person."""


class BadVersion(ProformaError):
    """A version contradicts itself; the message says how."""


class UnknownVersion(ProformaError):
    """No version of this name is installed."""


class UnknownName(ProformaError):
    """The version has no section, page or question of this name."""


@dataclass(frozen=True, slots=True)
class Season:
    """The part of the leaving year in which a gap counts: days as (month, day), both included.

    `starts` is the day from which the gap counts (an offer: 30 September): before it the gap is listed and does
    not count. `ends` is the last day on which it is asked for (a predicted grade, until results are out).
    """

    starts: tuple[int, int] | None = None
    ends: tuple[int, int] | None = None

    def first_day(self, leaving_year: int) -> date | None:
        """The day from which a gap counts in `leaving_year`, or None if from the beginning."""
        return date(leaving_year, *self.starts) if self.starts else None

    def over(self, leaving_year: int, today: date) -> bool:
        """Whether the season is past, so that the question is not asked for any more."""
        return self.ends is not None and today > date(leaving_year, *self.ends)


@dataclass(frozen=True, slots=True)
class Question:
    """One thing the pro-forma asks, with all that a page, a PDF, a CSV column or a document says about it."""

    section: str
    name: str
    label: str
    kind: Kind
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    rows: tuple[Question, ...] = ()
    table: str = ""
    """For a column: the question whose rows it is a column of."""
    row_word: str = ""
    """For rows: what one of them is called ("contact"), for headings and "Add another contact"."""
    asked: Condition | None = None
    """When the question is put at all; None: to everybody."""
    required: Condition | None = None
    """When the minimum standard asks for an answer; None: never."""
    or_else: str | None = None
    """A field of the same section (or column of the same row) whose answer closes this gap."""
    season: Season | None = None
    source: str = ""
    """Where the rule or the code set comes from."""
    card: frozenset[str] = frozenset()
    """Purposes on whose card the answer goes (or the band or flag made of it)."""
    objection_card: frozenset[str] = frozenset()
    """Coordinating purposes on whose card it goes after an objection, when `card` no longer counts for them."""
    may_not_apply: bool = False
    """Whether "does not apply" closes the gap."""
    may_be_attached: bool = False
    """Whether "see attached, page n" answers it."""
    year_group: bool = False
    """Whether it can be confirmed for a whole year group at once."""
    from_ctf: bool = False
    """Whether a common transfer file (CTF) holds it."""
    prefilled: bool = False
    """Whether the system fills it in, or offers a value that nobody has to type."""
    offer_from: str | None = None
    """The path of an answer (or column of the first row) that a page offers here, to be changed where it is wrong."""
    system: bool = False
    """Whether only the system writes it; no page asks it."""
    own_words: bool = False
    """Whether the young person says this themselves."""
    old_after_days: int | None = None
    """For dates of documents: after how many days the document is marked as old."""
    max_length: int | None = None
    """For text: how many characters."""
    least: int | None = None
    most: int | None = None
    """For numbers: between what; for tables: at most how many rows."""
    pack_label: str = ""
    """What the pack calls it, where a question makes a poor heading."""
    note: str = ""
    """What a reader should know beside the answer."""

    @property
    def path(self) -> str:
        """`section.field`; for a column `section.field.column`."""
        return ".".join(part for part in (self.section, self.table, self.name) if part)

    @property
    def everybody(self) -> bool:
        """Whether the standard asks this of every learner alike, whatever their form says."""
        return self.required is not None and not self.required.reads and self.asked is None

    @property
    def heading(self) -> str:
        """The label for readers: the pack's where it has one."""
        return self.pack_label or self.label

    def column(self, name: str) -> Question:
        """The column `name` of a table question.

        Raises:
            UnknownName: there is no such column.
        """
        for column in self.rows:
            if column.name == name:
                return column
        raise UnknownName(f"The question {self.path} has no column {name}.")


@dataclass(frozen=True, slots=True)
class AboutSection:
    """What stands beside a section's fields in a version file."""

    name: str
    title: str
    owner: Owner
    audience: frozenset[str]
    lawful_basis: str
    reader_order: int
    intro: str = ""
    asked: Condition | None = None
    withholdable: bool = False
    in_pack: bool = True
    per_transfer: bool = False
    only_at: str = ""
    order: tuple[str, ...] = ()
    """Fields that come first, in this order, where a version adds to a shared piece; names it lacks are skipped."""


@dataclass(frozen=True, slots=True)
class Section:
    """A group of questions with one owner and one audience."""

    name: str
    title: str
    owner: Owner
    audience: frozenset[str]
    lawful_basis: str
    reader_order: int
    schema: type[Schema]
    questions: tuple[Question, ...]
    intro: str = ""
    asked: Condition | None = None
    withholdable: bool = False
    """Whether the young person or family may ask for it not to be passed on."""
    in_pack: bool = True
    """False: never part of a release as it stands (the list of all destinations)."""
    per_transfer: bool = False
    """True: made for each transfer out of the record, never typed (a provider's own destination)."""
    only_at: str = ""
    """At which kind of place alone the audience reads it, a code of `purposes.PLACES`; empty for every place."""

    @property
    def readers(self) -> str:
        """Who reads it at the next place, in a sentence; empty if nobody does."""
        return teams_there(self.audience, self.only_at) if self.audience else ""

    def question(self, name: str) -> Question:
        """The question `name` of this section.

        Raises:
            UnknownName: there is no such question.
        """
        for question in self.questions:
            if question.name == name:
                return question
        raise UnknownName(f"The section {self.name} has no question {name}.")


@dataclass(frozen=True, slots=True)
class Page:
    """What a writer fills in at one go."""

    name: str
    title: str
    owner: Owner
    sections: tuple[str, ...]
    intro: str = ""


@dataclass(frozen=True, slots=True)
class AttachmentKind:
    """A kind of document that may travel along; its section says whose it is and who may read it."""

    code: str
    label: str
    section: str
    dated: bool = True
    expected: Condition | None = None
    """When its absence is pointed out (a warning)."""
    said_to_be_attached: str = ""
    """The question (`section.field`) of which an answer says that the document is attached. Then its absence is a gap
    in this question."""
    old_after_days: int | None = 365


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that a school may confirm for a whole year group at once.

    Attributes:
        name: what a form field calls it.
        words: what is confirmed, as a page says it.
        hint: what to think of before confirming it.
        answers: what it answers, by `section.field`, where nobody has answered.
        asks: further questions (`section.field`) that the writer answers once for all.
    """

    name: str
    words: str
    hint: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    asks: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """The questions that it answers or asks."""
        return (*self.answers, *self.asks)


@dataclass(frozen=True, slots=True)
class Version:
    """One agreed version of the pro-forma. Its file never changes once it is agreed."""

    name: str
    year: int
    title: str
    sections: tuple[Section, ...]
    pages: tuple[Page, ...]
    attachment_kinds: tuple[AttachmentKind, ...]
    statements: tuple[Statement, ...] = ()
    error_rules: tuple[Rule, ...] = ()
    warning_rules: tuple[Rule, ...] = ()
    upgrades_from: str | None = None
    upgrade: Callable[[dict[str, Any]], Upgraded] | None = None
    _by_name: dict[str, Section] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._by_name.update({section.name: section for section in self.sections})

    def section(self, name: str) -> Section:
        """The section `name`.

        Raises:
            UnknownName: there is no such section.
        """
        try:
            return self._by_name[name]
        except KeyError:
            raise UnknownName(f"{self.name} has no section {name}.") from None

    def page(self, name: str) -> Page:
        """The page `name`.

        Raises:
            UnknownName: there is no such page.
        """
        for page in self.pages:
            if page.name == name:
                return page
        raise UnknownName(f"{self.name} has no page {name}.")

    def pages_of(self, owner: str) -> tuple[Page, ...]:
        """The pages that `owner` fills in, in order."""
        return tuple(page for page in self.pages if page.owner == owner)

    def page_of(self, section: str) -> Page | None:
        """The page on which `section` is filled in; None for sections the system writes."""
        return next((page for page in self.pages if section in page.sections), None)

    def attachment_kinds_of(self, owner: str) -> tuple[AttachmentKind, ...]:
        """The kinds of attachment that `owner` may add."""
        return tuple(kind for kind in self.attachment_kinds if self.section(kind.section).owner == owner)

    def sections_of(self, owner: str) -> tuple[Section, ...]:
        """The sections that `owner` writes and releases."""
        return tuple(section for section in self.sections if section.owner == owner)

    def question(self, path: str) -> Question:
        """The question at `section.field` (or a column: `section.field.column`).

        Raises:
            UnknownName: there is no such question.
        """
        section, _, rest = path.partition(".")
        name, _, column = rest.partition(".")
        question = self.section(section).question(name)
        return question.column(column) if column else question

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question of every section, columns of tables apart."""
        return tuple(question for section in self.sections for question in section.questions)

    def attachment_kind(self, code: str) -> AttachmentKind:
        """The kind of attachment `code`.

        Raises:
            UnknownName: there is no such kind.
        """
        for kind in self.attachment_kinds:
            if kind.code == code:
                return kind
        raise UnknownName(f"{self.name} has no kind of attachment {code}.")


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What an `upgrade` made: the answers, what changed in words, and the questions to be put again."""

    answers: dict[str, Any]
    changes: tuple[str, ...]
    ask_again: tuple[str, ...]
