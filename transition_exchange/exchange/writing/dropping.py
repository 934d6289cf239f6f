"""Dropping for good what rests in a draft, or is kept in it though it is not asked: only when a person asks for it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date

from transition_exchange.exchange import school_calendar
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Conflict
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.exchange.writing.page_saving import digest
from transition_exchange.exchange.writing.resealing import Overtaken
from transition_exchange.exchange.writing.saving import ATTEMPTS, store, written_by
from transition_exchange.exchange.writing.unsaved import put
from transition_exchange.proforma import not_asked
from transition_exchange.store.database import Database


def throw_away(
    *,
    db: Database,
    actor: Actor,
    draft: Draft,
    sections: Collection[str],
    shown: Mapping[str, str],
    today: date | None = None,
) -> Draft:
    """Throw away what was typed into some sections and is not saved, as far as the actor has seen it.

    What is saved there stays.

    Args:
        draft: the owner's draft as the actor opened it for this. If somebody else has saved since, it is opened again.
        sections: the sections.
        shown: the questions in which something rested when the actor looked, each with its digest (`Unsaved.digest`).

    Returns:
        The draft without it.

    Raises:
        NotAllowed: the actor is not in the owner's team.
        Conflict: `ATTEMPTS` saves of others came first. Nothing was thrown away.
    """

    def without(draft: Draft) -> Draft:
        gone = {
            path for path, unsaved in draft.resting.of(sections).items() if unsaved.digest == shown.get(path)
        }
        kept = {path: unsaved for path, unsaved in draft.resting.answers.items() if path not in gone}
        return replace(draft, resting=replace(draft.resting, answers=kept))

    return _rewrite(db=db, actor=actor, draft=draft, change=without, sections=sections, today=today)


def delete_not_asked(
    *, db: Database, actor: Actor, draft: Draft, shown: Mapping[str, str], today: date | None = None
) -> Draft:
    """Delete what was answered to some questions and is not asked any more (`proforma.not_asked`).

    Args:
        draft: as for `throw_away`.
        shown: the questions, each with the digest of what was saved there when the actor looked at it
            (`page_saving.digest`). What was saved there since stays.

    Returns:
        The draft without it.

    Raises:
        NotAllowed: the actor is not in the owner's team.
        Conflict: `ATTEMPTS` saves of others came first. Nothing was deleted.
    """

    def without(draft: Draft) -> Draft:
        answers = {name: dict(values) for name, values in draft.answers.items()}
        for question in not_asked(draft.version, draft.answers):
            saved = digest(answers[question.section], question.name)
            if shown.get(question.path) == saved and not question.system:
                put(answers[question.section], question.name, {})
        written = [name for name, values in answers.items() if values != draft.answers[name]]
        return written_by(actor, replace(draft, answers=answers), written)

    return _rewrite(
        db=db,
        actor=actor,
        draft=draft,
        change=without,
        sections={path.partition(".")[0] for path in shown},
        today=today,
    )


def _rewrite(
    *,
    db: Database,
    actor: Actor,
    draft: Draft,
    change: Callable[[Draft], Draft],
    sections: Collection[str],
    today: date | None,
) -> Draft:
    actor.require(draft.owner)
    today = today or school_calendar.today()
    for attempt in range(ATTEMPTS):
        if attempt:
            draft = open_draft(db=db, actor=actor, record_id=draft.record_id, owner=draft.owner)
        changed = change(draft)
        if changed == draft:
            return draft
        with suppress(Overtaken):
            return store(db=db, actor=actor, draft=changed, report=changed.report(today), today=today)
    raise Conflict(sorted(sections))
