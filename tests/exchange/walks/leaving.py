"""A school and a college from whose teams somebody leaves, with everything that they take along.

The people have real accounts. `World` goes on with them, so that a test writes, sends and opens as any other does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from tests.exchange.people import Accounts, Clock, Person
from tests.exchange.walks.former import Former, copy_of
from tests.exchange.world import Place, World
from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.errors import ExchangeError
from transition_exchange.exchange.joining.new_organisations import NewOrganisation
from transition_exchange.exchange.keys import confirming
from transition_exchange.exchange.organisations import teams
from transition_exchange.exchange.queries import asking, threads
from transition_exchange.exchange.renewing import progress, taking
from transition_exchange.store.base import Base
from transition_exchange.store.database import Database
from transition_exchange.store.models import (
    Organisation,
)

SCHOOL, COLLEGE = "Ashdown School", "Northway College"
OFFICE, LEADS, EVERYBODY = "SEND and transition", "Safeguarding", "Everybody"

LEAVE = ("jo", "kit")
STEPS = 30
"""How many steps the work after a change takes at most."""


@dataclass
class Area:
    """Sam, Robin and Jo are in the school's transition team, Lee in both, Ada in the safeguarding team; Nia, Ned and
    Kit in the college's one team. Jo and Kit will leave."""

    accounts: Accounts
    people: dict[str, Person] = field(default_factory=dict)
    world: World = field(init=False)

    @classmethod
    def build(cls, db: Database) -> Area:
        """The area, with one learner who was sent to the college, and a question about them."""
        # Their clock goes forward with each sign-in, and what they write has the time of the machine.
        accounts = Accounts(db, Clock(datetime.now(UTC) - timedelta(hours=6)))
        area = cls(accounts)
        people = area.people
        cora = people["cora"] = accounts.found()
        sam = people["sam"] = accounts.school(cora)
        college = NewOrganisation(name=COLLEGE, kind="community", receives=True)
        nia = people["nia"] = accounts._organisation(cora, college, "nia@college.example")
        for name, whole, by, *teams_of in (
            ("jo", "Jo Marsh", sam, OFFICE),
            ("robin", "Robin Reed", sam, OFFICE),
            ("lee", "Lee Lead", sam, OFFICE, LEADS),
            ("ned", "Ned North", nia, EVERYBODY),
            ("kit", "Kit Kaye", nia, EVERYBODY),
        ):
            people[name] = accounts.colleague(by, whole, *teams_of, administrator=name == "lee")
        people["ada"] = accounts.colleague(people["lee"], "Ada Aide", LEADS)
        for name in ("lee", "nia"):
            for team in area.actor(name).teams:
                area.confirm(team)
        area.world = World(db=db, area_id=area._area_id())
        for place, name in ((SCHOOL, "sam"), (COLLEGE, "nia")):
            area.world.places[place] = Place(area.actor(name).organisation_id, place)
        area.sign_in()
        return area

    def _area_id(self) -> UUID:
        with self.db.read() as session:
            return session.scalars(select(Organisation.area_id).limit(1)).one()

    @property
    def db(self) -> Database:
        return self.accounts.db

    def actor(self, name: str) -> Actor:
        """Somebody as their session has them now."""
        return self.accounts.actor(self.people[name])

    def team(self, name: str, team: str) -> OpenTeam:
        """A team as somebody's session has it now."""
        return next(opened for opened in self.actor(name).teams if opened.name == team)

    def confirm(self, team: OpenTeam) -> None:
        """Confirm a team's newest key as the council."""
        council = self.actor("cora")
        number = confirming.number_of(db=self.db, actor=council, team_id=team.id)
        confirming.confirm(
            db=self.db, actor=council, team_id=team.id, seen=number.seen, now=self.accounts.clock.now
        )

    def sign_in(self, *names: str) -> None:
        """Let people sign in, all who are there if none is named. Somebody whose account fails its check stays out."""
        for name in names or [name for name in self.people if name not in LEAVE]:
            self.accounts.clock.wait(minutes=1)
            with suppress(ExchangeError):
                self.accounts.sign_in(self.people[name])
        self.refresh()

    @property
    def there(self) -> dict[str, Actor]:
        """Everybody who stayed, without those whose account fails its check."""
        there = {}
        for name in self.people:
            if name not in LEAVE:
                with suppress(ExchangeError):
                    there[name] = self.actor(name)
        return there

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Whatever happens in the block has not happened afterwards."""
        copy, cookies = copy_of(self.db), {name: person.cookie for name, person in self.people.items()}
        yield
        with self.db.write() as session:
            for table in reversed(Base.metadata.sorted_tables):
                if table.name in copy:
                    session.execute(table.delete())
            for table in Base.metadata.sorted_tables:
                if copy.get(table.name):
                    session.execute(table.insert(), copy[table.name])
        for name, cookie in cookies.items():
            self.people[name].cookie = cookie
        self.refresh()

    def refresh(self) -> None:
        """Take everybody as their session has them now. Somebody whose account fails its check is missing."""
        self.world.people.clear()
        for role, name in (("senco", "sam"), ("safeguarding_lead", "ada"), ("college_support", "nia")):
            with suppress(ExchangeError):
                self.world.people[role] = self.actor(name)

    def leave(self, name: str, *, by: str) -> Former:
        """Somebody leaves their only team, with all that they know."""
        former = Former.of(self, self.actor(name))
        teams.remove_person(
            db=self.db,
            actor=self.accounts.proven(self.people[by]),
            principal_id=self.actor(name).principal_id,
            now=self.accounts.clock.wait(minutes=1),
        )
        return former

    def change(self, name: str, team: str) -> None:
        """Change a team's key, and let the others of the team take it."""
        self.accounts.clock.wait(minutes=1)
        self.accounts.change_key(self.people[name], self.team(name, team).id)
        self.refresh()

    def take(self, *names: str) -> None:
        """Let people take what was handed over to them."""
        for name in names:
            for offer in self.actor(name).offers:
                taking.take(
                    db=self.db,
                    actor=self.actor(name),
                    offer_id=offer.id,
                    seen=offer.seen,
                    now=self.accounts.clock.now,
                )
        self.refresh()

    def carry_on(self, *names: str) -> None:
        """Finish the work after a change."""
        for name in names:
            for _ in range(STEPS):
                if not progress.carry_on(db=self.db, actor=self.actor(name)).left:
                    break
            else:
                raise AssertionError("The work does not end.")
        self.refresh()

    def work(self, record_id: UUID) -> list[str]:
        """Everybody does their work, as far as they are let. Returns the names of the steps that were done.

        A step is left out where the service refuses it, or somebody's account has failed its check.
        """
        world, done = self.world, []
        steps: Mapping[str, Callable[[], object]] = {
            "save": lambda: world.save(record_id, {"known_as": {"preferred_name": f"Mina {uuid4()}"}}),
            "send": lambda: world.send(record_id),
            "write": lambda: world.save(
                record_id,
                {"safeguarding": {"file_exists": "no", "lead_name": f"Ada {uuid4()}"}},
                owner="school_safeguarding",
            ),
            "release": lambda: world.send(record_id, owner="school_safeguarding"),
            "add": lambda: world.add("Ben", "Baker"),
            "open": lambda: world.open(world.transfer_of(record_id)),
            "ask": lambda: asking.ask(
                db=self.db,
                actor=world.college_support,
                transfer_id=world.transfer_of(record_id),
                text="What helps?",
            ),
            "answer": lambda: asking.reply(
                db=self.db,
                actor=world.senco,
                query_id=threads.queries(db=self.db, actor=world.senco)[0].id,
                text="Time",
            ),
        }
        for name, step in steps.items():
            try:
                step()
            except (ExchangeError, AttributeError, LookupError):
                continue
            done.append(name)
        return done
