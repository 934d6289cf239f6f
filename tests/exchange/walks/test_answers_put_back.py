"""Somebody who can change rows puts back a safeguarding answer that was taken back, or lets it look taken back.

A walk: it goes through sending and receiving.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Table, delete, insert, select, update

from tests.exchange.safeguarding_answers import answer, follow, taken_back
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.receiving.inbox import inbox
from transition_exchange.exchange.receiving.opening import open_transfer, read_newest
from transition_exchange.exchange.sending.safeguarding_releases import to_follow
from transition_exchange.exchange.writing.learner_list import learners
from transition_exchange.store.models import Ciphertext, Grant, Part, Receipt, Revision

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a session believes does not depend on the kind of database."""

OWNER = "school_safeguarding"
Copy = dict[Any, Sequence[dict[str, Any]]]


def _versions(world: World, number: int) -> list[UUID]:
    with world.db.read() as session:
        return list(
            session.scalars(select(Revision.id).where(Revision.owner == OWNER, Revision.number == number))
        )


def _copied(world: World) -> Copy:
    """What somebody kept of the rows of the first version."""
    ids = _versions(world, 1)
    tables: dict[Any, Any] = {
        Part: Part.revision_id.in_(ids),
        Ciphertext: Ciphertext.id.in_(select(Part.id).where(Part.revision_id.in_(ids))),
        Grant: Grant.revision_id.in_(ids),
        Receipt: Receipt.revision_id.in_(ids),
    }
    with world.db.read() as session:
        return {
            kind: [dict(row) for row in session.execute(select(kind.__table__).where(which)).mappings()]
            for kind, which in tables.items()
        }


def _table(kind: Any) -> Table:
    table: Table = kind.__table__
    return table


def _put_back(world: World, copy: Copy) -> None:
    with world.db.write() as session:
        for kind in (Receipt, Grant, Ciphertext, Part):
            table = _table(kind)
            if kind is Receipt:
                ids = [row["revision_id"] for row in copy[kind]]
                session.execute(delete(table).where(table.c.revision_id.in_(ids)))
            else:
                session.execute(delete(table).where(table.c.id.in_([row["id"] for row in copy[kind]])))
        for kind in (Part, Ciphertext, Grant, Receipt):
            session.execute(insert(_table(kind)), list(copy[kind]))


def _taken_back(world: World, sent: SentRecord) -> Copy:
    answer(world, {sent.record_id: "yes"})
    world.open(sent.transfer_id, world.college_safeguarding)
    copy = _copied(world)
    taken_back(world, sent.record_id)
    return copy


def _answer_read(world: World, sent: SentRecord) -> str | None:
    received = read_newest(db=world.db, actor=world.college_safeguarding, transfer_id=sent.transfer_id)
    return received.answers.get("safeguarding", {}).get("file_exists")


def test_rows_that_are_put_back_bring_no_answer_back_while_the_signed_version_stands(
    world: World, sent: SentRecord
) -> None:
    copy = _taken_back(world, sent)
    _put_back(world, copy)
    assert _answer_read(world, sent) is None
    (row,) = inbox(db=world.db, actor=world.college_safeguarding)
    assert not row.safeguarding
    received = open_transfer(db=world.db, actor=world.college_safeguarding, transfer_id=sent.transfer_id)
    assert received.openings[OWNER].withdraws == 1
    with world.db.write() as session:  # not told of it either, they read nothing of the old answer
        session.execute(delete(Grant).where(Grant.revision_id.in_(_versions(world, 2))))
    assert _answer_read(world, sent) is None
    (line,) = learners(db=world.db, actor=world.safeguarding_lead, purpose=OWNER)
    assert line.safeguarding_taken_back is not None


def _remove(world: World) -> None:
    ids = _versions(world, 2)
    with world.db.write() as session:
        for kind in (Receipt, Grant):
            session.execute(delete(kind).where(kind.revision_id.in_(ids)))
        parts = select(Part.id).where(Part.revision_id.in_(ids))
        session.execute(delete(Ciphertext).where(Ciphertext.id.in_(parts)))
        session.execute(delete(Part).where(Part.revision_id.in_(ids)))
        session.execute(delete(Revision).where(Revision.id.in_(ids)))


def _spoil(world: World) -> None:
    with world.db.write() as session:
        session.execute(
            update(Revision).where(Revision.id.in_(_versions(world, 2))).values(signature=b"x" * 64)
        )


@pytest.mark.parametrize("lie", [_remove, _spoil])
def test_without_the_signed_version_nothing_follows_and_the_school_is_told(
    world: World, sent: SentRecord, lie: Callable[[World], None]
) -> None:
    _taken_back(world, sent)
    lie(world)
    assert to_follow(db=world.db, actor=world.safeguarding_lead) == ()
    (line,) = learners(db=world.db, actor=world.safeguarding_lead, purpose=OWNER)
    assert (line.safeguarding_released, line.safeguarding_doubtful) == (False, True)
    if lie is _spoil:
        with pytest.raises(Tampered):
            _answer_read(world, sent)
    else:
        assert _answer_read(world, sent) is None
        step = follow(world, [sent.record_id])  # a form that was opened before carries the record still
        assert [left.record_id for left in step.left] == [sent.record_id]
        planned = world.plan(sent.record_id, owner=OWNER)
        assert (planned.changed, planned.number) == (True, 2), "the lead releases it anew, or nothing"
        assert _answer_read(world, sent) is None


def test_only_whoever_removes_it_and_puts_back_a_copy_shows_the_old_answer(
    world: World, sent: SentRecord
) -> None:
    """That is on the list of what putting back whole rows does (docs/trust.md)."""
    copy = _taken_back(world, sent)
    _remove(world)
    _put_back(world, copy)
    assert _answer_read(world, sent) == "yes"
    (line,) = learners(db=world.db, actor=world.safeguarding_lead, purpose=OWNER)
    assert line.safeguarding_doubtful, "the school's own log tells of it"


def test_a_text_that_says_so_and_nobody_signed_takes_nothing_back(world: World, sent: SentRecord) -> None:
    answer(world, {sent.record_id: "yes"})
    with world.db.write() as session:
        first = session.scalars(select(Revision).where(Revision.owner == OWNER, Revision.number == 1)).one()
        made_up = Revision(
            record_id=sent.record_id,
            owner=OWNER,
            number=2,
            released_at=first.released_at,
            released_by=first.released_by,
            team_key_id=first.team_key_id,
            manifest=(first.manifest or "").replace('"version":', '"withdraws":1,"version":'),
            signature=first.signature,
        )
        session.add(made_up)
    assert _answer_read(world, sent) == "yes"
    with pytest.raises(Tampered):
        follow(world, [sent.record_id])
