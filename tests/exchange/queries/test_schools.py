"""A question goes to the school that sent the record, and to no other that rows name or that signs for it later."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from tests.exchange.queries import forged
from tests.exchange.queries.forged import texts
from tests.exchange.renewing.changed_keys import due, only_newest, renew
from tests.exchange.renewing.matters import RELEASES
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.errors import NotConfirmedYet, NotFound, Refused, Tampered
from transition_exchange.exchange.queries import asking, threads
from transition_exchange.exchange.queries.late_readers import pass_on
from transition_exchange.exchange.queries.messages import DAMAGED
from transition_exchange.exchange.renewing import questions
from transition_exchange.store.models import QueryKeyring, Record, Transfer

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a session believes does not depend on the kind of database."""

SCHOOL, OTHER, OFFICE = "Ashdown School", "Beech Lane School", "Transition team"
COLLEGE, SUPPORT = "Northway College", "Learning support"
PLAN = "She has a care plan."


def _sealed_to_other(world: World) -> int:
    return forged.keys_sealed_to(world, world.places[OTHER].teams[OFFICE].row.id)


def _whom(world: World, sent: SentRecord) -> asking.Asked:
    return asking.whom_to_ask(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id)


def _ask(world: World, sent: SentRecord, seen: str | None = None) -> UUID:
    return asking.ask(
        db=world.db, actor=world.college_support, transfer_id=sent.transfer_id, text=PLAN, seen=seen
    )


@pytest.mark.parametrize("signs_transfer", [False, True])
@pytest.mark.parametrize("looked", ["before", "after"])
def test_what_a_college_adds_is_not_sealed_to_a_school_that_took_the_record_over(
    world: World, sent: SentRecord, query_id: UUID, signs_transfer: bool, looked: str
) -> None:
    """Its transition team signs a grant, and even the transfer. The question names the school that was asked."""
    (before,) = threads.queries(db=world.db, actor=world.college_support)
    assert str(world.school.id) in before.seen
    forged.take_over(world, sent, signs_transfer=signs_transfer)
    (after,) = threads.queries(db=world.db, actor=world.college_support)
    assert (after.certain, after.other) == (False, "")
    assert after.seen != before.seen
    refusal = "any more" if looked == "before" else "not certain"
    with pytest.raises(Refused, match=refusal):
        asking.reply(
            db=world.db,
            actor=world.college_support,
            query_id=query_id,
            text=PLAN,
            seen=(before if looked == "before" else after).seen,
        )
    with pytest.raises(Refused, match="not certain"):
        asking.reply(db=world.db, actor=world.other_senco, query_id=query_id, text="Go on")
    assert _sealed_to_other(world) == 0


def test_a_school_that_the_row_names_and_that_sent_nothing_is_not_asked(
    world: World, sent: SentRecord
) -> None:
    forged.take_over(world, sent)
    for ask in (_whom, _ask):
        with pytest.raises(Tampered):
            ask(world, sent)
    assert _sealed_to_other(world) == 0


def test_a_question_goes_to_no_other_school_than_its_page_named(world: World, sent: SentRecord) -> None:
    """The other school signs all of it between the page and the button."""
    shown = _whom(world, sent)
    assert shown.school == SCHOOL
    forged.take_over(world, sent, signs_transfer=True)
    with pytest.raises(Refused, match="any more"):
        _ask(world, sent, shown.seen)
    assert _sealed_to_other(world) == 0
    assert _whom(world, sent).school == OTHER, "whoever looks now reads whom they would ask"


def test_a_question_goes_where_its_page_said(world: World, sent: SentRecord) -> None:
    query_id = _ask(world, sent, _whom(world, sent).seen)
    assert texts(world, world.senco, query_id) == [PLAN]


def test_whom_to_ask_is_told_to_nobody_else(world: World, sent: SentRecord) -> None:
    world.team(COLLEGE, "Late team", "learning_support")
    for actor in (world.person("late", COLLEGE, "Late team"), world.coach, world.senco):
        with pytest.raises(NotFound):
            asking.whom_to_ask(db=world.db, actor=actor, transfer_id=sent.transfer_id)


@pytest.mark.parametrize("signs_transfer", [False, True])
def test_a_change_of_key_seals_no_older_message_to_another_school(
    world: World, sent: SentRecord, query_id: UUID, signs_transfer: bool
) -> None:
    """And takes it from nobody: once the rows are right again, the school reads it and the college's key is changed."""
    world.new_key(COLLEGE, SUPPORT)
    with world.db.read() as session:
        before = set(session.scalars(select(QueryKeyring.id)))
        transfer = session.get_one(Transfer, sent.transfer_id)
        real = transfer.statement, transfer.signature, transfer.team_key_id
    forged.take_over(world, sent, signs_transfer=signs_transfer)
    assert renew(world, questions, world.college_support) == 1
    assert _sealed_to_other(world) == 0
    with world.db.write() as session:
        assert set(session.scalars(select(QueryKeyring.id))) == before
        session.get_one(Record, sent.record_id).organisation_id = world.school.id
        transfer = session.get_one(Transfer, sent.transfer_id)
        transfer.statement, transfer.signature, transfer.team_key_id = real
    assert renew(world, questions, world.college_support) == 0
    assert due(world, questions, world.college_support) == []
    assert texts(world, world.senco, query_id) == texts(world, only_newest(world.college_support), query_id)
    assert texts(world, world.senco, query_id) == ["What helps?"]


def test_a_school_that_took_the_record_over_passes_nothing_on(
    world: World, sent: SentRecord, query_id: UUID
) -> None:
    """Nor does the school that was asked, until the row names it again."""
    forged.take_over(world, sent, signs_transfer=True)
    world.team(OTHER, "Second team", "transition")
    assert pass_on(db=world.db, actor=world.other_senco) == 0
    assert pass_on(db=world.db, actor=world.senco) == 0
    assert texts(world, world.college_support, query_id) == [DAMAGED]


def test_a_transfer_that_nobody_signed_is_asked_about_at_no_school(world: World, sent: SentRecord) -> None:
    with world.db.write() as session:
        session.execute(update(Transfer).values(signature=bytes(64)))
    for ask in (_whom, _ask):
        with pytest.raises(Tampered):
            ask(world, sent)


def test_while_the_schools_new_key_is_to_be_confirmed_the_page_says_so(
    world: World, sent: SentRecord
) -> None:
    world.new_key(SCHOOL, OFFICE, removed=[uuid4()])
    RELEASES.renew(world)
    with pytest.raises(NotConfirmedYet, match="Transition team at Ashdown School"):
        _whom(world, sent)
