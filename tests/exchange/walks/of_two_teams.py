"""Somebody in two teams of a school that do the same work, with a colleague in each of the two alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from tests.exchange.answers import complete, destination
from tests.exchange.changing import confirm, member, session_of, sign_in
from tests.exchange.coordinators import signed_in
from tests.exchange.documents import pdf
from tests.exchange.members import Member, add_member, join
from tests.exchange.team_rows import MadeTeam
from tests.exchange.walks import giving_up
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.records import ledgers
from transition_exchange.exchange.renewing import after_others, changing, progress, taking
from transition_exchange.exchange.writing.attaching import attach
from transition_exchange.exchange.writing.catching_up import catch_up
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.store.models import Membership, Team, TeamKey

SCHOOL, COLLEGE = "Ashdown School", "Northway College"
TRANSITION, SAFEGUARDING = "transition", "school_safeguarding"
FIRST_TEAM = {TRANSITION: "Transition team", SAFEGUARDING: "Safeguarding team"}
SECOND_TEAM = "Another office"
"""Its name comes first, and so does its row: whoever took the first team would take it."""


@dataclass
class TwoTeams:
    """Ann is in both teams, Bob in the first alone and Olga in the second alone.

    Attributes:
        first: the world's own team, which is confirmed.
        second: the other team for the same work.
    """

    world: World
    owner: str
    first: MadeTeam
    second: MadeTeam
    people: dict[str, Member] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """Somebody in a session that starts now."""
        return session_of(self.world, self.people[name])

    @property
    def ann(self) -> Actor:
        """Somebody in both teams."""
        return self.actor("Ann")

    @property
    def bob(self) -> Actor:
        """Somebody in the first team alone."""
        return self.actor("Bob")

    @property
    def olga(self) -> Actor:
        """Somebody in the second team alone."""
        return self.actor("Olga")

    def sign_in(self) -> None:
        """Everybody signs in once more."""
        for person in self.people.values():
            sign_in(self.world, person)

    def confirm(self, team: MadeTeam) -> None:
        """The council confirms a team, and everybody signs in."""
        confirm(self.world, team)
        self.sign_in()

    def leaves_both(self) -> None:
        """Somebody joins both teams, is seen there by everybody, and leaves."""
        lou = add_member(self.world, "Lou", SCHOOL)
        for team in (self.first, self.second):
            join(self.world, lou, team.held)
        sign_in(self.world, lou)
        self.sign_in()
        with self.world.db.write() as session:
            gone = update(Membership).where(Membership.principal_id == lou.row.id)
            session.execute(gone.values(removed_at=datetime.now(UTC)))

    def change_key(self, team: MadeTeam) -> progress.Progress:
        """Ann changes a team's key and takes every step; the others in it take the key. What the last step says."""
        db, ann = self.world.db, self.ann
        (shown,) = [one for one in changing.changes(db=db, actor=ann) if one.team.id == team.row.id]
        changing.change_key(db=db, actor=ann, team_id=team.row.id, seen=shown.seen)
        for _ in range(30):
            done = progress.carry_on(db=db, actor=self.ann)
            if not done.left:
                break
        for name in self.people:
            for offer in self.actor(name).offers:
                taking.take(db=db, actor=self.actor(name), offer_id=offer.id, seen=offer.seen)
        self.sign_in()
        return done

    def fill(self, actor: Actor, record_id: UUID, street: str = "1 High Street") -> None:
        """Somebody writes all that their team has to write of a learner who goes to the college."""
        if self.owner == SAFEGUARDING:
            answers: dict[str, Any] = {"safeguarding": {"file_exists": "yes", "lead_name": street}}
        else:
            draft = open_draft(db=self.world.db, actor=actor, record_id=record_id)
            answers = complete([destination(self.world.college.id, COLLEGE)])
            answers["learner"] = {**answers["learner"], **draft.answers["learner"]}
            answers["enrolment"] = {**answers["enrolment"], "address_line_1": street}
        self.world.save(record_id, answers, owner=self.owner, actor=actor)

    def street(self, actor: Actor, record_id: UUID) -> Any:
        """What `fill` wrote, as somebody reads it with all documents of the draft."""
        answers: Any = giving_up.draft_of(self.world, actor, record_id, self.owner)["answers"]
        if self.owner == SAFEGUARDING:
            return answers["safeguarding"].get("lead_name")
        return answers["enrolment"].get("address_line_1")

    def documents(self, actor: Actor, record_id: UUID) -> int:
        """How many documents somebody opens in the draft."""
        files: Any = giving_up.draft_of(self.world, actor, record_id, self.owner)["files"]
        return len(files)

    def attach(self, actor: Actor, record_id: UUID) -> None:
        """Somebody attaches a document to the transition team's draft."""
        attach(
            db=self.world.db,
            actor=actor,
            record_id=record_id,
            kind="qualifications",
            name="",
            dated=self.world.today,
            content=pdf(),
        )

    def pass_on(self, name: str) -> None:
        """Somebody brings their lists up to date until nothing is left."""
        for _ in range(20):
            left = catch_up(db=self.world.db, actor=self.actor(name))
            if not left + after_others.carry_on(db=self.world.db, actor=self.actor(name)).left:
                return
        raise AssertionError("it does not end")

    def left(self, name: str) -> int:
        """How much somebody is told is to be made anew because of others."""
        return after_others.progress(db=self.world.db, actor=self.actor(name)).left


def listed(world: World, actor: Actor) -> tuple[Sequence[str], int]:
    """Who stands on the list of somebody's only team, in order, and how many entries are missing there."""
    names, missing = giving_up.listed(world, signed_in(actor))
    return sorted(names), missing


def on_list_of(world: World, actor: Actor, team: MadeTeam) -> tuple[Sequence[str], int]:
    """The same of one of their teams, and how many entries are missing from all of them."""
    actor = signed_in(actor)
    own = actor.team(team.row.id)
    assert own is not None
    opened = ledgers.open_ledger(db=world.db, actor=actor, team=own)
    names = sorted(str(card.content["legal_surname"]) for card in opened.values())
    return names, ledgers.unchecked(db=world.db, actor=actor)


def two_teams(world: World, *, owner: str = TRANSITION, confirmed: bool = False) -> TwoTeams:
    """The two teams.

    Args:
        owner: what both do.
        confirmed: whether the council has confirmed the second one.
    """
    first = world.school.teams[FIRST_TEAM[owner]]
    second = world.team(SCHOOL, SECOND_TEAM, owner, confirmed=confirmed)
    put_first(world, second)
    both = TwoTeams(world, owner, first, second)
    both.people["Bob"] = member(world, "Bob", first)
    both.people["Olga"] = member(world, "Olga", second)
    both.people["Ann"] = add_member(world, "Ann", SCHOOL)
    for team in (second, first):
        join(world, both.people["Ann"], team.held)
    both.sign_in()
    both.sign_in()  # now everybody has seen everybody
    return both


def put_first(world: World, team: MadeTeam) -> None:
    """Let a team's row be the oldest."""
    with world.db.write() as session:
        row = update(Team).where(Team.id == team.row.id)
        session.execute(row.values(created_at=datetime(2020, 1, 1, tzinfo=UTC)))


def take_confirmation(world: World, team: MadeTeam) -> None:
    """Take a team's confirmation out of the database."""
    with world.db.write() as session:
        key = session.scalars(select(TeamKey).where(TeamKey.id == team.key_id)).one()
        key.confirmation = key.confirmation_signature = key.confirmation_key_id = None
        key.confirmed_at = key.confirmed_by = None
