"""Parts: sections, attachments and PDFs, each sealed under a random key of its own and bound to its place."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from transition_exchange.sealing import padding, symmetric
from transition_exchange.sealing.encoding import Identifier, framed


@dataclass(frozen=True)
class PartName:
    """Where a part belongs. It is bound into the encryption, so a part opens nowhere else.

    Attributes:
        area: the area's id.
        record: the record's id.
        revision: the revision's id, or the attachment's.
        part: the section's name, or the name of another kind of part.
        version: the pro-forma version in which the record is written, such as "core/2027.1".
    """

    area: Identifier
    record: Identifier
    revision: Identifier
    part: str
    version: str

    def bound(self) -> bytes:
        """The associated data: the five fields, framed in this order."""
        ids = (str(self.area), str(self.record), str(self.revision))
        return framed("part", *ids, self.part, self.version)


def new_key() -> bytes:
    """A random part key of 32 bytes. Never use a section's key for two revisions."""
    return secrets.token_bytes(symmetric.KEY_SIZE)


def seal(key: bytes, name: PartName, plaintext: bytes, *, least: int = padding.SMALLEST) -> bytes:
    """Pad a part to at least `least` bytes, and encrypt it for its place."""
    return symmetric.encrypt(key, padding.pad(plaintext, least=least), name.bound())


def open(key: bytes, name: PartName, sealed: bytes) -> bytes:
    """Open a part in its place.

    Raises:
        UnknownFormat: it begins with a version that this release does not know.
        CannotOpen: the key or the place is another, or the bytes were changed.
    """
    return padding.unpad(symmetric.decrypt(key, sealed, name.bound(), what="part"))


def content_tag(key: bytes, name: PartName, plaintext: bytes) -> str:
    """A keyed tag of what a part holds in its place, 32 hex digits.

    Only who holds the key can tell by it whether the content changed, or guess at it. It does not depend on the key
    under which the part is sealed.
    """
    return hmac.new(key, framed("content-tag", name.bound(), plaintext), hashlib.sha256).hexdigest()[:32]


def digest(sealed: bytes) -> str:
    """SHA-256 of a ciphertext, in hex, as manifests and grants list it.

    A hash of the plaintext would let somebody guess short answers.
    """
    return hashlib.sha256(sealed).hexdigest()
