"""Which shape an answer takes on paper: a fact in a line, a text under its label, a list, a table, or rows.

The rules are about reading, not about kinds of question. Short answers stand two to a line where both fit half of
it, so that a learner with little fills one page. Rows become a table where every column gets the room its longest
word needs and no cell runs on, and stand one under another otherwise: no table is ever overfull.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from transition_exchange.packs.measure import lines, longest_word, width
from transition_exchange.proforma import ShownItem, ShownRow

MM = 72 / 25.4
COLUMN = 134 * MM
"""The width of the column in which answers stand, beside the titles of sections."""
TYPE, TABLE_TYPE = 9.75, 9.25
_GAP = 4 * MM
_PADDING = 2.5 * MM + 1
_MOST_LINES_IN_A_CELL = 5
_BREAKS_FROM = 14
"""Cells shorter than this many letters are not broken."""
_MOST_LINES_OF_A_FACT = 2

Shape = Literal["facts", "text", "list", "table", "rows"]


@dataclass(frozen=True, slots=True)
class Fact:
    """A short answer, or what stands in place of a missing one.

    Attributes:
        label: what the question is called.
        text: the answer, or the words in its place.
        note: what is said about the answer, such as "over a year old".
        gap: whether the answer is missing.
    """

    label: str
    text: str
    note: str = ""
    gap: bool = False

    @property
    def width(self) -> float:
        """Its width on one line, in points."""
        words = width(f"{self.label}: {self.text} ", points=TYPE)
        return words + width(self.note, points=TYPE, bold=True)


@dataclass(frozen=True, slots=True)
class Line:
    """One or two facts on a line.

    Attributes:
        facts: the facts, from the left.
        sixths: how many sixths of the line the first of two facts gets; 0 for a fact on its own.
    """

    facts: tuple[Fact, ...]
    sixths: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its label and its share of the width, in percent."""

    label: str
    width: float


@dataclass(frozen=True, slots=True)
class Group:
    """One row set out under its own heading (none where there is only one row), as lines of facts."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Answers ready to be laid out; which attributes are filled depends on the shape.

    Attributes:
        shape: how the answers are set out.
        label: the heading above them, if any.
        lines: the facts of a block of facts.
        paragraphs: the paragraphs of a text, or the entries of a list.
        own_words: whether a text is in the young person's own words.
        columns: the columns of a table.
        rows: the cells of a table, row by row.
        groups: the rows that stand one under another.
        note: a sentence about the answers, which follows them.
        gap: a sentence on what is missing, which follows that.
    """

    shape: Shape
    label: str = ""
    lines: tuple[Line, ...] = ()
    paragraphs: tuple[str, ...] = ()
    own_words: bool = False
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    groups: tuple[Group, ...] = ()
    note: str = ""
    gap: str = ""


def blocks(items: Iterable[ShownItem]) -> tuple[Block, ...]:
    """Set out the answers of a section; facts that follow one another share a block."""
    section: list[Block] = []
    facts: list[Fact] = []
    for item in items:
        fact = _fact(item)
        if fact is not None:
            facts.append(fact)
            continue
        if facts:
            section.append(Block("facts", lines=paired(facts)))
            facts = []
        section.append(_rows(item) if item.rows else _text(item))
    if facts:
        section.append(Block("facts", lines=paired(facts)))
    if len(section) == 1 and len(section[0].groups) > 1:
        # The section's title says it already, and each row has a heading of its own.
        return (replace(section[0], label=""),)
    return tuple(section)


def paired(facts: Sequence[Fact]) -> tuple[Line, ...]:
    """Set facts in lines: two neighbours share a line where they fit beside each other, split at a half or a third."""
    rows: list[Line] = []
    for fact in facts:
        last = rows[-1] if rows else None
        share = _share(last.facts[0], fact) if last and len(last.facts) == 1 else 0
        if last and share:
            rows[-1] = Line((last.facts[0], fact), share)
        else:
            rows.append(Line((fact,)))
    return tuple(rows)


def _share(left: Fact, right: Fact) -> int:
    """How many sixths of a line the left of two facts gets; 0 if they do not fit beside each other."""
    for sixths in (3, 4, 2):
        room = COLUMN * sixths / 6
        if left.width + _GAP <= room and right.width <= COLUMN - room:
            return sixths
    return 0


