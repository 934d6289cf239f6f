"""Saving an owner's draft, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from transition_exchange.exchange import school_calendar
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Conflict, NotFound
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records import cards, parts
from transition_exchange.exchange.records.answers import Answers, plaintext, room
from transition_exchange.exchange.records.ownership import owner_teams
from transition_exchange.exchange.writing import needed, school_cards
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.exchange.writing.new_keys import NewKeys, lock_grants, new_keys
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.proforma import Finding, read_section
from transition_exchange.store.database import Database
from transition_exchange.store.models import Record

ATTEMPTS = 5
"""How often a save starts again because somebody else saved first."""


@dataclass(frozen=True)
class Saved:
    """The result of a save.

    Attributes:
        draft: the draft as it is now.
        errors: what is wrong with what was typed. If there are any errors, nothing was saved.
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
    """Check what was typed into some sections and, if nothing is wrong with it, save it.

    Gaps are allowed, but the learner's legal names and date of birth cannot be emptied.

    Args:
        record_id: the record.
        raw: what was typed, by section and field. It takes the place of the whole section: whoever has only some of
            its fields must add the stored values of the others.
        tags: the tags of the sections when the writer opened them, by section (`Draft.tags`).
        owner: the sending purpose that writes the sections.

    Raises:
        NotFound: as `open_draft`, or a section is not one of the owner's.
        NotAllowed: as `open_draft`.
        Tampered: as `open_draft`.
        Conflict: somebody else has saved other values in one of the sections, or `ATTEMPTS` saves came first. Nothing
            was saved.
    """
    today = today or school_calendar.today()
    for _ in range(ATTEMPTS):
        try:
            return _save_once(
                db=db, actor=actor, record_id=record_id, raw=raw, tags=tags, owner=owner, today=today
            )
        except _Overtaken:
            continue
    raise Conflict(list(raw))


def _save_once(
    *,
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
        read = read_section(draft.version, section, typed, today=today)
        values[section] = read.values
        errors += read.errors
    merged = replace(draft, answers=draft.answers | values)
    errors += [
        finding
        for finding in merged.report(today).errors
        if finding.section in values and finding not in errors
    ]
    if needed.SECTION in values:
        errors += needed.missing(values[needed.SECTION], errors)
    if errors:
        return Saved(draft=draft, errors=tuple(errors))
    changed = [name for name, fields in values.items() if fields != draft.answers[name]]
    clashes = [name for name in changed if tags.get(name) != draft.tags[name]]
    if clashes:
        raise Conflict(clashes)
    if changed:
        _store(db=db, actor=actor, draft=merged, today=today)
    return Saved(draft=open_draft(db=db, actor=actor, record_id=record_id, owner=owner))


class _Overtaken(Exception):
    """Somebody else saved after this save had read the draft. The save must start again."""


def _store(*, db: Database, actor: Actor, draft: Draft, today: date) -> None:
    """Store every section of a draft, with the cards that are made of it.

    Sections that did not change are sealed again as well. If only some rows changed, the table or a comparison of two
    backups would tell which sections somebody wrote in, and so which learner has a plan.
    """
    now = datetime.now(UTC)
    report = draft.report(today)
    plaintexts = {name: plaintext(values) for name, values in draft.answers.items()}
    sealed = _sealed(db=db, actor=actor, draft=draft, plaintexts=plaintexts, now=now)
    prepared: tuple[cards.PreparedCard, ...] = ()
    if draft.owner == "transition":
        with db.read() as session:
            prepared = school_cards.prepare(
                session, actor=actor, answers=draft, report=report, today=today, now=now
            )
    with db.write() as session:
        if isinstance(sealed, NewKeys):
            lock_grants(session, [draft.revision_id])
        # The cards are made of all sections, so all sections must be as they were read.
        if parts.locked_tags(session, draft.revision_id) != draft.row_tags:
            raise _Overtaken
        if isinstance(sealed, NewKeys):
            sealed.store(session, part_ids=draft.part_ids)
        else:
            for name, body in sealed.items():
                parts.replace(session, part_id=draft.part_ids[name], body=body)
        record = session.get_one(Record, draft.record_id)
        record.changed_at = now
        if draft.owner == "transition":
            record.complete = report.complete
            record.everybody_gaps = len(report.everybody_gaps)
            record.started = True
        cards.store(session, prepared)
        actor.note(session, "record.saved", record=draft.record_id, owner=draft.owner)


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
                least=room(draft.version.section(name)),
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
