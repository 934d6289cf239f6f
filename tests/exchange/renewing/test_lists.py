"""Lists after a change of key: the same cards under the new key, and nothing for somebody who has left."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from tests.exchange.coordinators import look, names, signed_in
from tests.exchange.renewing.changed_keys import due, noted, only_newest, renew
from tests.exchange.walks.opened import opened_by
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.records import ledgers
from transition_exchange.exchange.records.ledgers import OpenLedger, sealed_for_ledger
from transition_exchange.exchange.renewing import lists
from transition_exchange.sealing import ledger
from transition_exchange.sealing.cards import Place, SignedCard
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.models import Card, Record

COUNCIL, GROUP = "Ashdown Council", "NEET group"


def _opened(world: World, actor: Actor) -> OpenLedger:
    return ledgers.refreshed(db=world.db, actor=actor, team=actor.teams[0])


def _rows(world: World, actor: Actor) -> dict[UUID, tuple[str, UUID | None, int, datetime]]:
    """What the rows of a team's cards show: state, key, size and time."""
    with world.db.read() as session:
        rows = session.scalars(select(Card).where(Card.team_id == actor.teams[0].id))
        return {row.id: (row.state, row.team_key_id, len(row.sealed or b""), row.changed_at) for row in rows}


def _cards_opened_with(world: World, secret: TeamSecret) -> list[str]:
    return [place for place in opened_by(world, secret) if place.startswith("card ")]


def _some_in_the_ledger_and_some_by_post(world: World) -> None:
    """Three cards of the council that were moved into its ledger, and then two that came by post."""
    for forename in ("Amina", "Ben", "Cara"):
        world.add(forename)
    assert len(_opened(world, signed_in(world.coordinator)).cards) == 3
    for forename in ("Dov", "Ebo"):
        world.add(forename)


def test_every_card_lies_under_the_new_key_and_opens_for_nobody_who_has_left(world: World) -> None:
    _some_in_the_ledger_and_some_by_post(world)
    leaver, before = world.coordinator, _rows(world, world.coordinator)
    listed = names(look(world))
    assert sorted(state for state, *_ in before.values()) == ["ledger"] * 3 + ["post"] * 2
    assert len(_cards_opened_with(world, leaver.teams[0].secret)) == 5
    world.new_key(COUNCIL, GROUP)
    assert len(due(world, lists, world.coordinator)) == 5
    assert renew(world, lists, world.coordinator) == 0
    assert due(world, lists, world.coordinator) == []
    assert _cards_opened_with(world, leaver.teams[0].secret) == []
    newest = only_newest(world.coordinator)
    after = _rows(world, newest)
    assert {(state, key) for state, key, *_ in after.values()} == {("ledger", newest.teams[0].key_id)}
    # What was sealed to the public key was larger by its encapsulated key; the card inside is as large as before.
    in_ledger = {card_id for card_id, (state, *_) in before.items() if state == "ledger"}
    assert {after[card_id][2:] for card_id in in_ledger} == {before[card_id][2:] for card_id in in_ledger}
    assert {size for _, _, size, _ in after.values()} == {after[next(iter(in_ledger))][2]}
    assert {card_id: at for card_id, (*_, at) in after.items()} == {
        card_id: at for card_id, (*_, at) in before.items()
    }
    assert names(look(world)) == listed
    assert noted(world, world.coordinator) == [{"what": "cards", "count": 5}]
    assert _opened(world, leaver).failed == 5


def test_what_is_interrupted_is_carried_on_and_two_members_may_do_it_at_once(world: World) -> None:
    for _ in range(5):
        world.add()
    world.new_key(COUNCIL, GROUP)
    both = due(world, lists, world.coordinator)
    assert renew(world, lists, world.coordinator, both[:2]) == 0
    assert due(world, lists, world.coordinator) == both[2:], "the oldest come first"
    assert renew(world, lists, world.coordinator, both) == 0, "a colleague who began before"
    assert due(world, lists, world.coordinator) == []
    assert [about["count"] for about in noted(world, world.coordinator)] == [2, 3]
    assert renew(world, lists, world.coordinator, both) == 0
    assert len(noted(world, world.coordinator)) == 2, "nothing was left to do"


