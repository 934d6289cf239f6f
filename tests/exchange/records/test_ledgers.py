"""An opened ledger stays fresh, whatever came, changed or went, and shows only cards that could be checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from tests.exchange.coordinators import signed_in
from tests.exchange.team_rows import confirm_key
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound, Tampered
from transition_exchange.exchange.records import cards, ledgers
from transition_exchange.exchange.records.ledger_memory import LedgerMemory, memory
from transition_exchange.exchange.records.ledgers import OpenLedger
from transition_exchange.sealing import hpke, ledger
from transition_exchange.sealing.cards import Place, SignedCard
from transition_exchange.store import events
from transition_exchange.store.models import Card, Record, TeamKey


def opened(world: World, actor: Actor) -> OpenLedger:
    """A look at the NEET group's ledger."""
    return ledgers.refreshed(db=world.db, actor=actor, team=actor.require("neet_group"))


def states(world: World) -> dict[str, int]:
    with world.db.read() as session:
        team = world.coordinator.require("neet_group")
        query = select(Card.state, func.count()).where(Card.team_id == team.id).group_by(Card.state)
        return {row[0]: row[1] for row in session.execute(query)}


def test_a_look_at_what_did_not_change_is_the_same_look(world: World) -> None:
    coordinator = signed_in(world.coordinator)
    world.add()
    first, second = opened(world, coordinator), opened(world, coordinator)
    assert second.cards is first.cards
    assert (second.version, second.heads) == (first.version, first.heads)
    world.add("Ben", "Adams")
    third = opened(world, coordinator)
    assert third.version > first.version
    assert third.heads != first.heads
    assert (len(first.cards), len(third.cards)) == (1, 2), "somebody may still be walking through the first"


def test_what_was_deleted_is_gone_at_the_next_look(world: World) -> None:
    coordinator = signed_in(world.coordinator)
    record_id = world.add()
    assert len(opened(world, coordinator).cards) == 1
    with world.db.write() as session:
        session.execute(delete(Record).where(Record.id == record_id))
        events.append(session, organisation_id=world.school.id, kind="record.deleted")
    assert not opened(world, coordinator).cards


def test_what_was_committed_late_is_found(world: World) -> None:
    coordinator = signed_in(world.coordinator)
    record_id = world.add()
    opened(world, coordinator)
    late = datetime.now(UTC) - timedelta(seconds=30)
    _replace(world, record_id, {"legal_surname": "Late"}, now=late)
    assert opened(world, coordinator).cards[record_id, None].content == {"legal_surname": "Late"}


def test_an_older_card_that_was_put_back_does_not_take_the_newer_ones_place(world: World) -> None:
    """Whoever writes to the database can keep a card's bytes and put them back."""
    coordinator = signed_in(world.coordinator)
    record_id = world.add()
    before = opened(world, coordinator).cards[record_id, None]
    _replace(world, record_id, {"legal_surname": "Older"}, now=datetime.now(UTC) - timedelta(days=1))
    with world.db.write() as session:
        session.execute(update(Card).where(Card.record_id == record_id).values(changed_at=datetime.now(UTC)))
    look = opened(world, coordinator)
    assert look.cards[record_id, None].content == before.content
    assert look.failed == 1


def _replace(world: World, record_id: UUID, content: dict[str, str], *, now: datetime) -> None:
    """Store another card for the NEET group, made and signed by the school at some time."""
    assert world.root is not None
    with world.db.write() as session:
        there = cards.card_ids(session, record_id)
        card = cards.seal_card(
            actor=world.senco,
            recipient=cards.Recipient(world.root.row.id, "neet_group", world.root.opened.known),
            record_id=record_id,
            transfer_id=None,
            content=content,
            now=now,
            card_id=there[world.root.row.id],
        )
        cards.store(session, [card])


def test_what_came_by_post_is_moved_a_few_at_a_time_until_none_is_left(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledgers, "MOVED_A_REQUEST", 2)
    for _ in range(5):
        world.add()
    coordinator = signed_in(world.coordinator)
    left = []
    for _ in range(3):
        assert len(opened(world, coordinator).cards) == 5
        left.append(states(world).get("post", 0))
    assert left == [3, 1, 0]
    assert len(opened(world, signed_in(world.coordinator)).cards) == 5


