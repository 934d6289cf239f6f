"""Digests of what anybody could guess, such as a network address, under a key that is not in the database.

There are four thousand million IPv4 addresses, and one computer tries them all in minutes. Without a key, a digest of
one would tell whoever copies the database which address it was.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import cast

from sqlalchemy.orm import Session

IN_SESSION = "digest_key"
"""Under which name a session's `info` holds the key."""


def keyed_digest(session: Session, text: str) -> str:
    """HMAC-SHA256 of a text in hexadecimal, under the key of the session's `Database`.

    Raises:
        KeyError: the session was not opened by a `Database`.
    """
    key = cast(bytes, session.info[IN_SESSION])
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
