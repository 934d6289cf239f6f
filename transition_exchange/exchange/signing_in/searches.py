"""What somebody has searched for, sealed under their session's cookie.

It may be a name. Whoever reads the browser's other cookies, or the address of a page, must not learn it.
"""

from __future__ import annotations

from transition_exchange.sealing import CannotOpen
from transition_exchange.sealing.encoding import from_base64, to_base64
from transition_exchange.sealing.sessions import SessionToken

_USE = "search"


def seal(*, cookie: str, text: str) -> str:
    """Seal a search.

    Args:
        cookie: the cookie of the person's session.
        text: what was searched for.

    Returns:
        Text for a cookie of the browser; empty if there is no such session.
    """
    try:
        return to_base64(SessionToken.from_cookie(cookie).wrap(text.encode(), use=_USE))
    except CannotOpen:
        return ""


def unseal(*, cookie: str, sealed: str) -> str:
    """What `seal` sealed; empty if it was sealed in another session, or changed."""
    try:
        return SessionToken.from_cookie(cookie).unwrap(from_base64(sealed), use=_USE).decode()
    except (CannotOpen, ValueError):
        return ""
