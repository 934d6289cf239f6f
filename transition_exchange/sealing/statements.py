"""What all signed statements share: one canonical JSON text, which is signed and stored exactly as it is.

The signed bytes name the kind of statement, so that none can replace another.
"""

from __future__ import annotations

import hashlib
from dataclasses import fields
from typing import Any, ClassVar, Self

from transition_exchange.sealing import keys
from transition_exchange.sealing.encoding import FORMAT, canonical, framed, moment
from transition_exchange.sealing.errors import BadSignature, UnknownFormat
from transition_exchange.sealing.keys import SigningKey
from transition_exchange.stored_text import read_moment, read_object

_TIME = "datetime | str"
"""How every statement declares its time. One that is read must have a time that a page can show."""


class Statement:
    """A canonical text, its digest and its signature. Kinds of statements are dataclasses that inherit from it."""

    kind: ClassVar[str]

    def text(self) -> str:
        """The statement as the text that is signed and stored."""
        return canonical({"format": FORMAT, "kind": self.kind} | self._plain())

    def digest(self) -> str:
        """SHA-256 of the text, in hex."""
        return digest_of(self.text())

    def sign(self, signing_key: SigningKey) -> bytes:
        """The signature over the kind of statement and the text."""
        return signing_key.sign(framed(self.kind, self.text()))

    def check(self, signature: bytes, signing_public: bytes) -> None:
        """Check the signature over this statement, where a reader makes the statement anew.

        Raises:
            BadSignature: this key did not sign it.
        """
        keys.verify(signing_public, signature, framed(self.kind, self.text()))

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
        except (ValueError, TypeError):
            raise BadSignature("The statement cannot be read.") from None
        return cls.read(text)

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a statement whose signature is checked later, when it is known who should have signed it.

        Args:
            text: the statement as it is stored.

        Raises:
            BadSignature: it is no statement of this kind, or it is not in its canonical form.
            UnknownFormat: it is in a version that this release does not know.
        """
        try:
            read = read_object(text)
            if read.get("format") != FORMAT:
                raise UnknownFormat(cls.kind, read.get("format"))
            statement = cls._read(read)
        except (ValueError, TypeError, AttributeError):
            raise BadSignature("The statement cannot be read.") from None
        if statement.text() != text:
            raise BadSignature("The statement is not written as it should be.")
        return statement

    @classmethod
    def _read(cls, read: dict[str, Any]) -> Self:
        names = [column.name for column in fields(cls)]  # type: ignore[arg-type]
        if set(read) != {"format", "kind", *names}:
            raise BadSignature("The statement cannot be read.")
        for column in fields(cls):  # type: ignore[arg-type]
            if column.type == _TIME:
                read_moment(read[column.name])
        return cls(**{name: read[name] for name in names})

    def _plain(self) -> dict[str, Any]:
        return {column.name: getattr(self, column.name) for column in fields(self)}  # type: ignore[arg-type]


def settle(statement: object, *ids: str, at: str) -> None:
    """Turn ids and the time into the text that is signed, so a statement equals the one that is read back."""
    for name in ids:
        value = getattr(statement, name)
        if value is not None:
            object.__setattr__(statement, name, str(value))
    object.__setattr__(statement, at, moment(getattr(statement, at)))


def digest_of(text: str) -> str:
    """SHA-256 of a stored statement's exact text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()
