"""People who join and sign in as anybody does, with passphrases that cost next to nothing."""

from __future__ import annotations

import base64
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.joining import accepting, founding, inviting
from transition_exchange.exchange.joining.inviting import Invited
from transition_exchange.exchange.joining.made_by import digest_of
from transition_exchange.exchange.joining.new_organisations import NewOrganisation, default_teams
from transition_exchange.exchange.keys import confirming
from transition_exchange.exchange.organisations import teams
from transition_exchange.exchange.renewing import changing
from transition_exchange.exchange.signing_in import codes, credentials, second_factor, sessions, throttling
from transition_exchange.exchange.signing_in.devices import UNKNOWN, Browser
from transition_exchange.exchange.signing_in.sessions import SignedIn
from transition_exchange.sealing.second_factor import Secret
from transition_exchange.store.database import Database
from transition_exchange.store.models import Invitation, Principal
from transition_exchange.store.tokens import token_digest

MEMORY_KIB = 64
PASSPHRASE = "lantern muddle quilt tractor biscuit"
COUNCIL = "Ashdown Council"
SCHOOL = ("Ashdown School", "sam@school.example")
START = datetime(2027, 6, 3, 9, 0, tzinfo=UTC)


@dataclass
class Clock:
    """The time as a test sets it."""

    now: datetime = START

    def wait(self, **how_long: float) -> datetime:
        """Let time pass."""
        self.now += timedelta(**how_long)
        return self.now


@dataclass
class Person:
    """Somebody with an account, and what they keep: passphrase, app, backup codes."""

    name: str
    email: str
    cookie: str = field(repr=False)
    app: Secret
    backup_codes: tuple[str, ...] = ()
    browser: Browser = UNKNOWN


