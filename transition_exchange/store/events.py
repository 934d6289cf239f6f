"""Writing down what was done: one event a deed, at the end of its organisation's chain."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from transition_exchange.store.base import utc_now
from transition_exchange.store.models.events import ChainHead, Event

About = Mapping[str, str | int | UUID | None]

# What the first event of a chain names as the hash before it.
GENESIS = "0" * 64
_KIND = re.compile(r"[a-z_]+(\.[a-z_]+)*")
# Ids, codes, dates and versions; a name has a space and an address an @.
_PLAIN = re.compile(r"[A-Za-z0-9_.:/+-]{0,200}")


@dataclass(frozen=True)
class Deed:
    """What an event says.

    Attributes:
        principal_id: who did it; None where the installation did.
        about: ids, codes and counts.
    """

    seq: int
    at: datetime
    kind: str
    principal_id: UUID | None
    about: Mapping[str, str | int | None]


def append(
    session: Session,
    *,
    organisation_id: UUID,
    kind: str,
    principal_id: UUID | None = None,
    about: About | None = None,
    at: datetime | None = None,
) -> Event:
    """Write an event at the end of an organisation's chain, in the deed's own transaction.

    Call it last: until the transaction ends, nobody else can write an event of this organisation. A deed that
    writes events of two organisations takes them in the order of their ids, or two deeds may wait for each
    other.

    Args:
        kind: what was done, such as `record.saved`.
        about: ids, codes and counts, and nothing that a form says.

    Raises:
        ValueError: `kind` is no such word, or `about` holds what is neither id, code nor count.
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
    session.flush()
    session.execute(
        update(ChainHead)
        .where(ChainHead.organisation_id == organisation_id)
        .values(seq=event.seq, hash=event.hash)
        .execution_options(synchronize_session=False)
    )
    return event


def read(event: Event) -> Deed:
    """What an event says, for people to look at."""
    said = json.loads(event.body)
    return Deed(
        seq=event.seq,
        at=event.at,
        kind=said["kind"],
        principal_id=UUID(said["principal"]) if said["principal"] else None,
        about=said["about"],
    )


def hash_of(body: str) -> str:
    """The hash of an event's exact text, in hexadecimal."""
    return hashlib.sha256(body.encode()).hexdigest()


def _lock(session: Session, organisation_id: UUID) -> tuple[int, str]:
    """Wait until this chain is nobody else's, and return its end.

    On PostgreSQL under READ COMMITTED, `FOR UPDATE` reads the row anew after having waited; under REPEATABLE
    READ it would fail or fork. On SQLite `BEGIN IMMEDIATE` has locked the database and it is not sent.
    Columns are read, not the object, which the session might remember from before the wait.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(
        insert(ChainHead)
        .values(organisation_id=organisation_id, seq=0, hash=GENESIS)
        .on_conflict_do_nothing(index_elements=["organisation_id"])
    )
    row = session.execute(
        select(ChainHead.seq, ChainHead.hash)
        .where(ChainHead.organisation_id == organisation_id)
        .with_for_update()
    ).one()
    return row.seq, row.hash


def _plain(about: About) -> dict[str, str | int | None]:
    plain: dict[str, str | int | None] = {}
    for name, value in about.items():
        if isinstance(value, UUID):
            value = str(value)
        if isinstance(value, str) and not _PLAIN.fullmatch(value):
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
