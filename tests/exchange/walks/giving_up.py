"""A team that gives work up, then changes its key until the key before is retired, as its members do it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from tests.exchange.changing import change, member, session_of, sign_in
from tests.exchange.members import Member
from tests.exchange.team_rows import MadeTeam
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.records import ledgers
from transition_exchange.exchange.records.attachments import read_content
from transition_exchange.exchange.renewing import changing, progress
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.store.models import Organisation, Record, Revision, TeamKey

SCHOOL, COLLEGE = "Ashdown School", "Northway College"
Reading = Callable[[], Any]
"""How somebody reads something, so that it can be compared before and after."""

TRANSITION, SAFEGUARDING = "transition", "school_safeguarding"


@dataclass
class Giver:
    """A team that gives work up, with a member who does everything.

    Attributes:
        record_id: a record that the member has added.
        transfer_id: how it was sent, by them.
    """

    world: World
    team: MadeTeam
    person: Member
    record_id: UUID = field(default_factory=lambda: UUID(int=0))
    transfer_id: UUID = field(default_factory=lambda: UUID(int=0))

    @property
    def actor(self) -> Actor:
        """The member in a session of theirs."""
        return session_of(self.world, self.person)

    def give_up(self, *purposes: str) -> None:
        """Do only some work from now on."""
        assert set(change(self.world, self.team, self.actor, purposes=purposes).purposes) == set(purposes)
        sign_in(self.world, self.person)

    def change_key(self) -> None:
        """Change the key, and make everything anew until the key before is retired. Nothing may be left out."""
        assert self.finish_change() == progress.Progress(0)
        (own,) = [team for team in self.actor.teams if team.id == self.team.row.id]
        with self.world.db.read() as session:
            assert session.get_one(TeamKey, own.key_id).retirement is not None

    def finish_change(self) -> progress.Progress:
        """Change the key, and take every step after it. Returns what the last one says."""
        db, actor = self.world.db, self.actor
        every = changing.changes(db=db, actor=actor)
        (shown,) = [one for one in every if one.team.id == self.team.row.id]
        changing.change_key(db=db, actor=actor, team_id=self.team.row.id, seen=shown.seen)
        for _ in range(20):
            done = progress.carry_on(db=db, actor=self.actor)
            if not done.left:
                return done
        raise AssertionError("it does not end")


def office(world: World) -> Giver:
    """A team of the school that does all that a school's team can do, and receives too."""
    with world.db.write() as session:
        session.get_one(Organisation, world.school.id).receives = True
    team = world.team(SCHOOL, "Office", TRANSITION, SAFEGUARDING, "exams")
    giver = Giver(world, team, member(world, "Ann", team))
    sign_in(world, giver.person)
    return giver


def draft_of(world: World, actor: Actor, record_id: UUID, owner: str) -> dict[str, object]:
    """What somebody reads in a draft: its answers, and the files of its documents."""
    draft = open_draft(db=world.db, actor=actor, record_id=record_id, owner=owner)
    with world.db.read() as session:
        record = session.get_one(Record, record_id)
        files = [read_content(session, record=record, label=label) for label in draft.attachments]
    return {"answers": draft.answers, "files": files}


def version_of(world: World, record_id: UUID, owner: str = TRANSITION) -> Revision:
    """The one version that was released of an owner's sections."""
    with world.db.read() as session:
        return session.scalars(
            select(Revision).where(
                Revision.record_id == record_id, Revision.owner == owner, Revision.number > 0
            )
        ).one()


def listed(world: World, actor: Actor) -> Any:
    """Who stands on the list of somebody's team, and how many entries are missing there."""
    opened = ledgers.open_ledger(db=world.db, actor=actor, team=actor.teams[0])
    names = [card.content["legal_surname"] for card in opened.values()]
    return names, ledgers.unchecked(db=world.db, actor=actor)
