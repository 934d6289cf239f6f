"""How the safeguarding lead has marked learners and not released yet, kept in their browser until they release.

The marks are sealed under the session's cookie, as a search is: whoever reads the browser's other cookies learns
neither whom they are about nor what they say. A mark names its learner by the beginning of the record's id, because a
browser keeps no more than 4 KB. Each takes the same room, whatever it says.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import get_args
from uuid import UUID

from transition_exchange.exchange.sending.safeguarding_releases import Mark
from transition_exchange.sealing import CannotOpen
from transition_exchange.sealing.encoding import from_base64, to_base64
from transition_exchange.sealing.sessions import SessionToken

MOST = 500
"""How many marks are kept. They take 2.7 KB in the browser then."""

_USE = "marks"
_NAMES = 4
"""How many bytes of a record's id name it."""
_MARKS: tuple[Mark, ...] = get_args(Mark)


def seal(*, cookie: str, marks: Mapping[UUID, Mark]) -> str:
    """Seal marks.

    Args:
        cookie: the cookie of the person's session.
        marks: the marks by record, `MOST` of them at most.

    Returns:
        Text for a cookie of the browser; empty if there is no such session, or nothing to keep.

    Raises:
        ValueError: there are too many.
    """
    if len(marks) > MOST:
        raise ValueError("too many marks")
    if not marks:
        return ""
    body = b""
    for mark in _MARKS:
        named = sorted(_name(record_id) for record_id, given in marks.items() if given == mark)
        body += len(named).to_bytes(2) + b"".join(named)
    try:
        return to_base64(SessionToken.from_cookie(cookie).wrap(body, use=_USE))
    except CannotOpen:
        return ""


def unseal(*, cookie: str, sealed: str, record_ids: Collection[UUID]) -> dict[UUID, Mark]:
    """The marks that `seal` sealed, of records that are still there; none if another session sealed them.

    Args:
        cookie: the cookie of the person's session.
        sealed: what `seal` returned.
        record_ids: the records of the school. If two of them begin alike, neither has a mark: nobody is to be answered
            for by a mark that may be another's.
    """
    try:
        body = SessionToken.from_cookie(cookie).unwrap(from_base64(sealed), use=_USE) if sealed else b""
    except (CannotOpen, ValueError):
        return {}
    kept: dict[bytes, Mark] = {}
    for mark in _MARKS:
        number, body = int.from_bytes(body[:2]), body[2:]
        kept |= {body[at : at + _NAMES]: mark for at in range(0, number * _NAMES, _NAMES)}
        body = body[number * _NAMES :]
    named: dict[bytes, list[UUID]] = {}
    for record_id in record_ids:
        named.setdefault(_name(record_id), []).append(record_id)
    return {found[0]: kept[name] for name, found in named.items() if name in kept and len(found) == 1}


def _name(record_id: UUID) -> bytes:
    return record_id.bytes[:_NAMES]
