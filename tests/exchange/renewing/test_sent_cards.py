"""A provider's card is made anew for a team that the school sent the record to, and for nobody whom rows alone name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select, update

from tests.exchange.recalls import forge, stay, turn
from tests.exchange.renewing.leaver import OFFICE, leave
from tests.exchange.renewing.matters import CARDS
from tests.exchange.team_rows import MadeTeam
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.records import cards, grants, ledgers
from transition_exchange.exchange.records.transfers import sign_recall
from transition_exchange.exchange.renewing import after_others, progress
from transition_exchange.sealing import hpke, ledger
from transition_exchange.sealing.cards import SignedCard
from transition_exchange.store.models import Card, Receipt, Record, Revision, Transfer

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a session believes does not depend on the kind of database."""

SUPPORT = "Learning support"
PLACE = "Riverside Boxing"
Lie = Callable[[World, SentRecord], None]


def _version(world: World, sent: SentRecord) -> Revision:
    with world.db.read() as session:
        return session.scalars(
            select(Revision).where(
                Revision.record_id == sent.record_id, Revision.owner == "transition", Revision.number > 0
            )
        ).one()


def _plant(world: World, sent: SentRecord, team: MadeTeam, **columns: Any) -> UUID:
    """Insert a card and a receipt for a team, as whoever writes to the database can."""
    card = Card(id=uuid4(), team_id=team.row.id, record_id=sent.record_id, transfer_id=sent.transfer_id)
    for name, value in ({"state": "due"} | columns).items():
        setattr(card, name, value)
    version = _version(world, sent)
    with world.db.write() as session:
        session.add(card)
        session.add(
            Receipt(
                transfer_id=sent.transfer_id,
                team_id=team.row.id,
                revision_id=version.id,
                granted_at=datetime.now(UTC),
            )
        )
    return card.id


def _card(world: World, card_id: UUID) -> Card:
    with world.db.read() as session:
        return session.get_one(Card, card_id)


def _of(world: World, sent: SentRecord, team: MadeTeam) -> Card:
    with world.db.read() as session:
        return session.scalars(
            select(Card).where(Card.transfer_id == sent.transfer_id, Card.team_id == team.row.id)
        ).one()


def _forename(card: Card, team: MadeTeam) -> Any:
    """The forename on a card in the post, as its team opens it."""
    body = hpke.open(team.secret.kem, card.sealed or b"", info=cards.place_of(card).use)
    return SignedCard.from_bytes(ledger.unpad(body)).content["legal_forename"]


def _late_team(world: World) -> MadeTeam:
    """A team of the provider that was confirmed after the record went there, and that was granted nothing."""
    return world.team("Northway College", "Late team", "learning_support", "admissions")


def _grant(world: World, sent: SentRecord, team: MadeTeam, by: MadeTeam) -> None:
    """Insert a grant of the version to a team, which another team signed."""
    with world.db.write() as session:
        session.add(
            grants.make(
                grantor=by.opened,
                grantee=team.opened.known,
                record_id=sent.record_id,
                keys={"learner": bytes(32)},
                digests={},
                now=datetime.now(UTC),
                revision_id=_version(world, sent).id,
                transfer_id=sent.transfer_id,
                owner="transition",
            )
        )


def test_a_row_alone_brings_no_card_to_a_provider_that_nobody_chose(world: World, sent: SentRecord) -> None:
    """The rows that the program itself would have written, for somebody who was never named in the form."""
    card_id = _plant(world, sent, world.places[PLACE].teams[PLACE])
    assert after_others.carry_on(db=world.db, actor=world.senco) == progress.Progress(1, 1)
    card = _card(world, card_id)
    assert (card.state, card.sealed, card.team_key_id) == ("due", None, None)


def test_nor_after_a_change_of_the_schools_key(world: World, sent: SentRecord) -> None:
    team = world.places[PLACE].teams[PLACE]
    card_id = _plant(world, sent, team, state="post", sealed=b"planted", team_key_id=team.key_id)
    leave(world)
    assert CARDS.renew(world) == 1
    card = _card(world, card_id)
    assert (card.state, card.sealed) == ("post", b"planted")
    support = world.college.teams[SUPPORT]
    assert _forename(_of(world, sent, support), support) == "Amina", "the real ones are made"


@pytest.mark.parametrize("by", ["nobody", "another school", "the provider", "the safeguarding team"])
def test_a_team_of_the_right_provider_needs_a_grant_that_the_office_signed(
    world: World, sent: SentRecord, by: str
) -> None:
    late = _late_team(world)
    signers = {
        "another school": world.places["Beech Lane School"].teams[OFFICE],
        "the provider": world.college.teams[SUPPORT],
        "the safeguarding team": world.school.teams["Safeguarding team"],
    }
    if by in signers:
        _grant(world, sent, late, signers[by])
    card_id = _plant(world, sent, late)
    assert after_others.carry_on(db=world.db, actor=world.senco) == progress.Progress(1, 1)
    assert _card(world, card_id).sealed is None


def test_with_such_a_grant_it_gets_its_card(world: World, sent: SentRecord) -> None:
    """The other way round, so that the tests above prove something."""
    late = _late_team(world)
    _grant(world, sent, late, world.school.teams[OFFICE])
    card_id = _plant(world, sent, late)
    assert after_others.carry_on(db=world.db, actor=world.senco) == progress.Progress(0)
    assert _forename(_card(world, card_id), late) == "Amina"


