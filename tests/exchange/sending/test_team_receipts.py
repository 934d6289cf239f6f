"""What each receiving team has done with each version, by its receipts."""

from __future__ import annotations

from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.receiving.exporting import export_csv
from transition_exchange.exchange.receiving.receipts import acknowledge
from transition_exchange.exchange.sending.team_receipts import TeamReceipt
from transition_exchange.exchange.sending.tracking import Track, track
from transition_exchange.store.models import Team


def _track(world: World, sent: SentRecord) -> Track:
    return track(db=world.db, actor=world.senco, record_id=sent.record_id)


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


def test_teams_are_called_what_was_confirmed(world: World, sent: SentRecord) -> None:
    with world.db.write() as session:
        session.get_one(Team, world.college.teams["Admissions"].row.id).name = "Another name"
    [delivered] = track(db=world.db, actor=world.senco, record_id=sent.record_id).delivered
    assert "Admissions" in {receipt.team for receipt in delivered.receipts}
    assert "Another name" not in {receipt.team for receipt in delivered.receipts}
