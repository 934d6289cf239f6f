"""What a new key signed that nobody else has confirmed yet waits, and pages say for whom. It has not been changed."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from tests.exchange.renewing.matters import CARDS, DRAFTS, RELEASES
from tests.exchange.team_rows import confirm_key
from tests.exchange.world import World
from transition_exchange.exchange.errors import NotConfirmedYet, Tampered
from transition_exchange.exchange.keys.awaited import awaited_team
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.queries import asking, threads
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.sealing.address_book import AddressBook, RememberedKey
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.models import TeamKey, Transfer

SCHOOL, OFFICE, SECOND = "Ashdown School", "Transition team", "Second office"
WAITS = f"{OFFICE} at {SCHOOL} has a new key, because somebody has left it"


@pytest.fixture
def record_id(world: World) -> UUID:
    """A record that was sent, by one of two teams that write it."""
    world.team(SCHOOL, SECOND, "transition")
    world.person("clerk", SCHOOL, SECOND)
    return world.sent().record_id


def change_key(world: World) -> None:
    """Somebody leaves the first team, which makes everything anew with a new key. Nobody else has confirmed that."""
    world.new_key(SCHOOL, OFFICE, removed=[uuid4()])
    for matter in (DRAFTS, RELEASES, CARDS):
        assert matter.renew(world) == 0


def confirm_new(world: World) -> None:
    """The council confirms the new key."""
    assert world.root is not None
    with world.db.write() as session:
        confirm_key(session, session.get_one(TeamKey, world.school.teams[OFFICE].key_id), world.root)


def _awaited(world: World, *, book: AddressBook | None = None) -> TeamIdentity | None:
    """The team of the newest key, if that waits for the second team."""
    actor = replace(world.people["clerk"], address_book=book or AddressBook())
    with world.db.read() as session:
        key = session.get_one(TeamKey, world.school.teams[OFFICE].key_id)
        return awaited_team(session, trust=trust_of(session, actor), key=key)


def test_a_second_team_is_told_to_wait_until_the_key_is_confirmed(world: World, record_id: UUID) -> None:
    clerk = world.people["clerk"]
    before = open_draft(db=world.db, actor=clerk, record_id=record_id).answers
    change_key(world)
    with pytest.raises(NotConfirmedYet, match=WAITS) as waits:
        open_draft(db=world.db, actor=clerk, record_id=record_id)
    assert "Somebody in another team" in waits.value.message
    assert "the council" in waits.value.message
    confirm_new(world)
    assert open_draft(db=world.db, actor=clerk, record_id=record_id).answers == before


def test_a_college_is_told_the_same_of_what_it_was_sent(world: World, record_id: UUID) -> None:
    transfer_id = world.transfer_of(record_id)
    world.open(transfer_id)
    change_key(world)
    with pytest.raises(NotConfirmedYet, match=WAITS):
        world.open(transfer_id)
    confirm_new(world)
    assert world.open(transfer_id).answers


def test_nobody_sends_a_record_again_whose_transfers_cannot_be_checked_yet(
    world: World, record_id: UUID
) -> None:
    """It would go as if for the first time, and what the college has would be marked as taken back.

    The newest version is the second team's own, so nothing else of the record waits.
    """
    clerk, transfer_id = world.people["clerk"], world.transfer_of(record_id)
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}}, actor=clerk)
    world.send(record_id, actor=clerk)
    world.new_key(SCHOOL, OFFICE, removed=[uuid4()])
    assert RELEASES.renew(world) == 0
    with pytest.raises(NotConfirmedYet, match=WAITS):
        world.plan(record_id, actor=clerk)
    with pytest.raises(NotConfirmedYet, match=WAITS):
        world.plan(record_id, owner="school_safeguarding")
    (delivered,) = track(db=world.db, actor=clerk, record_id=record_id).delivered
    assert WAITS in delivered.waits
    with world.db.read() as session:
        assert session.scalars(select(Transfer.state)).all() == ["sent"]
    confirm_new(world)
    (delivered,) = track(db=world.db, actor=clerk, record_id=record_id).delivered
    assert (delivered.genuine, delivered.waits, delivered.transfer_id) == (True, "", transfer_id)
    assert [provider.state for provider in world.plan(record_id, actor=clerk).providers] == ["current"]


def test_a_message_that_the_new_key_signed_waits_too(world: World, record_id: UUID) -> None:
    transfer_id = world.transfer_of(record_id)
    world.open(transfer_id)
    query_id = asking.ask(
        db=world.db,
        actor=world.college_support,
        transfer_id=transfer_id,
        text="What helps?",
        section="contacts",
    )
    world.new_key(SCHOOL, OFFICE, removed=[uuid4()])
    (query,) = threads.queries(db=world.db, actor=world.senco)
    asking.reply(db=world.db, actor=world.senco, query_id=query_id, text="Routine.", seen=query.seen)
    (query,) = threads.queries(db=world.db, actor=world.college_support)
    assert WAITS in query.messages[-1].text
    assert not query.messages[-1].certain
    confirm_new(world)
    (query,) = threads.queries(db=world.db, actor=world.college_support)
    assert query.messages[-1].text == "Routine."


def test_a_key_without_a_removal_does_not_wait(world: World, record_id: UUID) -> None:
    world.new_key(SCHOOL, OFFICE)
    assert _awaited(world) is None
    open_draft(db=world.db, actor=world.people["clerk"], record_id=record_id)


@pytest.mark.parametrize("how", ["not signed", "seen before", "newer"])
def test_what_somebody_put_there_fails_its_check_as_before(world: World, record_id: UUID, how: str) -> None:
    change_key(world)
    team = world.school.teams[OFFICE]
    waiting = _awaited(world)
    assert waiting is not None
    assert waiting.name == OFFICE
    if how == "not signed":
        with world.db.write() as session:
            session.get_one(TeamKey, team.key_id).succession_signature = b"x" * 64
        assert _awaited(world) is None
        with pytest.raises(Tampered) as refused:
            open_draft(db=world.db, actor=world.people["clerk"], record_id=record_id)
        assert not isinstance(refused.value, NotConfirmedYet)
    else:
        version, secret = (2, TeamSecret.generate()) if how == "seen before" else (3, team.secret)
        seen = RememberedKey(version, secret.fingerprint.hex(), root=False)
        assert _awaited(world, book=AddressBook(team_keys={team.row.id: seen})) is None


def test_a_key_that_another_one_has_followed_does_not_wait_for_ever(world: World, record_id: UUID) -> None:
    change_key(world)
    waiting_id = world.school.teams[OFFICE].key_id
    world.new_key(SCHOOL, OFFICE, removed=[uuid4()])
    confirm_new(world)
    with world.db.read() as session:
        key = session.get_one(TeamKey, waiting_id)
        trust = trust_of(session, world.people["clerk"])
        assert awaited_team(session, trust=trust, key=key) is None
