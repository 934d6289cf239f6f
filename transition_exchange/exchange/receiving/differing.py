"""How one answer differs between two versions: which rows of a table, which words of a long text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from transition_exchange.proforma import ShownItem
from transition_exchange.proforma.showing import ShownRow

MOST_WORDS = 2_000
"""Longer texts are shown whole, before and now. To compare them word by word would take long."""


class Words(NamedTuple):
    """Some words of a long text that stayed, were added or were taken out."""

    what: Literal["same", "new", "gone"]
    text: str


def rows_that_differ(
    before: ShownItem | None, after: ShownItem | None
) -> tuple[ShownItem | None, ShownItem | None]:
    """The same answers with those rows alone that the other does not have. Others come back as they are.

    A row counts as the same wherever it stands, because a row before it may have been taken out.

    Args:
        before: the earlier answer as pages show it.
        after: the answer now.
    """
    if before is None or after is None or not (before.rows and after.rows):
        return before, after
    old, new = _said(before.rows), _said(after.rows)
    gone = tuple(row for row in before.rows if (row.items, row.note) not in new)
    come = tuple(row for row in after.rows if (row.items, row.note) not in old)
    return (replace(before, rows=gone) if gone else None, replace(after, rows=come) if come else None)


def _said(rows: Sequence[ShownRow]) -> set[tuple[tuple[tuple[str, str], ...], str | None]]:
    return {(row.items, row.note) for row in rows}


def words_that_differ(before: ShownItem | None, after: ShownItem | None) -> tuple[Words, ...]:
    """A long text of both versions, word by word; empty if it is none, or if nearly nothing of it stayed.

    Args:
        before: the earlier answer as pages show it.
        after: the answer now.
    """
    if before is None or after is None or after.question.kind != "long_text":
        return ()
    old, new = _words(before), _words(after)
    if not old or not new or max(len(old), len(new)) > MOST_WORDS:
        return ()
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    if matcher.ratio() < 0.4:
        return ()
    found: list[Words] = []
    for step, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if step == "equal":
            found.append(Words("same", " ".join(new[new_from:new_to])))
            continue
        if old_to > old_from:
            found.append(Words("gone", " ".join(old[old_from:old_to])))
        if new_to > new_from:
            found.append(Words("new", " ".join(new[new_from:new_to])))
    return tuple(found)


def _words(item: ShownItem) -> list[str]:
    return re.findall(r"\S+", " ".join((item.text or "", *item.paragraphs)))
