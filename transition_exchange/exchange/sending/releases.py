"""Releases: an owner's sections encrypted afresh under new keys, their digests signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.records import grants, parts
from transition_exchange.exchange.records.answers import Answers, plaintext, room
from transition_exchange.exchange.records.attachments import (
    AttachmentAbout,
)
from transition_exchange.exchange.records.revisions import manifest_digest, open_revision
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.proforma import asked_answers
from transition_exchange.sealing import manifests
from transition_exchange.store.models import Grant, Record, Revision, TeamKey


@dataclass(frozen=True)
class Released:
    """A released revision, open in its owner's hands.

    Attributes:
        answers: what was released, by section: what was asked, and nothing else.
        keys: the keys of every section and attachment part, by part name.
        digests: what the ciphertexts hash to, by part name, as the manifest says.
    """

    record_id: UUID
    revision_id: UUID
    owner: str
    number: int
    version: str
    released_at: datetime
    manifest_digest: str
    answers: Answers = field(repr=False)
    keys: Mapping[str, bytes] = field(repr=False)
    digests: Mapping[str, str] = field(repr=False)
    attachments: tuple[AttachmentAbout, ...] = ()


@dataclass(frozen=True)
class NewRelease:
    """A release ready to be stored."""

    released: Released
    revision: Revision
    sections: Sequence[parts.SealedPart] = field(repr=False)
    own_grant: Grant = field(repr=False)

    def store(self, session: Session) -> None:
        session.add(self.revision)
        session.flush()
        for part in self.sections:
            part.store(
                session,
                record_id=self.revision.record_id,
                revision_id=self.revision.id,
            )
        session.add(self.own_grant)


def released_answers(draft: Draft) -> Answers:
    """What a release of a draft holds: every section that goes into a pack, in it only what the pro-forma asks."""
    names = tuple(name for name in draft.answers if draft.version.section(name).in_pack)
    return {name: {} for name in names} | dict(asked_answers(draft.version, draft.answers, names))


def new_release(
    *,
    draft: Draft,
    team: OpenTeam,
    own_key: TeamKey,
    answers: Answers,
    before: Revision | None,
    actor: Actor,
    now: datetime,
) -> NewRelease:
    """Seal an owner's sections afresh, sign the digests, and grant them to the owner's own team.

    Args:
        before: the owner's newest revision, which the manifest names.
    """
    number = before.number + 1 if before else 1
    revision_id = uuid4()
    place = parts.Place(
        area=draft.area_id, record=draft.record_id, revision=revision_id, version=draft.version.name
    )
    sealed = [
        parts.seal(place, name, plaintext(values), least=room(draft.version.section(name)))
        for name, values in answers.items()
    ]
    keys = dict(parts.keys_of(sealed))
    digests = {part.name: part.digest for part in sealed}
    for attachment in draft.attachments:
        keys |= attachment.keys
        digests |= attachment.digests
    manifest = manifests.Manifest(
        area=str(draft.area_id),
        record=str(draft.record_id),
        revision=str(revision_id),
        owner=draft.owner,
        number=number,
        version=draft.version.name,
        released_at=now.isoformat(),
        parts=digests,
        previous=manifest_digest(before) if before else None,
    )
    revision = Revision(
        id=revision_id,
        record_id=draft.record_id,
        owner=draft.owner,
        number=number,
        released_at=now,
        released_by=actor.principal_id,
        team_key_id=team.key_id,
        manifest=manifest.text(),
        signature=manifest.sign(team.secret.signing),
    )
    own_grant = grants.make(
        grantor=team,
        grantee=own_key,
        record_id=draft.record_id,
        revision_id=revision_id,
        keys=keys,
        digests={},
        manifest_digest=manifest.digest(),
        now=now,
    )
    released = Released(
        record_id=draft.record_id,
        revision_id=revision_id,
        owner=draft.owner,
        number=number,
        version=draft.version.name,
        released_at=now,
        manifest_digest=manifest.digest(),
        answers=answers,
        keys=keys,
        digests=digests,
        attachments=draft.attachments,
    )
    return NewRelease(released=released, revision=revision, sections=sealed, own_grant=own_grant)


def open_released(
    session: Session, *, actor: Actor, trust: Trust, record: Record, revision: Revision
) -> Released:
    """A released revision, opened by its own school's team, so that it can be granted again.

    Raises:
        NotFound, Tampered: as `open_revision`.
    """
    opening = open_revision(session, actor=actor, trust=trust, record=record, revision=revision)
    assert revision.released_at is not None
    return Released(
        record_id=record.id,
        revision_id=revision.id,
        owner=revision.owner,
        number=revision.number,
        version=record.version,
        released_at=revision.released_at,
        manifest_digest=opening.manifest_digest,
        answers=opening.answers,
        keys=opening.keys,
        digests=opening.digests,
        attachments=opening.attachments,
    )