def test_a_card_that_the_school_writes_at_the_same_moment_stays(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_id = world.add()
    world.new_key(COUNCIL, GROUP)
    written = []

    def seal_late(team: OpenTeam, place: Place, card: SignedCard) -> bytes:
        """The school saves while the older card is being sealed again."""
        world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
        written.append(_rows(world, world.coordinator))
        return sealed_for_ledger(team, place, card)

    monkeypatch.setattr("transition_exchange.exchange.renewing.lists.sealed_for_ledger", seal_late)
    assert renew(world, lists, world.coordinator) == 0
    assert len(written) == 1
    assert _rows(world, world.coordinator) == written[0]
    assert noted(world, world.coordinator) == []


def test_a_damaged_card_is_counted_and_hides_no_other(world: World) -> None:
    spoilt, _ = world.add(), world.add("Ben", "Adams")
    world.new_key(COUNCIL, GROUP)
    with world.db.write() as session:
        team_id = world.coordinator.teams[0].id
        session.execute(
            update(Card).where(Card.record_id == spoilt, Card.team_id == team_id).values(sealed=b"x" * 2100)
        )
    assert renew(world, lists, world.coordinator) == 1
    assert len(due(world, lists, world.coordinator)) == 1
    look_now = _opened(world, signed_in(world.coordinator))
    assert (len(look_now.cards), look_now.failed) == (1, 1)


def test_a_card_that_a_leaver_wrote_under_the_older_ledger_key_is_neither_shown_nor_renewed(
    world: World,
) -> None:
    """They know that key, and may write to the database. No school signed what they put there."""
    world.add()
    leaver = world.coordinator.teams[0]
    world.new_key(COUNCIL, GROUP)
    assert renew(world, lists, world.coordinator) == 0
    with world.db.write() as session:
        row = session.scalars(select(Card).where(Card.team_id == leaver.id)).one()
        school = session.get_one(Record, row.record_id).organisation_id
        place = Place(row.id, row.record_id, None, leaver.id)
        false = SignedCard.sign(
            leaver.secret.signing,
            place=place,
            school=school,
            key=leaver.key_id,
            content={"legal_forename": "Nobody"},
            made_at=datetime.now(UTC),
        )
        row.sealed = ledger.seal(leaver.secret.ledger_key, place.use, false.to_bytes())
        row.state, row.team_key_id, row.changed_at = "ledger", leaver.key_id, datetime.now(UTC)
    look_now = _opened(world, signed_in(world.coordinator))
    assert (len(look_now.cards), look_now.failed) == (0, 1)
    assert renew(world, lists, world.coordinator) == 1
    assert _rows(world, world.coordinator)[row.id][1] == leaver.key_id


def test_looking_at_a_list_moves_its_cards_as_well(world: World) -> None:
    _some_in_the_ledger_and_some_by_post(world)
    leaver = world.coordinator
    world.new_key(COUNCIL, GROUP)
    assert len(_opened(world, signed_in(world.coordinator)).cards) == 5
    assert due(world, lists, world.coordinator) == []
    assert _cards_opened_with(world, leaver.teams[0].secret) == []


def test_a_schools_own_list_and_a_colleges_are_made_anew_with_their_sizes(world: World) -> None:
    world.sent()
    for place, team, person in (
        ("Ashdown School", "Transition team", "senco"),
        ("Northway College", "Learning support", "college_support"),
    ):
        _opened(world, signed_in(world.people[person]))
        before = _rows(world, world.people[person])
        leaver = world.people[person]
        world.new_key(place, team)
        assert renew(world, lists, world.people[person]) == 0
        newest = only_newest(world.people[person])
        assert _cards_opened_with(world, leaver.teams[0].secret) == []
        assert len(_cards_opened_with(world, newest.teams[0].secret)) == len(before) > 0
        after = _rows(world, newest)
        assert {card_id: size for card_id, (_, _, size, _) in after.items()} == {
            card_id: size for card_id, (_, _, size, _) in before.items()
        }


def test_nothing_is_due_for_somebody_whose_teams_have_one_key_or_who_holds_only_the_new_one(
    world: World,
) -> None:
    world.add()
    assert due(world, lists, world.coordinator) == []
    world.new_key(COUNCIL, GROUP)
    assert due(world, lists, only_newest(world.coordinator)) == []
    assert due(world, lists, world.senco) == []
    assert renew(world, lists, world.senco, due(world, lists, world.coordinator)) == 0
    assert renew(world, lists, world.coordinator, [uuid4()]) == 0
