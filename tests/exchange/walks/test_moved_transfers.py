"""Somebody lets a transfer's row name another provider; at the school nothing goes by that, and the page names both."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from tests.exchange.lost_transfers import BOXING, moved
from tests.exchange.recalls import row_of, shown, stay, write
from tests.exchange.renewing.leaver import OFFICE, leave
from tests.exchange.renewing.matters import RELEASES, forget_older_key
from tests.exchange.walks.test_tampering_with_transfers import change_draft, granted
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.queries import asking, threads
from transition_exchange.exchange.records import transfers
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.exchange.sending.send import send
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.sealing.transfers import TransferStatement
from transition_exchange.store.models import Record, Transfer

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a session believes does not depend on the kind of database."""

COLLEGE = "Northway College"


def _signed(world: World, transfer_id: UUID) -> tuple[str, str, UUID]:
    """What the newest statement says: state and provider; and the provider that the row names."""
    with world.db.read() as session:
        row = session.get_one(Transfer, transfer_id)
        statement = TransferStatement.read(row.statement or "")
        return statement.state, str(statement.provider), row.provider_id


def _recall(world: World, sent: SentRecord, seen: str) -> None:
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id, seen=seen)


def test_a_page_from_before_takes_back_nothing(world: World, sent: SentRecord) -> None:
    before = shown(world, sent).where
    moved(world, sent)
    with pytest.raises(Refused, match="has changed since this page was opened"):
        _recall(world, sent, before)
    assert _signed(world, sent.transfer_id)[0] == "sent"
    assert world.college.id != world.places[BOXING].id


def test_what_the_provider_does_meanwhile_stops_no_recall(world: World, sent: SentRecord) -> None:
    before = shown(world, sent).where
    world.open(sent.transfer_id)
    _recall(world, sent, before)
    assert shown(world, sent).state == "recalled"


def test_it_is_taken_back_from_whom_it_was_signed_for(world: World, sent: SentRecord) -> None:
    world.open(sent.transfer_id)
    moved(world, sent)
    page = shown(world, sent)
    assert (page.provider, page.elsewhere, page.genuine) == (COLLEGE, BOXING, True)
    assert f"went to {BOXING}" in page.dispute
    assert f"went to {COLLEGE}" in page.dispute
    _recall(world, sent, page.where)
    college = world.college.id
    assert _signed(world, sent.transfer_id) == ("recalled", str(college), college), "the row is put right"
    after = shown(world, sent)
    assert (after.provider, after.state, after.elsewhere) == (COLLEGE, "recalled", "")
    assert [receipt.team for receipt in after.reached] == ["Learning support"]


def test_a_recall_whose_row_is_moved_afterwards_stays_the_providers(world: World, sent: SentRecord) -> None:
    _recall(world, sent, shown(world, sent).where)
    moved(world, sent)
    after = shown(world, sent)
    assert (after.provider, after.state, after.elsewhere, after.genuine) == (
        COLLEGE,
        "recalled",
        BOXING,
        True,
    )
    assert world.plan(sent.record_id).providers[0].state == "new"


def test_they_keep_it_puts_the_row_right_and_the_provider_opens_it_again(
    world: World, sent: SentRecord
) -> None:
    moved(world, sent)
    stay(world, sent)
    assert (shown(world, sent).dispute, shown(world, sent).elsewhere) == ("", "")
    assert world.open(sent.transfer_id).answers
    change_draft(world, sent.record_id)
    assert world.send(sent.record_id).providers == (COLLEGE,)
    assert world.transfer_of(sent.record_id) == sent.transfer_id


def test_two_whose_providers_are_swapped_are_both_put_right(world: World) -> None:
    record_id = world.add()
    world.fill(record_id, going_to=[COLLEGE, BOXING])
    world.send(record_id)
    here, there = (SentRecord(record_id, world.transfer_of(record_id, name)) for name in (COLLEGE, BOXING))
    write(world, here, state="recalled", provider_id=world.places[BOXING].id)
    write(world, there, provider_id=world.college.id)
    write(world, here, state="sent")
    names = {
        one.transfer_id: one.provider
        for one in track(db=world.db, actor=world.senco, record_id=record_id).delivered
    }
    assert names == {here.transfer_id: COLLEGE, there.transfer_id: BOXING}
    for sent in (here, there):
        stay(world, sent)
    assert world.open(here.transfer_id).answers
    assert world.open(there.transfer_id, world.coach).answers


