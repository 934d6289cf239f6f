"""A small area whose teams' keys are real and in memory: a council, schools and providers, and who acts for them.

world = World.build(db)
learner = world.add("Amina", "Khan")          # at `world.school`
world.fill(learner)                           # complete, accepted at `world.college`
world.send(learner)
world.college_support                         # an actor
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select

from tests.exchange.answers import complete, destination
from tests.exchange.documents import pdf
from tests.exchange.team_rows import MadeTeam, add_next_key, add_statements, add_team
from transition_exchange.exchange import school_calendar
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.area_rules import FIRST_SEND_AT, sign_rules
from transition_exchange.exchange.keys.organisation_ids import new_organisation_id
from transition_exchange.exchange.receiving.opening import Received, open_transfer
from transition_exchange.exchange.school_calendar import leaving_year_on
from transition_exchange.exchange.sending.planning import plan
from transition_exchange.exchange.sending.plans import ReleasePlan
from transition_exchange.exchange.sending.send import Sent, send
from transition_exchange.exchange.writing.adding import add_learner
from transition_exchange.exchange.writing.attaching import attach
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.exchange.writing.saving import save_sections
from transition_exchange.packs.content import PackContent
from transition_exchange.packs.rendering import Renderer
from transition_exchange.sealing.address_book import Sighting
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.sealing.people import PersonKeys
from transition_exchange.store.database import Database
from transition_exchange.store.models import Area, Campus, Organisation, Principal, Team, Transfer


class InstantRenderer(Renderer):
    """Makes no PDF, for tests that look at who gets what; those about the PDF itself use the real one."""

    def render_many(self, contents: Any) -> Iterator[bytes]:
        content: PackContent
        for content in contents:
            yield b"%PDF-1.7\n" + content.record_json


@dataclass
class Place:
    """An organisation with its teams by name."""

    id: UUID
    name: str
    teams: dict[str, MadeTeam] = field(default_factory=dict)


ADD, FILL, SENT = "add", "fill", "sent"
AMINA = ("Amina", "Khan")
ACCEPTED = (("Northway College",), "accepted")
"""What was done once in a world that was built once, so that a copy of it is given the rows: Amina Khan is added, her
record is filled in, and it is sent to where she is accepted."""


class SentRecord(NamedTuple):
    """A record that was sent to the college, and its transfer."""

    record_id: UUID
    transfer_id: UUID


@dataclass
class World:
    """The area. Organisations may be added with `place`, teams with `team`, people with `person`."""

    db: Database
    area_id: UUID
    today: date = field(default_factory=school_calendar.today)
    renderer: Renderer = field(default_factory=InstantRenderer)
    places: dict[str, Place] = field(default_factory=dict)
    people: dict[str, Actor] = field(default_factory=dict)
    root: MadeTeam | None = None
    before: Callable[[World, str], Any] = field(default=lambda *_: None, repr=False)

    @classmethod
    def build(cls, db: Database) -> World:
        """A council, two schools and two providers, with a person in each team."""
        with db.write() as session:
            area = Area(name="Ashdown", la_code="372", sample=True)
            session.add(area)
            session.flush()
            area_id = area.id
        world = cls(db=db, area_id=area_id)
        world.place("Ashdown Council", kind="council", coordinates=True)
        world.root = world.team("Ashdown Council", "NEET group", "neet_group")
        world.sign_rules()
        for school in ("Ashdown School", "Beech Lane School"):
            urn = "123456" if school == "Ashdown School" else "123457"
            world.place(school, kind="school", sends=True, urn=urn, laestab="3724001", la_code="372")
            world.team(school, "Transition team", "transition")
            world.team(school, "Safeguarding team", "school_safeguarding")
        world.place("Northway College", kind="college_group", receives=True, ukprn="10001234")
        world.campus("Northway College", "Town campus")
        for name, purpose in (
            ("Admissions", "admissions"),
            ("Learning support", "learning_support"),
            ("Safeguarding", "safeguarding"),
            ("Exams office", "exams"),
        ):
            world.team("Northway College", name, purpose)
        world.place("Riverside Boxing", kind="community", receives=True)
        world.team(
            "Riverside Boxing", "Riverside Boxing", "admissions", "learning_support", "safeguarding", "exams"
        )
        world.person("coordinator", "Ashdown Council", "NEET group")
        world.person("senco", "Ashdown School", "Transition team")
        world.person("safeguarding_lead", "Ashdown School", "Safeguarding team")
        world.person("other_senco", "Beech Lane School", "Transition team")
        world.person("college_admissions", "Northway College", "Admissions")
        world.person("college_support", "Northway College", "Learning support")
        world.person("college_safeguarding", "Northway College", "Safeguarding")
        world.person("college_exams", "Northway College", "Exams office")
        world.person("coach", "Riverside Boxing", "Riverside Boxing")
        return world

    def place(self, name: str, **columns: Any) -> Place:
        """Add an organisation."""
        columns.setdefault("phone", "01709 000000")
        columns.setdefault("contact_name", "The office")
        with self.db.write() as session:
            made = new_organisation_id(self.area_id, name)
            row = Organisation(id=made, area_id=self.area_id, name=name, **columns)
            session.add(row)
            session.flush()
            self.places[name] = Place(id=row.id, name=name)
        return self.places[name]

    def sign_rules(self, *, send_at: str = FIRST_SEND_AT, versions: Mapping[int, str] | None = None) -> None:
        """Sign the area's rules as its NEET group does."""
        assert self.root is not None
        with self.db.write() as session:
            sign_rules(
                session.get_one(Area, self.area_id),
                held=self.root.held,
                send_at=send_at,
                versions=versions or {},
                signed_at=datetime.now(UTC),
            )

    def campus(self, place: str, name: str) -> None:
        """Add a campus to an organisation."""
        with self.db.write() as session:
            session.add(Campus(organisation_id=self.places[place].id, name=name))

    def team(
        self, place: str, name: str, *purposes: str, confirmed: bool = True, ready: bool = True
    ) -> MadeTeam:
        """Add a team with a key of its own.

        Args:
            confirmed: whether the NEET group has confirmed its key.
            ready: whether it has two openers.
        """
        organisation = self.places[place]
        row = Team(
            organisation_id=organisation.id,
            name=name,
            purposes=list(purposes),
            notification_email=f"{len(self.places)}.{name.lower().replace(' ', '.')}@example.org",
        )
        with self.db.write() as session:
            made = add_team(session, row, root=self.root, confirmed=confirmed, ready=ready)
        organisation.teams[name] = made
        return made

    def new_key(self, place: str, name: str, *, removed: Sequence[UUID] = ()) -> None:
        """Give a team a next key, which everybody in the team holds beside the one before.

        Args:
            removed: the people because of whom it is made.
        """
        team = self.places[place].teams[name]
        with self.db.write() as session:
            add_next_key(session, team, removed=removed)
        for person, actor in self.people.items():
            teams = tuple(team.opened if opened.id == team.row.id else opened for opened in actor.teams)
            self.people[person] = replace(actor, teams=teams)

    def person(
        self, name: str, place: str, *teams: str, administrator: bool = False, signs: bool = False
    ) -> Actor:
        """Somebody in some teams of an organisation, signed in; an attribute of the world under `name`.

        Args:
            signs: whether they have a key of their own, which the people of their organisation remember.
        """
        organisation = self.places[place]
        with self.db.write() as session:
            row = Principal(
                organisation_id=organisation.id,
                name=name.replace("_", " ").title(),
                email=f"{name}@example.org",
                administrator=administrator,
            )
            session.add(row)
            session.flush()
            actor = Actor(
                principal_id=row.id,
                organisation_id=organisation.id,
                name=row.name,
                administrator=administrator,
                teams=tuple(organisation.teams[team].opened for team in teams),
                person=PersonKeys(KeyPair.generate()) if signs else None,
                proven_until=datetime.max.replace(tzinfo=UTC),
            )
        self.people[name] = actor
        if signs:
            with self.db.write() as session:
                add_statements(session, actor)
            self._introduce(actor)
        return actor

    def _introduce(self, signer: Actor) -> None:
        """Have everybody of somebody's organisation remember their key."""
        assert signer.person is not None
        for name, actor in self.people.items():
            if actor.organisation_id == signer.organisation_id and actor is not signer:
                own = {team.id for team in actor.teams}
                met = [
                    Sighting(team.id, team.id in own, signer.person.public, signer.name)
                    for team in sorted(signer.teams, key=lambda team: team.id not in own)
                ]
                book = actor.address_book.with_colleagues({signer.principal_id: met}, now=datetime.now(UTC))
                self.people[name] = replace(actor, address_book=book)

    def __getattr__(self, name: str) -> Actor:
        people: Mapping[str, Actor] = self.__dict__.get("people", {})
        if name in people:
            return people[name]
        raise AttributeError(name)

    @property
    def school(self) -> Place:
        return self.places["Ashdown School"]

    @property
    def college(self) -> Place:
        return self.places["Northway College"]

    def add(
        self, forename: str = "Amina", surname: str = "Khan", *, actor: Actor | None = None, **learner: Any
    ) -> UUID:
        """Add a learner to the actor's school, a possible duplicate or not."""
        if (
            actor is None
            and not learner
            and (forename, surname) == AMINA
            and (same := self.before(self, ADD))
        ):
            record_id: UUID = same
            return record_id
        answers = {
            "learner": {
                "legal_forename": forename,
                "legal_surname": surname,
                "date_of_birth": f"{leaving_year_on(self.today) - 16}-03-14",
                **learner,
            }
        }
        added = add_learner(
            db=self.db, actor=actor or self.senco, answers=answers, although_duplicate=True, today=self.today
        )
        assert added.record_id is not None, added.errors
        return added.record_id

    def save(
        self,
        record_id: UUID,
        answers: Mapping[str, Mapping[str, Any]],
        *,
        actor: Actor | None = None,
        owner: str = "transition",
    ) -> None:
        """Save whole sections of a draft, whatever they hold now.

        Raises:
            AssertionError: something in the answers is wrong.
        """
        actor = actor or (self.senco if owner == "transition" else self.safeguarding_lead)
        draft = open_draft(db=self.db, actor=actor, record_id=record_id, owner=owner)
        saved = save_sections(
            db=self.db,
            actor=actor,
            draft=draft,
            raw=answers,
            today=self.today,
        )
        assert not saved.errors, saved.errors

    def attach(
        self, record_id: UUID, *, kind: str = "qualifications", name: str = "", content: bytes | None = None
    ) -> UUID:
        """Attach a document of today to the SENCO's part of a record; a page of its own if no content is given."""
        return attach(
            db=self.db,
            actor=self.senco,
            record_id=record_id,
            kind=kind,
            name=name,
            dated=self.today,
            content=pdf() if content is None else content,
            today=self.today,
        )

    def fill(
        self, record_id: UUID, *, going_to: Sequence[str] = ("Northway College",), status: str = "accepted"
    ) -> None:
        """Answer everything that is asked of a learner without SEN, with a destination at each provider named."""
        if (tuple(going_to), status) == ACCEPTED and self.before(self, FILL) == record_id:
            return
        rows = [
            destination(self.places[name].id, name, preference=place, status=status)
            for place, name in enumerate(going_to, 1)
        ]
        draft = open_draft(db=self.db, actor=self.senco, record_id=record_id)
        answers = complete(rows)
        answers["learner"] = {**answers["learner"], **draft.answers["learner"]}
        self.save(record_id, answers)

    def plan(self, record_id: UUID, *, owner: str = "transition", actor: Actor | None = None) -> ReleasePlan:
        """What sending would do now."""
        actor = actor or (self.senco if owner == "transition" else self.safeguarding_lead)
        return plan(db=self.db, actor=actor, record_id=record_id, owner=owner, today=self.today)

    def send(
        self,
        record_id: UUID,
        *,
        owner: str = "transition",
        actor: Actor | None = None,
        providers: Collection[UUID] | None = None,
    ) -> Sent:
        """Send, or release, what a preview shows now; to the providers that it ticks, or to those named."""
        actor = actor or (self.senco if owner == "transition" else self.safeguarding_lead)
        planned = self.plan(record_id, owner=owner, actor=actor)
        return send(
            db=self.db,
            actor=actor,
            renderer=self.renderer,
            record_id=record_id,
            seen=planned.seen,
            owner=owner,
            providers=providers,
            today=self.today,
        )

    def sent(self, forename: str = "Amina", surname: str = "Khan", *, status: str = "accepted") -> SentRecord:
        """Add a learner, fill the form in and send it to the college."""
        if (forename, surname, status) == (*AMINA, ACCEPTED[1]) and (same := self.before(self, SENT)):
            record: SentRecord = same
            return record
        record_id = self.add(forename, surname)
        self.fill(record_id, status=status)
        self.send(record_id)
        return SentRecord(record_id, self.transfer_of(record_id))

    def open(self, transfer_id: UUID, actor: Actor | None = None) -> Received:
        """Open a transfer as the college's learning support team, or as somebody else."""
        return open_transfer(db=self.db, actor=actor or self.college_support, transfer_id=transfer_id)

    def transfer_of(self, record_id: UUID, place: str = "Northway College") -> UUID:
        """The record's transfer to a provider that was not recalled."""
        with self.db.read() as session:
            return session.scalars(
                select(Transfer.id).where(
                    Transfer.record_id == record_id,
                    Transfer.provider_id == self.places[place].id,
                    Transfer.state != "recalled",
                )
            ).one()


@contextmanager
def rendering() -> Iterator[Renderer]:
    """The real renderer, one process."""
    with Renderer(workers=1) as renderer:
        yield renderer
