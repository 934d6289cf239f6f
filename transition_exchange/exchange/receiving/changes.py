"""What changed between two versions of a pack that a team has opened, as far as it could read both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.receiving.opening import Received
from transition_exchange.exchange.receiving.receipts import own_transfer
from transition_exchange.exchange.records.answers import Answers
from transition_exchange.exchange.records.revisions import open_revision
from transition_exchange.proforma import ShownItem, Version, show
from transition_exchange.store.database import Database
from transition_exchange.store.models import Revision


@dataclass(frozen=True)
class Change:
    """One answer that is new, gone or different.

    Attributes:
        section: the name of the section.
        title: the title of the section.
        label: the question.
        before: the earlier answer as pages show it; None if there was none.
        after: the answer now; None if there is none.
    """

    section: str
    title: str
    label: str
    before: ShownItem | None = field(repr=False)
    after: ShownItem | None = field(repr=False)


def changes_since_last(*, db: Database, actor: Actor, received: Received) -> tuple[Change, ...]:
    """What is different from the version that the team had opened before, for each owner.

    A version between them that the team never opened is not looked at: what is new is new since the team last looked.

    Args:
        received: the pack as the team reads it.

    Returns:
        The changes; none for the first version of an owner that the team opened.

    Raises:
        NotFound: the transfer was recalled, or the team's grant of the earlier version was withdrawn.
        Tampered: the earlier version is not what its owner released.
    """
    changes: list[Change] = []
    for owner, opening in received.openings.items():
        earlier = received.opened_before.get(owner)
        if earlier is None:
            continue
        before = _answers_of(db=db, actor=actor, received=received, revision_id=earlier)
        changes += differences(received.version, before, opening.answers)
    return tuple(changes)


def _answers_of(*, db: Database, actor: Actor, received: Received, revision_id: UUID) -> Answers:
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
        ).answers


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
    return [
        Change(
            section=section,
            title=version.section(section).title,
            label=(new.get(key) or old[key]).label,
            before=old.get(key),
            after=new.get(key),
        )
        for section in sections
        for key in _questions_of(section, old, new)
        if _comparable(old.get(key)) != _comparable(new.get(key))
    ]


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
