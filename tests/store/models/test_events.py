"""What the tables of events refuse."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from tests.store.rows import organisation
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Event, SignedHead


def test_an_organisation_has_one_event_of_each_number_counted_from_1(db: Database) -> None:
    one, other = organisation(db, "School"), organisation(db, "College")
    with db.write() as session:
        session.add_all(
            [Event(organisation_id=id, seq=1, at=utc_now(), body="{}", hash="h" * 64) for id in (one, other)]
        )
    for seq in (1, 0):
        with pytest.raises(IntegrityError), db.write() as session:
            session.add(Event(organisation_id=one, seq=seq, at=utc_now(), body="{}", hash="h" * 64))


def test_a_head_is_signed_once(db: Database) -> None:
    school = organisation(db)
    head = {"organisation_id": school, "seq": 1, "hash": "h" * 64, "signed_at": utc_now(), "signature": ""}
    with db.write() as session:
        session.add(SignedHead(**head))
    with pytest.raises(IntegrityError), db.write() as session:
        session.add(SignedHead(**head))
