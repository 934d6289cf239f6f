"""Saving a page of the form: what is right is saved, what is wrong rests and is shown again with what was typed.

Whoever writes a page says which questions they changed, and what stood there when they began. So two people who write
in one section lose nothing of each other, and whoever writes where somebody else has written meanwhile overwrites
nothing: what they typed rests beside it until a person has seen both.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from transition_exchange.exchange import school_calendar
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Conflict, NotFound
from transition_exchange.exchange.records.answers import Answers
from transition_exchange.exchange.writing import needed
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.exchange.writing.resealing import Overtaken
from transition_exchange.exchange.writing.saving import (
    ATTEMPTS,
    Saved,
    store,
    written_by,
)
from transition_exchange.exchange.writing.unsaved import Resting, Unsaved, put, short_digest, typed_at
from transition_exchange.proforma import Finding, Report, read_section
from transition_exchange.store.database import Database


@dataclass(frozen=True)
class TypedPage:
    """What somebody typed on a page.

    Attributes:
        answers: the raw answers, by section and field.
        changed: the questions (`section.field`) that they changed. One without an answer was emptied.
        was: a digest (`digest`) of what was saved in answer to each of them when they began, by question.
        given_up: the questions in which they saw something that rests, and put back what was saved. Each with the
            digest of what they saw (`Unsaved.digest`): something else that rests there by now stays.
    """

    answers: Answers = field(repr=False)
    changed: frozenset[str]
    was: Mapping[str, str]
    given_up: Mapping[str, str] = field(default_factory=dict)


def digest(values: Mapping[str, Any], name: str) -> str:
    """A digest of the answer to a question, with what stands beside it, to tell whether it is still the same.

    Args:
        values: the answers of its section as they are saved.
        name: the question's name in the section.
    """
    return short_digest(typed_at(values, name))


def save_page(
    *,
    db: Database,
    actor: Actor,
    draft: Draft,
    typed: TypedPage,
    automatic: bool = False,
    today: date | None = None,
) -> Saved:
    """Check what was typed on a page, save what is right, and keep the rest beside it.

    A wrong answer rests. Where answers contradict one another, those of them that were typed now rest together. What
    somebody else has saved since the writer began is not overwritten: what was typed rests with who that was. The
    learner's legal names and date of birth are not emptied.

    Args:
        draft: the owner's draft as the actor opened it for this. If somebody else has saved since, it is opened again.
        typed: what was typed.
        automatic: whether nobody pressed a button for it (`saving.store`). Then what met somebody else's answer goes on
            resting: nobody has looked at both.

    Returns:
        The draft with what rests in it, and what is wrong.

    Raises:
        NotFound: as `open_draft`, or a question is not one of the owner's.
        NotAllowed: as `open_draft`.
        Tampered: as `open_draft`.
        Conflict: `ATTEMPTS` saves of others came first. Nothing was saved.
    """
    actor.require(draft.owner)
    today = today or school_calendar.today()
    for attempt in range(ATTEMPTS):
        if attempt:
            draft = open_draft(db=db, actor=actor, record_id=draft.record_id, owner=draft.owner)
        with suppress(Overtaken):
            return _save_once(db=db, actor=actor, draft=draft, typed=typed, automatic=automatic, today=today)
    raise Conflict(sorted({_section(path) for path in typed.changed}))


def _save_once(
    *, db: Database, actor: Actor, draft: Draft, typed: TypedPage, automatic: bool, today: date
) -> Saved:
    merge = _Merge(draft, typed, automatic=automatic, today=today)
    rests = merge.resting(actor, datetime.now(UTC))
    merged = replace(draft, answers=merge.answers, resting=rests)
    written = [name for name, values in merge.answers.items() if values != draft.answers[name]]
    if written or not _alike(rests, draft.resting):
        merged = store(
            db=db,
            actor=actor,
            draft=written_by(actor, merged, written),
            report=merge.report,
            today=today,
            automatic=automatic,
        )
    return Saved(merged, merge.report, tuple(merge.errors))


class _Merge:
    """A draft with what was typed put into it, as far as it can be.

    Attributes:
        answers: all sections as they are to be saved.
        errors: what is wrong in what was typed.
        met: the changed questions in which something else was saved since the writer began.
        report: the errors and gaps in `answers`.
    """

    def __init__(self, draft: Draft, typed: TypedPage, *, automatic: bool, today: date) -> None:
        self._draft, self._typed, self._today = draft, typed, today
        rests = draft.resting.answers if automatic else {}
        self._still_met = {path for path, unsaved in rests.items() if unsaved.met}
        self.errors: list[Finding] = []
        self._read = self._read_sections()
        self.met = {path for path in typed.changed if self._meets(path)}
        wrong = {path for finding in self.errors for path in finding.questions}
        self._rests = (wrong | self.met) & typed.changed
        self.answers, self.report = self._settled()

    def _read_sections(self) -> Answers:
        """What was typed, as far as it is right by itself, by section and field."""
        read_answers: Answers = {}
        for section in sorted({_section(path) for path in self._typed.changed}):
            if section not in self._draft.answers:
                raise NotFound
            read = read_section(
                self._draft.version, section, self._typed.answers.get(section, {}), today=self._today
            )
            read_answers[section] = read.values
            self.errors += [
                finding for finding in read.errors if self._typed.changed.intersection(finding.questions)
            ]
        return read_answers

    def _meets(self, path: str) -> bool:
        section, name = _section(path), _name(path)
        now = digest(self._draft.answers[section], name)
        if digest(self._read[section], name) == now:
            return False
        return path in self._still_met or self._typed.was.get(path) != now

    def _settled(self) -> tuple[Answers, Report]:
        """The answers with all that can be saved put in, and their report.

        Each time a rule finds that answers contradict one another, those of them that were typed now are taken out.
        """
        while True:
            answers = self._put_in()
            report = replace(self._draft, answers=answers).report(self._today)
            contradicting = [
                finding
                for finding in report.errors
                if self._typed.changed.difference(self._rests).intersection(finding.questions)
            ]
            if not contradicting:
                return answers, report
            self.errors += contradicting
            self._rests |= self._typed.changed.intersection(
                path for finding in contradicting for path in finding.questions
            )

    def _put_in(self) -> Answers:
        answers = {name: dict(values) for name, values in self._draft.answers.items()}
        for path in self._typed.changed - self._rests:
            section, name = _section(path), _name(path)
            put(answers[section], name, typed_at(self._read[section], name))
        if needed.SECTION in self._read:
            self._keep_what_is_needed(answers[needed.SECTION])
        return answers

    def _keep_what_is_needed(self, learner: dict[str, Any]) -> None:
        """Leave the legal names and the date of birth as they were where they were emptied."""
        for finding in needed.missing(learner, self.errors):
            self.errors.append(finding)
            self._rests |= {finding.question}
            put(learner, finding.field, typed_at(self._draft.answers[finding.section], finding.field))

    def resting(self, actor: Actor, now: datetime) -> Resting:
        """All that rests in the draft then."""
        before = self._draft.resting
        kept = {
            path: unsaved
            for path, unsaved in before.answers.items()
            if path not in self._typed.changed and self._typed.given_up.get(path) != unsaved.digest
        }
        for path in sorted(self._rests):
            section, name = _section(path), _name(path)
            raw = typed_at(self._typed.answers.get(section, {}), name)
            met = before.writers.get(section, actor.principal_id) if path in self.met else None
            unsaved = Unsaved(raw, by=actor.principal_id, at=now, met=met)
            if raw or met:
                kept[path] = before.answers[path] if unsaved.same_as(before.answers.get(path)) else unsaved
        return replace(before, answers=kept)


def _alike(one: Resting, other: Resting) -> bool:
    return one.answers == other.answers


def _section(path: str) -> str:
    return path.partition(".")[0]


def _name(path: str) -> str:
    return path.partition(".")[2]
