"""What other teams' changes leave to be done: drafts that one gave up, and cards that waited for a provider's key."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from tests.exchange.chains import events_of
from tests.exchange.changing import change, member, session_of
from tests.exchange.renewing.leaver import Leaver, knows, leave
from tests.exchange.renewing.matters import CARDS, DRAFTS
from tests.exchange.team_rows import confirm_key
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.records import ledgers
from transition_exchange.exchange.renewing import after_others, progress
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.store.models import Card, Ciphertext, Grant, Part, Revision, TeamKey

SCHOOL, COLLEGE, SUPPORT = "Ashdown School", "Northway College", "Learning support"
SAFEGUARDING = "school_safeguarding"
NO_FILE = {"safeguarding": {"file_exists": "no"}}
A_FILE = {"safeguarding": {"file_exists": "yes"}}


@pytest.fixture
def record_id(world: World) -> UUID:
    """A record of which two teams write the safeguarding sections, one of them beside its other work."""
    world.team(SCHOOL, "Both", "transition", SAFEGUARDING)
    record_id = world.add()
    world.save(record_id, NO_FILE, owner=SAFEGUARDING)
    return record_id


def give_up(world: World) -> Leaver:
    """The team gives the safeguarding work up. Returns what somebody in it took with them."""
    team = world.school.teams["Both"]
    bo = session_of(world, member(world, "Bo", team))
    known = knows(world, bo)
    change(world, team, bo, purposes=("transition",))
    return known


def _draft(world: World, record_id: UUID) -> UUID:
    with world.db.read() as session:
        return session.scalars(
            select(Revision.id).where(
                Revision.record_id == record_id, Revision.owner == SAFEGUARDING, Revision.number == 0
            )
        ).one()


def _reads(known: Leaver, world: World, record_id: UUID) -> bool:
    return (_draft(world, record_id), "safeguarding") in known.reads()


def _left(world: World, actor: Actor) -> int:
    return after_others.progress(db=world.db, actor=actor).left


def test_whoever_gave_work_up_reads_nothing_of_what_is_saved_later(world: World, record_id: UUID) -> None:
    lead = world.safeguarding_lead
    assert _left(world, lead) == 0
    known = give_up(world)
    assert _reads(known, world, record_id), "else the test proves nothing"
    assert DRAFTS.due(world, lead) == [_draft(world, record_id)]
    assert after_others.carry_on(db=world.db, actor=lead) == progress.Progress(0)
    assert not _reads(known, world, record_id)
    world.save(record_id, A_FILE, owner=SAFEGUARDING)
    assert not _reads(known, world, record_id)
    assert DRAFTS.due(world, lead) == []
    draft = open_draft(db=world.db, actor=lead, record_id=record_id, owner=SAFEGUARDING)
    assert draft.answers["safeguarding"]["file_exists"] == "yes"
    event = events_of(world.db, world.school.id)[-2]
    assert (event.kind, event.about) == ("key.renewed", {"what": "drafts", "count": 1})


def test_a_save_that_comes_first_makes_the_new_keys_itself(world: World, record_id: UUID) -> None:
    known = give_up(world)
    world.save(record_id, A_FILE, owner=SAFEGUARDING)
    assert not _reads(known, world, record_id)
    assert _left(world, world.safeguarding_lead) == 0


def test_only_a_team_that_does_the_work_gives_new_keys(world: World, record_id: UUID) -> None:
    give_up(world)
    for actor in (world.senco, world.other_senco, world.college_support, world.coordinator):
        assert _left(world, actor) == 0
        assert after_others.carry_on(db=world.db, actor=actor) == progress.Progress(0)
    assert _left(world, world.safeguarding_lead) == 1


def test_a_team_whose_new_key_waits_to_be_confirmed_gets_its_drafts_afterwards(
    world: World, record_id: UUID
) -> None:
    """Whoever left it knows their keys, so the drafts get new ones at once, and others when the key is confirmed."""
    assert world.root is not None
    lead, team = world.safeguarding_lead, world.school.teams["Both"]
    world.new_key(SCHOOL, "Both", removed=[uuid4()])
    for grantees in (1, 2):
        assert DRAFTS.due(world, lead) == [_draft(world, record_id)]
        assert _left(world, lead) == 1
        assert after_others.carry_on(db=world.db, actor=lead) == progress.Progress(0)
        with world.db.write() as session:
            held = select(Grant.grantee_team_id).where(Grant.revision_id == _draft(world, record_id))
            assert len(session.scalars(held).all()) == grantees
            confirm_key(session, session.get_one(TeamKey, team.key_id), world.root)


def test_a_damaged_draft_is_counted_and_holds_up_no_other(
    world: World, record_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    other_id = world.add("Ben", "Adams")
    world.save(other_id, NO_FILE, owner=SAFEGUARDING)
    known = give_up(world)
    with world.db.write() as session:
        damaged = select(Part.id).where(Part.revision_id == _draft(world, record_id))
        session.execute(update(Ciphertext).where(Ciphertext.id.in_(damaged)).values(body=b"another"))
    monkeypatch.setattr("transition_exchange.exchange.renewing.drafts.STEP", 1)
    lead = world.safeguarding_lead
    assert after_others.carry_on(db=world.db, actor=lead) == progress.Progress(1, 1)
    assert not _reads(known, world, other_id)
    assert after_others.carry_on(db=world.db, actor=lead) == progress.Progress(1, 1)


def _card(world: World, transfer_id: UUID) -> Card:
    team_id = world.college.teams[SUPPORT].row.id
    with world.db.read() as session:
        return session.scalars(
            select(Card).where(Card.transfer_id == transfer_id, Card.team_id == team_id)
        ).one()


def test_a_card_waits_until_the_key_of_the_providers_team_is_trusted(world: World) -> None:
    """Both have changed their key because somebody left, and the college's is not confirmed yet."""
    assert world.root is not None
    sent = world.sent()
    world.new_key(COLLEGE, SUPPORT, removed=[uuid4()])
    leave(world)
    assert CARDS.renew(world) == 0
    assert CARDS.due(world) == [], "it holds the end of the work up no longer"
    waiting = _card(world, sent.transfer_id)
    assert (waiting.state, waiting.sealed, waiting.team_key_id) == ("due", None, None)
    support = world.college_support
    assert ledgers.unchecked(db=world.db, actor=support) == 1, "the list is not silently shorter"
    assert _left(world, world.senco) == 0
    with world.db.write() as session:
        key_id = world.college.teams[SUPPORT].key_id
        confirm_key(session, session.get_one(TeamKey, key_id), world.root)
    assert _left(world, world.senco) == 1
    for actor in (world.safeguarding_lead, world.other_senco):
        assert _left(world, actor) == 0
    assert after_others.carry_on(db=world.db, actor=world.senco) == progress.Progress(0)
    card = _card(world, sent.transfer_id)
    assert (card.state, card.team_key_id) == ("post", key_id)
    opened = ledgers.open_ledger(db=world.db, actor=support, team=support.teams[0])
    assert opened[sent].content["legal_forename"] == "Amina"
    assert ledgers.unchecked(db=world.db, actor=support) == 0
