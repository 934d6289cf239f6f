"""Cards: in the ledger of a team whose key the session holds, else by post, and due where no key counts."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from tests.exchange.team_rows import MadeTeam
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.records import cards
from transition_exchange.exchange.records.cards import PreparedCard, Recipient
from transition_exchange.proforma.cards import CARD_FORMAT
from transition_exchange.sealing import hpke, ledger
from transition_exchange.sealing.errors import CannotOpen
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.models import Card

CONTENT = {"legal_forename": "Zoë", "legal_surname": "Nguyễn"}
NOW = datetime(2027, 6, 3, 9, 0, tzinfo=UTC)


def _seal(
    world: World,
    team: MadeTeam,
    purpose: str,
    *,
    actor: Actor | None = None,
    content: dict[str, str] | None = None,
    keyed: bool = True,
    record_id: UUID | None = None,
    card_id: UUID | None = None,
) -> PreparedCard:
    return cards.seal_card(
        actor=actor or world.senco,
        recipient=Recipient(team.row.id, purpose, team.opened.known if keyed else None),
        record_id=record_id or uuid4(),
        transfer_id=None,
        content=CONTENT if content is None else content,
        now=NOW,
        card_id=card_id,
    )


def test_the_own_teams_card_lies_in_its_ledger_at_once(world: World) -> None:
    team = world.school.teams["Transition team"]
    card = _seal(world, team, "transition")
    assert (card.state, card.key_id, card.team_id) == ("ledger", team.key_id, team.row.id)
    assert card.sealed is not None
    assert json.loads(ledger.open(team.secret.ledger_key, str(card.id), card.sealed)) == CONTENT
    with pytest.raises(CannotOpen):
        ledger.open(team.secret.ledger_key, str(uuid4()), card.sealed)


def test_another_teams_card_goes_by_post_to_its_public_key(world: World) -> None:
    assert world.root is not None
    card = _seal(world, world.root, "neet_group")
    assert (card.state, card.key_id) == ("post", world.root.key_id)
    assert card.sealed is not None
    kem = world.root.secret.kem
    assert json.loads(ledger.unpad(hpke.open(kem, card.sealed, info=cards.post_info(card.id)))) == CONTENT
    with pytest.raises(CannotOpen):
        hpke.open(kem, card.sealed, info=cards.post_info(uuid4()))


def test_a_card_named_for_the_own_teams_older_key_lies_under_its_newest(world: World) -> None:
    """The ledger lies under the current key only, whichever key the row named."""
    team = world.school.teams["Transition team"]
    rotated = replace(
        team.opened, key_id=uuid4(), secret=TeamSecret.generate(), older={team.key_id: team.secret}
    )
    card = _seal(world, team, "transition", actor=replace(world.senco, teams=(rotated,)))
    assert (card.state, card.key_id) == ("ledger", rotated.key_id)
    assert json.loads(ledger.open(rotated.secret.ledger_key, str(card.id), card.sealed or b"")) == CONTENT
    with pytest.raises(CannotOpen):
        ledger.open(team.secret.ledger_key, str(card.id), card.sealed or b"")


def test_without_a_key_that_counts_a_card_is_due_and_holds_nothing(world: World) -> None:
    card = _seal(world, world.college.teams["Admissions"], "admissions", keyed=False)
    assert (card.state, card.key_id, card.sealed) == ("due", None, None)


@pytest.mark.parametrize("purpose", ["transition", "admissions"])
def test_a_cards_length_shows_no_name(world: World, purpose: str) -> None:
    team = world.school.teams["Transition team"]
    lengths = {
        len(_seal(world, team, purpose, content={"legal_surname": name}).sealed or b"")
        for name in ("", "Ng", "Featherstonehaugh-Cholmondeley" * 3)
    }
    assert len(lengths) == 1


def test_a_schools_own_card_has_room_for_all_that_is_missing(world: World) -> None:
    team = world.school.teams["Transition team"]
    own, other = (len(_seal(world, team, purpose).sealed or b"") for purpose in ("transition", "admissions"))
    assert own > other


def test_what_a_card_holds_shows_in_no_repr(world: World) -> None:
    card = _seal(world, world.school.teams["Transition team"], "transition")
    assert repr(card.sealed) not in repr(card)


def test_storing_writes_in_place_of_what_is_there(world: World) -> None:
    record_id = world.add()
    team = world.school.teams["Transition team"]
    with world.db.read() as session:
        there = cards.card_ids(session, record_id)
        count = len(session.scalars(select(Card.id)).all())
    assert there.keys() >= {team.row.id, world.school.teams["Safeguarding team"].row.id}
    card = _seal(world, team, "transition", record_id=record_id, card_id=there[team.row.id])
    with world.db.write() as session:
        cards.store(session, [card])
    with world.db.read() as session:
        row = session.get_one(Card, card.id)
        assert (row.state, row.sealed, row.changed_at) == ("ledger", card.sealed, NOW)
        assert row.card_format == CARD_FORMAT
        assert len(session.scalars(select(Card.id)).all()) == count
        assert cards.card_ids(session, record_id) == there


def test_the_ids_of_a_records_cards_leave_its_transfers_out(world: World) -> None:
    sent = world.sent()
    with world.db.read() as session:
        ids = cards.card_ids(session, sent.record_id)
        transferred = set(session.scalars(select(Card.team_id).where(Card.transfer_id == sent.transfer_id)))
    assert transferred == {team.row.id for team in world.college.teams.values()}
    assert not ids.keys() & transferred
