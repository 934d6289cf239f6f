"""What tests of the council's side need beyond the world: a coordinator with a session, and quick looks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.coordinating.lines import Line
from transition_exchange.exchange.coordinating.listing import Page, Wanted, learners
from transition_exchange.exchange.receiving.opening import open_transfer
from transition_exchange.exchange.receiving.receipts import acknowledge

UPN = "L372400114001"
COLLEGE = ("college_admissions", "college_support", "college_safeguarding", "college_exams")


def signed_in(actor: Actor) -> Actor:
    """The same person in a session of their own, so that what they opened stays in memory."""
    return replace(actor, session_id=uuid4().hex)


def look(world: World, *, actor: Actor | None = None, **wanted: Any) -> Page:
    """A page of the coordinator's list."""
    return learners(db=world.db, actor=actor or world.coordinator, wanted=Wanted(**wanted), today=world.today)


def names(page: Page) -> list[str]:
    """The learners of a page, in order."""
    return [line.name for line in page.lines]


def only(world: World, *, actor: Actor | None = None) -> Line:
    """The one learner there is."""
    (line,) = look(world, actor=actor).lines
    return line


def waits(line: Line) -> list[str]:
    """What is waited for, in words."""
    return [turn.words for turn in line.turns]


def opens(world: World, record_id: UUID, *people: str) -> None:
    """Some of the college's people open the record."""
    for person in people:
        open_transfer(db=world.db, actor=world.people[person], transfer_id=world.transfer_of(record_id))


def acknowledges(world: World, record_id: UUID, *people: str) -> None:
    """Some of the college's people open and acknowledge the record."""
    opens(world, record_id, *people)
    for person in people:
        acknowledge(db=world.db, actor=world.people[person], transfer_ids=[world.transfer_of(record_id)])


def objects(world: World, record_id: UUID) -> None:
    """The family asks the school to share less with the council."""
    world.save(record_id, {"objection": {"objection": "by_parent", "objection_date": "2026-10-01"}})
