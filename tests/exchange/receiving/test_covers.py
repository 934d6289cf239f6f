"""The cover of a transfer: what a team sees of it before somebody opens it."""

from __future__ import annotations

import pytest

from tests.exchange.chains import kinds_of
from tests.exchange.safeguarding_answers import answer, taken_back
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotAllowed, NotFound
from transition_exchange.exchange.receiving.covers import Cover, cover
from transition_exchange.exchange.receiving.exporting import export_csv
from transition_exchange.exchange.receiving.inbox import inbox
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.store.models import Card


def _cover(world: World, sent: SentRecord, actor: Actor | None = None) -> Cover:
    return cover(db=world.db, actor=actor or world.college_support, transfer_id=sent.transfer_id)


def test_it_says_what_the_list_says_and_changes_nothing(world: World, sent: SentRecord) -> None:
    shown = _cover(world, sent)
    (row,) = inbox(db=world.db, actor=world.college_support)
    assert shown.content == row.content
    assert (shown.record_id, shown.school) == (sent.record_id, "Ashdown School")
    (version,) = shown.newest
    assert (version.owner, version.number, version.sent_at) == ("transition", 1, row.sent_at)
    assert (version.opened_at, version.given_out_at) == (None, None)
    assert (shown.waiting, shown.read) == ((version,), ())
    assert kinds_of(world.db, world.college.id) == []
    assert "Khan" not in repr(shown)


def test_who_opened_it_is_named_and_then_nothing_waits(world: World, sent: SentRecord) -> None:
    world.open(sent.transfer_id)
    shown = _cover(world, sent, world.person("colleague", "Northway College", "Learning support"))
    assert shown.waiting == ()
    assert [version.opened_by for version in shown.read] == ["College Support"]
    assert _cover(world, sent, world.college_admissions).waiting, "each team opens for itself"


def test_a_newer_version_waits_beside_the_one_that_was_read(world: World, sent: SentRecord) -> None:
    lead = world.college_safeguarding
    world.open(sent.transfer_id, lead)
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(sent.record_id)
    world.send(sent.record_id, owner="school_safeguarding")
    shown = _cover(world, sent, lead)
    assert [(version.owner, version.number) for version in shown.waiting] == [
        ("transition", 2),
        ("school_safeguarding", 1),
    ]
    assert [(version.owner, version.number) for version in shown.read] == [("transition", 1)]


def test_a_table_that_it_was_in_shows_and_leaves_it_waiting(world: World, sent: SentRecord) -> None:
    "".join(export_csv(db=world.db, actor=world.college_support))
    (version,) = _cover(world, sent).waiting
    assert (version.given_out_by, version.opened_by) == ("College Support", None)


def test_a_card_that_does_not_open_leaves_it_without_a_name(world: World, sent: SentRecord) -> None:
    with world.db.write() as session:
        session.query(Card).filter_by(transfer_id=sent.transfer_id).update({"sealed": b"x" * 1100})
    shown = _cover(world, sent)
    assert shown.content == {}
    assert shown.waiting


def test_it_is_for_those_only_who_were_sent_it(world: World, sent: SentRecord) -> None:
    team = world.team("Northway College", "Archive", "admissions")
    clerk = world.person("clerk", "Northway College", "Archive")
    for actor in (world.coach, clerk):
        with pytest.raises(NotFound):
            _cover(world, sent, actor)
    with pytest.raises(NotFound):
        cover(db=world.db, actor=clerk, transfer_id=sent.transfer_id, team_id=team.row.id)
    with pytest.raises(NotAllowed):
        _cover(world, sent, world.senco)
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    with pytest.raises(NotFound):
        _cover(world, sent)


def test_what_was_taken_back_stays_listed_for_whoever_had_it(world: World, sent: SentRecord) -> None:
    lead = world.college_safeguarding
    world.open(sent.transfer_id)
    world.open(sent.transfer_id, lead)
    for _ in range(2):
        answer(world, {sent.record_id: "yes"})
        for actor in (world.college_support, lead):
            world.open(sent.transfer_id, actor)
        "".join(export_csv(db=world.db, actor=lead))
        taken_back(world, sent.record_id)
        world.open(sent.transfer_id, lead)
    shown = _cover(world, sent, lead)
    assert [(version.owner, version.number) for version in shown.withdrawn] == [
        ("school_safeguarding", 1),
        ("school_safeguarding", 3),
    ], "those that took them back answered nothing"
    assert {(version.opened_by, version.given_out_by) for version in shown.withdrawn} == {
        ("College Safeguarding", "College Safeguarding")
    }
    assert _cover(world, sent).withdrawn == (), "it could read nothing of it"


def test_a_first_day_that_was_taken_back_stays_listed_once(world: World, sent: SentRecord) -> None:
    for information in ("", "Met on arrival."):
        answers = {"safeguarding": {"file_exists": "no"}, "day_one_safety": {"information": information}}
        world.save(sent.record_id, answers, owner="school_safeguarding")
        world.send(sent.record_id, owner="school_safeguarding")
        world.open(sent.transfer_id)
    taken_back(world, sent.record_id)
    (version,) = _cover(world, sent).withdrawn
    assert version.number == 2, "how often the safeguarding team had answered is for nobody else"