@dataclass
class Accounts:
    """A founded area, and the ways in which a test lets people join it."""

    db: Database
    clock: Clock = field(default_factory=Clock)
    links: int = 0
    before: Callable[[Accounts, str], Person | None] = field(default=lambda *_: None, repr=False)

    def found(self, *, sample: bool = False) -> Person:
        """Found the area; its council's first administrator joins."""
        if not sample and (person := self.before(self, COUNCIL)):
            return person
        founded = founding.found(
            db=self.db,
            area_name="Ashdown",
            council=founding.council_of(COUNCIL, phone="01709 000000", contact_name="The office"),
            name="Cora Council",
            email="cora@council.example",
            sample=sample,
            now=self.clock.now,
            memory_kib=MEMORY_KIB,
        )
        return self.join(founded.link_token, founded.spoken_code, "Cora Council", demo=sample)

    def confirm(self, by: Person, *people: Person) -> None:
        """Have the council confirm every team of some people. From then on their colleagues know them."""
        for person in people:
            for team in self.actor(person).teams:
                actor = self.actor(by)
                shown = confirming.number_of(db=self.db, actor=actor, team_id=team.id)
                confirming.confirm(
                    db=self.db, actor=actor, team_id=team.id, seen=shown.seen, now=self.clock.now
                )

    def seen(self, invitation_id: UUID) -> str:
        """What a page shows of an invitation, for the button that completes it."""
        with self.db.read() as session:
            return digest_of(session.get_one(Invitation, invitation_id))

    def link(self, invitation_id: UUID) -> str:
        """Send an invitation's link: mint a token, as the mail does."""
        self.links += 1
        token = f"token-{self.links}"
        with self.db.write() as session:
            row = session.get_one(Invitation, invitation_id)
            row.link_digest, row.link_sent_at = token_digest(token), self.clock.now
        return token

    def join(self, token: str, code: str, name: str, *, demo: bool = False) -> Person:
        """Open a link, give the code, choose a passphrase, and set up the app."""
        welcome = accepting.look_up(db=self.db, token=token, now=self.clock.now)
        signed_in = self.accept(token, code, name=name, demo=demo)
        if demo:
            return Person(name, welcome.email, signed_in.cookie, Secret(b""))
        return self.set_up(signed_in, name, welcome.email)

    def accept(
        self, token: str, code: str, *, name: str = "Sam", passphrase: str = PASSPHRASE, demo: bool = False
    ) -> SignedIn:
        """Open a link, give the code and choose a passphrase; the app is not set up yet."""
        return accepting.accept(
            db=self.db,
            token=token,
            spoken_code=code,
            name=name,
            passphrase=passphrase,
            demo=demo,
            now=self.clock.now,
            memory_kib=MEMORY_KIB,
        )

    def set_up(self, signed_in: SignedIn, name: str, email: str) -> Person:
        """Set up the authenticator app."""
        shown = second_factor.begin(db=self.db, cookie=signed_in.cookie, now=self.clock.now)
        app = app_of(shown.uri)
        whole = second_factor.confirm(
            db=self.db, cookie=signed_in.cookie, code=app.code_at(self.clock.now), now=self.clock.now
        )
        return Person(name, email, whole.cookie, app, shown.backup_codes)

    def actor(self, person: Person) -> Actor:
        """The person's open session as an actor."""
        resumed = sessions.resume(db=self.db, cookie=person.cookie, now=self.clock.now)
        assert resumed is not None
        assert resumed.actor is not None
        return resumed.actor

    def proven(self, person: Person) -> Actor:
        """The person as an actor who has just given their passphrase again."""
        return replace(self.actor(person), proven_until=self.clock.now + sessions.PROOF_LASTS)

    def invite(self, by: Person, name: str, *team_names: str, administrator: bool = False) -> Invited:
        """Invite somebody into some teams of the inviter's organisation."""
        actor = self.proven(by)
        ids = {team.team_name: team.team_id for team in teams.own_teams(db=self.db, actor=actor)}
        return inviting.invite_person(
            db=self.db,
            actor=actor,
            name=name,
            email=f"{name.split()[0].lower()}@{by.email.split('@')[1]}",
            team_ids=[ids[name] for name in team_names],
            administrator=administrator,
            now=self.clock.now,
            memory_kib=MEMORY_KIB,
        )

    def colleague(self, by: Person, name: str, *team_names: str, administrator: bool = False) -> Person:
        """Somebody who was invited by a member and joined."""
        invited = self.invite(by, name, *team_names, administrator=administrator)
        assert invited.spoken_code is not None
        return self.join(self.link(invited.invitation_id), invited.spoken_code, name)

    def school(self, by: Person, name: str = SCHOOL[0], email: str = SCHOOL[1]) -> Person:
        """A school that the council invited, and whose first administrator joined."""
        if (name, email) == SCHOOL and (person := self.before(self, SCHOOL[0])):
            return person
        return self._organisation(by, NewOrganisation(name=name, kind="school", sends=True), email)

    def college(
        self, by: Person, name: str = "Northway College", email: str = "nia@college.example"
    ) -> Person:
        """A college likewise."""
        return self._organisation(by, NewOrganisation(name=name, kind="college_group", receives=True), email)

    def _organisation(self, by: Person, plain: NewOrganisation, email: str) -> Person:
        organisation = NewOrganisation(
            name=plain.name,
            kind=plain.kind,
            sends=plain.sends,
            receives=plain.receives,
            teams=default_teams(kind=plain.kind, sends=plain.sends, receives=plain.receives),
        )
        invited = inviting.invite_organisation(
            db=self.db,
            actor=self.proven(by),
            organisation=organisation,
            name="Sam School",
            email=email,
            now=self.clock.now,
            memory_kib=MEMORY_KIB,
        )
        assert invited.spoken_code is not None
        return self.join(self.link(invited.invitation_id), invited.spoken_code, "Sam School")

    def change_key(
        self, by: Person, team_id: UUID, *, hand_to: Collection[UUID] | None = None
    ) -> changing.Change:
        """Change a team's key as the page shows it to somebody, who has just given their passphrase again."""
        actor = self.proven(by)
        shown = {change.team.id: change.seen for change in changing.changes(db=self.db, actor=actor)}
        return changing.change_key(
            db=self.db,
            actor=actor,
            team_id=team_id,
            seen=shown[team_id],
            hand_to=hand_to,
            now=self.clock.now,
        )

    def sign_in_later(self, *people: Person) -> None:
        """Let some people sign in, each a minute after the one before."""
        for person in people:
            self.clock.wait(minutes=1)
            self.sign_in(person)

    def give_passphrase(
        self,
        person: Person,
        *,
        passphrase: str = PASSPHRASE,
        address: str = "192.0.2.1",
        browser: Browser | None = None,
        demo: bool = False,
    ) -> SignedIn:
        """The first step of signing in, in a browser that is new here unless one is named."""
        return credentials.give_passphrase(
            db=self.db,
            email=person.email,
            passphrase=passphrase,
            address=address,
            browser=browser or UNKNOWN,
            demo=demo,
            now=self.clock.now,
            memory_kib=MEMORY_KIB,
        )

    def refusal(self, person: Person, **how: Any) -> str:
        """What a try at a passphrase is refused with."""
        with pytest.raises(Refused) as refused:
            self.give_passphrase(person, **how)
        return refused.value.message

    def give_code(
        self, half: SignedIn, code: str, *, remember: bool = False, browser: Browser = UNKNOWN
    ) -> SignedIn:
        """The second step of signing in."""
        return codes.give_code(
            db=self.db,
            cookie=half.cookie,
            code=code,
            remember=remember,
            browser=browser,
            now=self.clock.now,
        )

    def sign_in(self, person: Person, *, remember: bool = False, browser: Browser = UNKNOWN) -> Person:
        """Both steps. The person's browser is then known, and its session is the new one."""
        half = self.give_passphrase(person, browser=browser)
        code = person.app.code_at(self.clock.now)
        whole = self.give_code(half, code, remember=remember, browser=replace(browser, session=half.cookie))
        person.cookie = whole.cookie
        person.browser = Browser(known=whole.known or "", session=whole.cookie, words=browser.words)
        return person

    def failures(self, person: Person) -> int:
        """The wrong tries at a person's account that still count."""
        with self.db.read() as session:
            return throttling.failures_of(session, email=person.email, now=self.clock.now)

    def row(self, person: Person) -> Principal:
        """The person's row."""
        with self.db.read() as session:
            return session.query(Principal).filter_by(email=person.email).one()


def nobody() -> Person:
    """Somebody without an account."""
    return Person("Nobody", "nobody@council.example", "", Secret(b""))


def app_of(uri: str) -> Secret:
    """What an authenticator app reads from the QR code."""
    encoded = uri.split("secret=")[1].split("&")[0]
    return Secret(base64.b32decode(encoded))
