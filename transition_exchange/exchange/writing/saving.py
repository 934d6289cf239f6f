"""Saving an owner's draft, a page at a time, with what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from transition_exchange.exchange import school_calendar
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Conflict, NotFound
from transition_exchange.exchange.records import cards, parts
from transition_exchange.exchange.records.answers import Answers, plaintext, room
from transition_exchange.exchange.writing import school_cards
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.proforma import Finding, read_section
from transition_exchange.store.database import Database
from transition_exchange.store.models import Record

ATTEMPTS = 5
"""How often a save reads again because somebody else was quicker."""


@dataclass(frozen=True)
class Saved:
    """What came of a save.

    Attributes:
        errors: what is wrong in what was typed; where there are any, nothing was saved.
        draft: the draft as it stands now, with what was typed in it where it was saved.
    """

    draft: Draft
    errors: tuple[Finding, ...] = ()


def save_sections(
    *,
    db: Database,
    actor: Actor,
    record_id: UUID,
    raw: Mapping[str, Mapping[str, Any]],
    tags: Mapping[str, str],
    owner: str = "transition",
    today: date | None = None,
) -> Saved:
    """Check what was typed into some sections and, where nothing in it is wrong, save it with its gaps.

    Args:
        raw: what was typed, by section, as a form, a file or the API gives it.
        tags: the tags that the sections carried when the writer opened them.

    Raises:
        NotFound, NotAllowed, Tampered: as `open_draft`.
        Conflict: a section was changed meanwhile, and not to the same; nothing was saved.
    """
    today = today or school_calendar.today()
    for _ in range(ATTEMPTS):
        try:
            return _save_once(db, actor, record_id, raw, tags, owner, today)
        except _Overtaken:
            continue
    raise Conflict(list(raw))


def _save_once(
    db: Database,
    actor: Actor,
    record_id: UUID,
    raw: Mapping[str, Mapping[str, Any]],
    tags: Mapping[str, str],
    owner: str,
    today: date,
) -> Saved:
    draft = open_draft(db=db, actor=actor, record_id=record_id, owner=owner)
    errors: list[Finding] = []
    values: Answers = {}
    for section, typed in raw.items():
        if section not in draft.answers:
            raise NotFound
        read = read_section(draft.version, section, typed)
        values[section] = read.values
        errors += read.errors
    merged = replace(draft, answers=draft.answers | values)
    errors += [
        finding
        for finding in merged.report(today).errors
        if finding.section in values and finding not in errors
    ]
    if errors:
        return Saved(draft=draft, errors=tuple(errors))
    changed = {name: typed for name, typed in values.items() if typed != draft.answers[name]}
    clashes = [name for name in changed if tags.get(name) != draft.tags[name]]
    if clashes:
        raise Conflict(clashes)
    if changed:
        _store(db, actor, merged, today)
    return Saved(draft=open_draft(db=db, actor=actor, record_id=record_id, owner=owner))


class _Overtaken(Exception):
    """Somebody else saved between this save's reading and its writing: read again."""


def _store(db: Database, actor: Actor, draft: Draft, today: date) -> None:
    """Write a draft anew, every section of it.

    Sections of which nothing was changed are sealed again too: a row that changes alone, in a table or between two
    backups, would tell of what there is something to write, and so who has a plan.
    """
    now = datetime.now(UTC)
    report = draft.report(today)
    bodies = {
        name: parts.reseal(
            binding=draft.binding,
            name=name,
            key=draft.keys[name],
            plaintext=plaintext(values),
            least=room(draft.version.section(name)),
        )
        for name, values in draft.answers.items()
    }
    prepared: tuple[cards.PreparedCard, ...] = ()
    if draft.owner == "transition":
        with db.read() as session:
            prepared = school_cards.prepare(
                session, actor=actor, answers=draft, report=report, today=today, now=now
            )
    with db.write() as session:
        # What the cards say of the record comes from all sections, so all must be as they were read.
        if parts.locked_tags(session, draft.revision_id) != draft.row_tags:
            raise _Overtaken
        for name, body in bodies.items():
            parts.replace(session, part_id=draft.part_ids[name], body=body)
        record = session.get_one(Record, draft.record_id)
        record.changed_at = now
        if draft.owner == "transition":
            record.complete = report.complete
            record.everybody_gaps = len(report.everybody_gaps)
            record.started = True
        cards.store(session, prepared)
        actor.note(session, "record.saved", record=draft.record_id, owner=draft.owner)
