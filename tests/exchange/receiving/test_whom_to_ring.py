"""Every team sees whom to ring at the school about a record; the safeguarding team, at both teams."""

from __future__ import annotations

from tests.exchange.keys.test_contacts import say
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.receiving.covers import cover
from transition_exchange.exchange.receiving.opening import open_transfer


def test_each_team_is_told_whom_to_ring_as_the_schools_team_signed_it(world: World, sent: SentRecord) -> None:
    def told(person: str) -> list[tuple[str, str | None]]:
        actor = world.people[person]
        seen = cover(db=world.db, actor=actor, transfer_id=sent.transfer_id).ring
        assert open_transfer(db=world.db, actor=actor, transfer_id=sent.transfer_id).ring == seen
        return [(one.team, one.contact.words if one.contact else None) for one in seen]

    assert told("college_exams") == [("Transition team", None)]
    say(world, "senco", "The office")
    say(world, "safeguarding_lead")
    office, lead = (
        ("Transition team", "The office, 01709 382121"),
        (
            "Safeguarding team",
            "Sam Lead, 01709 382121",
        ),
    )
    for person in ("college_admissions", "college_support", "college_exams"):
        assert told(person) == [office]
    assert told("college_safeguarding") == [office, lead]
