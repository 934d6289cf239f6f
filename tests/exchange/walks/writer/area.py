"""The area that the writer finds: everybody signed in, and at least one row in every table.

It is built once. Each write is tried on a copy of it, so nothing here may depend on what an earlier write did.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import event, update

from tests.exchange.answers import complete, destination
from tests.exchange.changing import accept, propose, proven
from tests.exchange.people import MEMORY_KIB, PASSPHRASE
from tests.exchange.team_rows import pin_of
from tests.exchange.walks.writer.rows import TABLES, Rows, read_rows
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import ExchangeError, NotAllowed, Refused
from transition_exchange.exchange.joining import inviting
from transition_exchange.exchange.keys.personal import new_membership, second_factor_use, unlock_use
from transition_exchange.exchange.organisations import contacts
from transition_exchange.exchange.queries import asking
from transition_exchange.exchange.receiving import receipts
from transition_exchange.exchange.records.ledger_memory import memory
from transition_exchange.exchange.school_calendar import leaving_year_on
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.exchange.signing_in import credentials, devices, late_saves, sessions
from transition_exchange.exchange.signing_in.credentials import cost_of
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.sealing import personal, unlocks
from transition_exchange.sealing.handovers import hand_over
from transition_exchange.sealing.keys import KeyPair, TeamSecret
from transition_exchange.sealing.people import PersonKeys
from transition_exchange.sealing.second_factor import Secret
from transition_exchange.sealing.sessions import SessionToken
from transition_exchange.store import checkpoints
from transition_exchange.store.database import Database
from transition_exchange.store.models import (
    Campus,
    Handover,
    Invitation,
    Principal,
    SignInSession,
    TermStart,
    Unlock,
)
from transition_exchange.store.tokens import token_digest

INVITED = "link-of-a-newcomer"
"""The token in the link of an invitation that nobody has accepted yet."""
COLLEGE, SCHOOL, OTHER_SCHOOL, WRITERS = (
    "Northway College",
    "Ashdown School",
    "Beech Lane School",
    "Riverside Boxing",
)
LEADS = "school_safeguarding"
PROVIDERS = ("college_support", "college_admissions", "college_safeguarding")
"""The people of the college who open what it gets."""
GOING = frozenset({"sent", "ready"})
"""The school's records whose destinations name the college."""
WRITER = "coach"
"""The writer's own account: an ordinary one, in a team of a provider that the NEET group has confirmed."""


@dataclass
class Account:
    """What somebody keeps: their key pair, the cookie of their session and that of an expired one, their code app."""

    pair: KeyPair
    cookie: str
    expired: str
    app: Secret


