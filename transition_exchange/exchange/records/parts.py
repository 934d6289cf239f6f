"""Parts: the sealed pieces of a record, and the rows that hold them."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
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
    """Where a part belongs. It is bound into the encryption, so that the part opens nowhere else.

    Attributes:
        area: the id of the area.
        record: the id of the record.
        revision: the id of the revision; the attachment's or message's own id for a part that belongs to no revision.
        version: the name of the pro-forma version in which the record is written.
    """

    area: UUID
    record: UUID
    revision: UUID
    version: str

    def name(self, part: str) -> sealed_parts.PartName:
        """The full name under which a part is sealed."""
        return sealed_parts.PartName(
            area=str(self.area),
            record=str(self.record),
            revision=str(self.revision),
            part=part,
            version=self.version,
        )


def binding_of(record: Record, revision: UUID) -> Binding:
    """What the parts of a record's revision, attachment or message are bound to."""
    return Binding(area=record.area_id, record=record.id, revision=revision, version=record.version)


def readers_word(purposes: Collection[str]) -> str:
    """Purposes as one word, such as `admissions+exams`, by which the parts that are made for a transfer are named.

    Teams with the same purposes read the same PDF.
    """
    return "+".join(sorted(purposes))


def readers_in(name: str) -> frozenset[str]:
    """The purposes in the name of a part that was made for a transfer, as `readers_word` wrote them."""
    return frozenset(name.rsplit("/", 1)[-1].split("+"))


def digest(body: bytes) -> str:
    """The SHA-256 digest of a ciphertext, in hexadecimal."""
    return sealed_parts.digest(body)


def reseal(
    *, binding: Binding, name: str, key: bytes, plaintext: bytes, least: int = padding.SMALLEST
) -> bytes:
    """Seal a draft's section again under the key that it has. A save changes ciphertexts and never a keyring.

    Args:
        binding: where the part belongs.
        name: the name of the part.
        key: the part's key.
        plaintext: what it holds now.
        least: the least size in bytes to which it is padded.

    Returns:
        The new ciphertext.
    """
    return sealed_parts.seal(key, binding.name(name), plaintext, least=least)


@dataclass(frozen=True)
class SealedPart:
    """A part that is ready to be stored.

    Attributes:
        name: the name of the part, such as the name of a section.
        body: the ciphertext.
        key: the key that opens it.
        id: the id of its row.
    """

    name: str
    body: bytes
    key: bytes = field(repr=False)
    id: UUID = field(default_factory=uuid4)

    @property
    def digest(self) -> str:
        """The SHA-256 digest of the ciphertext, in hexadecimal."""
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


def seal(*, binding: Binding, name: str, plaintext: bytes, least: int = padding.SMALLEST) -> SealedPart:
    """Seal a part under a new random key.

    Args:
        binding: where the part belongs.
        name: the name of the part.
        plaintext: what it holds.
        least: the least size in bytes to which it is padded.
    """
    key = sealed_parts.new_key()
    body = reseal(binding=binding, name=name, key=key, plaintext=plaintext, least=least)
    return SealedPart(name=name, key=key, body=body)


def content_tag(key: bytes, *, binding: Binding, name: str, plaintext: bytes) -> str:
    """A tag that is the same as long as a part's content is the same. Only who holds the key can make it."""
    return sealed_parts.content_tag(key, binding.name(name), plaintext)


def open_part(*, binding: Binding, name: str, key: bytes, body: bytes) -> bytes:
    """Open a part.

    Raises:
        Tampered: the ciphertext is not what was sealed for this place.
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
    """Rows of parts by part name: those of some attachments, otherwise those of a revision.

    Args:
        revision_id: the revision.
        transfer_id: the transfer for which the parts were made; None for the parts of the revision itself.
        attachment_ids: the attachments. If any are given, the other arguments are ignored.
    """
    if attachment_ids:
        query = select(Part).where(Part.attachment_id.in_(attachment_ids))
    else:
        query = select(Part).where(Part.revision_id == revision_id, Part.transfer_id == transfer_id)
    return {part.name: part for part in session.scalars(query)}


def locked_tags(session: Session, revision_id: UUID) -> dict[str, str]:
    """The tags of a draft's parts by part name. The rows stay locked until the transaction ends."""
    locked = session.execute(
        select(Part.name, Part.tag).where(Part.revision_id == revision_id).order_by(Part.id).with_for_update()
    )
    return {part.name: part.tag for part in locked}


def replace(session: Session, bodies: Mapping[UUID, bytes]) -> dict[UUID, str]:
    """Replace the ciphertexts of parts of a draft, in two statements however many they are.

    The time at which each was first stored does not change, and every row gets a new tag: `writing.saving` says why.

    Args:
        session: a write session.
        bodies: the new ciphertexts, by the id of the part.

    Returns:
        The new tags of the rows, by the id of the part.
    """
    tags = {part_id: secrets.token_hex(16) for part_id in bodies}
    session.execute(
        update(Part),
        [
            {"id": part_id, "tag": tags[part_id], "digest": sealed_parts.digest(body), "size": len(body)}
            for part_id, body in bodies.items()
        ],
    )
    ciphertexts_of(session).replace(session, bodies)
    return tags


def keys_of(parts: Sequence[SealedPart]) -> Mapping[str, bytes]:
    """The keys of some parts by part name, as a keyring holds them."""
    return {part.name: part.key for part in parts}
