"""Tokens that only their holder has: in the links of invitations and in the cookies of remembered devices.

The database keeps a digest, so whoever reads it can use none of them.
"""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """A random token of 256 bits, in letters that an address and a cookie can hold."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """What is stored of a token: its SHA-256, in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def invitation_link(public_url: str, token: str) -> str:
    """The address that an invitation's token opens, as it is mailed or printed."""
    return f"{public_url}/join/{token}"
