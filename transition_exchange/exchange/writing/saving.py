"""Saving an owner's draft, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange import school_calendar
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Conflict, NotFound
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records import cards, parts
from transition_exchange.exchange.records.answers import Answers
from transition_exchange.exchange.records.ownership import owner_teams
from transition_exchange.exchange.writing import needed, school_cards
from transition_exchange.exchange.writing.draft import Draft, content_tags
from transition_exchange.exchange.writing.new_keys import NewKeys, lock_grants, new_keys
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.exchange.writing.unsaved import room_of
from transition_exchange.proforma import Finding, Report, read_section
from transition_exchange.store import events
from transition_exchange.store.database import Database
from transition_exchange.store.models import Event, Record
from transition_exchange.store.unreadable import Unreadable

ATTEMPTS = 5
"""How often a save starts again because somebody else saved first."""


@dataclass(frozen=True)
class Saved:
    """The result of a save.

    Attributes:
        draft: the draft as it is now.
        report: the errors and gaps in what it holds; of what was typed, if that has errors.
        errors: what is wrong with what was typed. If there are any errors, nothing was saved.
    """

    draft: Draft
    report: Report
    errors: tuple[Finding, ...] = ()


def save_sections(
    *,
    db: Database,
    actor: Actor,
    draft: Draft,
    raw: Mapping[str, Mapping[str, Any]],
    tags: Mapping[str, str] | None = None,
    today: date | None = None,
    always: bool = False,
    now: datetime | None = None,
) -> Saved:
    """Check what was typed into some sections and, if nothing is wrong with it, save it.

    Gaps are allowed, but the learner's legal names and date of birth cannot be emptied.

    Args:
        draft: the owner's draft as the actor opened it for this. If somebody else has saved since, it is opened again.
        raw: what was typed, by section and field. It takes the place of the whole section: whoever has only some of
            its fields must add the stored values of the others.
        tags: the tags of the sections when the writer opened them, by section (`Draft.tags`); those of the draft if
            nobody had it open before.
        always: whether it is stored even if it is what the draft says already. Where the same is done for many
            learners, the rows would tell otherwise of whom it was written before.
        now: the time of the save; None for the present one.

    Raises:
        NotFound: as `open_draft`, or a section is not one of the owner's.
        NotAllowed: as `open_draft`.
        Tampered: as `open_draft`.
        Conflict: somebody else has saved other values in one of the sections, or `ATTEMPTS` saves came first. Nothing
            was saved.
    """
    actor.require(draft.owner)
    today = today or school_calendar.today()
    opened_with = draft.tags if tags is None else tags
    for attempt in range(ATTEMPTS):
        if attempt:
            draft = open_draft(db=db, actor=actor, record_id=draft.record_id, owner=draft.owner)
        with suppress(Overtaken):
            return _save_once(
                db=db,
                actor=actor,
                draft=draft,
                raw=raw,
                tags=opened_with,
                today=today,
                always=always,
                now=now,
            )
    raise Conflict(list(raw))


def _save_once(
    *,
    db: Database,
    actor: Actor,
    draft: Draft,
    raw: Mapping[str, Mapping[str, Any]],
    tags: Mapping[str, str],
    today: date,
    always: bool,
    now: datetime | None,
) -> Saved:
    errors: list[Finding] = []
    values: Answers = {}
    for section, typed in raw.items():
        if section not in draft.answers:
            raise NotFound
        read = read_section(draft.version, section, typed, today=today)
        values[section] = read.values
        errors += read.errors
    merged = replace(draft, answers=draft.answers | values)
    report = merged.report(today)
    errors += [finding for finding in report.errors if finding.section in values and finding not in errors]
    if needed.SECTION in values:
        errors += needed.missing(values[needed.SECTION], errors)
    if errors:
        return Saved(draft, report, tuple(errors))
    changed = [name for name, fields in values.items() if fields != draft.answers[name]]
    clashes = [name for name in changed if tags.get(name) != draft.tags[name]]
    if clashes:
        raise Conflict(clashes)
    if changed or always:
        written = written_by(actor, merged, changed)
        merged = store(db=db, actor=actor, draft=written, report=report, today=today, now=now)
    return Saved(merged, report)


def written_by(actor: Actor, draft: Draft, sections: Iterable[str]) -> Draft:
    """A draft in which the actor is noted as the last who wrote some of its sections."""
    writers = {**draft.resting.writers, **dict.fromkeys(sections, actor.principal_id)}
    return replace(draft, resting=replace(draft.resting, writers=writers))


class Overtaken(Exception):
    """Somebody else saved after this save had read the draft. The save must start again."""


TYPED = "record.typed"
"""The kind of the event of automatic saves."""

SHARED_FOR = timedelta(hours=1)
"""How long the automatic saves of one person in one draft share an event."""


def store(
    *,
    db: Database,
    actor: Actor,
    draft: Draft,
    report: Report,
    today: date,
    automatic: bool = False,
    now: datetime | None = None,
) -> Draft:
    """Store every part of a draft, with the cards that are made of it.

    A save that nobody pressed a button for stores the draft alone. The cards, and what stands of the record in plain
    columns, follow when the person goes on to another page, so that a slip of the finger is not at the council.

    Sections that did not change are sealed again as well. If only some rows changed, the table or a comparison of two
    backups would tell which sections somebody wrote in, and so which learner has a plan.

    Args:
        draft: the draft as it is to be.
        report: the errors and gaps in it.
        automatic: whether nobody pressed a button for it.
        now: the time of the save; None for the present one.

    Returns:
        The draft as it is stored then.

    Raises:
        Overtaken: somebody else has saved since it was opened. Nothing was stored.
    """
    now = now or datetime.now(UTC)
    plaintexts = draft.plaintexts
    sealed = _sealed(db=db, actor=actor, draft=draft, plaintexts=plaintexts, now=now)
    prepared: tuple[cards.PreparedCard, ...] = ()
    if draft.owner == "transition" and not automatic:
        with db.read() as session:
            prepared = school_cards.prepare(
                session, actor=actor, answers=draft, report=report, today=today, now=now
            )
    keys = draft.keys
    with db.write() as session:
        if isinstance(sealed, NewKeys):
            lock_grants(session, [draft.revision_id])
        # The cards are made of all sections, so all sections must be as they were read.
        if parts.locked_tags(session, draft.revision_id) != draft.row_tags:
            raise Overtaken
        if isinstance(sealed, NewKeys):
            row_tags = sealed.store(session, part_ids=draft.part_ids)
            keys = sealed.keys
        else:
            row_tags = parts.replace(session, {draft.part_ids[name]: body for name, body in sealed.items()})
        record = session.get_one(Record, draft.record_id)
        record.changed_at = now
        if draft.owner == "transition":
            record.started = True
            if automatic:
                record.typed_by = actor.principal_id
            else:
                note_progress(record, report)
        cards.store(session, prepared)
        if not automatic:
            actor.note(session, "record.saved", record=draft.record_id, owner=draft.owner)
        elif not _noted_lately(session, actor=actor, draft=draft, now=now):
            actor.note(session, TYPED, record=draft.record_id, owner=draft.owner)
    return replace(
        draft,
        tags=content_tags(actor, binding=draft.binding, keys=keys, plaintexts=plaintexts),
        row_tags={name: row_tags[part_id] for name, part_id in draft.part_ids.items()},
        keys=keys,
        outdated=False,
    )


def note_progress(record: Record, report: Report) -> None:
    """Write down in plain columns how complete a record is. Its cards are written with it, so nothing waits then."""
    record.complete = report.complete
    record.everybody_gaps = len(report.everybody_gaps)
    record.typed_by = None


def _noted_lately(session: Session, *, actor: Actor, draft: Draft, now: datetime) -> bool:
    """Whether an event of the last hour tells already that the person types in this draft."""
    lately = session.scalars(
        select(Event).where(
            Event.organisation_id == actor.organisation_id,
            Event.at > now - SHARED_FOR,
            Event.body.contains(f'"kind":"{TYPED}"'),
            Event.body.contains(str(draft.record_id)),
        )
    )
    for row in lately:
        with suppress(Unreadable):
            action = events.read(row)
            about = (action.principal_id, action.about.get("record"), action.about.get("owner"))
            if about == (actor.principal_id, str(draft.record_id), draft.owner):
                return True
    return False


def _sealed(
    *, db: Database, actor: Actor, draft: Draft, plaintexts: Mapping[str, bytes], now: datetime
) -> Mapping[str, bytes] | NewKeys:
    """The sections under the keys that the draft has, or under new ones if somebody else may know those."""
    if not draft.outdated:
        return {
            name: parts.reseal(
                binding=draft.binding,
                name=name,
                key=draft.keys[name],
                plaintext=values,
                least=room_of(draft.version, name),
            )
            for name, values in plaintexts.items()
        }
    with db.read() as session:
        trust = trust_of(session, actor)
        grantees = owner_teams(session, actor=actor, trust=trust, owner=draft.owner)
    return new_keys(
        binding=draft.binding,
        version=draft.version,
        owner=draft.owner,
        plaintexts=plaintexts,
        grantor=actor.require(draft.owner),
        grantees=grantees,
        now=now,
    )
