"""A school with a sixth form, which sends to itself."""

from __future__ import annotations

from tests.exchange.answers import complete, destination
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.writing.opening import open_draft

SCHOOL = "Hill School"


def add_hill_school(world: World, **numbers: str) -> None:
    """Add the school, its teams and their people; its safeguarding team both writes and receives.

    Args:
        numbers: its `ukprn` and `urn`, where a test needs them.
    """
    world.place(SCHOOL, kind="school_with_sixth_form", sends=True, receives=True, **numbers)
    for name, *purposes in (
        ("Transition", "transition"),
        ("Safeguarding", "safeguarding", "school_safeguarding"),
        ("Sixth form office", "admissions", "exams"),
        ("Sixth form support", "learning_support"),
    ):
        world.team(SCHOOL, name, *purposes)
    world.person("hill_senco", SCHOOL, "Transition")
    world.person("hill_lead", SCHOOL, "Safeguarding")
    world.person("hill_support", SCHOOL, "Sixth form support")
    world.person("hill_both", SCHOOL, "Transition", "Sixth form support")


def send_to_itself(world: World, place: str, actor: Actor) -> SentRecord:
    """Add a learner who stays on at their own school, and send the record there."""
    record_id = world.add(actor=actor)
    draft = open_draft(db=world.db, actor=actor, record_id=record_id)
    answers = complete([destination(world.places[place].id, place, kind="staying_on")])
    answers["learner"] = {**answers["learner"], **draft.answers["learner"]}
    world.save(record_id, answers, actor=actor)
    world.send(record_id, actor=actor)
    return SentRecord(record_id, world.transfer_of(record_id, place))
