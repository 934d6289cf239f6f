"""Parts: sections, attachments and PDFs, each sealed under a random key of its own and tied to its place."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from transition_exchange.sealing import padding, symmetric
from transition_exchange.sealing.encoding import Identifier, framed
from transition_exchange.sealing.errors import CannotOpen


@dataclass(frozen=True)
class PartName:
    """Where a part belongs. It is bound into the encryption, so a part opens nowhere else.

    Attributes:
        area, record, revision: ids; for an attachment, `revision` is the attachment's own id.
        part: the section's name, or what else the part is.
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
    """A random part key of 32 bytes. No section key serves two revisions."""
    return secrets.token_bytes(symmetric.KEY_SIZE)


def seal(key: bytes, name: PartName, plaintext: bytes, *, least: int = padding.SMALLEST) -> bytes:
    """Pad a part to a class of at least so many bytes, and encrypt it for its place."""
    return symmetric.encrypt(key, padding.pad(plaintext, least=least), name.bound())


def open(key: bytes, name: PartName, sealed: bytes) -> bytes:
    """Open a part in its place.

    Raises:
        UnknownFormat: it begins with a version that this release doesn't know.
        CannotOpen: another key, another place, or changed bytes.
    """
    return padding.unpad(symmetric.decrypt(key, sealed, name.bound(), what="part"))


def content_tag(key: bytes, plaintext: bytes) -> str:
    """What tells whether a part still says the same, to whoever holds its key and to nobody else: 32 hex digits."""
    return hmac.new(key, framed("content-tag", plaintext), hashlib.sha256).hexdigest()[:32]


def digest(sealed: bytes) -> str:
    """SHA-256 of what is sealed, in hex: what a manifest signs.

    Of the ciphertext, since short answers could be guessed from a hash of the plain text.
    """
    return hashlib.sha256(sealed).hexdigest()


__all__ = ["CannotOpen", "PartName", "content_tag", "digest", "new_key", "open", "seal"]
