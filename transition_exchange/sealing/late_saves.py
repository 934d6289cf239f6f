"""Late saves: what a person typed and sent after their session had ended.

Their key is no longer there, but the browser still sends the session's cookie. When the session began, its token was
given what it needs for this: the person's public key, and a key of the session that proves where a late save comes
from. The token cannot open a late save. Whoever can write to the database can neither have one sealed to a key of
theirs nor put one of theirs in its place.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from uuid import UUID

from transition_exchange.sealing import hpke, padding, personal, symmetric
from transition_exchange.sealing.encoding import FORMAT, canonical, framed, from_base64, to_base64
from transition_exchange.sealing.errors import CannotOpen, UnknownFormat
from transition_exchange.sealing.keys import KeyPair, RecipientKey
from transition_exchange.sealing.sessions import SessionToken
from transition_exchange.stored_text import read_object

_WRAPPED_FOR = "late save"


@dataclass(frozen=True)
class LateKeys:
    """What a session's token can do for its person after the session has ended.

    Attributes:
        principal_id: the person.
        public: their public key, to which late saves are sealed.
        session_key: the key of this session, 32 bytes, which proves that a late save came with its cookie.
        kept: the same key, sealed to the person, who opens it with their own key.
    """

    principal_id: UUID
    public: RecipientKey = field(repr=False)
    session_key: bytes = field(repr=False)
    kept: bytes = field(repr=False)

    @classmethod
    def new(cls, principal_id: UUID, pair: KeyPair) -> LateKeys:
        """The keys for a session that begins, made while the person's own key is there."""
        session_key = secrets.token_bytes(symmetric.KEY_SIZE)
        kept = personal.seal(pair, session_key, use=_use_of_key(principal_id))
        return cls(principal_id, pair.public, session_key, kept)

    def wrap(self, token: SessionToken) -> bytes:
        """Wrap them under the session's token."""
        content = {
            "format": FORMAT,
            "principal": str(self.principal_id),
            "public": to_base64(self.public),
            "session_key": to_base64(self.session_key),
            "kept": to_base64(self.kept),
        }
        return token.wrap(canonical(content).encode(), use=_WRAPPED_FOR)

    @classmethod
    def unwrap(cls, token: SessionToken, wrapped: bytes) -> LateKeys:
        """Unwrap what `wrap` returned.

        Raises:
            UnknownFormat: it is in a version that this release does not know.
            CannotOpen: it was wrapped under another token, or was changed.
        """
        try:
            content = read_object(token.unwrap(wrapped, use=_WRAPPED_FOR))
            if content["format"] != FORMAT:
                raise UnknownFormat("late save", content["format"])
            return cls(
                UUID(content["principal"]),
                RecipientKey(from_base64(content["public"])),
                from_base64(content["session_key"]),
                from_base64(content["kept"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            raise CannotOpen from None

    def seal(self, body: bytes, *, use: str) -> bytes:
        """Seal what was typed to the person. It is padded, so that its size shows its class only.

        Args:
            body: what was typed.
            use: what the late save is for; `open` must be given the same.
        """
        sealed = hpke.seal(self.public, padding.pad(body), info=use)
        proven = symmetric.encrypt(self.session_key, sealed, framed("late-save", use))
        return len(self.kept).to_bytes(2, "big") + self.kept + proven


def open(pair: KeyPair, sealed: bytes, *, principal_id: UUID, use: str) -> bytes:
    """Open a late save, and check that it came with the cookie of a session of this person.

    Raises:
        UnknownFormat: it is in a version that this release does not know.
        CannotOpen: it is somebody else's, for another use, or was not made in one of their sessions.
    """
    end = 2 + int.from_bytes(sealed[:2], "big")
    session_key = personal.open(pair, sealed[2:end], use=_use_of_key(principal_id))
    message = symmetric.decrypt(session_key, sealed[end:], framed("late-save", use), what="late save")
    return padding.unpad(hpke.open(pair, message, info=use))


def _use_of_key(principal_id: UUID) -> str:
    return f"late key {principal_id}"


__all__ = ["CannotOpen", "LateKeys", "open"]