def test_a_grant_alone_brings_no_card_to_another_provider(world: World, sent: SentRecord) -> None:
    """Not even with the transfer's row turned to it: the statement about the transfer names the college."""
    team = world.places[PLACE].teams[PLACE]
    _grant(world, sent, team, world.school.teams[OFFICE])
    card_id = _plant(world, sent, team)
    for provider_id in (world.college.id, world.places[PLACE].id):
        with world.db.write() as session:
            session.get_one(Transfer, sent.transfer_id).provider_id = provider_id
        assert after_others.carry_on(db=world.db, actor=world.senco) == progress.Progress(1, 1)
        assert _card(world, card_id).sealed is None


def test_a_card_by_another_records_transfer_is_not_made(world: World, sent: SentRecord) -> None:
    """Somebody moved it: it says of one record that it went where another one went."""
    other = world.sent("Ben", "Stone")
    support = world.college.teams[SUPPORT]
    with world.db.write() as session:
        card = session.get_one(Card, _of(world, other, support).id)
        card.record_id, card.state, card.sealed = sent.record_id, "due", None
    assert after_others.carry_on(db=world.db, actor=world.senco) == progress.Progress(1, 1)
    assert _of(world, other, support).sealed is None


def test_what_receipts_say_changes_no_card(world: World, sent: SentRecord) -> None:
    """Of what a team was sent, and when, the grants tell. Receipts are rows that nobody signed."""
    support = world.college.teams[SUPPORT]
    with world.db.write() as session:
        session.execute(delete(Receipt))
    leave(world)
    assert CARDS.renew(world) == 0
    assert CARDS.due(world) == []
    assert _forename(_of(world, sent, support), support) == "Amina"


def test_a_receipt_brings_nothing_of_a_version_that_went_elsewhere(world: World, sent: SentRecord) -> None:
    support = world.college.teams[SUPPORT]
    name = {"legal_forename": "Aminah", "legal_surname": "Khan", "date_of_birth": "2010-03-14"}
    world.fill(sent.record_id, going_to=(PLACE,))
    world.save(sent.record_id, {"learner": name})
    assert world.send(sent.record_id).providers == (PLACE,)
    with world.db.write() as session:
        newer = session.scalars(
            select(Revision.id).where(Revision.record_id == sent.record_id, Revision.number == 2)
        ).one()
        receipt = Receipt(transfer_id=sent.transfer_id, team_id=support.row.id, revision_id=newer)
        receipt.granted_at = datetime.now(UTC)
        session.add(receipt)
    leave(world)
    assert CARDS.renew(world) == 0
    assert _forename(_of(world, sent, support), support) == "Amina"
    team = world.places[PLACE].teams[PLACE]
    there = SentRecord(sent.record_id, world.transfer_of(sent.record_id, PLACE))
    assert _forename(_of(world, there, team), team) == "Aminah"


def test_a_card_of_a_transfer_that_was_taken_back_is_not_made(world: World, sent: SentRecord) -> None:
    """Somebody put all rows back that were deleted then, and the state. The newest statement stays."""
    support = world.college.teams[SUPPORT]
    before = _of(world, sent, support).sealed
    with world.db.write() as session:
        transfer = session.get_one(Transfer, sent.transfer_id)
        sign_recall(
            transfer=transfer,
            team=world.senco.teams[0],
            record=session.get_one(Record, sent.record_id),
            provider_id=transfer.provider_id,
            at=datetime.now(UTC),
        )
    leave(world)
    assert CARDS.renew(world) == 1
    assert _of(world, sent, support).sealed == before


@pytest.mark.parametrize("lie", [forge, turn])
def test_while_a_transfer_is_disputed_its_card_waits_for_the_schools_decision(
    world: World, sent: SentRecord, lie: Lie
) -> None:
    """It is due and not lost: once the key before is retired, nobody could check the older card."""
    support = world.college.teams[SUPPORT]
    leave(world)
    lie(world, sent)
    assert CARDS.renew(world) == 0
    card = _of(world, sent, support)
    assert (card.state, card.sealed) == ("due", None)
    assert after_others.carry_on(db=world.db, actor=world.senco) == progress.Progress(1, 1)
    stay(world, sent)
    assert after_others.carry_on(db=world.db, actor=world.senco) == progress.Progress(0)
    actor = world.college_support
    (shown,) = ledgers.open_ledger(db=world.db, actor=actor, team=actor.teams[0]).values()
    assert shown.content["legal_forename"] == "Amina"


def test_a_card_of_a_transfer_that_nobody_signed_is_not_made(world: World, sent: SentRecord) -> None:
    with world.db.write() as session:
        session.execute(update(Transfer).values(signature=bytes(64)))
    leave(world)
    before = _of(world, sent, world.college.teams[SUPPORT]).sealed
    assert CARDS.renew(world) == 1
    assert _of(world, sent, world.college.teams[SUPPORT]).sealed == before


def test_somebody_in_two_offices_makes_it_of_what_either_was_sent(world: World, sent: SentRecord) -> None:
    """The first of their teams was confirmed after the version was sent, and has not been granted it yet."""
    world.team("Ashdown School", "Late office", "transition")
    both = world.person("both", "Ashdown School", "Late office", OFFICE)
    world.new_key("Ashdown School", OFFICE)
    both = world.people["both"]
    assert CARDS.renew(world, both) == 0
    assert CARDS.due(world, both) == []
    support = world.college.teams[SUPPORT]
    assert _forename(_of(world, sent, support), support) == "Amina"
