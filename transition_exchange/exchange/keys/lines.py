"""The keys of each team in their order, as one session reads them, once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange.keys.key_rows import fingerprint_of, keys_by_version, retires, succession_of
from transition_exchange.sealing.address_book import RememberedKey
from transition_exchange.sealing.succession import Succession
from transition_exchange.store.models import TeamKey

Found = TypeVar("Found")


def fits(key: TeamKey, remembered: RememberedKey | None) -> bool:
    """Whether a stored key may be what it says beside the one that the person remembers of its team.

    No other key takes the place of that one.
    """
    return (
        remembered is None
        or key.version != remembered.version
        or fingerprint_of(key).hex() == remembered.fingerprint
    )


@dataclass(frozen=True)
class KeyLines:
    """The stored keys of teams by version, kept for as long as one session looks at them."""

    _read: dict[UUID, dict[int, TeamKey]] = field(default_factory=dict, repr=False)
    _before: dict[UUID, tuple[TeamKey | None, Succession | None]] = field(default_factory=dict, repr=False)

    def read(self, session: Session, team_ids: Iterable[UUID]) -> None:
        """Read the keys of many teams at once, where they have not been read yet."""
        missing = [team_id for team_id in team_ids if team_id not in self._read]
        if missing:
            self._read.update(keys_by_version(session, missing))

    def of(self, session: Session, team_id: UUID) -> Mapping[int, TeamKey]:
        """A team's keys by version, the oldest first; empty if it has none."""
        self.read(session, [team_id])
        return self._read[team_id]

    def before(self, session: Session, key: TeamKey) -> tuple[TeamKey | None, Succession | None]:
        """The team's key before a stored one, and its statement that this one takes its place."""
        if key.id not in self._before:
            before = self.of(session, key.team_id).get(key.version - 1)
            self._before[key.id] = before, succession_of(key, before) if before else None
        return self._before[key.id]

    def is_retired(
        self,
        session: Session,
        key: TeamKey,
        *,
        remembered: RememberedKey | None,
        follows: Callable[[TeamKey], bool],
    ) -> bool:
        """Whether a later key of its team has signed that a stored key counts no longer.

        Args:
            key: the stored key.
            remembered: the newest key of the team that the person has seen. If it retired those before it, none of them
                counts, whatever stands in the rows now.
            follows: whether the key after one is the team's, so that what it signed counts.
        """
        if remembered is not None and remembered.alone and key.version < remembered.version:
            return True
        line = self.of(session, key.team_id)
        while (after := line.get(key.version + 1)) is not None and follows(after):
            if retires(after, key):
                return True
            key = after
        return False

    def weighed(
        self,
        session: Session,
        key: TeamKey,
        *,
        findings: dict[UUID, Found | None],
        weigh: Callable[[Session, TeamKey], Found | None],
    ) -> Found | None:
        """What is found of a stored key, after the keys before it, each of which is weighed once.

        So a line that somebody planted, however long it is, stops nobody.

        Args:
            findings: what was found so far, by key; it grows.
            weigh: what finds it. Where two keys rest on each other, it finds nothing of the second.
        """
        if key.id in findings:
            return findings[key.id]
        line = self.of(session, key.team_id)
        for row in (*(row for version, row in sorted(line.items()) if version < key.version), key):
            if row.id not in findings:
                findings[row.id] = None
                findings[row.id] = weigh(session, row)
        return findings[key.id]
