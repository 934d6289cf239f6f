"""Signed heads: the end of each chain on a day, signed by the installation, for keeping on another machine."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from transition_exchange.store.chain import Head
from transition_exchange.store.models.events import ChainHead, Event, SignedHead
from transition_exchange.stored_text import read_object

FORMAT = "transition-exchange checkpoint 1"

Sign = Callable[[bytes], bytes]
"""Signs a message with the installation key."""
Verify = Callable[[bytes, bytes], bool]
"""Whether a signature (first argument) over a message (second) was made by the installation key."""


class BadCheckpoint(Exception):
    """A checkpoint is not what this installation signed."""


@dataclass(frozen=True)
class Checkpoint:
    """The newest signed head of each organisation.

    Attributes:
        public_key: the installation's public key, in hexadecimal.
        heads: the signed heads.
    """

    public_key: str
    heads: tuple[SignedHead, ...]


def message(*, organisation_id: UUID, seq: int, hash: str, signed_at: datetime) -> bytes:
    """The bytes that are signed for one head."""
    return f"transition-exchange head 1\n{organisation_id}\n{seq}\n{hash}\n{signed_at.isoformat()}\n".encode()


def sign_heads(
    session: Session, sign: Sign, *, now: datetime, unless_signed_since: datetime | None = None
) -> int:
    """Sign the head of every chain that has grown since it was last signed.

    Args:
        session: an open write session.
        sign: signs with the installation key.
        now: the time of the signature.
        unless_signed_since: leave out chains that were signed at this moment or later.

    Returns:
        How many were signed.
    """
    signed = (
        select(
            SignedHead.organisation_id,
            func.max(SignedHead.seq).label("seq"),
            func.max(SignedHead.signed_at).label("at"),
        )
        .group_by(SignedHead.organisation_id)
        .subquery()
    )
    query = (
        select(ChainHead.organisation_id, ChainHead.seq, ChainHead.hash)
        .outerjoin(signed, signed.c.organisation_id == ChainHead.organisation_id)
        .where(ChainHead.seq > func.coalesce(signed.c.seq, 0))
        .order_by(ChainHead.organisation_id)
    )
    if unless_signed_since is not None:
        query = query.where(or_(signed.c.at.is_(None), signed.c.at < unless_signed_since))
    grown = session.execute(query).all()
    for organisation_id, seq, hash in grown:
        signed_text = message(organisation_id=organisation_id, seq=seq, hash=hash, signed_at=now)
        session.add(
            SignedHead(
                organisation_id=organisation_id,
                seq=seq,
                hash=hash,
                signed_at=now,
                signature=sign(signed_text).hex(),
            )
        )
    return len(grown)


@dataclass(frozen=True)
class StoredHeads:
    """The signed heads in the database.

    Attributes:
        signed: those that a known installation key signed.
        unknown: those that none did: an installation key before this one may have, or they were changed.
    """

    signed: list[Head]
    unknown: list[Head]


def stored_heads(session: Session, verify: Verify) -> StoredHeads:
    """All signed heads in the database, by whether a known key signed them."""
    heads = StoredHeads([], [])
    for row in session.scalars(select(SignedHead).order_by(SignedHead.organisation_id, SignedHead.seq)):
        known = _is_signed(row, verify)
        (heads.signed if known else heads.unknown).append(Head(row.organisation_id, row.seq, row.hash))
    return heads


def export(session: Session, public_key: bytes, *, sign: Sign, verify: Verify, now: datetime) -> str:
    """The newest signed head of each organisation, as the text of a checkpoint file.

    A head that another key signed, such as the installation key before this one, is signed again in the file. The
    database keeps it as it was.

    Args:
        session: an open session.
        public_key: the installation's public key.
        sign: signs with the installation key.
        verify: verifies with that key alone.
        now: the time of a signature that is made again.
    """
    newest: dict[UUID, SignedHead] = {}
    for row in session.scalars(select(SignedHead).order_by(SignedHead.seq)):
        newest[row.organisation_id] = row
    ends = {end.organisation_id: end for end in session.scalars(select(ChainHead))}
    heads = []
    for organisation_id, row in sorted(newest.items(), key=lambda item: str(item[0])):
        seq, hash, signed_at, signature = row.seq, row.hash, row.signed_at, row.signature
        if not _is_signed(row, verify):
            if organisation_id not in ends:
                continue
            seq, hash, signed_at = ends[organisation_id].seq, ends[organisation_id].hash, now
            text = message(organisation_id=organisation_id, seq=seq, hash=hash, signed_at=now)
            signature = sign(text).hex()
        heads.append(
            {
                "organisation": str(organisation_id),
                "seq": seq,
                "hash": hash,
                "signed_at": signed_at.isoformat(),
                "signature": signature,
            }
        )
    return json.dumps({"format": FORMAT, "public_key": public_key.hex(), "heads": heads}, indent=2) + "\n"


def parse(text: str) -> Checkpoint:
    """Read the text of a checkpoint file. Its signatures are not checked yet; `verified` does that.

    Raises:
        BadCheckpoint: `text` is not a checkpoint.
    """
    try:
        content = read_object(text)
        if content["format"] != FORMAT:
            raise BadCheckpoint("The checkpoint is in a format that this version does not know.")
        bytes.fromhex(content["public_key"])
        return Checkpoint(content["public_key"], tuple(_row(head) for head in content["heads"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadCheckpoint("The file is no checkpoint.") from None


def verified(checkpoint: Checkpoint, verify: Verify) -> list[Head]:
    """The heads of a checkpoint, once their signatures are checked.

    Raises:
        BadCheckpoint: a signature was not made by the installation key.
    """
    for row in checkpoint.heads:
        if not _is_signed(row, verify):
            raise BadCheckpoint(
                f"The signature in the checkpoint is not right: event {row.seq} of organisation {row.organisation_id}."
            )
    return [Head(row.organisation_id, row.seq, row.hash) for row in checkpoint.heads]


def organisations(session: Session, heads: Sequence[Head]) -> list[UUID]:
    """Every organisation that has a chain, has events of one, or had one according to a head."""
    known = set(session.scalars(select(ChainHead.organisation_id)))
    known |= set(session.scalars(select(Event.organisation_id).distinct()))
    return sorted(known | {head.organisation_id for head in heads}, key=str)


def _row(head: dict[str, Any]) -> SignedHead:
    if not isinstance(head["seq"], int) or not isinstance(head["hash"], str):
        raise TypeError
    bytes.fromhex(head["signature"])
    return SignedHead(
        organisation_id=UUID(head["organisation"]),
        seq=head["seq"],
        hash=head["hash"],
        signed_at=datetime.fromisoformat(head["signed_at"]),
        signature=head["signature"],
    )


def _is_signed(row: SignedHead, verify: Verify) -> bool:
    signed_text = message(
        organisation_id=row.organisation_id, seq=row.seq, hash=row.hash, signed_at=row.signed_at
    )
    try:
        return verify(bytes.fromhex(row.signature), signed_text)
    except ValueError:
        return False
