"""Who has left a team and knows its key, as somebody of that team can tell.

Rows say who is in a team, and whoever has left can write rows. So a colleague whom the person remembers from this very
team, and who has no membership of it any more, counts as having left, whatever became of their row. Which keys they
knew, the person remembers too: those up to the newest one while which they saw them in the team. And somebody has
left until a key was made because of them: by somebody whom the person remembers from the team, where they remember the
leaver. The signature of the key before proves nothing, because the leaver knows that key.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from transition_exchange.exchange.keys.key_rows import keys_by_version, succession_of
from transition_exchange.sealing import BadSignature
from transition_exchange.sealing.address_book import AddressBook
from transition_exchange.sealing.people import PersonPublic
from transition_exchange.sealing.succession import Succession
from transition_exchange.store import chain
from transition_exchange.store.events import Action
from transition_exchange.store.models import Event, Membership, Principal, TeamKey

REMOVALS = ("member.removed", "person.removed")
"""The kinds of events that say that somebody left a team, or the organisation."""

JOINED = "member.joined"
"""The kind of event by which a newcomer's session says which team they joined."""


@dataclass(frozen=True)
class Onlooker:
    """The person who looks at who is in their team.

    Attributes:
        id: their id.
        public: their own public keys; None if the session cannot sign as the person.
        book: what they remember.
    """

    id: UUID
    public: PersonPublic | None
    book: AddressBook = field(repr=False)

    def remembers_in(self, team_id: UUID) -> Mapping[UUID, datetime]:
        """Whom they have seen as members of a team of theirs, and since when."""
        return {
            person: datetime.fromisoformat(colleague.own_teams[team_id])
            for person, colleague in self.book.colleagues.items()
            if person != self.id and team_id in colleague.own_teams
        }

    def ever_saw_in(self, team_id: UUID) -> frozenset[UUID]:
        """Whom they have seen as members of a team, whether or not they were in it themselves."""
        seen = {person for person, colleague in self.book.colleagues.items() if team_id in colleague.teams}
        return frozenset(seen - {self.id})

    def newest_of(self, team_id: UUID, person: UUID) -> int:
        """The number of the newest key of a team of theirs while which they saw somebody in it; 0 if they never did."""
        colleague = self.book.colleagues.get(person)
        return colleague.newest.get(team_id, 0) if colleague is not None else 0

    def public_in(self, team_id: UUID, person: UUID | None) -> PersonPublic | None:
        """The own keys of somebody as this team named them to the person; None if it never did."""
        if person is None or person == self.id:
            return self.public if person is not None else None
        colleague = self.book.colleagues.get(person)
        return colleague.public if colleague is not None and team_id in colleague.own_teams else None


@dataclass(frozen=True)
class Members:
    """Who is in a team and who was, by its rows and by what somebody of the team remembers.

    Attributes:
        team_id: the team.
        line: its keys by version, as they are stored.
        there: who is in it now, by the rows.
        versions: the number of the newest key that each person's rows name, former members too.
        left_at: when somebody left, by the rows; the earliest day of several.
        joined: who joined it by the organisation's log, if that was asked.
    """

    session: Session = field(repr=False)
    onlooker: Onlooker
    team_id: UUID
    line: Mapping[int, TeamKey] = field(repr=False)
    there: frozenset[UUID]
    versions: Mapping[UUID, int]
    left_at: Mapping[UUID, datetime]
    joined: frozenset[UUID] = frozenset()

    def left(self, version: int) -> frozenset[UUID]:
        """Who has left the team and may know its key with a number, because no key was made since because of them.

        Somebody can come back and leave again. Which keys they knew says the newest of those that their rows name and
        that the person remembers: they can take out their own rows.
        """
        remembered = self.onlooker.remembers_in(self.team_id)
        seen = self.onlooker.ever_saw_in(self.team_id)
        gone = {*self.versions, *remembered, *seen, *self.joined} - self.there - {self.onlooker.id}
        if not gone:
            return frozenset()
        because: dict[UUID, int] = {}
        for number, row, statement in self._made_because(version):
            named = gone & set(_ids(statement.removed))
            believed = {person for person in named if person not in remembered}
            if named - believed and self._by_a_member(row, statement):
                believed |= {person for person in named if person != row.created_by}
            because |= dict.fromkeys(believed, number)
        return frozenset(person for person in gone if because.get(person, 0) <= self._knew(person))

    def nobody_left_since(self, version: int, *, newest: int) -> bool:
        """Whether it is certain that nobody has left the team since one of its keys.

        Each key after it was made because nobody had left, by somebody whom the person remembers from the team: whoever
        has left could write anew what the key before, which they know, signed about the next.

        Args:
            version: the number of the key.
            newest: the number of the team's newest key.
        """
        if self.left(newest):
            return False
        for number in range(version + 1, newest + 1):
            row, before = self.line.get(number), self.line.get(number - 1)
            statement = succession_of(row, before) if row is not None and before is not None else None
            if row is None or statement is None or statement.removed or not self._by_a_member(row, statement):
                return False
        return True

    def first_left(self, people: Collection[UUID]) -> datetime | None:
        """When the first of some people who have left did so; None if nothing tells it of one of them.

        It is the earliest day that a row or the organisation's log names. Of a colleague of whom neither is there, it
        is the day on which the person first saw them: from then on they may have known the key.
        """
        remembered, logged = self.onlooker.remembers_in(self.team_id), self._logged(people)
        days = []
        for person in people:
            told = [day for day in (self.left_at.get(person), logged.get(person)) if day is not None]
            day = min(told, default=remembered.get(person))
            if day is None:
                return None
            days.append(day)
        return min(days, default=None)

    def made_by_colleague(self, row: TeamKey, giver: UUID) -> bool:
        """Whether a colleague whom the person knows to be in the team made a key because exactly those left who have.

        Whoever was first seen here after somebody had left does not count: the leaver could have made them up.

        Args:
            row: the new key.
            giver: who handed it over.
        """
        before = self.line.get(row.version - 1)
        statement = succession_of(row, before) if before is not None else None
        if statement is None or not statement.removed or self.left(row.version):
            return False
        removed = set(_ids(statement.removed))
        if not removed <= self.left(row.version - 1) or len(removed) < len(statement.removed):
            return False
        since, left = self.onlooker.remembers_in(self.team_id).get(giver), self.first_left(removed)
        is_colleague = row.created_by == giver and giver in self.there and self._by_a_member(row, statement)
        return is_colleague and since is not None and left is not None and since < left

    def _knew(self, person: UUID) -> int:
        """The number of the newest key of the team that somebody may know."""
        return max(self.versions.get(person, 0), self.onlooker.newest_of(self.team_id, person))

    def _made_because(self, version: int) -> Iterable[tuple[int, TeamKey, Succession]]:
        """The keys up to one that were made because somebody left, with what the one before signed about it."""
        for number, row in sorted(self.line.items()):
            before = self.line.get(number - 1)
            if number > version or before is None:
                continue
            statement = succession_of(row, before)
            if statement is not None and statement.removed:
                yield number, row, statement

    def _by_a_member(self, row: TeamKey, statement: Succession) -> bool:
        """Whether somebody signed a key as a person whom the team itself named to the onlooker, or the onlooker did."""
        maker = self.onlooker.public_in(self.team_id, row.created_by)
        if maker is None:
            return False
        try:
            statement.check(row.maker_signature or b"", maker.signing)
        except BadSignature:
            return False
        return True

    def _logged(self, people: Collection[UUID]) -> Mapping[UUID, datetime]:
        """When the organisation's log says that some people first left the team or the organisation."""
        organisation_id = self.session.scalar(
            select(Principal.organisation_id).where(Principal.id == self.onlooker.id)
        )
        if organisation_id is None or not people:
            return {}
        kinds = [Event.body.contains(f'"kind":"{kind}"') for kind in REMOVALS]
        days: dict[UUID, datetime] = {}
        for action in chain.told(self.session, organisation_id, or_(*kinds)):
            team = action.about.get("team")
            for person in _ids([str(action.about.get("principal"))]):
                if action.kind in REMOVALS and person in people and team in (None, str(self.team_id)):
                    days[person] = min(days.get(person, action.at), action.at)
        return days


