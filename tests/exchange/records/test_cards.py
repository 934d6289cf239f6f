"""Cards: in a ledger whose key the session holds, else by post, and due where no key counts; and who may sign them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select

from tests.exchange.team_rows import MadeTeam
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor, OlderKey
from transition_exchange.exchange.errors import NotAllowed
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records import cards
from transition_exchange.exchange.records.cards import PreparedCard, Recipient, is_genuine
from transition_exchange.proforma.cards import CARD_FORMAT
from transition_exchange.sealing import hpke, ledger
from transition_exchange.sealing.cards import Place, SignedCard
from transition_exchange.sealing.errors import CannotOpen
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.models import Card, Membership, Team, TeamKey

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


def _from_ledger(card: PreparedCard, secret: TeamSecret, place: Place | None = None) -> SignedCard:
    opened = ledger.open(secret.ledger_key, (place or _place(card)).use, card.sealed or b"")
    return SignedCard.from_bytes(opened)


def _from_post(card: PreparedCard, secret: TeamSecret, place: Place | None = None) -> SignedCard:
    opened = hpke.open(secret.kem, card.sealed or b"", info=(place or _place(card)).use)
    return SignedCard.from_bytes(ledger.unpad(opened))


def _place(card: PreparedCard) -> Place:
    return Place(card.id, card.record_id, card.transfer_id, card.team_id)


def test_the_own_teams_card_lies_in_its_ledger_at_once(world: World) -> None:
    team = world.school.teams["Transition team"]
    card = _seal(world, team, "transition")
    assert (card.state, card.key_id, card.team_id) == ("ledger", team.key_id, team.row.id)
    assert _from_ledger(card, team.secret).content == CONTENT


def test_another_teams_card_goes_by_post_to_its_public_key(world: World) -> None:
    assert world.root is not None
    card = _seal(world, world.root, "neet_group")
    assert (card.state, card.key_id) == ("post", world.root.key_id)
    assert _from_post(card, world.root.secret).content == CONTENT


@pytest.mark.parametrize("moved", ["card", "record", "transfer"])
def test_a_card_opens_in_its_own_place_only(world: World, moved: str) -> None:
    """In the ledger as by post: swapping two rows' content shows neither."""
    assert world.root is not None
    own, posted = (
        _seal(world, world.school.teams["Transition team"], "transition"),
        _seal(world, world.root, "neet_group"),
    )
    with pytest.raises(CannotOpen):
        _from_ledger(
            own, world.school.teams["Transition team"].secret, replace(_place(own), **{moved: uuid4()})
        )
    with pytest.raises(CannotOpen):
        _from_post(posted, world.root.secret, replace(_place(posted), **{moved: uuid4()}))


def test_a_card_named_for_the_own_teams_older_key_lies_under_its_newest(world: World) -> None:
    """The ledger lies under the current key only, whichever key the row named."""
    team = world.school.teams["Transition team"]
    rotated = replace(
        team.opened,
        key_id=uuid4(),
        secret=TeamSecret.generate(),
        older={team.key_id: OlderKey(1, team.secret)},
    )
    card = _seal(world, team, "transition", actor=replace(world.senco, teams=(rotated,)))
    assert (card.state, card.key_id) == ("ledger", rotated.key_id)
    assert _from_ledger(card, rotated.secret).content == CONTENT
    with pytest.raises(CannotOpen):
        _from_ledger(card, team.secret)


def test_only_a_transition_team_makes_cards(world: World) -> None:
    for actor in (world.safeguarding_lead, world.coordinator, world.college_support):
        with pytest.raises(NotAllowed):
            _seal(world, world.school.teams["Transition team"], "transition", actor=actor)


def _signed(by: MadeTeam, place: Place, *, school: UUID | None = None, key: UUID | None = None) -> SignedCard:
    return SignedCard.sign(
        by.secret.signing,
        place=place,
        school=school or by.identity.organisation_id,
        key=key or by.key_id,
        content=CONTENT,
        made_at=NOW,
    )


def _genuine(world: World, card: SignedCard, place: Place, actor: Actor | None = None) -> bool:
    actor = actor or world.coordinator
    with world.db.read() as session:
        return is_genuine(session, trust=trust_of(session, actor), place=place, card=card)


@pytest.fixture
def place(world: World) -> Place:
    """Where the NEET group's card of a learner of the school belongs."""
    assert world.root is not None
    record_id = world.add()
    with world.db.read() as session:
        card_id = cards.card_ids(session, record_id)[world.root.row.id]
    return Place(card_id, record_id, None, world.root.row.id)


def test_what_a_transition_team_of_the_school_signed_is_genuine(world: World, place: Place) -> None:
    assert _genuine(world, _signed(world.school.teams["Transition team"], place), place)


@pytest.mark.parametrize("moved", ["card", "record", "transfer", "recipient"])
def test_a_card_that_was_signed_for_another_place_is_not(world: World, place: Place, moved: str) -> None:
    other = world.add("Ben", "Adams")
    card = _signed(world.school.teams["Transition team"], place)
    elsewhere = replace(place, **{moved: other if moved == "record" else uuid4()})
    assert not _genuine(world, card, elsewhere)


def test_nor_is_one_with_another_content_time_or_signature(world: World, place: Place) -> None:
    card = _signed(world.school.teams["Transition team"], place)
    for changed in (
        replace(card, content={**CONTENT, "legal_surname": "Other"}),
        replace(card, made_at="2027-06-04T09:00:00+00:00"),
        replace(card, signature=bytes(64)),
    ):
        assert not _genuine(world, changed, place)


def test_another_school_signs_nothing_about_a_record(world: World, place: Place) -> None:
    """Not even one that is confirmed, whichever school it says it is."""
    other = world.places["Beech Lane School"].teams["Transition team"]
    assert not _genuine(world, _signed(other, place), place)
    assert not _genuine(world, _signed(other, place, school=world.school.id), place)
    own = world.school.teams["Transition team"]
    assert not _genuine(world, _signed(other, place, school=world.school.id, key=own.key_id), place)
    assert not _genuine(world, _signed(own, place, school=world.places["Beech Lane School"].id), place)


def test_nor_does_a_team_that_does_not_write_the_learners_part(world: World, place: Place) -> None:
    """The school's safeguarding team, a college's, and a college's team whose row was moved into the school."""
    support = world.college.teams["Learning support"]
    for by in (world.school.teams["Safeguarding team"], support):
        assert not _genuine(world, _signed(by, place), place)
    with world.db.write() as session:
        row = session.get_one(Team, support.row.id)
        row.organisation_id, row.purposes = world.school.id, ["transition"]
    assert not _genuine(world, _signed(support, place, school=world.school.id), place)


def test_nor_does_a_team_that_nobody_confirmed_or_whose_key_is_gone(world: World, place: Place) -> None:
    unconfirmed = world.team("Ashdown School", "Front office", "transition", confirmed=False)
    assert not _genuine(world, _signed(unconfirmed, place), place)
    removed = world.team("Ashdown School", "Back office", "transition")
    card = _signed(removed, place)
    assert _genuine(world, card, place)
    with world.db.write() as session:
        session.execute(delete(Membership).where(Membership.team_key_id == removed.key_id))
        session.execute(delete(TeamKey).where(TeamKey.id == removed.key_id))
    assert not _genuine(world, card, place)


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