def _send_to_all(world: World, record_id: UUID) -> set[str]:
    """Send with every provider ticked. Returns which got it."""
    plan = world.plan(record_id)
    done = send(
        db=world.db,
        actor=world.senco,
        renderer=world.renderer,
        record_id=record_id,
        seen=plan.seen,
        providers=[provider.organisation_id for provider in plan.providers],
        today=world.today,
    )
    return set(done.providers)


@pytest.mark.parametrize("going_to", [(BOXING, COLLEGE), (COLLEGE, BOXING)])
def test_the_provider_that_a_moved_row_names_gets_its_first_pack_beside_the_one_that_is_ticked(
    world: World, sent: SentRecord, going_to: tuple[str, str]
) -> None:
    world.fill(sent.record_id, going_to=going_to)
    moved(world, sent)
    change_draft(world, sent.record_id)
    assert _send_to_all(world, sent.record_id) == {COLLEGE, BOXING}
    assert world.transfer_of(sent.record_id) == sent.transfer_id
    assert shown(world, sent).dispute == ""
    assert world.open(world.transfer_of(sent.record_id, BOXING), world.coach).answers


def test_two_that_are_swapped_are_both_put_right_where_both_are_ticked(world: World) -> None:
    record_id = world.add()
    world.fill(record_id, going_to=[COLLEGE, BOXING])
    world.send(record_id)
    here, there = (SentRecord(record_id, world.transfer_of(record_id, name)) for name in (COLLEGE, BOXING))
    write(world, here, state="recalled", provider_id=world.places[BOXING].id)
    write(world, there, provider_id=world.college.id)
    write(world, here, state="sent")
    change_draft(world, record_id)
    assert _send_to_all(world, record_id) == {COLLEGE, BOXING}
    for sent, actor in ((here, world.college_support), (there, world.coach)):
        assert shown(world, sent).dispute == ""
        assert world.open(sent.transfer_id, actor).answers


@pytest.mark.parametrize("ticked", [False, True])
def test_nothing_new_goes_by_a_moved_row_unless_it_is_ticked(
    world: World, sent: SentRecord, ticked: bool
) -> None:
    moved(world, sent)
    before = {name: granted(world, name) for name in (COLLEGE, BOXING)}
    change_draft(world, sent.record_id)
    (plan,) = world.plan(sent.record_id).providers
    assert (plan.organisation_id, plan.chosen, plan.expected) == (world.college.id, True, False)
    if not ticked:
        with pytest.raises(Refused, match="no provider is ticked"):
            world.send(sent.record_id)
        assert {name: granted(world, name) for name in before} == before


def test_a_question_is_still_read_at_the_school(world: World, sent: SentRecord) -> None:
    asking.ask(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id, text="Which bus?")
    moved(world, sent)
    (query,) = threads.queries(db=world.db, actor=world.senco, record_id=sent.record_id)
    assert [message.text for message in query.messages] == ["Which bus?"]


@pytest.mark.parametrize("move", [moved, None])
def test_a_row_that_stands_as_it_was_is_held(
    world: World, sent: SentRecord, move: Callable[[World, SentRecord], None] | None
) -> None:
    whole = row_of(world, sent)
    if move is not None:
        move(world, sent)
        write(world, sent, **whole)
    assert shown(world, sent).dispute == ""


def test_a_transfer_whose_row_names_another_provider_is_signed_anew_for_its_own(
    world: World, sent: SentRecord
) -> None:
    """What the older key signed must not be lost with that key because somebody has moved the row."""
    moved(world, sent)
    leave(world)
    assert RELEASES.renew(world) == 0
    forget_older_key(world, world.school.teams[OFFICE])
    with world.db.read() as session:
        statement = transfers.statement_of(
            session,
            trust=trust_of(session, world.senco),
            record=session.get_one(Record, sent.record_id),
            transfer=session.get_one(Transfer, sent.transfer_id),
        )
    assert statement is not None
    assert statement.provider == str(world.college.id)
