"""A team gives work up and then changes its key: nothing is lost that it signed or sealed for others before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, select

from tests.exchange.answers import complete, destination
from tests.exchange.documents import pdf
from tests.exchange.walks.giving_up import (
    COLLEGE,
    SAFEGUARDING,
    TRANSITION,
    Giver,
    Reading,
    draft_of,
    listed,
    office,
    version_of,
)
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.queries import asking, threads
from transition_exchange.exchange.receiving.inbox import inbox
from transition_exchange.exchange.receiving.opening import open_transfer
from transition_exchange.exchange.records import ledgers
from transition_exchange.exchange.records.revisions import open_revision
from transition_exchange.exchange.renewing import after_others, progress
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.exchange.writing.attaching import attach
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.store.models import Grant, Record, Revision

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a key signs does not depend on the kind of database."""

A_FILE = {"safeguarding": {"file_exists": "yes"}}


def _written(giver: Giver) -> None:
    """The office adds a learner, attaches a document and writes both parts."""
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
    draft = open_draft(db=world.db, actor=actor, record_id=giver.record_id)
    answers = complete([destination(world.college.id, COLLEGE)])
    answers["learner"] = {**answers["learner"], **draft.answers["learner"]}
    world.save(giver.record_id, answers, actor=actor)
    world.save(giver.record_id, A_FILE, owner=SAFEGUARDING, actor=actor)


def _sent(giver: Giver) -> None:
    """The office writes both parts and sends them, and nobody has looked yet."""
    _written(giver)
    world, actor = giver.world, giver.actor
    world.send(giver.record_id, actor=actor)
    world.send(giver.record_id, owner=SAFEGUARDING, actor=actor)
    giver.transfer_id = world.transfer_of(giver.record_id)


def _pack(giver: Giver, name: str) -> Reading:
    world = giver.world

    def read() -> Any:
        received = open_transfer(db=world.db, actor=world.people[name], transfer_id=giver.transfer_id)
        return received.answers, [label.name for label in received.attachments]

    return read


def _inbox(world: World) -> Any:
    rows = inbox(db=world.db, actor=world.college_admissions)
    missing = ledgers.unchecked(db=world.db, actor=world.college_admissions)
    return [row.content["legal_surname"] for row in rows], missing


def _list(giver: Giver, name: str) -> Reading:
    return lambda: listed(giver.world, giver.world.people[name])


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
        (query,) = threads.queries(db=world.db, actor=world.people.get(name, giver.actor))
        return [(message.text, message.from_team) for message in query.messages]

    return read


