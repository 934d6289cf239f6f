"""What became of a record: its versions, and who has opened and acknowledged which."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.exchange.other_names import call
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.school_calendar import leaving_year_on, safeguarding_due
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.exchange.sending.tracking import Track, track
from transition_exchange.store.models import Organisation, TeamKey, Transfer


def test_another_school_follows_nothing(world: World) -> None:
    record_id = world.add()
    with pytest.raises(NotFound):
        track(db=world.db, actor=world.other_senco, record_id=record_id)


def _track(world: World, sent: SentRecord) -> Track:
    return track(db=world.db, actor=world.senco, record_id=sent.record_id)


def test_a_record_that_went_nowhere_has_nothing_to_follow(world: World) -> None:
    record_id = world.add()
    assert track(db=world.db, actor=world.senco, record_id=record_id) == Track((), ())


def test_both_teams_of_the_school_follow_it(world: World, sent: SentRecord) -> None:
    assert track(db=world.db, actor=world.safeguarding_lead, record_id=sent.record_id) == _track(world, sent)


def test_versions_come_newest_first_with_who_released_them(world: World, sent: SentRecord) -> None:
    world.send(sent.record_id, owner="school_safeguarding")
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(sent.record_id)
    assert [
        (version.owner, version.number, version.released_by) for version in _track(world, sent).versions
    ] == [
        ("transition", 2, "Senco"),
        ("school_safeguarding", 1, "Safeguarding Lead"),
        ("transition", 1, "Senco"),
    ]


def test_a_transfer_says_who_sent_it_when_and_until_when_safeguarding_has_time(
    world: World, sent: SentRecord
) -> None:
    delivered = _track(world, sent).transfer(sent.transfer_id)
    assert (delivered.provider, delivered.provider_id) == ("Northway College", world.college.id)
    assert (delivered.state, delivered.sent_by) == ("sent", "Senco")
    assert (delivered.recalled_at, delivered.recalled_by) == (None, None)
    assert delivered.safeguarding_due == safeguarding_due(
        world.today, leaving_year=leaving_year_on(world.today), term_starts={}
    )
    with pytest.raises(NotFound):
        _track(world, sent).transfer(uuid4())


def test_transfers_on_their_way_come_before_those_taken_back(world: World, sent: SentRecord) -> None:
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    world.fill(sent.record_id, going_to=["Riverside Boxing"])
    world.send(sent.record_id)
    assert [(one.provider, one.state) for one in _track(world, sent).delivered] == [
        ("Riverside Boxing", "sent"),
        ("Northway College", "recalled"),
    ]


def test_a_transfer_is_genuine_for_every_team_of_the_school_until_its_row_is_changed(
    world: World, sent: SentRecord
) -> None:
    def genuine() -> list[bool]:
        return [
            track(db=world.db, actor=actor, record_id=sent.record_id).transfer(sent.transfer_id).genuine
            for actor in (world.senco, world.safeguarding_lead)
        ]

    assert genuine() == [True, True]
    with world.db.write() as session:
        session.get_one(Transfer, sent.transfer_id).signature = b"s" * 64
    assert genuine() == [False, False]


def test_that_it_was_taken_back_and_when_is_read_from_the_statement(world: World, sent: SentRecord) -> None:
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    recalled_at = _track(world, sent).transfer(sent.transfer_id).recalled_at
    with world.db.write() as session:
        row = session.get_one(Transfer, sent.transfer_id)
        row.state, row.recalled_at, row.recalled_by = "received", None, None
    delivered = _track(world, sent).transfer(sent.transfer_id)
    assert (delivered.state, delivered.recalled_at, delivered.recalled_by) == ("recalled", recalled_at, None)


def test_a_provider_is_called_as_it_was_confirmed(world: World, sent: SentRecord) -> None:
    with world.db.write() as session:
        session.get_one(Organisation, world.college.id).name = "Somewhere Else"
    assert _track(world, sent).transfer(sent.transfer_id).provider == "Northway College"


def test_a_provider_that_is_not_confirmed_is_marked(world: World, sent: SentRecord) -> None:
    """Its confirmations are gone; its row may say anything."""
    call(world, "Northway College", "Somewhere Else")
    with world.db.write() as session:
        for team in world.college.teams.values():
            session.get_one(TeamKey, team.key_id).confirmation = None
    (one,) = track(db=world.db, actor=world.senco, record_id=sent.record_id).delivered
    assert one.provider == "Somewhere Else (not confirmed)"
