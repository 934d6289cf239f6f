"""Whether anything of a record was ever sent: by what was signed, by rows and by the log, whatever a writer does."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import delete, select, update

from tests.exchange.lost_transfers import LOSSES, Loss, moved, without_row
from tests.exchange.recalls import cut, end_of, forge, turn
from tests.exchange.rows_put_there import put_version_there
from tests.exchange.typing_in import type_in
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.data_protection.ever_sent import Past, past_of
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records.ownership import own_record
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.store import events
from transition_exchange.store.models import Event, Grant, Revision, Transfer

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a session believes does not depend on the kind of database."""

SAFEGUARDING = "school_safeguarding"


def past(world: World, record_id: UUID) -> Past:
    with world.db.read() as session:
        return past_of(
            session,
            actor=world.senco,
            trust=trust_of(session, world.senco),
            record=own_record(session, world.senco, record_id),
        )


def test_of_a_new_record_nothing_was_sent_and_the_safeguarding_team_wrote_nothing(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.attach(record_id)
    type_in(world, record_id, known_as={"pronouns": "she/her"})
    assert past(world, record_id) == Past(None, safeguarding_wrote=False)


def test_what_is_at_a_provider_was_sent(world: World, sent: SentRecord) -> None:
    assert past(world, sent.record_id).sending == "sent"


def test_what_was_taken_back_was_sent_once(world: World, sent: SentRecord) -> None:
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    assert past(world, sent.record_id).sending == "taken_back"


@pytest.mark.parametrize("spoil", [*LOSSES, moved, turn, forge], ids=lambda spoil: spoil.__name__)
def test_a_row_that_was_changed_or_removed_leaves_it_not_certain(
    world: World, sent: SentRecord, spoil: Loss
) -> None:
    spoil(world, sent)
    assert past(world, sent.record_id).sending == "not_certain"


def test_without_the_row_and_the_log_the_version_that_was_signed_still_tells(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    before = end_of(world)
    world.send(record_id)
    without_row(world, SentRecord(record_id, world.transfer_of(record_id)))
    cut(world, before)
    assert past(world, record_id).sending == "released"


def test_without_the_row_and_the_version_the_log_still_tells(world: World, sent: SentRecord) -> None:
    without_row(world, sent)
    with world.db.write() as session:
        session.execute(delete(Revision).where(Revision.record_id == sent.record_id, Revision.number > 0))
    assert past(world, sent.record_id).sending == "not_certain"


def test_an_event_that_was_taken_out_of_the_log_is_missed(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    with world.db.write() as session:
        named = Event.body.contains(str(record_id)) & Event.body.contains("record.saved")
        session.execute(delete(Event).where(named))
    world.save(record_id, {"known_as": {"pronouns": "she/her"}})
    with world.db.write() as session:
        newest = select(Event.id).where(Event.body.contains("record.saved")).order_by(Event.seq.desc())
        session.execute(
            update(Event).where(Event.id == session.scalar(newest.limit(1))).values(hash="0" * 64)
        )
    assert past(world, record_id).sending == "unreadable"


def test_a_sending_that_nobody_signed_is_not_certain(world: World) -> None:
    record_id = world.add()
    with world.db.write() as session:
        session.add(Transfer(record_id=record_id, provider_id=world.college.id))
    assert past(world, record_id).sending == "not_certain"


def test_an_invented_event_is_not_certain(world: World) -> None:
    record_id = world.add()
    with world.db.write() as session:
        events.append(
            session,
            organisation_id=world.school.id,
            kind="record.released",
            about={"record": record_id, "owner": SAFEGUARDING},
        )
    assert past(world, record_id).sending == "not_certain"


def test_what_the_safeguarding_team_signed_keeps_nothing_and_a_row_that_nobody_signed_is_not_certain(
    world: World,
) -> None:
    signed, planted = world.add(), world.add("Ben", "Stone")
    world.save(signed, {"safeguarding": {"file_exists": "no"}}, owner=SAFEGUARDING)
    world.send(signed, owner=SAFEGUARDING)
    put_version_there(world, planted)
    assert past(world, signed) == Past(None, safeguarding_wrote=True, safeguarding_released=True)
    assert past(world, planted).sending == "not_certain"


def test_the_safeguarding_team_wrote_what_the_log_says(world: World) -> None:
    record_id = world.add()
    world.save(record_id, {"safeguarding": {"file_exists": "no"}}, owner=SAFEGUARDING)
    assert past(world, record_id) == Past(None, safeguarding_wrote=True)


def test_without_the_log_the_new_keys_of_what_the_safeguarding_team_wrote_still_tell(world: World) -> None:
    record_id = world.add()
    before = end_of(world)
    world.save(record_id, {"safeguarding": {"file_exists": "no"}}, owner=SAFEGUARDING)
    cut(world, before)
    assert past(world, record_id) == Past(None, safeguarding_wrote=True)


def test_a_draft_of_the_safeguarding_team_that_nobody_can_open_any_more_may_have_been_written_in(
    world: World,
) -> None:
    record_id = world.add()
    drafts = select(Revision.id).where(Revision.record_id == record_id, Revision.owner == SAFEGUARDING)
    with world.db.write() as session:
        session.execute(delete(Grant).where(Grant.revision_id.in_(drafts)))
    assert past(world, record_id).safeguarding_wrote


def test_whoever_is_in_the_safeguarding_team_too_goes_by_the_log(world: World) -> None:
    world.person("head", "Ashdown School", "Transition team", "Safeguarding team")
    record_id = world.add(actor=world.head)
    with world.db.read() as session:
        trust = trust_of(session, world.head)
        record = own_record(session, world.head, record_id)
        assert not past_of(session, actor=world.head, trust=trust, record=record).safeguarding_wrote


def test_a_release_that_the_log_tells_of_and_that_is_gone_is_not_certain(world: World) -> None:
    record_id = world.add()
    world.save(record_id, {"safeguarding": {"file_exists": "no"}}, owner=SAFEGUARDING)
    world.send(record_id, owner=SAFEGUARDING)
    with world.db.write() as session:
        session.execute(delete(Revision).where(Revision.record_id == record_id, Revision.number > 0))
    assert past(world, record_id).sending == "not_certain"


def test_what_the_safeguarding_team_released_with_the_record_was_sent(world: World, sent: SentRecord) -> None:
    world.save(sent.record_id, {"safeguarding": {"file_exists": "no"}}, owner=SAFEGUARDING)
    world.send(sent.record_id, owner=SAFEGUARDING)
    assert past(world, sent.record_id).sending == "sent"
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    assert past(world, sent.record_id).sending == "taken_back"
