"""Saving one row of a table that has a page of its own: what is right is saved, what is wrong rests beside it.

The rest of the table stays as it is. What names the row joins all its answers: until that is right, all of them wait,
for nothing typed about one place may ever stand beside the name of another.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from transition_exchange.exchange import school_calendar
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Conflict
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.exchange.writing.resealing import Overtaken
from transition_exchange.exchange.writing.saving import ATTEMPTS, store, written_by
from transition_exchange.exchange.writing.unsaved import Unsaved
from transition_exchange.proforma import Finding, read_section
from transition_exchange.store.database import Database

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Table:
    """A table whose rows are saved one by one.

    Attributes:
        path: its question (`section.field`).
        names: the columns that say what a row is about. If one of them is wrong, nothing of the row is saved.
        id: the column that says it alone, where something stands in it.
    """

    path: str
    names: tuple[str, ...]
    id: str

    @property
    def section(self) -> str:
        """The section in which it stands."""
        return self.path.partition(".")[0]

    @property
    def field(self) -> str:
        """Its name in the section."""
        return self.path.partition(".")[2]

    def saved(self, draft: Draft) -> list[Row]:
        """Its rows as they are saved."""
        return list(draft.answers[self.section].get(self.field, []))

    def typed(self, draft: Draft) -> list[Row]:
        """Its rows as they were typed last: where something rests, with what is wrong in them."""
        saved, rests = self.saved(draft), draft.resting.answers.get(self.path)
        rows = rests.typed.get("", []) if rests else saved
        return list(rows) if len(rows) == len(saved) else saved

    def resting(self, draft: Draft) -> list[int]:
        """The numbers of the rows of which something is typed and not saved."""
        both = zip(self.typed(draft), self.saved(draft), strict=True)
        return [number for number, (typed, saved) in enumerate(both) if typed != saved]

    def same(self, row: Row, other: Row) -> bool:
        """Whether two rows are about the same thing."""
        names = (self.id,) if row.get(self.id) or other.get(self.id) else self.names
        return all(row.get(name) == other.get(name) for name in names)

    def wrong(self, draft: Draft, row: Row, *, today: date | None = None) -> tuple[Finding, ...]:
        """What is wrong in one row that stands alone."""
        others = {name: value for name, value in draft.answers[self.section].items() if name != self.field}
        return read_section(draft.version, self.section, {**others, self.field: [row]}, today=today).errors


@dataclass(frozen=True)
class SavedRow:
    """The result of saving a row.

    Attributes:
        draft: the draft as it is now.
        errors: what is wrong with what was typed.
        waits: whether nothing was saved, because of what is wrong. Nothing of the row rests then.
    """

    draft: Draft
    errors: tuple[Finding, ...] = ()
    waits: bool = False


def save_row(
    *,
    db: Database,
    actor: Actor,
    draft: Draft,
    table: Table,
    number: int,
    row: Row | None,
    tag: str,
    today: date | None = None,
) -> SavedRow:
    """Save one row of a table, or take it away.

    What is wrong in a row rests as it was typed, and the answer that was saved there stays, as long as the row is about
    the same thing as before.

    Args:
        draft: the owner's draft as the actor opened it for this. If somebody else has saved since, it is opened again.
        number: the row's place; the number after the last is a new one.
        row: what was typed; None takes the row away.
        tag: the tag of the table's section when the writer opened it.

    Raises:
        NotFound: as `open_draft`.
        NotAllowed: as `open_draft`.
        Tampered: as `open_draft`.
        Conflict: somebody else has saved other values in the section, or `ATTEMPTS` saves came first. Nothing was
            saved.
    """
    actor.require(draft.owner)
    today = today or school_calendar.today()
    for attempt in range(ATTEMPTS):
        if attempt:
            draft = open_draft(db=db, actor=actor, record_id=draft.record_id, owner=draft.owner)
        row_saved = _with_row(actor, draft, table=table, number=number, row=row, today=today)
        changed = row_saved.draft
        if changed == draft:
            return row_saved
        if draft.tags[table.section] != tag:
            raise Conflict([table.section])
        with suppress(Overtaken):
            stored = store(db=db, actor=actor, draft=changed, report=changed.report(today), today=today)
            return replace(row_saved, draft=stored)
    raise Conflict([table.section])


def _with_row(
    actor: Actor, draft: Draft, *, table: Table, number: int, row: Row | None, today: date
) -> SavedRow:
    """A draft with what is right of a row put in, and the rest beside it."""
    rows, typed = table.saved(draft), table.typed(draft)
    errors: tuple[Finding, ...] = ()
    put = row
    if row is not None:
        errors = tuple(_about(finding, number) for finding in table.wrong(draft, row, today=today))
        wrong = {str(finding.path[3]) for finding in errors if len(finding.path) > 3}
        if wrong.intersection(table.names) or any(len(finding.path) <= 3 for finding in errors):
            return SavedRow(draft, errors, waits=True)
        before = rows[number] if number < len(rows) and table.same(row, rows[number]) else {}
        put = _without(row, wrong) | {name: before[name] for name in wrong & before.keys()}
    now = _put(rows, number, put)
    others = _without(draft.answers[table.section], {table.field})
    raw = {**others, **({table.field: now} if now else {})}
    read = read_section(draft.version, table.section, raw, today=today)
    if read.errors:
        return SavedRow(draft, read.errors, waits=True)
    changed = replace(draft, answers={**draft.answers, table.section: read.values})
    if read.values != draft.answers[table.section]:
        changed = written_by(actor, changed, [table.section])
    # Of a row with nothing wrong nothing rests: it is as it is saved, where a save may give it another rank.
    waiting = [one if one != saved else None for one, saved in zip(typed, rows, strict=True)]
    waiting = [*waiting[:number], *([] if row is None else [row if errors else None]), *waiting[number + 1 :]]
    rests = [one or saved for one, saved in zip(waiting, table.saved(changed), strict=True)]
    answers = _rests(actor, changed, table, rests)
    return SavedRow(replace(changed, resting=replace(changed.resting, answers=answers)), errors)


def _about(finding: Finding, number: int) -> Finding:
    """A finding about a row that stood alone, as one about the row in its place."""
    path = finding.path
    return replace(finding, path=(*path[:2], number, *path[3:])) if len(path) > 3 else finding


def _rests(actor: Actor, draft: Draft, table: Table, rows: Sequence[Row]) -> dict[str, Unsaved]:
    """All that rests in a draft, with the rows of one table as they were typed."""
    rests = {path: unsaved for path, unsaved in draft.resting.answers.items() if path != table.path}
    if rows != table.saved(draft):
        unsaved = Unsaved({"": list(rows)}, by=actor.principal_id, at=datetime.now(UTC))
        before = draft.resting.answers.get(table.path)
        rests[table.path] = before if before and unsaved.same_as(before) else unsaved
    return rests


def _put(rows: Sequence[Row], number: int, row: Row | None) -> list[Row]:
    return [*rows[:number], *([] if row is None else [row]), *rows[number + 1 :]]


def _without(values: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in names}