SENT: dict[str, Callable[[Giver], Reading]] = {
    "a pack": lambda giver: _pack(giver, "college_support"),
    "a safeguarding part": lambda giver: _pack(giver, "college_safeguarding"),
    "a list of the college": lambda giver: lambda: _inbox(giver.world),
    "another team's list": lambda giver: _list(giver, "senco"),
    "the safeguarding team's list": lambda giver: _list(giver, "safeguarding_lead"),
    "the council's list": lambda giver: _list(giver, "coordinator"),
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
    before = read()
    assert before
    giver.give_up(*left)
    giver.change_key()
    assert read() == before


@pytest.mark.parametrize("left", LEFT.values(), ids=LEFT)
def test_its_own_list_is_there_as_long_as_it_does_work_for_which_it_has_one(
    world: World, left: tuple[str, ...]
) -> None:
    """Then nobody needs to make its cards anew, and none of them counts as missing."""
    giver = office(world)
    _sent(giver)
    assert listed(world, giver.actor) == (["Stone"], 0)
    giver.give_up(*left)
    giver.change_key()
    assert listed(world, giver.actor) == ([] if left == ("exams",) else ["Stone"], 0)


@pytest.mark.parametrize("left", LEFT.values(), ids=LEFT)
def test_no_card_is_lost_that_nobody_has_looked_at_yet(world: World, left: tuple[str, ...]) -> None:
    giver = office(world)
    _sent(giver)
    giver.give_up(*left)
    giver.change_key()
    assert _inbox(world) == (["Stone"], 0)
    for name in ("senco", "safeguarding_lead", "coordinator"):
        assert listed(world, world.people[name]) == (["Stone"], 0), name


@pytest.mark.parametrize("left", LEFT.values(), ids=LEFT)
def test_nothing_is_lost_if_those_who_do_the_work_now_came_first(world: World, left: tuple[str, ...]) -> None:
    """They give drafts and documents new keys, and make the cards anew, once the other team gave the work up."""
    giver = office(world)
    _sent(giver)
    before = draft_of(world, world.senco, giver.record_id, TRANSITION)
    giver.give_up(*left)
    for actor in (world.senco, world.safeguarding_lead):
        for _ in range(5):
            after_others.carry_on(db=world.db, actor=actor)
        assert after_others.progress(db=world.db, actor=actor) == progress.Progress(0)
    giver.change_key()
    assert draft_of(world, world.senco, giver.record_id, TRANSITION) == before
    assert _inbox(world) == (["Stone"], 0)
    for name in ("senco", "safeguarding_lead", "coordinator"):
        assert listed(world, world.people[name]) == (["Stone"], 0), name
    for actor in (world.senco, world.safeguarding_lead):
        assert after_others.carry_on(db=world.db, actor=actor) == progress.Progress(0), "it comes to an end"


def test_cards_that_nobody_can_make_anew_are_counted_before_the_key_is_retired(world: World) -> None:
    """What opens the draft is gone from the database, and with it the cards that are in the post."""
    giver = office(world)
    _sent(giver)
    giver.give_up("exams")
    with world.db.write() as session:
        drafts = select(Revision.id).where(Revision.number == 0, Revision.owner == TRANSITION)
        session.execute(delete(Grant).where(Grant.revision_id.in_(drafts)))
    assert giver.finish_change() == progress.Progress(0, 1)


def test_a_document_gets_new_keys_once_a_team_gave_its_work_up(world: World) -> None:
    """So it is passed on to a team that does the work later, and what opened it before opens nothing."""
    giver = office(world)
    _sent(giver)
    before = draft_of(world, world.senco, giver.record_id, TRANSITION)
    older = _document_grants(world, giver)
    assert len(older) == 2
    giver.give_up(SAFEGUARDING)
    after_others.carry_on(db=world.db, actor=world.senco)
    newer = _document_grants(world, giver)
    assert [grant.grantee_team_id for grant in newer] == [world.school.teams["Transition team"].row.id]
    assert draft_of(world, world.senco, giver.record_id, TRANSITION) == before


def test_what_nobody_else_opens_is_there_when_the_team_does_the_work_again(world: World) -> None:
    """Its draft and its document, which no other team was granted: another was confirmed later."""
    giver = office(world)
    _written(giver)
    with world.db.write() as session:
        others = (Grant.grantee_team_id != giver.team.row.id, Grant.transfer_id.is_(None))
        session.execute(delete(Grant).where(*others))
    before = draft_of(world, giver.actor, giver.record_id, TRANSITION)
    giver.give_up("exams")
    giver.change_key()
    giver.give_up(TRANSITION, "exams")
    assert draft_of(world, giver.actor, giver.record_id, TRANSITION) == before


def test_a_team_that_does_the_work_again_reads_what_it_answered(world: World) -> None:
    giver = office(world)
    _sent(giver)
    read = _thread(giver, "Ann")
    before = read()
    giver.give_up("exams")
    giver.change_key()
    giver.give_up(TRANSITION, "exams")
    assert read() == before


def _document_grants(world: World, giver: Giver) -> list[Grant]:
    with world.db.read() as session:
        standing = (Grant.attachment_id.is_not(None), Grant.withdrawn_at.is_(None))
        return list(session.scalars(select(Grant).where(Grant.record_id == giver.record_id, *standing)))
