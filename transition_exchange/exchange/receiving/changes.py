"""What changed between two versions of a pack that a team has opened, as far as it could read both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal
from uuid import UUID

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.receiving.differing import Words, rows_that_differ, words_that_differ
from transition_exchange.exchange.receiving.opening import Received
from transition_exchange.exchange.receiving.receipts import own_transfer
from transition_exchange.exchange.records.answers import Answers
from transition_exchange.exchange.records.attachments import AttachmentLabel
from transition_exchange.exchange.records.revisions import OpenRevision, open_revision
from transition_exchange.proforma import ShownItem, Version, show
from transition_exchange.proforma.saying import heading
from transition_exchange.proforma.withdrawn import withdrawn_questions
from transition_exchange.store.database import Database
from transition_exchange.store.models import Revision


@dataclass(frozen=True)
class Change:
    """One answer or document that is new, gone or different.

    Attributes:
        section: the name of the section.
        title: the title of the section.
        label: the question.
        before: the earlier answer as pages show it, of a table the rows that are gone; None if there was none.
        after: the answer now, of a table the rows that are new; None if there is none.
        words: a long text word by word, where much of it stayed.
        document: for a document, `new` or `gone`; its name is the label.
        new_section: whether the team could read nothing in this section before.
        withdrawn: `now` if what the team had read was taken back and nothing stands in its place yet, `before` if
            something does: what it had read is then neither shown nor called nothing. Else empty.
    """

    section: str
    title: str
    label: str
    before: ShownItem | None = field(repr=False)
    after: ShownItem | None = field(repr=False)
    words: tuple[Words, ...] = field(repr=False, default=())
    document: str = ""
    new_section: bool = False
    withdrawn: Literal["", "now", "before"] = ""


def changes_since_last(*, db: Database, actor: Actor, received: Received) -> tuple[Change, ...]:
    """What is different from the version that the team had opened before, for each owner.

    A version between them that the team never opened is not looked at: what is new is new since the team last looked.
    So is all of an owner's first version if the team had opened the other owner's before it.

    Args:
        received: the pack as the team reads it.

    Returns:
        The changes; none for what the team opened first.

    Raises:
        NotFound: the transfer was recalled, or the team's grant of the earlier version was withdrawn.
        Tampered: the earlier version is not what its owner released.
    """
    changes: list[Change] = []
    for owner, opening in received.openings.items():
        earlier = received.opened_before.get(owner)
        had_withdrawn = any(version.owner == owner for version in received.part.versions.withdrawn)
        if opening.withdraws is not None:
            changes += _taken_back(received.version, opening.answers)
        elif earlier is not None:
            before = _opened(db=db, actor=actor, received=received, revision_id=earlier)
            different = differences(received.version, before.answers, opening.answers)
            changes += different if before.withdraws is None else _after_withdrawal(different)
            changes += documents_that_differ(received.version, before.attachments, opening.attachments)
        elif owner in received.came_later or had_withdrawn:
            different = differences(received.version, {}, opening.answers)
            changes += _after_withdrawal(different) if had_withdrawn else different
            changes += documents_that_differ(received.version, (), opening.attachments)
    return tuple(changes)


def _taken_back(version: Version, answers: Answers) -> list[Change]:
    """What is said of a version that takes back what its readers had: of which answers, and not what they said.

    Whom to ring stands above all else on the page, and is no change of an answer.
    """
    return [
        Change(
            section=question.section,
            title=version.section(question.section).title,
            label=heading(question),
            before=None,
            after=None,
            withdrawn="now",
        )
        for question in withdrawn_questions(version, answers)
    ]


def _after_withdrawal(changes: Sequence[Change]) -> list[Change]:
    """The changes since what the team had read was taken back. What that was can be compared with nothing any more."""
    return [
        replace(change, withdrawn="before", new_section=False) if change.before is None else change
        for change in changes
    ]


def _opened(*, db: Database, actor: Actor, received: Received, revision_id: UUID) -> OpenRevision:
    with db.read() as session:
        _, record = own_transfer(session, actor, received.transfer_id)
        return open_revision(
            session,
            actor=actor,
            trust=trust_of(session, actor),
            record=record,
            revision=session.get_one(Revision, revision_id),
            transfer_id=received.transfer_id,
            team_id=received.team.id,
        )


def documents_that_differ(
    version: Version, before: Sequence[AttachmentLabel], after: Sequence[AttachmentLabel]
) -> list[Change]:
    """The documents that came and went between two versions.

    Args:
        version: the version of the pro-forma.
        before: the labels of the earlier version's documents.
        after: the labels of those now.
    """
    old, new = ({label.document for label in labels} for labels in (before, after))
    changed = [("new", label) for label in after if label.document not in old]
    changed += [("gone", label) for label in before if label.document not in new]
    kinds = {kind.code: kind for kind in version.attachment_kinds}
    return [
        Change(
            section=kinds[label.kind].section,
            title=kinds[label.kind].label,
            label=label.name,
            before=None,
            after=None,
            document=what,
        )
        for what, label in changed
    ]


def differences(version: Version, before: Answers, after: Answers) -> list[Change]:
    """The answers that differ between two versions of the same sections, in reading order.

    Who completed the form, and when, is left out, because it differs every time.

    Args:
        version: the version of the pro-forma in which both are written.
        before: the earlier values, by section and field.
        after: the values now, by section and field.
    """
    sections = [name for name in {**before, **after} if name != "assurance"]
    sections.sort(key=lambda name: version.section(name).reader_order)
    old, new = _shown(version, before, sections), _shown(version, after, sections)
    had = {section for section, _ in old}
    changes = []
    for section in sections:
        for key in _questions_of(section, old, new):
            if _comparable(old.get(key)) == _comparable(new.get(key)):
                continue
            gone, come = rows_that_differ(old.get(key), new.get(key))
            changes.append(
                Change(
                    section=section,
                    title=version.section(section).title,
                    label=(new.get(key) or old[key]).label,
                    before=gone,
                    after=come,
                    words=words_that_differ(gone, come),
                    new_section=section not in had,
                )
            )
    return changes


_Shown = Mapping[tuple[str, str], ShownItem]
"""Answers as pages show them, by section and question."""


def _shown(version: Version, answers: Answers, sections: Sequence[str]) -> _Shown:
    present = [name for name in sections if name in answers]
    return {
        (section.name, item.question.name): item
        for section in show(version, answers, present, released=True)
        for item in section.items
    }


def _questions_of(section: str, old: _Shown, new: _Shown) -> list[tuple[str, str]]:
    return [key for key in {**new, **old} if key[0] == section]


def _comparable(item: ShownItem | None) -> object:
    return None if item is None else (item.text, item.paragraphs, item.rows)
