"""A confirmed school whose teams' keys are changed by the pages, with everybody signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import update

from tests.exchange.people import Accounts, Clock, Person
from tests.web.visitor import Page, Visitor
from transition_exchange.exchange.keys import confirming
from transition_exchange.exchange.school_calendar import leaving_year_on, today
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import SignInSession

TRANSITION, SAFEGUARDING = "SEND and transition", "Safeguarding"
CONFIRMED_BY_LEE = (
    f"The new key of {TRANSITION} can be confirmed by Lee Lead in {SAFEGUARDING}, on the page “Your teams’ keys”, "
    "or by the council’s NEET group by phone."
)


def visit(app: Flask, accounts: Accounts, person: Person, *, proven: bool = True) -> Visitor:
    """Somebody's browser, with the session that they have.

    Args:
        person: who it is.
        proven: whether they have just given their passphrase or a code again.
    """
    with accounts.db.write() as session:
        session.execute(
            update(SignInSession)
            .where(SignInSession.principal_id == accounts.row(person).id)
            .values(proven_at=utc_now() if proven else None, proven_by="code" if proven else None)
        )
    visitor = Visitor(app)
    visitor.keep(app.config["SIGN_IN_COOKIE"], person.cookie)
    return visitor


@dataclass
class School:
    """A confirmed school: Sam, Robin and Jo in the transition team, Lee in it and in the safeguarding team."""

    app: Flask
    accounts: Accounts
    cora: Person
    sam: Person
    robin: Person
    jo: Person
    lee: Person
    team_id: UUID

    @classmethod
    def build(cls, app: Flask, db: Database) -> School:
        """Everybody joins, the council confirms both teams, and everybody has signed in."""
        accounts = Accounts(db, Clock(utc_now() - timedelta(minutes=12)))
        cora = accounts.found()
        sam = accounts.school(cora)
        robin = accounts.colleague(sam, "Robin Reed", TRANSITION)
        jo = accounts.colleague(sam, "Jo Marsh", TRANSITION)
        lee = accounts.colleague(sam, "Lee Lead", TRANSITION, SAFEGUARDING)
        for team in accounts.actor(lee).teams:
            council = accounts.actor(cora)
            seen = confirming.number_of(db=db, actor=council, team_id=team.id).seen
            confirming.confirm(db=db, actor=council, team_id=team.id, seen=seen)
        for person in (cora, sam, robin, jo, lee):
            accounts.clock.wait(minutes=1)
            accounts.sign_in(person)
        return cls(app, accounts, cora, sam, robin, jo, lee, accounts.actor(sam).teams[0].id)

    def visit(self, person: Person, *, proven: bool = True) -> Visitor:
        """Somebody's browser, with the session that they have.

        Args:
            person: who it is.
            proven: whether they have just given their passphrase or a code again.
        """
        return visit(self.app, self.accounts, person, proven=proven)

    def remove(self, leaver: Person, by: Person) -> Page:
        """Remove somebody from the school. Returns the page that follows."""
        visitor = self.visit(by)
        return visitor.follow(visitor.post(f"/account/teams/people/{self.accounts.row(leaver).id}/remove"))

    def take(self, by: Person) -> Page:
        """Take the new key that a colleague handed over. Returns the page that follows."""
        visitor = self.visit(by)
        page = visitor.get("/account/keys")
        (form,) = [form for form in page.forms if form.action.endswith("/take")]
        return visitor.follow(visitor.post(form.action, page.fields(0)))

    def finish(self, by: Person) -> None:
        """Make everything anew that the key before locked."""
        visitor = self.visit(by)
        for _ in range(20):
            if "not finished" not in visitor.get("/account/keys").text:
                return
            visitor.post("/account/keys/carry-on")
        raise AssertionError("the change of the key never ends")

    def add_learner(self, by: Person) -> str:
        """Add a learner. Returns the address of the page with what is asked first."""
        born = {"day": "14", "month": "3", "year": str(leaving_year_on(today()) - 16)}
        typed = {"learner.legal_forename": "Amina", "learner.legal_surname": "Khan"}
        typed |= {f"learner.date_of_birth-{part}": value for part, value in born.items()}
        done = self.visit(by).post("/learners/add", typed)
        assert done.status == 303, done.errors
        return f"{done.location}/pages/learner"

    def change(self, by: Person) -> Page:
        """Change the key as the page proposes it. Returns the page that follows."""
        visitor = self.visit(by)
        page = visitor.get(f"/account/teams/{self.team_id}/key")
        done = visitor.post(f"/account/teams/{self.team_id}/key", page.fields())
        assert done.status == 303, done.errors
        return visitor.follow(done)
