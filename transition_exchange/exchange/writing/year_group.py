"""Confirming for a whole year group what is the same for nearly everybody. It fills only what nobody has answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from transition_exchange.exchange import school_calendar
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Conflict, Refused
from transition_exchange.exchange.records.answers import Answers
from transition_exchange.exchange.steps import Step, take
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.exchange.writing.saving import save_sections
from transition_exchange.proforma import Statement, Version, asked, read_section
from transition_exchange.store.database import Database

OWNER = "transition"
STEP = 10
"""How many records one step takes."""


def confirmed(
    chosen: Sequence[Statement], typed: Mapping[str, Mapping[str, Any]], version: Version
) -> Answers:
    """The answers that the chosen statements stand for, with what was typed once for everybody.

    Args:
        chosen: the chosen statements.
        typed: the values that their questions got, by section and field.
        version: the version in which the records are written.

    Raises:
        Refused: something typed is wrong or missing; `fields` says where.
    """
    answers: Answers = {}
    problems: dict[str, str] = {}
    for statement in chosen:
        for path, value in statement.answers.items():
            section, name = path.split(".")
            answers.setdefault(section, {})[name] = value
        for path in statement.asks:
            section, name = path.split(".")
            value = typed.get(section, {}).get(name)
            if value is None:
                problems[path] = f"Answer “{version.question(path).label}”"
            else:
                answers.setdefault(section, {})[name] = value
    for section, values in answers.items():
        for finding in read_section(version, section, values).errors:
            problems.setdefault(finding.form_name, finding.message)
    if problems:
        raise Refused("Something is missing or wrong.", problems)
    return answers


def filled(draft: Draft, answers: Mapping[str, Mapping[str, Any]]) -> Answers:
    """The sections of a draft that change when the answers fill what nobody has answered.

    A question that has an answer, a reason or a place in an attachment is left alone, and so is one that is not asked
    of this learner.

    Args:
        draft: the draft.
        answers: the answers, by section and field.

    Returns:
        The changed sections with all of their fields.
    """
    known = {section.name for section in draft.version.sections}
    merged: Answers = {name: dict(values) for name, values in draft.answers.items()}
    fresh: list[tuple[str, str]] = []
    for section, values in answers.items():
        if section not in known or section not in merged:
            continue
        written = merged[section]
        for name, value in values.items():
            answered_otherwise = {**written.get("_reasons", {}), **written.get("_attached", {})}
            if name not in written and name not in answered_otherwise:
                written[name] = value
                fresh.append((section, name))
    paths = asked(draft.version, merged)
    for section, name in fresh:
        if f"{section}.{name}" not in paths:
            del merged[section][name]
    return {name: values for name, values in merged.items() if values != draft.answers[name]}


def step(
    *,
    db: Database,
    actor: Actor,
    record_ids: Sequence[UUID],
    answers: Mapping[str, Mapping[str, Any]],
    limit: int = STEP,
    today: date | None = None,
) -> Step:
    """Fill the next few records. Each is a transaction of its own, and filling one twice changes nothing.

    Args:
        record_ids: the records that are still to be filled, in order.
        answers: the answers that `confirmed` returned.
        limit: how many records to take.

    Raises:
        NotAllowed: the actor is not in the transition team.
        NotFound: a record is unknown or belongs to another school.
        Tampered: as `open_draft`.
    """
    actor.require(OWNER)
    day = today or school_calendar.today()

    def act(record_id: UUID) -> str:
        return _fill(
            db=db,
            actor=actor,
            record_id=record_id,
            answers=answers,
            today=day,
        )

    return take(record_ids, limit=limit, act=act)


def _fill(
    *, db: Database, actor: Actor, record_id: UUID, answers: Mapping[str, Mapping[str, Any]], today: date
) -> str:
    """Fill one record. Returns why it was skipped; empty if it was not."""
    draft = open_draft(db=db, actor=actor, record_id=record_id, owner=OWNER)
    raw = filled(draft, answers)
    if not raw:
        return ""
    try:
        saved = save_sections(db=db, actor=actor, draft=draft, raw=raw, today=today)
    except Conflict:
        return "Somebody else was changing this record. Try again for this learner."
    if saved.errors:
        messages = " ".join(finding.message for finding in saved.errors)
        return f"Something in it is wrong. Open it and correct it: {messages}"
    return ""