@dataclass
class WritersArea:
    """The area, and what the walk knows of it.

    Attributes:
        now: the time at which everybody acts.
        built_at: when the last row was written.
        records: the records by name: `sent`, `ready`, `recalled` and `writers`, which is another school's.
        allowed: the providers that may get each record, as its sealed destinations name them.
        going: the names of the school's records that may go to the college.
        accounts: by the name of the person in the world.
        planted: the writer's own key pair, made for planting it.
        earlier: all rows as they stood at earlier moments.
    """

    world: World
    now: datetime
    accounts: dict[str, Account] = field(default_factory=dict)
    records: dict[str, UUID] = field(default_factory=dict)
    transfers: dict[str, UUID] = field(default_factory=dict)
    allowed: dict[UUID, frozenset[UUID]] = field(default_factory=dict)
    planted: TeamSecret = field(default_factory=TeamSecret.generate)
    earlier: list[Rows] = field(default_factory=list)
    going: frozenset[str] = GOING
    question: UUID | None = None
    spoken_code: str = ""
    built_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    open_actors: dict[str, Actor] = field(default_factory=dict)
    reads: dict[str, set[str]] = field(default_factory=dict)
    _noting: str = ""

    @classmethod
    def build(cls, db: Database) -> WritersArea:
        """Build it."""
        area = cls(world=World.build(db), now=datetime.now(UTC))
        area._sign_everybody_in()
        area._write_records()
        area._keep("before anything was sent")
        area._send()
        area._keep("after everything was sent")
        area._act()
        area.built_at = datetime.now(UTC)
        return area

    @property
    def secrets(self) -> Mapping[UUID, TeamSecret]:
        """The secrets of all teams, by team."""
        return {
            team.row.id: team.secret for place in self.world.places.values() for team in place.teams.values()
        }

    def actor(self, name: str) -> Actor:
        """Somebody as their session's cookie opens them. Pages that are looked at one after the other share it.

        Raises:
            NotAllowed: the session has ended, so that a page asks them to sign in.
            Tampered: as `sessions.resume`.
        """
        if name not in self.open_actors:
            resumed = sessions.resume(db=self.world.db, cookie=self.accounts[name].cookie, now=self.now)
            if resumed is None or resumed.actor is None:
                raise NotAllowed("Sign in.")
            self.open_actors[name] = resumed.actor
        return self.open_actors[name]

    def read_destinations(self, *, anew: bool) -> None:
        """Take from the sealed destinations whether the record that was recalled may go to the college again.

        Whoever puts a whole older form back puts back where its learner meant to go, too.

        Args:
            anew: whether they may be others than when the area was built.
        """
        record_id, going = self.records["recalled"], GOING
        if anew:
            with suppress(ExchangeError):
                draft = open_draft(db=self.world.db, actor=self.world.senco, record_id=record_id)
                rows = draft.answers.get("destinations", {}).get("destinations", [])
                if str(self.world.college.id) in {row.get("organisation") for row in rows}:
                    going = GOING | {"recalled"}
        self.going = going
        named = "recalled" in going
        self.allowed[record_id] = frozenset({self.world.college.id}) if named else frozenset()

    def forget_sessions(self) -> None:
        """Let the next page be looked at as if in a process that has just begun."""
        self.open_actors.clear()
        for account in self.accounts.values():
            memory.forget(SessionToken.from_cookie(account.cookie).id)

    @contextmanager
    def noting(self, name: str) -> Iterator[None]:
        """Note in `reads` which tables are named in the statements of a page or an action."""
        self._noting = name
        yield
        self._noting = ""

    def note_statements(self) -> None:
        """Begin to note them."""
        words = re.compile("|".join(rf"\b{name}\b" for name in TABLES))

        def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
            if self._noting:
                self.reads.setdefault(self._noting, set()).update(words.findall(statement))

        event.listen(self.world.db.engine, "before_cursor_execute", note)

    def _keep(self, _when: str) -> None:
        with self.world.db.read() as session:
            self.earlier.append(read_rows(session.connection()))

    def _sign_everybody_in(self) -> None:
        world = self.world
        world.team(SCHOOL, "New office", "transition", confirmed=False)
        world.team(SCHOOL, "Second office", "transition")
        world.person("college_second", COLLEGE, "Learning support")
        for name, actor in world.people.items():
            self.accounts[name] = self._account(actor)
        with world.db.write() as session:
            session.execute(
                update(Principal)
                .where(Principal.name.in_(("Senco", "Coordinator")))
                .values(administrator=True)
            )
            devices.remember(
                session,
                principal_id=world.senco.principal_id,
                pair=self.accounts["senco"].pair,
                browser=devices.UNKNOWN,
                no_code=True,
                now=self.now,
            )
            term = date(leaving_year_on(world.today), 9, 6)
            session.add(TermStart(area_id=world.area_id, first_day=term))
            session.execute(update(Campus).values(address="Station Road", postcode="S60 2BB"))
        with suppress(Refused):
            credentials.give_passphrase(
                db=world.db,
                email="senco@example.org",
                passphrase="wrong",
                address="192.0.2.9",
                now=self.now,
                memory_kib=MEMORY_KIB,
            )

    def _account(self, actor: Actor) -> Account:
        pair, app = KeyPair.generate(), Secret.new()
        with self.world.db.write() as session:
            for team in actor.teams:
                session.add(
                    new_membership(
                        principal_id=actor.principal_id,
                        name=actor.name,
                        pair=pair,
                        held=team.held,
                        added_by=None,
                        at=self.now,
                    )
                )
            begin = partial(
                sessions.begin, session, principal_id=actor.principal_id, seed=pair.seed, stage="full"
            )
            cookie, _ = begin(now=self.now)
            cookie_of_expired, _ = begin(now=self.now)
            use = unlock_use(actor.principal_id)
            for kind, secret in (("passphrase", PASSPHRASE), ("recovery", "a recovery code")):
                wrapped = unlocks.wrap(pair.seed, secret, cost=cost_of(MEMORY_KIB), use=use)
                session.add(
                    Unlock(principal_id=actor.principal_id, kind=kind, wrapped=wrapped, created_at=self.now)
                )
            row = session.get_one(Principal, actor.principal_id)
            row.second_factor = personal.seal(pair, app.to_bytes(), use=second_factor_use(row.id))
            row.second_factor_confirmed_at = self.now
            session.flush()
            expired = session.get_one(SignInSession, SessionToken.from_cookie(cookie_of_expired).id)
            expired.last_seen_at = self.now - timedelta(hours=2)
        return Account(pair, cookie, cookie_of_expired, app)

    def _write_records(self) -> None:
        world = self.world
        for name, forename in (("sent", "Amina"), ("ready", "Bola"), ("recalled", "Cai")):
            self.records[name] = world.add(forename, "Khan")
            world.fill(self.records[name])
        self.records["writers"] = world.add("Dana", "Lee", actor=world.other_senco)
        self._fill_at_other_school()
        self.attachment = world.attach(self.records["sent"])
        college, writers = (frozenset({world.places[name].id}) for name in (COLLEGE, WRITERS))
        self.allowed = {
            self.records["sent"]: college,
            self.records["ready"]: college,
            self.records["recalled"]: frozenset(),
            self.records["writers"]: writers,
        }

    def _fill_at_other_school(self) -> None:
        world, record_id = self.world, self.records["writers"]
        rows = [destination(world.places[WRITERS].id, WRITERS)]
        draft = open_draft(db=world.db, actor=world.other_senco, record_id=record_id)
        answers: dict[str, dict[str, Any]] = complete(rows)
        answers["learner"] = {**answers["learner"], **draft.answers["learner"]}
        world.save(record_id, answers, actor=world.other_senco)

    def _send(self) -> None:
        world = self.world
        for name in ("sent", "recalled"):
            world.send(self.records[name])
            self.transfers[name] = world.transfer_of(self.records[name])
        world.send(self.records["writers"], actor=world.other_senco)
        self.transfers["writers"] = world.transfer_of(self.records["writers"], WRITERS)
        for name in ("sent", "recalled"):
            world.save(
                self.records[name], {"safeguarding": {"file_exists": "no"}}, owner="school_safeguarding"
            )
        world.send(self.records["sent"], owner="school_safeguarding")

    def _act(self) -> None:
        world, db = self.world, self.world.db
        for person in (world.college_support, world.college_admissions):
            world.open(self.transfers["sent"], person)
        receipts.acknowledge(db=db, actor=world.college_support, transfer_ids=[self.transfers["sent"]])
        self.question = asking.ask(
            db=db, actor=world.college_support, transfer_id=self.transfers["sent"], text="Which bus?"
        )
        asking.reply(db=db, actor=world.senco, query_id=self.question, text="The 22.")
        for person in (world.senco, world.safeguarding_lead):
            contacts.set_contact(
                db=db, actor=person, team_id=person.teams[0].id, name="The office", phone="01709 382121"
            )
        self._keep("while everything stood as it was sent")
        recall(
            db=db,
            actor=world.senco,
            record_id=self.records["recalled"],
            transfer_id=self.transfers["recalled"],
        )
        world.save(self.records["recalled"], {"destinations": {"destinations": []}})
        world.save(self.records["sent"], {"known_as": {"preferred_name": "Mina"}})
        invited = inviting.invite_person(
            db=db,
            actor=self._administrator(),
            name="Nia New",
            email="nia@example.org",
            team_ids=[world.school.teams["Transition team"].row.id],
            now=self.now,
            memory_kib=MEMORY_KIB,
        )
        self.spoken_code = invited.spoken_code or ""
        self._change_keys_and_teams()
        assert late_saves.keep(
            db=db,
            cookie=self.accounts["senco"].expired,
            path="/school",
            form={"name": ["Mina"]},
            now=self.now,
        )
        with db.write() as session:
            row = session.get_one(Invitation, invited.invitation_id)
            row.link_digest, row.link_sent_at = token_digest(INVITED), self.now
            checkpoints.sign_heads(session, lambda message: b"s" * 64, now=self.now)

    def _change_keys_and_teams(self) -> None:
        """A key on its way to a colleague, a council's key that was compared, and a change that a team has accepted."""
        world = self.world
        held = world.school.teams["Second office"].held
        giver, taker = (PersonKeys(self.accounts[name].pair) for name in ("senco", "safeguarding_lead"))
        people = {"giver_id": world.senco.principal_id, "taker_id": world.safeguarding_lead.principal_id}
        sealed = hand_over(held, giver=giver, taker=taker.public, at=self.now, **people)
        assert world.root is not None
        with world.db.write() as session:
            session.add(Handover(team_key_id=held.key_id, sealed=sealed, **people))
            transition = world.school.teams["Transition team"]
            session.add(pin_of(transition.row.id, transition.secret, world.root))
        exams = world.places[COLLEGE].teams["Exams office"]
        accept(world, proven(world.college_exams), propose(world, exams, name="Examinations"))

    def _administrator(self) -> Actor:
        person = PersonKeys(self.accounts["senco"].pair)
        return replace(self.world.senco, administrator=True, person=person)
