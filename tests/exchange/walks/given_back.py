"""A team that gives work up and gets it back, or gets it late, with everybody beside it who works with a learner.

What happens in between is told by letters (`EVENTS`). Afterwards everybody takes the steps that their pages offer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import update

from tests.exchange.answers import complete, destination
from tests.exchange.changing import change, confirm, member, session_of, sign_in
from tests.exchange.documents import pdf
from tests.exchange.members import Member
from tests.exchange.team_rows import MadeTeam
from tests.exchange.walks.giving_up import COLLEGE, SAFEGUARDING, TRANSITION
from tests.exchange.walks.one_learner import ANSWERED, ASKED, FIRST, LEAD, Learner
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.coordinating.index import open_area
from transition_exchange.exchange.queries import asking, late_readers
from transition_exchange.exchange.renewing import after_others, changing, missing_entries, progress
from transition_exchange.exchange.writing.attaching import attach
from transition_exchange.exchange.writing.catching_up import catch_up
from transition_exchange.exchange.writing.late_teams import waiting
from transition_exchange.purposes import COORDINATING
from transition_exchange.store.models import Membership, Organisation

SCHOOL, COUNCIL = "Lone School", "Ashdown Council"


@dataclass(frozen=True)
class Case:
    """Which team gives work up, and who else is there.

    Attributes:
        place: its organisation.
        work: all that it does at first.
        left: what is left of it.
        others: the other teams of the school, by the work that they do.
    """

    place: str
    work: tuple[str, ...]
    left: tuple[str, ...]
    others: tuple[str, ...] = (TRANSITION, SAFEGUARDING)


CASES: Mapping[str, Case] = {
    "the only transition team": Case(SCHOOL, (TRANSITION, "exams"), ("exams",), (SAFEGUARDING,)),
    "one of two transition teams": Case(SCHOOL, (TRANSITION, "exams"), ("exams",)),
    "a transition team that safeguards too": Case(SCHOOL, (TRANSITION, SAFEGUARDING), (SAFEGUARDING,)),
    "the only safeguarding team": Case(SCHOOL, (SAFEGUARDING, "exams"), ("exams",), (TRANSITION,)),
    "one of two safeguarding teams": Case(SCHOOL, (SAFEGUARDING, "exams"), ("exams",)),
    "a safeguarding team that writes forms too": Case(SCHOOL, (TRANSITION, SAFEGUARDING), (TRANSITION,)),
    "a team of the college": Case(COLLEGE, ("learning_support", "exams"), ("exams",)),
    "the safeguarding team of the college": Case(COLLEGE, ("safeguarding", "admissions"), ("admissions",)),
    "a team of the council": Case(COUNCIL, ("send", "exams"), ("exams",)),
}


@dataclass
class GivenBack:
    """A school with a learner who was sent to the college, and the team of the case.

    Attributes:
        people: a member of each team, by what the team is called here.
        teams: their teams.
        learner: the learner.
    """

    world: World
    case: Case
    people: dict[str, Member] = field(default_factory=dict)
    teams: dict[str, MadeTeam] = field(default_factory=dict)
    learner: Learner = field(init=False)

    @classmethod
    def build(cls, world: World, case: Case, *, late: bool = False) -> GivenBack:
        """The school at work.

        Args:
            late: whether the team of the case does not do the work yet.
        """
        world.place(SCHOOL, kind="school", sends=True, urn="123459", laestab="3724009", la_code="372")
        walk = cls(world, case)
        with world.db.write() as session:
            session.execute(update(Organisation).values(receives=True))
        for purpose in case.others:
            walk._join(f"other {purpose}", world.team(SCHOOL, f"Other {purpose}", purpose))
        walk._join("team", world.team(case.place, "Office", *(case.left if late else case.work)))
        walk._write()
        return walk

    def _join(self, name: str, team: MadeTeam) -> None:
        self.teams[name] = team
        self.people[name] = member(self.world, name.replace(" ", ""), team)
        sign_in(self.world, self.people[name])

    def _write(self) -> None:
        """Everybody who does the work writes, sends, receives and asks."""
        world, writer, keeper = self.world, self._who(TRANSITION), self._who(SAFEGUARDING)
        assert writer is not None
        record_id = world.add("Ben", FIRST, actor=writer)
        self.learner = Learner(world, record_id)
        attach(
            db=world.db,
            actor=writer,
            record_id=record_id,
            kind="qualifications",
            name="Results",
            dated=world.today,
            content=pdf(),
            today=world.today,
        )
        answers = complete([destination(world.college.id, COLLEGE)])
        answers["learner"] = {**answers["learner"], **self.learner.written_by(writer)}
        world.save(record_id, answers, actor=writer)
        world.send(record_id, actor=writer)
        if keeper is not None:
            part = {"safeguarding": {"file_exists": "no", "lead_name": LEAD, "lead_phone": "01709 382121"}}
            world.save(record_id, part, owner=SAFEGUARDING, actor=keeper)
            world.send(record_id, owner=SAFEGUARDING, actor=keeper)
            self.learner.safeguarded = True
        query_id = asking.ask(
            db=world.db,
            actor=world.college_support,
            transfer_id=world.transfer_of(record_id),
            text=ASKED,
            section="contacts",
        )
        asking.reply(db=world.db, actor=writer, query_id=query_id, text=ANSWERED)

    @property
    def actors(self) -> Mapping[str, Actor]:
        """Everybody as they are signed in now, with two of the college and one of the council."""
        world = self.world
        members = {name: session_of(world, person) for name, person in self.people.items()}
        others = ("college_admissions", "college_support", "college_safeguarding", "coordinator")
        return members | {name: world.people[name] for name in others}

    def _who(self, purpose: str) -> Actor | None:
        does = (actor for actor in self.actors.values() if actor.team_for(purpose))
        return next(does, None)

    def go(self, events: str) -> None:
        """Do some things one after the other, each by its letter."""
        for letter in events:
            EVENTS[letter](self)

    def become(self, *purposes: str) -> None:
        """Do other work from now on."""
        team, actor = self.teams["team"], session_of(self.world, self.people["team"])
        assert set(change(self.world, team, actor, purposes=purposes).purposes) == set(purposes)
        self.sign_in()

    def change_key(self, name: str, *, leaver: bool = False) -> None:
        """Change a team's key to the end; if somebody leaves it for that, the council confirms the new one."""
        world, team, person = self.world, self.teams[name], self.people[name]
        if leaver:
            leaving = member(world, f"Leaver{datetime.now(UTC).timestamp()}", team)
            with world.db.write() as session:
                left = update(Membership).where(Membership.principal_id == leaving.row.id)
                session.execute(left.values(removed_at=datetime.now(UTC)))
        actor = session_of(world, person)
        (shown,) = [one for one in changing.changes(db=world.db, actor=actor) if one.team.id == team.row.id]
        changing.change_key(db=world.db, actor=actor, team_id=team.row.id, seen=shown.seen)
        for _ in range(30):
            done = progress.carry_on(db=world.db, actor=session_of(world, person))
            if not done.left:
                break
        assert done == progress.Progress(0), "nothing is left behind under the key before"
        if leaver:
            confirm(world, team)
        self.sign_in()

    def save(self) -> None:
        """Whoever writes the form gives the learner another name. Nobody may be there to do it."""
        actor = self._who(TRANSITION)
        if actor is None:
            return
        learner = self.learner.written_by(actor)
        self.learner.surname += "e"
        renamed = {"learner": {**learner, "legal_surname": self.learner.surname}}
        self.world.save(self.learner.record_id, renamed, actor=actor)

    def sign_in(self) -> None:
        """Everybody signs in again."""
        for person in self.people.values():
            sign_in(self.world, person)

    def settle(self) -> None:
        """Everybody takes the steps that their pages offer, until none are left. Until then something may be missing.

        Raises:
            AssertionError: something is missing, and nobody is offered a step, or whoever misses it is not told.
        """
        for _ in range(20):
            left = {name: self._left(actor) for name, actor in self.actors.items()}
            finished = not any(left.values())
            wrong = {
                name: list(self.learner.missing(actor, self._sees(name), finished=finished))
                for name, actor in self.actors.items()
            }
            if finished:
                assert not any(wrong.values()), f"all steps are finished, and yet: {wrong}"
                return
            for name, said in wrong.items():
                assert not said or left[name] or self._told(self.actors[name]), f"{name} is not told: {said}"
            for actor in self.actors.values():
                failed: list[UUID] = []
                assert progress.carry_on(db=self.world.db, actor=actor).failed == 0
                if actor.organisation_id == self.world.places[SCHOOL].id:
                    catch_up(db=self.world.db, actor=actor, failed=failed)
                    late_readers.pass_on(db=self.world.db, actor=actor, failed=failed)
                    assert after_others.carry_on(db=self.world.db, actor=actor).failed == 0
                assert not failed
            self.sign_in()
        raise AssertionError(f"it does not end: {left}")

    def _sees(self, name: str) -> frozenset[str]:
        """What of the learner somebody sees whatever their team does in the school."""
        got = name.startswith("college") or (name == "team" and self.case.place == COLLEGE)
        return frozenset({"pack"} if got else ()) | frozenset(
            {"question"} if name == "college_support" else ()
        )

    def _left(self, actor: Actor) -> int:
        """How many things somebody's pages offer to bring up to date."""
        db = self.world.db
        left = progress.progress(db=db, actor=actor).left
        if actor.organisation_id == self.world.places[SCHOOL].id:
            left += catch_up(db=db, actor=actor, limit=0) + late_readers.pass_on(db=db, actor=actor, limit=0)
            left += after_others.progress(db=db, actor=actor).left
        return left

    def _told(self, actor: Actor) -> bool:
        """Whether somebody's lists say that something is not there yet."""
        db = self.world.db
        missing = missing_entries.missing_entries(db=db, actor=actor)
        coordinates = any(not team.purposes.isdisjoint(COORDINATING) for team in actor.teams)
        to_come = open_area(db=db, actor=actor).unread if coordinates else {}
        return bool(missing.others or missing.waiting or waiting(db=db, actor=actor) or any(to_come.values()))


EVENTS: Mapping[str, Callable[[GivenBack], None]] = {
    "g": lambda walk: walk.become(*walk.case.left),
    "b": lambda walk: walk.become(*walk.case.work),
    "k": lambda walk: walk.change_key("team"),
    "l": lambda walk: walk.change_key("team", leaver=True),
    "o": lambda walk: walk.change_key(f"other {walk.case.others[0]}"),
    "m": lambda walk: walk.change_key(f"other {walk.case.others[0]}", leaver=True),
    "s": GivenBack.save,
    ".": GivenBack.settle,
}
"""The team gives the work up (g), gets it (b), changes its key (k), also because somebody left it (l). Another team of
the school changes its own (o, m). The form is saved (s). Everybody takes the steps that their pages offer (.)."""
