"""A team gives work up and then changes its key: nothing is lost that it signed or sealed for others before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select, update

from tests.exchange.changing import member, session_of, sign_in
from tests.exchange.documents import pdf
from tests.exchange.seconding import believed, confirmer_team, named, require, second_all
from tests.exchange.walks.giving_up import (
    COLLEGE,
    SAFEGUARDING,
    SCHOOL,
    TRANSITION,
    Giver,
    draft_of,
    office,
    version_of,
)
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.queries import asking, threads
from transition_exchange.exchange.receiving.inbox import inbox
from transition_exchange.exchange.receiving.opening import open_transfer, read_transfer
from transition_exchange.exchange.records import ledgers
from transition_exchange.exchange.records.revisions import open_revision
from transition_exchange.exchange.renewing import after_others, progress
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.exchange.writing.attaching import attach
from transition_exchange.store.models import Card, Grant, Receipt, Record, Revision

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a key signs does not depend on the kind of database."""

Reading = Callable[[], Any]
A_FILE = {"safeguarding": {"file_exists": "yes"}}


def _sent(giver: Giver) -> None:
    """The office adds a learner, attaches a document, writes and sends both parts, and nobody has looked yet."""
    world, actor = giver.world, giver.actor
    giver.record_id = world.add("Ben", "Stone", actor=actor)
    attach(
        db=world.db,
        actor=actor,
        record_id=giver.record_id,
        kind="qualifications",
        name="Results",
        dated=world.today,
        content=pdf(),
        today=world.today,
    )
    world.fill(giver.record_id)
    world.save(giver.record_id, A_FILE, owner=SAFEGUARDING, actor=actor)
    world.send(giver.record_id, actor=actor)
    world.send(giver.record_id, owner=SAFEGUARDING, actor=actor)
    giver.transfer_id = world.transfer_of(giver.record_id)


def _pack(giver: Giver, name: str) -> Reading:
    world = giver.world

    def read() -> Any:
        received = open_transfer(db=world.db, actor=world.people[name], transfer_id=giver.transfer_id)
        return received.answers, [label.name for label in received.attachments]

    return read


def _inbox(giver: Giver) -> Reading:
    """The list of the college's team, from cards that lie in the post."""
    world = giver.world

    def read() -> Any:
        rows = inbox(db=world.db, actor=world.college_admissions)
        missing = ledgers.unchecked(db=world.db, actor=world.college_admissions)
        return [(row.content["legal_surname"], row.safeguarding) for row in rows], missing

    return read


def _lists(giver: Giver, name: str) -> Reading:
    """A list of the school or of the council."""
    world, actor = giver.world, giver.world.people[name]

    def read() -> Any:
        opened = ledgers.open_ledger(db=world.db, actor=actor, team=actor.teams[0])
        names = [card.content.get("legal_surname") for card in opened.values()]
        return sorted(map(str, names)), ledgers.unchecked(db=world.db, actor=actor)

    return read


def _where_it_went(giver: Giver) -> Reading:
    world = giver.world
    return lambda: [(place.name, place.state) for place in world.plan(giver.record_id).providers]


def _taken_back(giver: Giver) -> Reading:
    world = giver.world
    recall(db=world.db, actor=giver.actor, record_id=giver.record_id, transfer_id=giver.transfer_id)
    return _where_it_went(giver)


def _version(giver: Giver, of: Callable[[Giver], Actor], owner: str) -> Reading:
    world = giver.world

    def read() -> Any:
        with world.db.read() as session:
            actor, revision = of(giver), version_of(world, giver.record_id, owner)
            record, trust = session.get_one(Record, giver.record_id), trust_of(session, actor)
            opened = open_revision(session, actor=actor, trust=trust, record=record, revision=revision)
            return opened.answers, [label.name for label in opened.attachments]

    return read


def _draft(giver: Giver, name: str, owner: str) -> Reading:
    world = giver.world
    return lambda: draft_of(world, world.people[name], giver.record_id, owner)


def _thread(giver: Giver, name: str) -> Reading:
    """A question about what the office wrote, and its answer."""
    world = giver.world
    query_id = asking.ask(
        db=world.db,
        actor=world.college_support,
        transfer_id=giver.transfer_id,
        text="What helps?",
        section="contacts",
    )
    asking.reply(db=world.db, actor=giver.actor, query_id=query_id, text="A quiet room.")

    def read() -> Any:
        (query,) = threads.queries(db=world.db, actor=world.people[name])
        return [(message.text, message.from_team) for message in query.messages]

    return read


SENT: dict[str, Callable[[Giver], Reading]] = {
    "a pack": lambda giver: _pack(giver, "college_support"),
    "a safeguarding part": lambda giver: _pack(giver, "college_safeguarding"),
    "cards in the post": _inbox,
    "cards in another team's list": lambda giver: _lists(giver, "senco"),
    "cards in the safeguarding team's list": lambda giver: _lists(giver, "safeguarding_lead"),
    "cards in the council's list": lambda giver: _lists(giver, "coordinator"),
    "where it was sent": _where_it_went,
    "that it was taken back": _taken_back,
    "a version for another team": lambda giver: _version(giver, lambda one: one.world.senco, TRANSITION),
    "a version for the safeguarding team": lambda giver: _version(
        giver, lambda one: one.world.safeguarding_lead, SAFEGUARDING
    ),
    "its own version": lambda giver: _version(giver, lambda one: one.actor, TRANSITION),
    "a draft with a document": lambda giver: _draft(giver, "senco", TRANSITION),
    "a draft of the safeguarding team": lambda giver: _draft(giver, "safeguarding_lead", SAFEGUARDING),
    "an answer": lambda giver: _thread(giver, "college_support"),
    "an answer for another team": lambda giver: _thread(giver, "senco"),
}
"""What a school's team signed or sealed for others, and how they read it."""

LEFT = {
    "no sending is left": ("exams",),
    "other sending is left": (SAFEGUARDING,),
    "it sends and no longer safeguards": (TRANSITION, "exams"),
}


@pytest.mark.parametrize("left", LEFT.values(), ids=LEFT)
@pytest.mark.parametrize("kind", SENT.values(), ids=SENT)
def test_nothing_that_a_team_sent_is_lost(
    world: World, kind: Callable[[Giver], Reading], left: tuple[str, ...]
) -> None:
    giver = office(world)
    _sent(giver)
    read = kind(giver)
    if "_inbox" in kind.__qualname__ or "_lists" in read.__qualname__:
        before = None
    else:
        before = read()
    giver.give_up(*left)
    giver.change_key()
    after = read()
    assert after == before or (before is None and after[0] and after[1] == 0), "nothing is missing"


@pytest.mark.parametrize("left", LEFT.values(), ids=LEFT)
def test_nothing_is_lost_if_those_who_do_the_work_now_came_first(world: World, left: tuple[str, ...]) -> None:
    """They give drafts, documents and cards new keys and signatures as soon as the other team gave the work up."""
    giver = office(world)
    _sent(giver)
    giver.give_up(*left)
    for actor in (world.senco, world.safeguarding_lead):
        for _ in range(5):
            after_others.carry_on(db=world.db, actor=actor)
        assert after_others.progress(db=world.db, actor=actor) == progress.Progress(0)
    giver.change_key()
    for name in ("senco", "safeguarding_lead", "coordinator", "college_admissions", "college_support"):
        assert ledgers.unchecked(db=world.db, actor=world.people[name]) == 0, name
    assert [label for label in draft_of(world, world.senco, giver.record_id, TRANSITION)["files"]] == [pdf()]
    assert len(inbox(db=world.db, actor=world.college_admissions)) == 1
