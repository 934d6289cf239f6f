"""What the tables of transfers refuse."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from tests.store.rows import organisation, record, team
from transition_exchange.store.database import Database
from transition_exchange.store.models import Query, Receipt, Revision, Transfer


def test_a_record_goes_to_a_provider_once_until_it_is_recalled(db: Database) -> None:
    school, college = organisation(db, "School"), organisation(db, "College")
    with db.write() as session:
        learner = record(session, school)
        first = Transfer(record_id=learner.id, provider_id=college)
        session.add(first)
    assert first.state == "sent"
    with pytest.raises(IntegrityError), db.write() as session:
        session.add(Transfer(record_id=learner.id, provider_id=college))
    with db.write() as session:
        session.get_one(Transfer, first.id).state = "recalled"
    with db.write() as session:
        session.add(Transfer(record_id=learner.id, provider_id=college))


def test_a_state_that_is_not_known_is_refused(db: Database) -> None:
    school, college = organisation(db, "School"), organisation(db, "College")
    with db.write() as session:
        learner = record(session, school)
    with pytest.raises(IntegrityError, match="ck_transfers_state"), db.write() as session:
        session.add(Transfer(record_id=learner.id, provider_id=college, state="lost"))


def test_a_team_has_one_receipt_for_each_revision_and_asks_a_known_owner(db: Database) -> None:
    school, college = organisation(db, "School"), organisation(db, "College")
    with db.write() as session:
        learner, group = record(session, school), team(session, college, "admissions")
        transfer = Transfer(record_id=learner.id, provider_id=college)
        revisions = [Revision(record_id=learner.id, owner="transition", number=number) for number in (1, 2)]
        session.add_all([transfer, *revisions])
        session.flush()
        ids = {"transfer_id": transfer.id, "team_id": group.id}
        session.add_all([Receipt(**ids, revision_id=revision.id) for revision in revisions])
    with pytest.raises(IntegrityError), db.write() as session:
        session.add(Receipt(**ids, revision_id=revisions[0].id))
    with pytest.raises(IntegrityError, match="ck_queries_owner"), db.write() as session:
        session.add(Query(transfer_id=transfer.id, asking_team_id=group.id, owner="admissions"))
