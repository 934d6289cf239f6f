"""What became of a record: its versions, and who has opened and acknowledged which."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.exchange.other_names import call
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.receiving.exporting import export_csv
from transition_exchange.exchange.receiving.receipts import acknowledge
from transition_exchange.exchange.school_calendar import safeguarding_due
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.exchange.sending.team_receipts import TeamReceipt
from transition_exchange.exchange.sending.tracking import Track, track
from transition_exchange.store.models import Organisation, Team, TeamKey, Transfer


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
    assert delivered.safeguarding_due == safeguarding_due(world.today, None)
    with pytest.raises(NotFound):
        _track(world, sent).transfer(uuid4())


def test_the_newest_version_that_each_team_was_given_is_the_current_one(
    world: World, sent: SentRecord
) -> None:
    world.open(sent.transfer_id)
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(sent.record_id)
    world.send(sent.record_id, owner="school_safeguarding")
    delivered = _track(world, sent).transfer(sent.transfer_id)
    assert {(receipt.team, receipt.owner, receipt.number) for receipt in delivered.current} == {
        ("Admissions", "transition", 2),
        ("Learning support", "transition", 2),
        ("Safeguarding", "transition", 2),
        ("Exams office", "transition", 2),
        ("Learning support", "school_safeguarding", 1),
        ("Safeguarding", "school_safeguarding", 1),
    }
    assert len(delivered.receipts) == 4 + 4 + 2


def test_what_a_team_opened_before_the_newest_version_is_known(world: World, sent: SentRecord) -> None:
    for name in ("Mina", "Amy"):
        world.open(sent.transfer_id)
        world.save(sent.record_id, {"known_as": {"preferred_name": name}})
        world.send(sent.record_id)

    def support() -> TeamReceipt:
        current = _track(world, sent).transfer(sent.transfer_id).current
        return next(receipt for receipt in current if receipt.team == "Learning support")

    delivered = _track(world, sent).transfer(sent.transfer_id)
    before = delivered.reached_before(support())
    assert before is not None
    assert (before.number, before.opened_by) == (2, "College Support")
    admissions = next(receipt for receipt in delivered.current if receipt.team == "Admissions")
    assert delivered.reached_before(admissions) is None, "it has opened none"
    world.open(sent.transfer_id)
    delivered = _track(world, sent).transfer(sent.transfer_id)
    assert delivered.reached_before(support()) is None, "it has opened the newest"


def test_a_version_in_a_table_is_followed_apart_from_one_that_was_opened(
    world: World, sent: SentRecord
) -> None:
    def exams() -> tuple[TeamReceipt, TeamReceipt | None]:
        delivered = _track(world, sent).transfer(sent.transfer_id)
        receipt = next(receipt for receipt in delivered.current if receipt.team == "Exams office")
        return receipt, delivered.reached_before(receipt)

    def send_again(name: str) -> None:
        world.save(sent.record_id, {"known_as": {"preferred_name": name}})
        world.send(sent.record_id)

    "".join(export_csv(db=world.db, actor=world.college_exams))
    first, before = exams()
    assert (first.given_out_by, first.opened_by, first.reached, before) == ("College Exams", None, True, None)
    delivered = _track(world, sent).transfer(sent.transfer_id)
    assert (delivered.opened, delivered.reached) == ((), (first,))
    send_again("Mina")
    second, before = exams()
    assert not second.reached
    assert before is not None
    assert (before.number, before.given_out_by) == (1, "College Exams")
    world.open(sent.transfer_id, world.college_exams)
    send_again("Amy")
    "".join(export_csv(db=world.db, actor=world.college_exams))
    third, before = exams()
    assert (third.given_out_by, third.opened_at) == ("College Exams", None)
    assert before is not None
    assert (before.number, before.opened_by) == (2, "College Exams"), "what was read says more than a table"


def test_who_acknowledged_which_version_is_known_by_name(world: World, sent: SentRecord) -> None:
    world.open(sent.transfer_id)
    acknowledge(db=world.db, actor=world.college_support, transfer_ids=[sent.transfer_id])
    (receipt,) = _track(world, sent).transfer(sent.transfer_id).opened
    assert (receipt.team, receipt.number) == ("Learning support", 1)
    assert (receipt.opened_by, receipt.acknowledged_by) == ("College Support", "College Support")
    assert receipt.acknowledged_at is not None
    assert receipt.granted_at <= (receipt.opened_at or receipt.granted_at) <= receipt.acknowledged_at


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


def test_teams_are_called_what_was_confirmed(world: World, sent: SentRecord) -> None:
    with world.db.write() as session:
        session.get_one(Team, world.college.teams["Admissions"].row.id).name = "Another name"
    [delivered] = track(db=world.db, actor=world.senco, record_id=sent.record_id).delivered
    assert "Admissions" in {receipt.team for receipt in delivered.receipts}
    assert "Another name" not in {receipt.team for receipt in delivered.receipts}
