"""What is missing from lists: what waits for a new key of a team is told apart from what cannot be checked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from tests.exchange.renewing.matters import CARDS
from tests.exchange.team_rows import confirm_key
from tests.exchange.walks.leaving import OFFICE, Area
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.records.cards import place_of
from transition_exchange.exchange.records.ledgers import unchecked, waiting
from transition_exchange.exchange.renewing import vouching
from transition_exchange.exchange.renewing.confirmers import WhoConfirms
from transition_exchange.exchange.renewing.missing_entries import MissingEntries, missing_entries
from transition_exchange.exchange.writing import learner_list
from transition_exchange.sealing import hpke, ledger
from transition_exchange.sealing.address_book import AddressBook, Colleague
from transition_exchange.sealing.cards import SignedCard
from transition_exchange.sealing.keys import KeyPair, TeamSecret
from transition_exchange.sealing.people import PersonKeys
from transition_exchange.store.database import Database
from transition_exchange.store.models import Card, TeamKey

SCHOOL, TEAM = "Ashdown School", "Transition team"


@pytest.fixture
def two(world: World) -> tuple[UUID, UUID]:
    """Two learners."""
    return world.add("Amina", "Khan"), world.add("Ben", "Adams")


def _change(world: World) -> None:
    world.new_key(SCHOOL, TEAM, removed=[world.senco.principal_id])
    assert CARDS.renew(world) == 0


def _missing(world: World, actor: Actor) -> MissingEntries:
    return missing_entries(db=world.db, actor=actor)


def test_nothing_is_missing_while_everything_can_be_checked(world: World, two: tuple[UUID, UUID]) -> None:
    assert _missing(world, world.safeguarding_lead) == MissingEntries()


def test_what_a_new_key_signed_waits_until_it_is_confirmed(world: World, two: tuple[UUID, UUID]) -> None:
    _change(world)
    lead = world.safeguarding_lead
    (entries,) = _missing(world, lead).waiting
    assert (entries.team.name, entries.count, entries.own) == (TEAM, 2, True)
    assert (entries.left, entries.may_confirm) == (("somebody",), False), "no team signed the senco's name"
    senco = Colleague(PersonKeys(KeyPair.generate()).public, "Sue Senco", "2027-06-03T09:00:00+00:00")
    knows = replace(lead, address_book=AddressBook({world.senco.principal_id: senco}))
    (entries,) = _missing(world, knows).waiting
    assert entries.left == ("Sue Senco",)
    assert _missing(world, lead).others == 0
    assert dict(waiting(db=world.db, actor=lead)) == {entries.team: 2}
    assert world.root is not None
    with world.db.write() as session:
        confirm_key(session, session.get_one(TeamKey, world.school.teams[TEAM].key_id), world.root)
    assert _missing(world, lead) == MissingEntries()


def test_to_others_it_is_another_organisations_matter(world: World, two: tuple[UUID, UUID]) -> None:
    _change(world)
    (entries,) = _missing(world, world.coordinator).waiting
    assert (entries.own, entries.maker, entries.left) == (False, "", ())
    assert (entries.team.organisation_name, entries.count) == (SCHOOL, 2)


@pytest.mark.parametrize("how", ["forged", "in another place", "damaged"])
def test_what_could_not_be_checked_after_a_confirmation_either_is_counted_apart(
    world: World, two: tuple[UUID, UUID], how: str
) -> None:
    """A forged card may name the new key. It does not wait for anything."""
    _change(world)
    lead = world.safeguarding_lead
    (team,) = lead.teams
    with world.db.write() as session:
        amina, ben = (
            session.scalars(select(Card).where(Card.record_id == record_id, Card.team_id == team.id)).one()
            for record_id in two
        )
        if how == "in another place":
            amina.sealed, ben.sealed = ben.sealed, amina.sealed
        elif how == "damaged":
            amina.sealed = b"x" * 2100
        else:
            card = SignedCard.sign(
                TeamSecret.generate().signing,
                place=place_of(amina),
                school=world.school.id,
                key=world.school.teams[TEAM].key_id,
                content={"legal_forename": "Nobody"},
                made_at=amina.changed_at,
            )
            pad = ledger.pad(card.to_bytes())
            amina.sealed = hpke.seal(team.known.kem_public, pad, info=place_of(amina).use)
    missing = _missing(world, lead)
    counts = [entries.count for entries in missing.waiting]
    assert (counts, missing.others) == (([], 2) if how == "in another place" else ([1], 1))
    assert unchecked(db=world.db, actor=lead) == 2


def test_a_school_s_own_lead_reads_who_changed_the_key_and_confirms_it(db: Database) -> None:
    """Megan joined after Ada signed in last, removes Jo, changes the key and does what follows from it."""
    area = Area.build(db)
    accounts = area.accounts
    area.world.add()
    # The key is made after what it signs anew was written, and before that is done.
    accounts.clock.now = datetime.now(UTC) - timedelta(minutes=30)
    with db.write() as session:
        session.execute(update(Card).values(changed_at=accounts.clock.now))
    area.sign_in("sam", "ada", "nia", "jo")
    area.people["megan"] = accounts.colleague(area.people["sam"], "Megan Frith", OFFICE, administrator=True)
    area.leave("jo", by="megan")
    area.change("megan", OFFICE)
    area.carry_on("megan")
    area.sign_in("ada")
    ada = area.actor("ada")
    assert learner_list.learners(db=db, actor=ada, purpose="school_safeguarding") == []
    (entries,) = missing_entries(db=db, actor=ada).waiting
    assert (entries.team.name, entries.maker, entries.left) == (OFFICE, "Megan Frith", ("Jo Marsh",))
    assert (entries.may_confirm, entries.by) == (True, WhoConfirms(OFFICE))
    (waits,) = vouching.waiting_keys(db=db, actor=ada)
    vouching.vouch(db=db, actor=ada, team_id=waits.team.id, seen=waits.seen)
    ada = area.actor("ada")
    assert missing_entries(db=db, actor=ada) == MissingEntries()
    assert len(learner_list.learners(db=db, actor=ada, purpose="school_safeguarding")) == 1
