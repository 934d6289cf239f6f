"""What happens in an area while somebody is away: the council gets a new key, a team gets a new name and a new key."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tests.exchange.claims import OFFICE, team_named
from tests.exchange.keys.office import confirm_only
from tests.exchange.people import Accounts, Person
from transition_exchange.exchange.actor import Offer
from transition_exchange.exchange.coordinating import second_confirmer as councils_choice
from transition_exchange.exchange.keys import seconding
from transition_exchange.exchange.organisations import proposing, second_confirmer, teams
from transition_exchange.exchange.renewing import council_key, progress, taking
from transition_exchange.store.base import utc_now

NEW_NAME = "Front office"


@dataclass
class Area:
    """An area with Cora and Kit in its NEET group, and the confirmed office of Sam at a school.

    Attributes:
        nia: somebody in the team of a college that confirms teams besides the council, where that is required.
    """

    accounts: Accounts
    cora: Person
    sam: Person
    kit: Person
    office_id: UUID
    nia: Person | None = None

    @classmethod
    def build(cls, accounts: Accounts, cora: Person, sam: Person) -> Area:
        """Kit joins the NEET group, and the council confirms the office."""
        kit = accounts.colleague(cora, "Kit Council", "NEET group")
        accounts.clock.wait(minutes=1)
        accounts.confirm(cora, sam)
        accounts.sign_in_later(cora, sam, kit)
        return cls(accounts, cora, sam, kit, team_named(accounts, sam, OFFICE).id)

    def require_second_of_a_college(self) -> None:
        """A college's team confirms every team too, from today on, and has done so."""
        self.require_second(self.college())
        self.second_all()

    def college(self) -> Person:
        """Somebody of a confirmed college, whose team can become the second confirmer."""
        nia = self.accounts.college(self.cora)
        self.accounts.colleague(nia, "Nat Other", self.accounts.actor(nia).teams[0].name)
        self.accounts.confirm(self.cora, nia)
        return nia

    def require_second(self, nia: Person) -> None:
        """The council requires from today on that somebody's team confirms every team too."""
        self.nia = nia
        self._choose(self.accounts.actor(nia).teams[0].id)
        self.accounts.sign_in_later(self.cora, self.sam, nia)

    def second_all(self) -> None:
        """Whoever confirms besides the council confirms whatever waits."""
        if self.nia is None:
            return
        db = self.accounts.db
        for waiting in seconding.to_confirm(db=db, actor=self.accounts.actor(self.nia)).waiting:
            actor, team_id = self.accounts.actor(self.nia), waiting.team.id
            shown = seconding.number_of(db=db, actor=actor, team_id=team_id)
            seconding.confirm(
                db=db, actor=actor, team_id=team_id, seen=shown.seen, now=self.accounts.clock.now
            )

    def drop_second(self) -> None:
        """The council requires nobody else any more, and Sam accepts that."""
        self._choose(None)
        self.accounts.sign_in_later(self.cora, self.sam)
        self.nia = None

    def _choose(self, team_id: UUID | None) -> None:
        councils_choice.choose_second(
            db=self.accounts.db,
            actor=self.accounts.proven(self.cora),
            team_id=team_id,
            since=utc_now().date() if team_id else None,
            now=utc_now(),  # the day on which both are needed is one of the real calendar
        )

    def accept(self, person: Person) -> None:
        """Somebody accepts what the area's rules say now."""
        actor = self.accounts.proven(person)
        shown = second_confirmer.standing(db=self.accounts.db, actor=actor)
        second_confirmer.accept_rules(
            db=self.accounts.db,
            cookie=person.cookie,
            actor=actor,
            seen=shown.seen,
            now=self.accounts.clock.now,
        )

    def finish(self, person: Person) -> None:
        """Make everything anew after a change of a key."""
        for _ in range(30):
            actor = self.accounts.proven(person)
            if not progress.carry_on(db=self.accounts.db, actor=actor, now=self.accounts.clock.now).left:
                return

    def change_council(self) -> None:
        """Kit leaves the NEET group, which gets a new key."""
        accounts = self.accounts
        teams.remove_person(
            db=accounts.db,
            actor=accounts.proven(self.cora),
            principal_id=accounts.row(self.kit).id,
            now=accounts.clock.now,
        )
        accounts.change_key(self.cora, accounts.actor(self.cora).teams[0].id)
        self.finish(self.cora)
        accounts.clock.wait(minutes=1)

    def compare(self, *people: Person) -> None:
        """Some people compare the council's new number."""
        db = self.accounts.db
        for person in people:
            key = council_key.key_to_compare(db=db, actor=self.accounts.actor(person))
            assert key is not None, person.name
            council_key.compare(
                db=db, actor=self.accounts.actor(person), seen=key.seen, now=self.accounts.clock.now
            )

    def rename(self) -> None:
        """The office gets another name, which everybody confirms who has to."""
        accounts, actor = self.accounts, self.accounts.proven(self.sam)
        purposes = team_named(accounts, self.sam, actor.teams[0].name).purposes
        proposing.propose(
            db=accounts.db,
            actor=actor,
            team_id=self.office_id,
            name=NEW_NAME,
            purposes=purposes,
            now=accounts.clock.now,
        )
        confirm_only(accounts, self.cora, self.office_id)
        self.second_all()
        accounts.sign_in_later(self.sam)

    def change_office(self) -> None:
        """The office gets a new key, which Sam hands over to everybody in it."""
        self.accounts.change_key(self.sam, self.office_id)
        self.finish(self.sam)
        self.accounts.sign_in_later(self.sam)

    def happens(self, steps: str) -> None:
        """Several of these, by their letters: council, rename, key. Whoever is there compares the council's number."""
        for step in steps:
            if step == "c":
                self.change_council()
                others = [self.sam] if self.nia is None else [self.sam, self.nia]
                self.compare(*others)
                self.accounts.sign_in_later(*others)
            elif step == "r":
                self.rename()
            else:
                self.change_office()

    def offer(self, person: Person) -> Offer:
        """The one key that somebody is offered, while they have no open team."""
        actor = self.accounts.actor(person)
        assert not actor.teams
        (offer,) = actor.offers
        return offer

    def take(self, person: Person) -> None:
        """Somebody takes the key that they are offered."""
        offer = self.offer(person)
        taking.take(
            db=self.accounts.db,
            actor=self.accounts.actor(person),
            offer_id=offer.id,
            seen=offer.seen,
            now=self.accounts.clock.wait(minutes=1),
        )

    def teams(self, person: Person) -> list[tuple[str, int, bool]]:
        """Name, number of the newest key, and whether it is confirmed, of each open team, after signing in again."""
        self.accounts.sign_in_later(person)
        return [(team.name, team.version, team.confirmed) for team in self.accounts.actor(person).teams]
