"""Session tokens: only the cookie holds one, and under it a person's key is kept while they are signed in."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from dataclasses import dataclass, field
from functools import cached_property

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from transition_exchange.sealing import symmetric
from transition_exchange.sealing.encoding import framed
from transition_exchange.sealing.errors import CannotOpen

_SIZE = 32


@dataclass(frozen=True)
class SessionToken:
    """A random token of 32 bytes; the database knows only what is derived from it one way."""

    token: bytes = field(repr=False)

    @classmethod
    def new(cls) -> SessionToken:
        """A fresh token."""
        return cls(secrets.token_bytes(_SIZE))

    @classmethod
    def from_cookie(cls, cookie: str) -> SessionToken:
        """The token in a cookie.

        Raises:
            CannotOpen: the cookie is none of ours.
        """
        try:
            token = cls(base64.b64decode(cookie + "=", altchars=b"-_", validate=True))
        except (binascii.Error, ValueError):
            raise CannotOpen from None
        # The last character carries spare bits; only one way of writing a token counts.
        if len(token.token) != _SIZE or token.cookie != cookie:
            raise CannotOpen
        return token

    @property
    def cookie(self) -> str:
        """The token as a cookie's value: 43 characters of URL-safe base64."""
        return base64.urlsafe_b64encode(self.token).decode().rstrip("=")

    @property
    def id(self) -> str:
        """The name under which the session is stored: a SHA-256 in hex, from which no token can be had."""
        return hashlib.sha256(framed("session-id", self.token)).hexdigest()

    def wrap(self, secret: bytes, *, use: str = "full") -> bytes:
        """Encrypt a person's seed under a key that comes from this token.

        Args:
            use: "full", or "code" for the half-session before the second factor; neither opens as the other.
        """
        return symmetric.encrypt(self._key, secret, framed("session", use))

    def unwrap(self, wrapped: bytes, *, use: str = "full") -> bytes:
        """What `wrap` encrypted.

        Raises:
            CannotOpen: another session's, another use, or changed bytes.
        """
        return symmetric.decrypt(self._key, wrapped, framed("session", use), what="session")

    @cached_property
    def _key(self) -> bytes:
        return HKDF(SHA256(), symmetric.KEY_SIZE, salt=None, info=framed("session-key")).derive(self.token)
