"""Session tokens: only the cookie holds one. It wraps a person's key while they are signed in."""

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
    """A random token of 32 bytes. The database holds only values derived from it, which do not give it back."""

    token: bytes = field(repr=False)

    @classmethod
    def new(cls) -> SessionToken:
        """A fresh token."""
        return cls(secrets.token_bytes(_SIZE))

    @classmethod
    def from_cookie(cls, cookie: str) -> SessionToken:
        """Read the token in a cookie.

        Raises:
            CannotOpen: the cookie holds no token.
        """
        try:
            token = cls(base64.b64decode(cookie + "=", altchars=b"-_", validate=True))
        except (binascii.Error, ValueError):
            raise CannotOpen from None
        # The last character carries spare bits, and only one way of writing a token is valid.
        if len(token.token) != _SIZE or token.cookie != cookie:
            raise CannotOpen
        return token

    @property
    def cookie(self) -> str:
        """The token as a cookie's value: 43 characters of URL-safe base64."""
        return base64.urlsafe_b64encode(self.token).decode().rstrip("=")

    @property
    def id(self) -> str:
        """The id under which the session is stored: a SHA-256 in hex, which does not give the token back."""
        return hashlib.sha256(framed("session-id", self.token)).hexdigest()

    def wrap(self, secret: bytes, *, use: str) -> bytes:
        """Encrypt a person's seed under a key derived from this token.

        Args:
            secret: the seed.
            use: "full", or "code" for the half-session before the second factor. Neither opens as the other.
        """
        return symmetric.encrypt(self._key, secret, framed("session", use))

    def unwrap(self, wrapped: bytes, *, use: str) -> bytes:
        """Decrypt what `wrap` returned.

        Raises:
            CannotOpen: the session or the use is another, or the bytes were changed.
        """
        return symmetric.decrypt(self._key, wrapped, framed("session", use), what="session")

    @cached_property
    def _key(self) -> bytes:
        return HKDF(SHA256(), symmetric.KEY_SIZE, salt=None, info=framed("session-key")).derive(self.token)