def members_of(session: Session, *, onlooker: Onlooker, team_id: UUID, logged: bool = False) -> Members:
    """Who is in a team and who was.

    Args:
        onlooker: who looks.
        team_id: the team.
        logged: whether the organisation's log is asked too. Somebody who takes their membership away before any
            colleague has signed in stands nowhere else. Reading it takes longer than every page can wait.
    """
    line = keys_by_version(session, [team_id])[team_id]
    numbers = {key.id: number for number, key in line.items()}
    there: set[UUID] = set()
    versions: dict[UUID, int] = {}
    left_at: dict[UUID, datetime] = {}
    rows = select(Membership.principal_id, Membership.team_key_id, Membership.removed_at)
    for person, key_id, removed_at in session.execute(rows.where(Membership.team_id == team_id)):
        if removed_at is None:
            there.add(person)
        else:
            left_at[person] = min(left_at.get(person, removed_at), removed_at)
        if key_id is not None:
            versions[person] = max(versions.get(person, 0), numbers.get(key_id, 0))
    joined = frozenset(
        action.principal_id
        for action in (_joined(session, onlooker.id) if logged else ())
        if action.about.get("team") == str(team_id) and action.principal_id is not None
    )
    return Members(session, onlooker, team_id, line, frozenset(there), versions, left_at, joined)


def joined_teams(session: Session, *, onlooker: Onlooker, person: UUID) -> frozenset[UUID]:
    """The teams that somebody of the onlooker's organisation joined, by its log, or is remembered in."""
    colleague = onlooker.book.colleagues.get(person)
    logged = [action for action in _joined(session, onlooker.id) if action.principal_id == person]
    return frozenset(
        (
            *_ids(str(action.about.get("team")) for action in logged),
            *(colleague.teams if colleague is not None else ()),
        )
    )


def _joined(session: Session, person: UUID) -> list[Action]:
    """Who joined which team of somebody's organisation, by its log."""
    organisation_id = session.scalar(select(Principal.organisation_id).where(Principal.id == person))
    if organisation_id is None:
        return []
    told = chain.told(session, organisation_id, Event.body.contains(f'"kind":"{JOINED}"'))
    return [action for action in told if action.kind == JOINED]


def ever_in(session: Session, *, book: AddressBook, team_id: UUID) -> frozenset[UUID]:
    """Who is or was in a team, by its rows or as somebody remembers them.

    Args:
        book: what that person remembers.
        team_id: the team.
    """
    rows = session.scalars(select(Membership.principal_id).where(Membership.team_id == team_id))
    remembered = [person for person, colleague in book.colleagues.items() if team_id in colleague.teams]
    return frozenset((*rows, *remembered))


def _ids(texts: Iterable[str]) -> list[UUID]:
    """The ids in some texts, without what is none."""
    ids = []
    for text in texts:
        with suppress(ValueError):
            ids.append(UUID(text))
    return ids
