"""Manifests and grants: the signed statements about a released revision, in canonical JSON.

A manifest lists the ciphertexts of a revision; its owner signs it. A grant says which team got which keyring; its
grantor signs it. The signed bytes name the kind of statement, so neither can replace the other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, ClassVar, Self

from transition_exchange.sealing import keys
from transition_exchange.sealing.encoding import FORMAT, Identifier, canonical, framed, moment
from transition_exchange.sealing.errors import BadSignature, UnknownFormat
from transition_exchange.sealing.keys import SigningKey


class _Statement:
    """What manifests and grants share: a canonical text, its digest and its signature."""

    kind: ClassVar[str]

    def text(self) -> str:
        """The statement as the text that is signed and stored."""
        return canonical({"format": FORMAT, "kind": self.kind} | self._plain())

    def digest(self) -> str:
        """SHA-256 of the text, in hex."""
        return hashlib.sha256(self.text().encode()).hexdigest()

    def sign(self, signing_key: SigningKey) -> bytes:
        """The signature over the kind of statement and the text."""
        return signing_key.sign(framed(self.kind, self.text()))

    @classmethod
    def verify(cls, text: str, signature: bytes, signing_public: bytes) -> Self:
        """Check the signature over a text, and read the statement in it.

        Args:
            text: the statement as it is stored.
            signature: the signature over it.
            signing_public: the public key of whoever should have signed it.

        Raises:
            BadSignature: this key did not sign it as this kind of statement, or it is not in its canonical form.
            UnknownFormat: it is signed, but in a version that this release does not know.
        """
        try:
            keys.verify(signing_public, signature, framed(cls.kind, text))
            read = json.loads(text)
        except ValueError:
            raise BadSignature("The statement cannot be read.") from None
        if not isinstance(read, dict):
            raise BadSignature("The statement cannot be read.")
        if read.get("format") != FORMAT:
            raise UnknownFormat(cls.kind, read.get("format"))
        statement = cls._read(read)
        if statement.text() != text:
            raise BadSignature("The statement is not written as it should be.")
        return statement

    @classmethod
    def _read(cls, read: dict[str, Any]) -> Self:
        names = [column.name for column in fields(cls)]  # type: ignore[arg-type]
        if set(read) != {"format", "kind", *names}:
            raise BadSignature("The statement cannot be read.")
        return cls(**{name: read[name] for name in names})

    def _plain(self) -> dict[str, Any]:
        return {column.name: getattr(self, column.name) for column in fields(self)}  # type: ignore[arg-type]


def _settle(statement: object, *ids: str, at: str) -> None:
    """Turn ids and the time into the text that is signed, so a statement equals the one that is read back."""
    for name in ids:
        value = getattr(statement, name)
        if value is not None:
            object.__setattr__(statement, name, str(value))
    object.__setattr__(statement, at, moment(getattr(statement, at)))


@dataclass(frozen=True)
class Manifest(_Statement):
    """The list of ciphertexts of a released revision.

    Attributes:
        area: the area's id.
        record: the record's id.
        revision: the revision's id.
        owner: the sending purpose that released it.
        number: 1 for the owner's first revision of the record, then one more for each.
        version: the pro-forma version.
        released_at: when it was released.
        parts: SHA-256 digests of the ciphertexts, in hex, by part name.
        previous: the digest of the owner's previous manifest, or None for the first.
    """

    kind: ClassVar[str] = "manifest"

    area: Identifier
    record: Identifier
    revision: Identifier
    owner: str
    number: int
    version: str
    released_at: datetime | str
    parts: Mapping[str, str]
    previous: str | None = None

    def __post_init__(self) -> None:
        _settle(self, "area", "record", "revision", at="released_at")
        object.__setattr__(self, "parts", dict(self.parts))


@dataclass(frozen=True)
class Grant(_Statement):
    """A statement of who was given which keyring of which revision.

    Attributes:
        manifest_digest: the digest of the revision's manifest; empty for a draft, which has none.
        record: the record's id.
        revision: the revision's id, or the attachment's.
        transfer: the transfer's id, or None for a grant within the school.
        recipient_fingerprint: the fingerprint of the recipient team's keys, in hex.
        recipient_team: the recipient team's id.
        keyring_digest: SHA-256 of the sealed keyring, in hex.
        granted_at: when it was granted.
        parts: digests, by part name, of granted ciphertexts that no manifest names: the destination and PDFs of a
            transfer, and attachments.
    """

    kind: ClassVar[str] = "grant"

    manifest_digest: str
    record: Identifier
    revision: Identifier
    transfer: Identifier | None
    recipient_fingerprint: str
    recipient_team: Identifier
    keyring_digest: str
    granted_at: datetime | str
    parts: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _settle(self, "record", "revision", "transfer", "recipient_team", at="granted_at")
        object.__setattr__(self, "parts", dict(self.parts))
