"""The log of what people did: each action appends one event to its organisation's chain."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from transition_exchange.store.base import utc_now
from transition_exchange.store.inserting import insert_or_ignore
from transition_exchange.store.models.events import ChainHead, Event
from transition_exchange.store.unreadable import Unreadable
from transition_exchange.stored_text import read_moment, read_object

Detail = str | int | UUID | None
"""What an event may record about its subject: an id, a code or a count."""

About = Mapping[str, Detail]
"""What an event is about: its details by name."""

GENESIS = "0" * 64
"""The hash that the first event of a chain names as the previous one."""
_KIND = re.compile(r"[a-z_]+(\.[a-z_]+)*")
# Ids, codes, dates and versions; a name has a space and an address an @.
_PLAIN = re.compile(r"[A-Za-z0-9_.:/+-]{0,200}")


@dataclass(frozen=True)
class Action:
    """The content of an event.

    Attributes:
        seq: its number in the organisation's chain.
        at: when it happened.
        kind: what was done, such as `record.saved`.
        principal_id: who did it; None where the installation did.
        about: ids, codes and counts.
        hash: the hash of its text, which names this event and no other.
    """

    seq: int
    at: datetime
    kind: str
    principal_id: UUID | None
    about: Mapping[str, str | int | None]
    hash: str


def append(
    session: Session,
    *,
    organisation_id: UUID,
    kind: str,
    principal_id: UUID | None = None,
    about: About | None = None,
    at: datetime | None = None,
) -> Event:
    """Append an event to an organisation's chain, in the transaction of the action.

    Call it last: until the transaction ends, nobody else can append an event of this organisation. An action that
    appends events of two organisations must take them in the order of their ids, or two actions may wait for each
    other.

    Args:
        session: the write session of the action.
        organisation_id: whose chain it is.
        kind: what was done, such as `record.saved`.
        principal_id: who did it; None where the installation did.
        about: ids, codes and counts, and nothing from a form.
        at: when it happened; now if left out.

    Raises:
        ValueError: `kind` is not words in lower case joined by dots, or `about` holds something other than ids,
            codes and counts.
        Unreadable: the end of the chain cannot be read, is there twice, or lies behind an event that is there already,
            so nothing can follow it.
    """
    if not _KIND.fullmatch(kind):
        raise ValueError("the kind of an event is words in lower case, joined by dots")
    session.flush()
    seq, previous = _lock(session, organisation_id)
    event = _event(
        organisation_id=organisation_id,
        seq=seq + 1,
        previous=previous,
        at=at or utc_now(),
        kind=kind,
        principal_id=principal_id,
        about=_plain(about or {}),
    )
    session.add(event)
    try:
        session.flush()
    except IntegrityError:
        raise Unreadable from None
    session.execute(
        update(ChainHead)
        .where(ChainHead.organisation_id == organisation_id)
        .values(seq=event.seq, hash=event.hash)
        .execution_options(synchronize_session=False)
    )
    return event


def read(event: Event) -> Action:
    """What an event says. Its text is compared with its hash; the rest of the chain is not looked at.

    Raises:
        Unreadable: the text was changed, or says something that `append` does not write.
    """
    try:
        if hash_of(event.body) != event.hash:
            raise Unreadable
        return action_of(read_object(event.body), hash=event.hash)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Unreadable from None


def action_of(content: Mapping[str, Any], *, hash: str) -> Action:
    """What an event says, out of the content of its text and its hash. That they fit was checked before.

    Raises:
        ValueError: it says something that `append` does not write.
        KeyError: as `ValueError`.
        TypeError: as `ValueError`.
        AttributeError: as `ValueError`.
    """
    if type(content["seq"]) is not int or not _KIND.fullmatch(content["kind"]):
        raise ValueError("no event has such a number or kind")
    return Action(
        seq=content["seq"],
        at=read_moment(content["at"]),
        kind=content["kind"],
        principal_id=UUID(content["principal"]) if content["principal"] else None,
        about=_plain(content["about"]),
        hash=hash,
    )


def hash_of(body: str) -> str:
    """SHA-256 of an event's exact text, in hexadecimal."""
    return hashlib.sha256(body.encode()).hexdigest()


def _lock(session: Session, organisation_id: UUID) -> tuple[int, str]:
    """Lock a chain, and return the number and hash of its last event.

    On PostgreSQL under READ COMMITTED, `FOR UPDATE` reads the row again after it has waited; under REPEATABLE READ it
    would fail, or fork the chain. On SQLite, `BEGIN IMMEDIATE` has locked the database and nothing is sent. Columns are
    read instead of the object, which the session might remember from before the wait.

    Raises:
        Unreadable: the row that holds them cannot be read.
    """
    insert_or_ignore(
        session,
        ChainHead,
        key="organisation_id",
        values={"organisation_id": organisation_id, "seq": 0, "hash": GENESIS},
    )
    row = session.execute(
        select(ChainHead.seq, ChainHead.hash)
        .where(ChainHead.organisation_id == organisation_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise Unreadable
    return row.seq, row.hash


def _plain(about: About) -> dict[str, str | int | None]:
    plain: dict[str, str | int | None] = {}
    for name, value in about.items():
        if isinstance(value, UUID):
            value = str(value)
        if not (
            _PLAIN.fullmatch(value) if isinstance(value, str) else value is None or isinstance(value, int)
        ):
            raise ValueError(f"an event holds ids, codes and counts; {name!r} is none of them")
        plain[name] = value
    return plain


def _event(
    *,
    organisation_id: UUID,
    seq: int,
    previous: str,
    at: datetime,
    kind: str,
    principal_id: UUID | None,
    about: Mapping[str, str | int | None],
) -> Event:
    id = uuid4()
    body = json.dumps(
        {
            "about": about,
            "at": at.isoformat(),
            "event": str(id),
            "kind": kind,
            "organisation": str(organisation_id),
            "previous": previous,
            "principal": str(principal_id) if principal_id else None,
            "seq": seq,
        },
        separators=(",", ":"),
        sort_keys=True,
    )
    return Event(id=id, organisation_id=organisation_id, seq=seq, at=at, body=body, hash=hash_of(body))
