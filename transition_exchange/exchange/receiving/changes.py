"""What changed between two versions of a pack, as far as one team could read both."""

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
    """One answer that is not what it was: new, gone or different.

    Attributes:
        before, after: the answer as pages show it; None where there was or is none.
    """

    section: str
    title: str
    label: str
    before: ShownItem | None = field(repr=False)
    after: ShownItem | None = field(repr=False)


def changes_since_last(*, db: Database, actor: Actor, received: Received) -> tuple[Change, ...]:
    """What is different from the version that the team got before, owner by owner.

    Returns:
        Nothing where it is the first version.

    Raises:
        NotFound, Tampered: as opening the earlier version does.
    """
    found: list[Change] = []
    for owner, opening in received.openings.items():
        earlier = received.revisions.get(owner, ())[:-1]
        if not earlier:
            continue
        before = _answers_of(db, actor, received, earlier[-1])
        found += differences(received.version, before, opening.answers)
    return tuple(found)


def _answers_of(db: Database, actor: Actor, received: Received, revision_id: UUID) -> Answers:
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
    """The answers that differ between two released states of the same sections, in reader order.

    Who completed the form, and when, is left out: it differs every time.
    """
    sections = [name for name in {**before, **after} if name != "assurance"]
    sections.sort(key=lambda name: version.section(name).reader_order)
    old, new = _items(version, before, sections), _items(version, after, sections)
    return [
        Change(
            section=section,
            title=version.section(section).title,
            label=(new.get(key) or old[key]).label,
            before=old.get(key),
            after=new.get(key),
        )
        for section in sections
        for key in _of_section(section, old, new)
        if _said(old.get(key)) != _said(new.get(key))
    ]


Items = Mapping[tuple[str, str], ShownItem]


def _items(version: Version, answers: Answers, sections: Sequence[str]) -> Items:
    present = [name for name in sections if name in answers]
    return {
        (section.name, item.question.name): item
        for section in show(version, answers, present, released=True)
        for item in section.items
    }


def _of_section(section: str, old: Items, new: Items) -> list[tuple[str, str]]:
    return [key for key in {**new, **old} if key[0] == section]


def _said(item: ShownItem | None) -> object:
    return None if item is None else (item.text, item.paragraphs, item.rows)
