"""Where sealed bytes lie: behind one small interface, in the database by default.

A `Database` holds the place that its sessions use; `ciphertexts_of` asks a session for it. A folder or an object store
is another class with these four methods, given to `Database`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, cast
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from transition_exchange.store.models.records import Ciphertext

# SQLite takes 999 parameters in one statement (SQLITE_MAX_VARIABLE_NUMBER), and 32,766 since 3.32.
_AT_ONCE = 900


class Ciphertexts(Protocol):
    """A place for sealed bytes, by id."""

    def replace(self, session: Session, bodies: Mapping[UUID, bytes]) -> None:
        """Store many bodies at once in the place of what is there under their ids."""

    def put_new(self, session: Session, bodies: Mapping[UUID, bytes]) -> None:
        """Store many bodies at once under new ids."""

    def get(self, session: Session, ids: Sequence[UUID]) -> dict[UUID, bytes]:
        """The bodies under `ids`; an unknown id is left out."""

    def delete(self, session: Session, ids: Sequence[UUID]) -> None:
        """Delete the bodies under `ids`; an unknown id is no error."""


IN_SESSION = "ciphertexts"
"""Under which name a session's `info` holds the place."""


def ciphertexts_of(session: Session) -> Ciphertexts:
    """The place where the sealed bytes of a session's database lie.

    Raises:
        KeyError: the session was not opened by a `Database`.
    """
    return cast(Ciphertexts, session.info[IN_SESSION])


class DatabaseCiphertexts:
    """Sealed bytes in a table of their own, so reading a list never reads past them."""

    def replace(self, session: Session, bodies: Mapping[UUID, bytes]) -> None:
        """Store many bodies at once in the place of what is there under their ids."""
        session.execute(update(Ciphertext), [{"id": id, "body": body} for id, body in bodies.items()])

    def put_new(self, session: Session, bodies: Mapping[UUID, bytes]) -> None:
        """Store many bodies at once under new ids."""
        # As rows of the session: the forty of a draft go in as one statement when the transaction is flushed.
        session.add_all([Ciphertext(id=id, body=body) for id, body in bodies.items()])

    def get(self, session: Session, ids: Sequence[UUID]) -> dict[UUID, bytes]:
        """The bodies under `ids`; an unknown id is left out."""
        bodies: dict[UUID, bytes] = {}
        for start in range(0, len(ids), _AT_ONCE):
            rows = session.execute(
                select(Ciphertext.id, Ciphertext.body).where(Ciphertext.id.in_(ids[start : start + _AT_ONCE]))
            )
            bodies.update((id, body) for id, body in rows)
        return bodies

    def delete(self, session: Session, ids: Sequence[UUID]) -> None:
        """Delete the bodies under `ids`; an unknown id is no error."""
        for start in range(0, len(ids), _AT_ONCE):
            session.execute(
                delete(Ciphertext)
                .where(Ciphertext.id.in_(ids[start : start + _AT_ONCE]))
                .execution_options(synchronize_session=False)
            )
