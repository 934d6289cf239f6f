"""Records in which every text is a word found nowhere else, so that a test can tell who got what."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from transition_exchange.packs.content import Attached, PackContent, build
from transition_exchange.proforma import Access, Question, Version, check, destinations, load
from transition_exchange.sample.young_people.learners import SampleLearner, learners

NOW = datetime(2027, 6, 3, 13, 5, tzinfo=UTC)
VERSIONS = ("core/2026.1", "core/2027.1")
PURPOSES = ("admissions", "learning_support", "safeguarding", "exams")
Answers = dict[str, dict[str, Any]]


def sample(version: str, provision: str) -> SampleLearner:
    """The sample's learner with the most to say, among the complete ones of a version and a provision."""
    complete = (
        learner
        for learner in learners(today=NOW.date())
        if learner.version == version and learner.stage == "complete" and learner.provision == provision
    )
    return max(complete, key=lambda learner: len(str(learner.answers)))


def answers_of(learner: SampleLearner) -> Answers:
    """All sections of a learner as a release has them, the destination of one transfer among them."""
    answers: Answers = {**copy.deepcopy(learner.answers), **copy.deepcopy(learner.safeguarding)}
    for row in destinations.rows(answers)[:1]:
        answers |= destinations.own(load(learner.version), row, answers)
    return answers


@dataclass
class Marked:
    """A record whose texts are marks, and which mark stands where."""

    version: Version
    answers: Answers
    attachments: tuple[Attached, ...]
    marks: dict[str, str] = field(default_factory=dict)
    """mark → section."""

    def of(self, sections: Sequence[str]) -> set[str]:
        """The marks in these sections."""
        return {mark for mark, section in self.marks.items() if section in sections}


def marked(version: str, provision: str = "E") -> Marked:
    """The fullest sample learner of a version, with a mark in place of every text."""
    learner = sample(version, provision)
    record = Marked(
        load(version),
        answers_of(learner),
        tuple(Attached(document.kind, document.dated, document.pages) for document in learner.attachments),
    )
    for question, holder in _texts(record.version, record.answers):
        mark = f"Zq{len(record.marks):03}wj"
        record.marks[mark] = question.section
        holder[question.name] = mark
    return record


def _texts(version: Version, answers: Answers) -> Iterator[tuple[Question, dict[str, Any]]]:
    for section in version.sections:
        values = answers.get(section.name, {})
        for question in section.questions:
            if question.kind in ("text", "long_text") and question.name in values:
                yield question, values
            for row in values.get(question.name, []) if question.kind == "rows" else []:
                for column in question.rows:
                    if column.kind in ("text", "long_text") and column.name in row:
                        yield replace(column, section=section.name), row


def pack(
    version: Version,
    answers: Answers,
    *,
    purposes: Sequence[str] = ("learning_support",),
    attachments: Sequence[Attached] = (),
    learner_name: str = "Amina Testlearner",
    owner: str | None = None,
    readers: Sequence[str] = ("Learning support",),
    withdraws: int | None = None,
) -> PackContent:
    """A pack of these answers, as a school would send it."""
    return build(
        Access.to_record(version, answers, purposes, owner=owner),
        answers,
        report=check(
            version,
            answers,
            today=NOW.date(),
            attachments=[{"id": str(place), "kind": one.kind} for place, one in enumerate(attachments)],
        ),
        learner_name=learner_name,
        from_school="Thornfield Academy",
        to_provider="Rother Valley College",
        readers=readers,
        version_number=2,
        sent_at=NOW,
        attachments=attachments,
        withdraws=withdraws,
    )
