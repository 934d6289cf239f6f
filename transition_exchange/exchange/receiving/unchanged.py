"""Newer versions in which nothing changed for a team since it last looked.

They wait for nobody to read them: the record stays as it was on the team's pages. No receipt is written for them by
itself. Rows would then tell a thief for whom a version changed something, and the school that somebody has looked who
has not. A person takes note of them, of all at once.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.receiving.changes import differences, documents_that_differ
from transition_exchange.exchange.receiving.opening import transfer_part
from transition_exchange.exchange.receiving.safeguarding_part import SafeguardingPart
from transition_exchange.exchange.receiving.sent_versions import newest, opened, state_of
from transition_exchange.exchange.records.damaged_rows import DAMAGED
from transition_exchange.exchange.records.revisions import OpenRevision, open_revision
from transition_exchange.proforma import load
from transition_exchange.store.models import Record, Revision
from transition_exchange.stored_text import UnreadableText, read_object

SAID_BESIDE = ("missing", "not_attached", "cannot_be_used")
"""What a team is told beside answers and documents: gaps, with the writer's reasons, and what cannot be used."""

Alike = MutableMapping[tuple[UUID, UUID, UUID], bool]
"""Whether two versions say the same to a team, by transfer and both versions. A version never changes."""


@dataclass(frozen=True)
class NewerVersion:
    """A version in which nothing changed for a team.

    Attributes:
        owner: the sending purpose that released it.
        number: its number among that owner's versions.
        before: the version of the same owner that the team had opened last.
    """

    owner: str
    number: int
    revision_id: UUID
    before: UUID


@dataclass(frozen=True)
class Unchanged:
    """What a team was sent since it last looked, if nothing in any of it changed for the team.

    Attributes:
        state: the state in which the record stays: `opened` or `acknowledged`.
        versions: the newer versions; none if something changed or nothing is newer.
        besides: as `SafeguardingPart.besides`: it is written down with the others.
    """

    state: str = ""
    versions: tuple[NewerVersion, ...] = ()
    besides: UUID | None = None

    def __bool__(self) -> bool:
        """Whether there are such versions."""
        return bool(self.versions)


NOTHING_NEWER = Unchanged()
"""What stands for it if something changed, or nothing is newer."""


def unchanged_since(
    session: Session,
    *,
    actor: Actor,
    trust: Trust,
    team: OpenTeam,
    record: Record,
    transfer_id: UUID,
    part: SafeguardingPart,
    kept: Alike | None = None,
) -> Unchanged:
    """The newer versions of a transfer, if nothing in them changed for a team. Nothing is written.

    Only a record that would read "changed" is looked into. What cannot be opened or is not certain has changed.

    Args:
        trust: which keys the session trusts.
        team: the team.
        record: the transfer's record.
        transfer_id: the transfer.
        part: what of the transfer concerns the team.
        kept: where a list keeps what it has compared.
    """
    versions = part.versions
    if versions.doubtful or not versions.signed or state_of(versions.signed) != "changed":
        return NOTHING_NEWER
    read = {version.owner: version for version in newest(opened(versions.signed))}
    newer: list[NewerVersion] = []
    for receipt, owner, number in newest(versions.signed):
        if receipt.opened_at is not None:
            continue
        if owner not in read:
            return NOTHING_NEWER
        before = read[owner].receipt.revision_id
        newer.append(NewerVersion(owner, number, receipt.revision_id, before))
    known = {} if kept is None else kept
    for version in newer:
        place = (transfer_id, version.before, version.revision_id)
        if place not in known:
            try:
                known[place] = _alike(session, actor, trust, team, record, place)
            except (*DAMAGED, UnreadableText):
                return NOTHING_NEWER
        if not known[place]:
            return NOTHING_NEWER
    return Unchanged(state_of(opened(versions.signed)), tuple(newer), part.besides)


def _alike(
    session: Session,
    actor: Actor,
    trust: Trust,
    team: OpenTeam,
    record: Record,
    place: tuple[UUID, UUID, UUID],
) -> bool:
    transfer_id, *both = place
    before, after = (
        open_revision(
            session,
            actor=actor,
            trust=trust,
            record=record,
            revision=session.get_one(Revision, revision_id),
            transfer_id=transfer_id,
            team_id=team.id,
        )
        for revision_id in both
    )
    if before.withdraws is not None or after.withdraws is not None:
        return False
    version = load(record.version)
    return (
        not differences(version, before.answers, after.answers)
        and not documents_that_differ(version, before.attachments, after.attachments)
        and _said_beside(session, record, team, before) == _said_beside(session, record, team, after)
    )


def _said_beside(session: Session, record: Record, team: OpenTeam, opening: OpenRevision) -> Sequence[object]:
    data: Mapping[str, Any] = read_object(
        transfer_part(session, record=record, opening=opening, kind="data", team=team)
    )
    return [data.get(name) or [] for name in SAID_BESIDE]
