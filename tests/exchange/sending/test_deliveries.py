"""What a sending makes for each team: the planned sections, documents and packs, and nothing else."""

from __future__ import annotations

from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.receiving.opening import open_transfer
from transition_exchange.exchange.sending.planning import plan
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.proforma import load
from transition_exchange.proforma.audience import readable


def _plan(world: World, record_id, owner: str = "transition"):  # type: ignore[no-untyped-def]
    actor = world.senco if owner == "transition" else world.safeguarding_lead
    return plan(db=world.db, actor=actor, record_id=record_id, owner=owner, today=world.today)


def test_what_was_planned_is_what_each_team_opens(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    planned = _plan(world, record_id)
    world.send(record_id)
    [sent] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    for person, team in (
        (world.college_admissions, "Admissions"),
        (world.college_support, "Learning support"),
        (world.college_exams, "Exams office"),
    ):
        [mine] = [each for each in planned.providers[0].teams if each.name == team]
        received = open_transfer(db=world.db, actor=person, transfer_id=sent.transfer_id)
        assert set(received.answers) == set(mine.sections)


def test_each_team_gets_the_sections_of_its_audience_and_no_other(world: World, sent: SentRecord) -> None:
    version = load("core/2027.1")
    for actor, purpose in (
        (world.college_admissions, "admissions"),
        (world.college_support, "learning_support"),
        (world.college_safeguarding, "safeguarding"),
        (world.college_exams, "exams"),
    ):
        received = world.open(sent.transfer_id, actor)
        allowed = {
            name for name in readable(version, [purpose]) if version.section(name).owner == "transition"
        }
        assert set(received.answers) == allowed
        opened = {name.split("/")[0] for name in received.openings["transition"].keys}
        assert opened - {"pdf", "data", "attachment"} == allowed
