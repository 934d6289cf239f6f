"""Which shape an answer takes on paper: beside its label, a list, a table, or rows set out one under another.

The rule for rows is about reading, not about the kind of question: a table when every column gets the room its
longest word needs and no cell runs on, rows with run-in labels when not. So no table is ever overfull.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from .measure import lines, longest_word, width

if TYPE_CHECKING:
    from ..proforma import ShownItem, ShownRow

MM = 72 / 25.4
LABEL_WIDTH, BESIDE_WIDTH, FULL_WIDTH = 44 * MM, 122 * MM, 170 * MM
TYPE, TABLE_TYPE = 10.0, 9.5
_PADDING = 3 * MM + 1
_MOST_LINES_IN_A_CELL = 4
_RUN_ON = 62
"""Answers in a row no longer than this share a line with their neighbours."""

Shape = Literal["answer", "gap", "list", "table", "rows"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its label and its share of the width, in percent."""

    label: str
    width: float


@dataclass(frozen=True, slots=True)
class Group:
    """One row set out under its own heading: lines, each of one or more (label, text)."""

    title: str
    lines: tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One answer, ready to be laid out. ``tall`` is how many lines its label takes, if more than one."""

    shape: Shape
    label: str
    tall: int = 0
    paragraphs: tuple[str, ...] = ()
    note: str = ""
    own_words: bool = False
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    groups: tuple[Group, ...] = ()
    wide: bool = False


def block(item: ShownItem) -> Block:
    """The shape of one shown answer or gap."""
    high = lines(item.label, within=LABEL_WIDTH, points=TYPE, bold=True)
    tall = min(high, 5) if high > 1 else 0
    if item.rows:
        return _rows(item, tall)
    paragraphs = item.paragraphs or ((item.text,) if item.text else ())
    if not paragraphs:
        return Block("gap", item.label, tall, (item.missing or "Not answered",))
    return Block(
        "answer", item.label, tall, paragraphs, note=_sentence(item), own_words=item.question.own_words
    )


def _sentence(item: ShownItem) -> str:
    return ". ".join(text for text in (item.note, item.missing) if text)


def _rows(item: ShownItem, tall: int) -> Block:
    note = _sentence(item)
    if all(len(row.items) == 1 for row in item.rows) and len({row.items[0][0] for row in item.rows}) == 1:
        return Block("list", item.label, tall, tuple(row.items[0][1] for row in item.rows), note=note)
    labels = _labels(item.rows)
    cells = tuple(tuple(dict(row.items).get(label, "") for label in labels) for row in item.rows)
    if len(cells) > 1 and len(labels) > 1:
        for room, wide in ((BESIDE_WIDTH, False), (FULL_WIDTH, True)):
            columns = _columns(labels, cells, room)
            if columns:
                return Block(
                    "table", item.label, tall, note=note, columns=columns, rows=cells, wide=wide
                )
    groups = tuple(Group(row.title, _lines(row)) for row in item.rows)
    return Block("rows", item.label, tall, note=note, groups=groups)


def _labels(rows: tuple[ShownRow, ...]) -> tuple[str, ...]:
    """The labels of all rows, in the order of the fullest one first."""
    ordered: dict[str, None] = {}
    for row in sorted(rows, key=lambda row: -len(row.items)):
        ordered.update(dict.fromkeys(label for label, _ in row.items))
    return tuple(ordered)


def _columns(labels: tuple[str, ...], cells: tuple[tuple[str, ...], ...], room: float) -> tuple[Column, ...]:
    """The columns of a table ``room`` points wide, or none if the texts would not sit well in it."""
    least: list[float] = []
    wanted: list[float] = []
    for index, label in enumerate(labels):
        texts = [row[index] for row in cells]
        head = longest_word(label, points=TABLE_TYPE, bold=True)
        least.append(_PADDING + max([head, *(longest_word(text, points=TABLE_TYPE) for text in texts)]))
        longest = max(width(text, points=TABLE_TYPE) for text in texts)
        # A long cell asks for half its length, so that it takes two lines rather than starving its neighbours.
        wanted.append(_PADDING + max(head, min(longest, max(longest / 2, 90.0))))
    if sum(least) > room:
        return ()
    spare = room - sum(least)
    asked = [max(0.0, want - need) for want, need in zip(wanted, least, strict=True)]
    total = sum(asked) or 1.0
    widths = [need + spare * ask / total if sum(asked) else need + spare / len(labels) for need, ask in zip(least, asked, strict=True)]
    for row in cells:
        for text, wide in zip(row, widths, strict=True):
            if text and lines(text, within=wide - _PADDING, points=TABLE_TYPE) > _MOST_LINES_IN_A_CELL:
                return ()
    return tuple(Column(label, round(100 * wide / room, 2)) for label, wide in zip(labels, widths, strict=True))


def _lines(row: ShownRow) -> tuple[tuple[tuple[str, str], ...], ...]:
    """The answers of a row: short ones run on in one line, a longer one begins its own."""
    made: list[tuple[tuple[str, str], ...]] = []
    line: list[tuple[str, str]] = []
    length = 0
    for label, text in row.items:
        here = len(label) + len(text) + 4
        if line and length + here > _RUN_ON:
            made.append(tuple(line))
            line, length = [], 0
        line.append((label, text))
        length += here
    if line:
        made.append(tuple(line))
    return tuple(made)