def test_a_card_is_as_large_in_the_ledger_as_it_was_by_post(world: World) -> None:
    record_id = world.add()
    of_safeguarding = select(Card).where(
        Card.record_id == record_id, Card.team_id == world.safeguarding_lead.teams[0].id
    )

    def card() -> tuple[str, int]:
        with world.db.read() as session:
            row = session.scalars(of_safeguarding).one()
            return row.state, len(row.sealed or b"")

    state, size = card()
    assert state == "post"
    assert size > ledger.LARGE_STEP
    lead = signed_in(world.safeguarding_lead)
    ledgers.refreshed(db=world.db, actor=lead, team=lead.require("school_safeguarding"))
    state, size = card()
    assert state == "ledger"
    assert size > ledger.LARGE_STEP


def test_a_card_that_does_not_open_is_left_out_counted_and_hides_no_other(world: World) -> None:
    coordinator = signed_in(world.coordinator)
    spoilt = world.add()
    with world.db.write() as session:
        session.execute(update(Card).where(Card.record_id == spoilt).values(sealed=b"x" * 1100))
    other = world.add("Ben", "Adams")
    for _ in range(2):
        look = opened(world, coordinator)
        assert (set(look.cards), look.failed) == ({(other, None)}, 1)
    assert ledgers.unchecked(db=world.db, actor=coordinator) == 1
    assert ledgers.unchecked(db=world.db, actor=signed_in(world.other_senco)) == 0


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 1000,
        b"[]",
        b"\xff",
        b'{"content": {"legal_surname": "\\ud800"}, "school": "%(school)s", "key": "%(key)s", "made_at": "%(at)s", '
        b'"signature": ""}',
        b'{"content": {}, "school": "%(school)s", "key": "%(key)s", "made_at": "soon", "signature": ""}',
        b'{"content": [], "school": "%(school)s", "key": "%(key)s", "made_at": "%(at)s", "signature": ""}',
        b'{"content": {}, "school": [], "key": 1e999, "made_at": "%(at)s", "signature": NaN}',
    ],
    ids=range(7),
)
def test_a_card_that_anybody_sealed_is_counted_whatever_it_holds(world: World, content: bytes) -> None:
    """Whoever can write to the database knows the public key of the team, and the id of the school's key."""
    record_id, other = world.add(), world.add("Ben", "Adams")
    key_id = world.school.teams["Transition team"].key_id
    content = content % {
        b"school": str(world.school.id).encode(),
        b"key": str(key_id).encode(),
        b"at": datetime.now(UTC).isoformat().encode(),
    }
    team = world.coordinator.require("neet_group")
    with world.db.write() as session:
        row = session.scalars(select(Card).where(Card.record_id == record_id, Card.team_id == team.id)).one()
        row.state = "post"
        row.sealed = hpke.seal(team.secret.kem.public, ledger.pad(content), info=cards.place_of(row).use)
    look = opened(world, signed_in(world.coordinator))
    assert (set(look.cards), look.failed) == ({(other, None)}, 1)


def test_a_card_that_could_not_be_checked_is_no_longer_counted_once_it_is_gone(world: World) -> None:
    coordinator = signed_in(world.coordinator)
    spoilt, other = world.add(), world.add("Ben", "Adams")
    with world.db.write() as session:
        session.execute(update(Card).where(Card.record_id == spoilt).values(sealed=b"x" * 1100))
    assert opened(world, coordinator).failed == 1
    with world.db.write() as session:
        session.execute(delete(Record).where(Record.id == spoilt))
        events.append(session, organisation_id=world.school.id, kind="record.deleted")
    look = opened(world, coordinator)
    assert (set(look.cards), look.failed) == ({(other, None)}, 0)


def test_a_card_that_was_mended_is_on_the_list_and_no_longer_counted(world: World) -> None:
    coordinator = signed_in(world.coordinator)
    record_id = world.add()
    with world.db.write() as session:
        session.execute(update(Card).where(Card.record_id == record_id).values(sealed=b"x" * 1100))
    assert opened(world, coordinator).failed == 1
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    look = opened(world, coordinator)
    assert (set(look.cards), look.failed) == ({(record_id, None)}, 0)


