"""Manifests and grants: the signed statements about a released revision, in canonical JSON.

A manifest says which ciphertexts a revision consists of; its owner signs it. A grant says which keyring was
given to whom; its grantor signs it. Both name what they are in their signed bytes, so that neither stands in
for the other.
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
from transition_exchange.sealing.errors import BadSignature, CannotOpen, UnknownFormat
from transition_exchange.sealing.keys import SigningKey
from transition_exchange.sealing.parts import digest as digest_of


class _Statement:
    """What manifests and grants share: one canonical text, its digest, its signature."""

    kind: ClassVar[str]

    def text(self) -> str:
        """The statement as the text that is signed and stored."""
        return canonical({"format": FORMAT, "kind": self.kind} | self._plain())

    def digest(self) -> str:
        """SHA-256 of the text, in hex."""
        return hashlib.sha256(self.text().encode()).hexdigest()

    def sign(self, signing_key: SigningKey) -> bytes:
        """The signature over the text, with the kind of statement before it."""
        return signing_key.sign(framed(self.kind, self.text()))

    @classmethod
    def verify(cls, text: str, signature: bytes, signing_public: bytes) -> Self:
        """The statement of a text, once its signature is found right.

        Raises:
            BadSignature: not signed by this key as this kind of statement, or not written canonically.
            UnknownFormat: signed, but in a version that this release doesn't know.
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
        names = [each.name for each in fields(cls)]  # type: ignore[arg-type]
        if set(read) != {"format", "kind", *names}:
            raise BadSignature("The statement cannot be read.")
        return cls(**{name: read[name] for name in names})

    def _plain(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self)}  # type: ignore[arg-type]


def _settle(statement: object, *ids: str, at: str) -> None:
    """Turn ids and the time into the text that is signed, so that a statement equals the one read back."""
    for name in ids:
        value = getattr(statement, name)
        if value is not None:
            object.__setattr__(statement, name, str(value))
    object.__setattr__(statement, at, moment(getattr(statement, at)))


@dataclass(frozen=True)
class Manifest(_Statement):
    """Which ciphertexts a released revision consists of.

    Attributes:
        area, record, revision: ids; `owner` is the sending purpose that released it, `number` counts from 1.
        version: the pro-forma version.
        parts: SHA-256 digests of the ciphertexts, in hex, by part name.
        previous: the digest of the owner's manifest before, or None for the first.
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

    def check_part(self, part: str, sealed: bytes) -> None:
        """Check that a stored ciphertext is the one that was released.

        Raises:
            CannotOpen: it is another, or the manifest doesn't name the part.
        """
        _check_digest(self.parts, part, sealed)


@dataclass(frozen=True)
class Grant(_Statement):
    """Who was given which keyring of which revision.

    Attributes:
        manifest_digest: the digest of the revision's manifest; empty for a draft, which has none.
        record, revision: ids; for an attachment, `revision` is the attachment's id.
        transfer: the transfer's id, or None for a grant within the school.
        recipient_fingerprint: of the recipient team's keys, in hex.
        keyring_digest: SHA-256 of the sealed keyring, in hex.
        parts: digests, by part name, of granted ciphertexts that no manifest names: a transfer's destination
            and PDFs, attachments.
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

    def check_keyring(self, sealed: bytes) -> None:
        """Check that a stored keyring is the one that was granted.

        Raises:
            CannotOpen: it is another.
        """
        if digest_of(sealed) != self.keyring_digest:
            raise CannotOpen

    def check_part(self, part: str, sealed: bytes) -> None:
        """Check that a stored ciphertext is the one that was granted.

        Raises:
            CannotOpen: it is another, or the grant doesn't name the part.
        """
        _check_digest(self.parts, part, sealed)


def _check_digest(digests: Mapping[str, str], part: str, sealed: bytes) -> None:
    if digests.get(part) != digest_of(sealed):
        raise CannotOpen


verify = Manifest.verify
verify_grant = Grant.verify

__all__ = ["BadSignature", "CannotOpen", "Grant", "Manifest", "verify", "verify_grant"]
