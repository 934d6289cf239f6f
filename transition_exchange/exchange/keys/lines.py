"""The keys of each team in their order, as one session reads them, once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange.keys.key_rows import (
    fingerprint_of,
    keys_by_version,
    retires,
    succession_of,
)
from transition_exchange.sealing.address_book import RememberedKey
from transition_exchange.sealing.succession import Succession
from transition_exchange.store.models import TeamKey

Found = TypeVar("Found")


@dataclass(frozen=True)
class Followed(Generic[Found]):
    """What a stored key follows.

    Attributes:
        found: what was found of the last key before it that counts.
        removed: the ids of all who left since, by the successions.
    """

    found: Found
    removed: frozenset[str]

    def after(self, succession: Succession) -> Followed[Found]:
        """The same of the next key, which was made as its succession says."""
        return replace(self, removed=self.removed | set(succession.removed)) if succession.removed else self


@dataclass(frozen=True)
class NamedLine:
    """What was found so far of the keys that follow one which is named by its fingerprint."""

    followed: dict[UUID, Followed[bool] | None] = field(default_factory=dict)
    retired: dict[UUID, bool] = field(default_factory=dict)


def fits(key: TeamKey, remembered: RememberedKey | None) -> bool:
    """Whether a stored key may be what it says beside the one that the person remembers of its team.

    No other key takes the place of that one.
    """
    return remembered is None or key.version != remembered.version or is_seen(key, remembered)


def is_seen(key: TeamKey, remembered: RememberedKey) -> bool:
    """Whether a stored key is the one that the person remembers, or one before it that they have seen."""
    return remembered.names(key.version, fingerprint_of(key).hex())


@dataclass(frozen=True)
class KeyLines:
    """The stored keys of teams by version, kept for as long as one session looks at them."""

    _read: dict[UUID, dict[int, TeamKey]] = field(default_factory=dict, repr=False)
    _before: dict[UUID, tuple[TeamKey | None, Succession | None]] = field(default_factory=dict, repr=False)
    _named: dict[str, NamedLine] = field(default_factory=dict, repr=False)
    _weighing: set[UUID] = field(default_factory=set, repr=False)
    _leads: dict[tuple[UUID, RememberedKey], int] = field(default_factory=dict, repr=False)

    def read(self, session: Session, team_ids: Iterable[UUID]) -> None:
        """Read the keys of many teams at once, where they have not been read yet."""
        missing = [team_id for team_id in team_ids if team_id not in self._read]
        if missing:
            self._read.update(keys_by_version(session, missing))

    def of(self, session: Session, team_id: UUID) -> Mapping[int, TeamKey]:
        """A team's keys by version, the oldest first; empty if it has none."""
        self.read(session, [team_id])
        return self._read[team_id]

    def newest(self, session: Session, team_id: UUID, *, counts: Callable[[TeamKey], bool]) -> TeamKey | None:
        """A team's newest key: signed successions lead to it from the last one that counts.

        Rows to which none leads are passed over, however many there are: anybody could have put them there.

        Args:
            team_id: the team.
            counts: whether a key counts. Where none does, the line is followed from its oldest key.

        Returns:
            None if the team has no key.
        """
        line = self.of(session, team_id)
        newest = next((line[number] for number in sorted(line, reverse=True) if counts(line[number])), None)
        newest = newest or next(iter(line.values()), None)
        while newest is not None:
            after = line.get(newest.version + 1)
            if after is None or self.before(session, after)[1] is None:
                return newest
            newest = after
        return None

    def named(self, fingerprint: str) -> NamedLine:
        """What was found so far of the keys that follow the one with a fingerprint, in hexadecimal."""
        return self._named.setdefault(fingerprint, NamedLine())

    def before(self, session: Session, key: TeamKey) -> tuple[TeamKey | None, Succession | None]:
        """The team's key before a stored one, and its statement that this one takes its place."""
        if key.id not in self._before:
            before = self.of(session, key.team_id).get(key.version - 1)
            self._before[key.id] = before, succession_of(key, before) if before else None
        return self._before[key.id]

    def continues(self, session: Session, key: TeamKey, remembered: RememberedKey | None) -> bool:
        """Whether a stored key belongs to the line that the person remembers of its team.

        An earlier key must be one that they have seen. From the remembered key a line of signed successions must lead
        to a later one: whoever knows an older key could sign another line past the remembered key.
        """
        if remembered is None:
            return True
        if key.version <= remembered.version:
            return is_seen(key, remembered)
        line, place = self.of(session, key.team_id), (key.team_id, remembered)
        if place not in self._leads:
            last, row = remembered.version, line.get(remembered.version)
            if row is not None and is_seen(row, remembered):
                while (after := line.get(last + 1)) is not None and self.before(session, after)[
                    1
                ] is not None:
                    last += 1
            self._leads[place] = last
        return key.version <= self._leads[place]

    def followed(
        self,
        session: Session,
        key: TeamKey,
        *,
        findings: dict[UUID, Followed[Found] | None],
        who: Callable[[TeamKey], Found | None],
    ) -> Followed[Found] | None:
        """What is found of the last key before a stored one that counts, and who left since, by the successions.

        Each key of a line is passed once, and a signature is checked only where a key before it counts. So a line that
        no such key leads into costs next to nothing, however long it is.

        Args:
            key: the stored key.
            findings: what was found so far, by key; it grows.
            who: what is found of a key itself.

        Returns:
            None if no line of signed successions leads from a key that counts to this one.
        """
        line, steps, settled = self.of(session, key.team_id), list[tuple[TeamKey, Found | None]](), True
        following: Followed[Found] | None = None
        while True:
            if key.id in findings:
                following = findings[key.id]
                break
            before = line.get(key.version - 1)
            found = who(before) if before is not None else None
            steps.append((key, found))
            if before is None or found is not None:
                break
            settled = settled and before.id not in self._weighing
            key = before
        for step, found in reversed(steps):
            if found is not None:
                following = Followed(found, frozenset())
            if following is not None:
                _, succession = self.before(session, step)
                following = following.after(succession) if succession is not None else None
            if settled:
                findings[step.id] = following
        return following

    def is_retired(
        self,
        session: Session,
        key: TeamKey,
        *,
        remembered: RememberedKey | None,
        findings: dict[UUID, bool],
        follows: Callable[[TeamKey], bool],
    ) -> bool:
        """Whether a later key of its team has signed that a stored key counts no longer.

        Args:
            key: the stored key.
            remembered: the newest key of the team that the person has seen. What they have seen to be retired counts no
                longer, whatever stands in the rows now.
            findings: what was found so far, by key; it grows.
            follows: whether the key after one is the team's, so that what it signed counts.
        """
        if remembered is not None and key.version < remembered.counts_from:
            return True
        line, steps, settled = self.of(session, key.team_id), list[tuple[TeamKey, TeamKey]](), True
        retired = False
        while key.id not in findings:
            after = line.get(key.version + 1)
            settled = settled and (after is None or after.id not in self._weighing)
            if after is None or not follows(after):
                break
            steps.append((key, after))
            key = after
        else:
            retired = findings[key.id]
        for before, after in reversed(steps):
            retired = retired or retires(after, before)
            if settled:
                findings[before.id] = retired
        return retired

    def weighed(
        self,
        session: Session,
        key: TeamKey,
        *,
        findings: dict[UUID, Found | None],
        weigh: Callable[[Session, TeamKey], Found | None],
    ) -> Found | None:
        """What is found of a stored key, after the keys before it, each of which is weighed once.

        So a line that somebody planted, however long it is, ends no session with too deep a recursion.

        Args:
            findings: what was found so far, by key; it grows.
            weigh: what finds it. Where two keys rest on each other, it finds nothing of the second.
        """
        line, rows = self.of(session, key.team_id), list[TeamKey]()
        before: TeamKey | None = key
        while before is not None and before.id not in findings:
            rows.append(before)
            before = line.get(before.version - 1)
        for row in reversed(rows):
            if row.id not in findings:  # what was weighed meanwhile rested on it
                findings[row.id] = None
                outermost = row.id not in self._weighing
                self._weighing.add(row.id)
                findings[row.id] = weigh(session, row)
                if outermost:
                    self._weighing.discard(row.id)
        return findings[key.id]
