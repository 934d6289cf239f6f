"""Releases: an owner's sections encrypted afresh under new keys, their digests signed; and what was released, read
again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange import grants, parts
from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.attachments import AttachmentAbout, about_part, content_part, read_about
from transition_exchange.exchange.drafts import Answers, Draft, plaintext, room
from transition_exchange.exchange.errors import NotFound, Tampered
from transition_exchange.exchange.trust import Trust
from transition_exchange.proforma import asked_answers
from transition_exchange.sealing import manifests
from transition_exchange.store.ciphertexts import DatabaseCiphertexts
from transition_exchange.store.models import Grant, Part, Record, Revision, TeamKey


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
                DatabaseCiphertexts(),
                record_id=self.revision.record_id,
                revision_id=self.revision.id,
            )
        session.add(self.own_grant)


def released_answers(draft: Draft) -> Answers:
    """What a release of a draft holds: every section that goes into a pack, in it only what the pro-forma asks."""
    names = tuple(name for name in draft.answers if draft.version.section(name).in_pack)
    return {name: {} for name in names} | dict(asked_answers(draft.version, draft.answers, names))


def latest(session: Session, record_id: UUID, owner: str) -> Revision | None:
    """The newest released revision of an owner's sections, or None where none was released."""
    return session.scalar(
        select(Revision)
        .where(Revision.record_id == record_id, Revision.owner == owner, Revision.number > 0)
        .order_by(Revision.number.desc())
        .limit(1)
    )


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


def manifest_digest(revision: Revision) -> str:
    """The digest of a stored manifest's exact text."""
    return parts.digest((revision.manifest or "").encode())


@dataclass(frozen=True)
class Opening:
    """One owner's revision as one team, or several of one person's, can open it.

    Attributes:
        answers: the sections that the teams were granted.
        keys, digests: of all that was granted, sections, attachments and the transfer's own parts.
    """

    revision: Revision
    answers: Answers = field(repr=False)
    attachments: tuple[AttachmentAbout, ...] = ()
    keys: Mapping[str, bytes] = field(repr=False, default_factory=dict)
    digests: Mapping[str, str] = field(repr=False, default_factory=dict)
    manifest_digest: str = ""


def open_revision(
    session: Session,
    *,
    actor: Actor,
    trust: Trust,
    record: Record,
    revision: Revision,
    transfer_id: UUID | None = None,
    team_id: UUID | None = None,
) -> Opening:
    """Open what the actor's teams were granted of a released revision, verifying every signature and digest.

    Args:
        transfer_id: the transfer by which it came; None for the school's own grant.
        team_id: only what this team was granted.

    Raises:
        NotFound: none of the actor's teams holds a live grant.
        Tampered: anything is not what the owner released.
    """
    keys: dict[str, bytes] = {}
    granted: dict[str, str] = {}
    expected = ""
    for grant in grants.grants_to(session, actor, revision_id=revision.id, transfer_id=transfer_id):
        if team_id is not None and grant.grantee_team_id != team_id:
            continue
        opened = grants.open_grant(session, actor=actor, trust=trust, grant=grant)
        if opened is not None:
            keys |= opened.keys
            granted |= opened.digests
            expected = opened.manifest_digest
    if not keys:
        raise NotFound
    manifest = grants.manifest_of(session, trust=trust, revision=revision, expected_digest=expected)
    digests = {**granted, **manifest.parts}
    rows = parts.rows_of(session, revision_id=revision.id)
    if transfer_id is not None:
        rows |= parts.rows_of(session, revision_id=revision.id, transfer_id=transfer_id)
    rows |= attached_rows(session, keys)
    content = [
        name
        for name in keys
        if not name.startswith(("attachment/", "pdf/", "data/")) or name.endswith("/about")
    ]
    if any(name not in rows for name in keys):
        raise Tampered
    bodies = DatabaseCiphertexts().get(session, [rows[name].id for name in content])
    answers: Answers = {}
    attachments: list[AttachmentAbout] = []
    for name in content:
        body = bodies.get(rows[name].id, b"")
        if parts.digest(body) != digests.get(name):
            raise Tampered
        if name.startswith("attachment/"):
            attachment_id = UUID(name.split("/")[1])
            pieces = (about_part(attachment_id), content_part(attachment_id))
            attachments.append(
                read_about(
                    attachment_id,
                    parts.open_part(parts.place_of(record, attachment_id), name, keys[name], body),
                    keys={piece: keys[piece] for piece in pieces},
                    digests={piece: digests[piece] for piece in pieces},
                )
            )
        else:
            place = parts.place_of(record, revision.id)
            answers[name.split("/")[0]] = json.loads(parts.open_part(place, name, keys[name], body))
    return Opening(
        revision=revision,
        answers=answers,
        attachments=tuple(sorted(attachments, key=lambda each: (each.dated or date.min, each.name))),
        keys=keys,
        digests=digests,
        manifest_digest=expected,
    )


def attached_rows(session: Session, keys: Mapping[str, bytes]) -> dict[str, Part]:
    """The rows of the attachments that some keys belong to, by part name."""
    ids = sorted({UUID(name.split("/")[1]) for name in keys if name.startswith("attachment/")})
    return parts.rows_of(session, attachment_ids=ids) if ids else {}


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
