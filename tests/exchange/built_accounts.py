"""An area that was just founded, and its first school, joined once in each test process and copied for each test.

What founding and joining write is the same for every test that begins so. A test of another beginning, and one that has
written something in between, has people join in earnest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tests.exchange.copied_rows import Rows, bring, rows_in
from tests.exchange.people import COUNCIL, SCHOOL, START, Accounts, Person
from transition_exchange.store.database import Database


@dataclass(frozen=True)
class Joined:
    """Somebody who has joined.

    Attributes:
        person: who it is.
        before: what stood in the database.
        after: what stands in it since.
        links: how many links of invitations have been sent until then.
    """

    person: Person
    before: Rows = field(repr=False)
    after: Rows = field(repr=False)
    links: int


@dataclass(frozen=True)
class BuiltAccounts:
    """Who joins first.

    Attributes:
        joined: the first person of each organisation, by its name.
    """

    joined: Mapping[str, Joined]

    @classmethod
    def on(cls, db: Database) -> BuiltAccounts:
        """Have them join on an empty database."""
        accounts = Accounts(db)
        nothing = rows_in(db)
        cora = accounts.found()
        council = Joined(replace(cora), nothing, rows_in(db), accounts.links)
        sam = accounts.school(cora)
        school = Joined(replace(sam), council.after, rows_in(db), accounts.links)
        return cls({COUNCIL: council, SCHOOL[0]: school})

    def copied_to(self, db: Database) -> Accounts:
        """An area on another database, where the first who join do so by copied rows."""
        return Accounts(db, before=self._copy)

    def _copy(self, accounts: Accounts, organisation: str) -> Person | None:
        """Write what the first person of an organisation writes who joins, if nothing else has happened yet."""
        joined = self.joined[organisation]
        earlier = self.joined[COUNCIL].links if organisation != COUNCIL else 0
        if (accounts.clock.now, accounts.links) != (START, earlier):
            return None
        with accounts.db.write() as session:
            if not bring(session, joined.before, joined.after):
                return None
        accounts.links = joined.links
        return replace(joined.person)
