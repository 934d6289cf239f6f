"""What the tables of records refuse, and what goes with a record."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.store.rows import organisation, record, team
from transition_exchange.store.database import Database
from transition_exchange.store.models import Attachment, Card, Part, Record, Revision, Transfer


def test_an_owner_has_one_revision_of_each_number(db: Database) -> None:
    school = organisation(db)
    with db.write() as session:
        learner = record(session, school)
        for owner in ("transition", "school_safeguarding"):
            session.add_all([Revision(record_id=learner.id, owner=owner, number=number) for number in (0, 1)])
    with pytest.raises(IntegrityError), db.write() as session:
        session.add(Revision(record_id=learner.id, owner="transition", number=1))
    with pytest.raises(IntegrityError, match="ck_revisions_number"), db.write() as session:
        session.add(Revision(record_id=learner.id, owner="transition", number=-1))
    with pytest.raises(IntegrityError, match="ck_revisions_owner"), db.write() as session:
        session.add(Revision(record_id=learner.id, owner="admissions", number=1))


def test_the_number_of_gaps_is_never_below_none(db: Database) -> None:
    school = organisation(db)
    with pytest.raises(IntegrityError, match="everybody_gaps"), db.write() as session:
        record(session, school, everybody_gaps=-1)


def test_a_team_has_one_card_of_a_record_and_one_of_each_of_its_transfers(db: Database) -> None:
    school, college, other = (organisation(db, name) for name in ("School", "College", "Boxing"))
    with db.write() as session:
        learner, group = record(session, school), team(session, school, "transition")
        transfers = [Transfer(record_id=learner.id, provider_id=provider) for provider in (college, other)]
        session.add_all(transfers)
    ids = {"team_id": group.id, "record_id": learner.id, "state": "post"}
    with db.write() as session:
        session.add_all([Card(**ids), *(Card(**ids, transfer_id=transfer.id) for transfer in transfers)])
    for transfer_id in (None, transfers[0].id):
        with pytest.raises(IntegrityError), db.write() as session:
            session.add(Card(**ids, transfer_id=transfer_id))


def test_everything_that_belongs_to_a_record_is_deleted_with_it(db: Database) -> None:
    school = organisation(db)
    with db.write() as session:
        learner, kept = record(session, school), record(session, school)
        for row in (learner, kept):
            revision = Revision(record_id=row.id, owner="transition", number=0)
            attachment = Attachment(record_id=row.id, owner="transition")
            session.add_all([revision, attachment])
            session.flush()
            about = {"record_id": row.id, "tag": "t" * 32, "digest": "d" * 64, "size": 1024}
            session.add(Part(**about, name="learner", revision_id=revision.id))
            session.add(Part(**about, name="file", attachment_id=attachment.id))
    with db.write() as session:
        session.delete(session.get_one(Record, learner.id))
    with db.read() as session:
        for table, count in ((Revision, 1), (Attachment, 1), (Part, 2)):
            left = session.scalars(select(table.record_id)).all()
            assert left == [kept.id] * count, table.__name__
