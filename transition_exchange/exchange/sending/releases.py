"""Releasing an owner's sections: they are sealed under new keys, and their digests are signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, KnownTeam, OpenTeam
from transition_exchange.exchange.records import grants, parts
from transition_exchange.exchange.records.answers import Answers, OwnerAnswers, plaintext, room
from transition_exchange.exchange.records.revisions import OpenRevision, manifest_digest
from transition_exchange.sealing import manifests
from transition_exchange.store.models import Grant, Revision


@dataclass(frozen=True)
class NewRelease:
    """A release, sealed and ready to be stored.

    Attributes:
        opened: the new revision, opened by its owner.
        sections: its sealed sections.
        own_grants: the grants with which the owner's teams open it later.
    """

    opened: OpenRevision
    sections: Sequence[parts.SealedPart] = field(repr=False)
    own_grants: Sequence[Grant] = field(repr=False)

    def store(self, session: Session) -> None:
        """Add the revision, its sections and the owner's grants to the transaction."""
        revision = self.opened.revision
        session.add(revision)
        session.flush()
        for part in self.sections:
            part.store(session, record_id=revision.record_id, revision_id=revision.id)
        session.add_all(self.own_grants)


def new_release(
    *,
    draft: OwnerAnswers,
    team: OpenTeam,
    owners: Sequence[KnownTeam],
    answers: Answers,
    before: Revision | None,
    actor: Actor,
    now: datetime,
    withdraws: int | None = None,
) -> NewRelease:
    """Seal an owner's sections under new keys, sign their digests, and grant them to the owner's own teams.

    Args:
        draft: the draft that is released; it names the record, the version and the attachments.
        team: the owner's team, which signs.
        owners: the owner's teams, which open it later; that team is one of them.
        answers: what is released, by section and field.
        before: the owner's newest released revision, which the manifest names; None if there is none.
        withdraws: the number of that revision if this one takes it back, with all before it; otherwise None.
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
        withdraws=withdraws,
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
    own_grants = [
        grants.make(
            grantor=team,
            grantee=owner_team,
            record_id=draft.record_id,
            owner=draft.owner,
            revision_id=revision_id,
            keys=keys,
            digests={},
            manifest_digest=manifest.digest(),
            now=now,
        )
        for owner_team in owners
    ]
    opened = OpenRevision(
        revision=revision,
        answers=answers,
        attachments=draft.attachments,
        keys=keys,
        digests=digests,
        manifest_digest=manifest.digest(),
        withdraws=withdraws,
        released_at=now,
    )
    return NewRelease(opened=opened, sections=sealed, own_grants=own_grants)
