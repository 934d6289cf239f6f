"""Releases: an owner's sections encrypted afresh under new keys, their digests signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.records import grants, parts
from transition_exchange.exchange.records.answers import Answers, OwnerAnswers, plaintext, room
from transition_exchange.exchange.records.revisions import OpenRevision, manifest_digest
from transition_exchange.proforma import asked_answers
from transition_exchange.sealing import manifests
from transition_exchange.store.models import Grant, Revision, TeamKey


@dataclass(frozen=True)
class NewRelease:
    """A release ready to be stored.

    Attributes:
        opened: the new revision, open in its owner's hands.
        sections: its sealed sections.
        own_grant: the owner's own way to open it again.
    """

    opened: OpenRevision
    sections: Sequence[parts.SealedPart] = field(repr=False)
    own_grant: Grant = field(repr=False)

    def store(self, session: Session) -> None:
        """Add the revision, its sections and the owner's grant to the transaction."""
        revision = self.opened.revision
        session.add(revision)
        session.flush()
        for part in self.sections:
            part.store(session, record_id=revision.record_id, revision_id=revision.id)
        session.add(self.own_grant)


def released_answers(draft: OwnerAnswers) -> Answers:
    """What a release of a draft holds: every section that goes into a pack, in it only what the pro-forma asks."""
    names = tuple(name for name in draft.answers if draft.version.section(name).in_pack)
    return {name: {} for name in names} | dict(asked_answers(draft.version, draft.answers, names))


def new_release(
    *,
    draft: OwnerAnswers,
    team: OpenTeam,
    own_key: TeamKey,
    answers: Answers,
    before: Revision | None,
    actor: Actor,
    now: datetime,
) -> NewRelease:
    """Seal an owner's sections afresh, sign the digests, and grant them to the owner's own team.

    Args:
        draft: whose record and version it is, and the attachments that go with it.
        answers: what is released, by section.
        before: the owner's newest revision, which the manifest names.
    """
    number = before.number + 1 if before else 1
    revision_id = uuid4()
    binding = parts.Binding(
        area=draft.area_id, record=draft.record_id, revision=revision_id, version=draft.version.name
    )
    sealed = [
        parts.seal(
            binding=binding,
            name=name,
            plaintext=plaintext(values),
            least=room(draft.version.section(name)),
        )
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
    opened = OpenRevision(
        revision=revision,
        answers=answers,
        attachments=draft.attachments,
        keys=keys,
        digests=digests,
        manifest_digest=manifest.digest(),
    )
    return NewRelease(opened=opened, sections=sealed, own_grant=own_grant)