def test_cards_of_a_school_that_is_confirmed_later_appear_without_being_sent_again(world: World) -> None:
    """The council cannot check them before; the same rows count once it has rung the school."""
    coordinator = signed_in(world.coordinator)
    world.place("New School", kind="school", sends=True)
    new = world.team("New School", "Transition team", "transition", confirmed=False)
    # The new team's own session knows the council by its pin, so it writes to it before it is confirmed.
    clerk = world.person("clerk", "New School", "Transition team")
    record_id = world.add(actor=clerk)
    with world.db.write() as session:
        long_ago = datetime.now(UTC) - timedelta(days=3)
        session.execute(update(Card).where(Card.record_id == record_id).values(changed_at=long_ago))
    look = opened(world, coordinator)
    assert (dict(look.cards), look.failed) == ({}, 1)
    assert world.root is not None
    with world.db.write() as session:
        before = _rows(session)
        confirm_key(session, session.get_one(TeamKey, new.key_id), world.root)
        events.append(session, organisation_id=world.places["Ashdown Council"].id, kind="team.confirmed")
    look = opened(world, coordinator)
    assert (set(look.cards), look.failed) == ({(record_id, None)}, 0)
    with world.db.read() as session:
        assert _rows(session) == before


def _rows(session: Session) -> set[tuple[UUID, datetime]]:
    """The cards that there are, and when each was made."""
    return {(card.id, card.changed_at) for card in session.scalars(select(Card))}


def test_a_teams_own_card_is_read_only_if_it_can_be_checked_now(world: World) -> None:
    """A list may be shown from the ledger; a pack's name is taken from a card whose signature still counts."""
    record_id = world.add()
    team, lead = world.safeguarding_lead.require("school_safeguarding"), signed_in(world.safeguarding_lead)

    def content() -> Mapping[str, Any]:
        return ledgers.proven_content(db=world.db, actor=lead, team=team, record_id=record_id)

    assert content()["legal_surname"] == "Khan"
    ledgers.refreshed(db=world.db, actor=lead, team=team)
    assert content()["legal_surname"] == "Khan", "also from the ledger"
    with pytest.raises(NotFound):
        ledgers.proven_content(db=world.db, actor=lead, team=team, record_id=uuid4())
    place, body = _own_card(world, record_id)
    forged = replace(body, content={**body.content, "legal_surname": "Other"}).to_bytes()
    with world.db.write() as session:
        row = session.get_one(Card, place.card)
        row.sealed = ledger.seal(team.secret.ledger_key, place.use, forged)
    with pytest.raises(Tampered):
        content()
    with world.db.write() as session:
        session.get_one(Card, place.card).sealed = b"x" * 1100
    with pytest.raises(Tampered):
        content()


def _own_card(world: World, record_id: UUID) -> tuple[Place, SignedCard]:
    """The safeguarding team's card of a record, from its ledger."""
    team = world.safeguarding_lead.require("school_safeguarding")
    with world.db.read() as session:
        row = session.scalars(select(Card).where(Card.record_id == record_id, Card.team_id == team.id)).one()
    place = Place(row.id, record_id, None, team.id)
    opened_body = ledger.open(team.secret.ledger_key, place.use, row.sealed or b"")
    return place, SignedCard.from_bytes(opened_body)


def test_what_a_session_opened_is_forgotten_with_it(world: World) -> None:
    coordinator = signed_in(world.coordinator)
    world.add()
    opened(world, coordinator).beside["made"] = uuid4()
    assert "made" in opened(world, coordinator).beside
    memory.forget(coordinator.session_id)
    assert "made" not in opened(world, coordinator).beside


def test_one_session_never_sees_what_another_opened(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = LedgerMemory()
    monkeypatch.setattr(ledgers, "memory", memory)
    world.add()
    team = world.senco.teams[0]
    opened = [
        ledgers.refreshed(db=world.db, actor=replace(world.senco, session_id=name), team=team)
        for name in ("one", "one", "other")
    ]
    assert opened[0].beside is opened[1].beside
    assert opened[0].beside is not opened[2].beside
    memory.forget("one")
    assert len(memory) == 1
