"""Sealed pieces on their way to and from rows: where a part's name and its row meet."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from transition_exchange.exchange.errors import Tampered
from transition_exchange.sealing import padding
from transition_exchange.sealing import parts as sealed_parts
from transition_exchange.sealing.hpke import CannotOpen
from transition_exchange.store.ciphertexts import ciphertexts_of
from transition_exchange.store.models import Part, Record


@dataclass(frozen=True)
class Binding:
    """Where a part belongs: bound into its encryption, so that it opens nowhere else.

    Attributes:
        revision: the revision's id, or the attachment's for what is encrypted once for several revisions.
        version: the pro-forma version in which the record is written.
    """

    area: UUID
    record: UUID
    revision: UUID
    version: str

    def name(self, part: str) -> sealed_parts.PartName:
        return sealed_parts.PartName(
            area=str(self.area),
            record=str(self.record),
            revision=str(self.revision),
            part=part,
            version=self.version,
        )


def binding_of(record: Record, revision: UUID) -> Binding:
    """What a record's parts are bound to under one revision, transfer or attachment."""
    return Binding(area=record.area_id, record=record.id, revision=revision, version=record.version)


def digest(body: bytes) -> str:
    """SHA-256 of a ciphertext, in hex."""
    return sealed_parts.digest(body)


def reseal(
    binding: Binding, name: str, key: bytes, plaintext: bytes, *, least: int = padding.SMALLEST
) -> bytes:
    """Seal a draft's section again under the key it has: a save changes ciphertexts, never a keyring."""
    return sealed_parts.seal(key, binding.name(name), plaintext, least=least)


@dataclass(frozen=True)
class SealedPart:
    """A part ready to be stored, with the key that opens it."""

    name: str
    body: bytes
    key: bytes = field(repr=False)
    id: UUID = field(default_factory=uuid4)

    @property
    def digest(self) -> str:
        return sealed_parts.digest(self.body)

    def store(
        self,
        session: Session,
        *,
        record_id: UUID,
        revision_id: UUID | None = None,
        transfer_id: UUID | None = None,
        attachment_id: UUID | None = None,
    ) -> None:
        """Add the part's row and its ciphertext to the transaction."""
        session.add(
            Part(
                id=self.id,
                record_id=record_id,
                revision_id=revision_id,
                transfer_id=transfer_id,
                attachment_id=attachment_id,
                name=self.name,
                tag=secrets.token_hex(16),
                digest=self.digest,
                size=len(self.body),
                stored_at=datetime.now(UTC),
            )
        )
        ciphertexts_of(session).put_new(session, {self.id: self.body})


def seal(binding: Binding, name: str, plaintext: bytes, *, least: int = padding.SMALLEST) -> SealedPart:
    """Seal one piece under a new random key.

    Args:
        least: no smaller than this is it padded, whatever it says.
    """
    key = sealed_parts.new_key()
    return SealedPart(name=name, key=key, body=reseal(binding, name, key, plaintext, least=least))


def content_tag(key: bytes, plaintext: bytes) -> str:
    """What tells whether a part still says the same, to whoever holds its key."""
    return sealed_parts.content_tag(key, plaintext)


def open_part(binding: Binding, name: str, key: bytes, body: bytes) -> bytes:
    """Open one piece.

    Raises:
        Tampered: the bytes are not what was sealed for this place.
    """
    try:
        return sealed_parts.open(key, binding.name(name), body)
    except CannotOpen as error:
        raise Tampered from error


def rows_of(
    session: Session,
    *,
    revision_id: UUID | None = None,
    transfer_id: UUID | None = None,
    attachment_ids: Sequence[UUID] = (),
) -> dict[str, Part]:
    """Part rows by part name: a revision's own, those of a transfer under a revision, or those of attachments."""
    if attachment_ids:
        query = select(Part).where(Part.attachment_id.in_(attachment_ids))
    else:
        query = select(Part).where(Part.revision_id == revision_id, Part.transfer_id == transfer_id)
    return {row.name: row for row in session.scalars(query)}


def locked_tags(session: Session, revision_id: UUID) -> dict[str, str]:
    """The tags of a draft's parts, which nobody else replaces until this transaction is over."""
    rows = session.execute(
        select(Part.name, Part.tag).where(Part.revision_id == revision_id).order_by(Part.id).with_for_update()
    )
    return {row.name: row.tag for row in rows}


def replace(session: Session, *, part_id: UUID, body: bytes) -> None:
    """Put a new ciphertext in a draft part's place. When it was stored stays as it was: see `writing.saving`."""
    session.execute(
        update(Part)
        .where(Part.id == part_id)
        .values(tag=secrets.token_hex(16), digest=sealed_parts.digest(body), size=len(body))
        .execution_options(synchronize_session=False)
    )
    ciphertexts_of(session).put(session, part_id, body)


def keys_of(parts: Sequence[SealedPart]) -> Mapping[str, bytes]:
    """The keys of some parts, by part name, as a keyring takes them."""
    return {part.name: part.key for part in parts}