def _fact(item: ShownItem) -> Fact | None:
    """The item as a fact, if it is short enough and not the young person's own words."""
    if item.rows or len(item.paragraphs) > 1:
        return None
    answer = item.text or " ".join(item.paragraphs)
    fact = Fact(item.label, answer or item.missing or "Missing", _note(item), gap=not answer)
    if item.question.own_words and item.paragraphs:
        return None
    return fact if fact.width <= _MOST_LINES_OF_A_FACT * COLUMN * 0.97 else None


def _note(item: ShownItem) -> str:
    """The note beside an answer, without the label it stands beside."""
    return (item.note or "").removeprefix(f"{item.label}: ")


def _text(item: ShownItem) -> Block:
    paragraphs = item.paragraphs or (item.text or "",)
    return Block(
        "text", item.label, paragraphs=paragraphs, own_words=item.question.own_words, note=_note(item)
    )


def _rows(item: ShownItem) -> Block:
    note, gap = _note(item), item.missing or ""
    rows = tuple(_facts_of(row) for row in item.rows)
    labels = _labels(rows)
    if len(labels) == 1:
        entries = tuple(_in_a_cell(fact) for row in rows for fact in row)
        return Block("list", item.label, paragraphs=entries, note=note, gap=gap)
    by_label = tuple({fact.label: _in_a_cell(fact) for fact in row} for row in rows)
    cells = tuple(tuple(row.get(label, "") for label in labels) for row in by_label)
    columns = _columns(labels, cells) if len(rows) > 1 else ()
    if columns:
        return Block("table", item.label, columns=columns, rows=cells, note=note, gap=gap)
    groups = tuple(
        Group(shown.title if len(rows) > 1 else "", paired(row))
        for shown, row in zip(item.rows, rows, strict=True)
    )
    return Block("rows", item.label, groups=groups, note=note, gap=gap)


def _facts_of(row: ShownRow) -> tuple[Fact, ...]:
    """The answers of a row as facts. A note about one of them ("Last report: over a year old") stands beside it."""
    notes = row.note or ""
    facts = []
    for label, text in row.items:
        note = next((sentence for sentence in notes.split(". ") if sentence.startswith(f"{label}: ")), "")
        notes = notes.replace(note, "", 1) if note else notes
        facts.append(Fact(label, text, note.removeprefix(f"{label}: ")))
    rest = notes.strip(". ")
    return (*facts, Fact("Note", rest)) if rest else tuple(facts)


def _in_a_cell(fact: Fact) -> str:
    return f"{fact.text} ({fact.note})" if fact.note else fact.text


def _labels(rows: Sequence[tuple[Fact, ...]]) -> tuple[str, ...]:
    """The labels of all rows: those of the fullest row first."""
    ordered: dict[str, None] = {}
    for row in sorted(rows, key=len, reverse=True):
        ordered.update(dict.fromkeys(fact.label for fact in row))
    return tuple(ordered)


def _unbroken(text: str) -> float:
    """The room a cell cannot do without: its longest word, or all of a date or a telephone number."""
    if len(text) < _BREAKS_FROM or text.replace(" ", "").isdigit():
        return width(text, points=TABLE_TYPE)
    return longest_word(text, points=TABLE_TYPE)


def _columns(labels: tuple[str, ...], cells: tuple[tuple[str, ...], ...]) -> tuple[Column, ...]:
    """The columns of a table, or none if the texts would not sit well in one."""
    least: list[float] = []
    wanted: list[float] = []
    for index, label in enumerate(labels):
        texts = [row[index] for row in cells]
        # A heading may take two lines, never more.
        head = max(
            longest_word(label, points=TABLE_TYPE, bold=True),
            width(label, points=TABLE_TYPE, bold=True) / 1.7 if len(label) > 9 else 0.0,
        )
        longest = max(width(text, points=TABLE_TYPE) for text in texts)
        least.append(_PADDING + max(head, *(_unbroken(text) for text in texts)))
        # A long cell asks for a third of its length, so that it takes some lines rather than starving the others.
        wanted.append(_PADDING + max(head, min(longest, max(longest / 3, 90.0))))
    spare = COLUMN - sum(least)
    if spare < 0:
        return ()
    asked = [max(0.0, want - need) + 0.01 for want, need in zip(wanted, least, strict=True)]
    widths = [need + spare * ask / sum(asked) for need, ask in zip(least, asked, strict=True)]
    for row in cells:
        for text, room in zip(row, widths, strict=True):
            if lines(text, within=room - _PADDING, points=TABLE_TYPE) > _MOST_LINES_IN_A_CELL:
                return ()
    shares = (round(100 * room / COLUMN, 2) for room in widths)
    return tuple(Column(label, share) for label, share in zip(labels, shares, strict=True))
