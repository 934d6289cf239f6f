"""The walk: each write on a copy of the area, then everybody's journeys, compared with those that nobody disturbed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from tests.exchange.walks.writer import sealed
from tests.exchange.walks.writer.area import WritersArea
from tests.exchange.walks.writer.journey import Journey
from tests.exchange.walks.writer.rows import Copies, Rows, read_rows
from tests.exchange.walks.writer.seen import Crash, Reader, Refusal, Shown, View
from tests.exchange.walks.writer.writes import Write, every_write
from transition_exchange.store.database import Database


@dataclass(frozen=True)
class Outcome:
    """What came of one write.

    Attributes:
        reached: the steps that were reached.
        leaks: what somebody could open or was sent that they should not.
        false: the pages and actions that showed something else than without the write, and did not say that anything
            was wrong.
        crashes: the errors that a page would turn into a 500, by page or action.
    """

    write: Write
    reached: frozenset[str]
    leaks: tuple[str, ...]
    false: Mapping[str, tuple[View, View]]
    crashes: Mapping[str, Crash]


@dataclass(frozen=True)
class Undisturbed:
    """The journeys in the area as it is, and who can open what they sealed."""

    journey: Journey
    got: sealed.Got


@dataclass
class Walk:
    """The walk over one area.

    Attributes:
        rows: all rows of the area before any write.
        refused_writes: those that the database itself does not accept.
    """

    area: WritersArea
    copies: Copies
    rows: Rows
    reader: Reader
    refused_writes: list[Write] = field(default_factory=list)

    @classmethod
    def begin(cls, db: Database, folder: Path) -> Walk:
        """Build the area, and keep a copy of it."""
        area = WritersArea.build(db)
        with db.read() as session:
            rows = read_rows(session.connection())
        known = frozenset(key for by_key in rows.values() for key in by_key if not isinstance(key, str))
        walk = cls(area, Copies(db, folder), rows, Reader(known, area.built_at))
        area.note_statements()
        assert walk.undisturbed.journey.acted
        return walk

    def writes(self) -> list[Write]:
        """Everything that can be tried."""
        return every_write(self.area, self.rows)

    def try_all(self, writes: Iterable[Write]) -> list[Outcome]:
        """Try some writes, each in the area as it was."""
        outcomes = []
        for write in writes:
            outcome = self.attempt(write)
            if outcome is not None:
                outcomes.append(outcome)
        return outcomes

    def is_accepted(self, write: Write) -> bool:
        """Whether the database accepts a write. Nothing is kept of it."""
        return write.carry_out(self.copies, keep=False)

    def attempt(self, write: Write) -> Outcome | None:
        """Try one write; None if the database does not accept it."""
        self.copies.put_back()
        if not write.carry_out(self.copies):
            self.refused_writes.append(write)
            return None
        self.area.read_destinations(anew="ciphertexts" in write.tables)
        before = self._read()
        journey = Journey(self.area, self.reader)
        journey.go(write.tables or None)
        after = self._read()
        usual = self.undisturbed.journey
        return Outcome(
            write=write,
            reached=journey.reached if journey.acted else usual.reached,
            leaks=tuple(self._leaks(before, after)),
            false=_false(journey, usual),
            crashes={name: view for name, view in journey.views.items() if isinstance(view, Crash)},
        )

    @cached_property
    def undisturbed(self) -> Undisturbed:
        """The journeys without any write."""
        self.copies.put_back()
        before = self._read()
        journey = Journey(self.area, self.reader)
        journey.go()
        return Undisturbed(journey, sealed.got(self.area, before, self._read()))

    def _read(self) -> Rows:
        with self.area.world.db.read() as session:
            return read_rows(session.connection())

    def _leaks(self, before: Rows, after: Rows) -> list[str]:
        allowed = self.undisturbed.got
        found = [*sealed.received(self.area, before, after)]
        for whose, parts in sealed.got(self.area, before, after).items():
            found += [f"{whose} opens {part}" for part in sorted(parts - allowed.get(whose, frozenset()))]
        return found


def _false(journey: Journey, undisturbed: Journey) -> dict[str, tuple[View, View]]:
    """What was shown that is not so, though its reader was not told that anything is wrong.

    A reader is told on the page itself, on another page of theirs, or because an action was refused. What comes later
    of something that somebody was told of is no falsehood either.
    """
    different: dict[str, tuple[View, View]] = {}
    told: set[str] = set()
    for name, view in journey.views.items():
        usual = undisturbed.views.get(name)
        if usual is None or view == usual:
            continue
        if isinstance(view, (Refusal, Crash)) or (isinstance(usual, Shown) and view.alarms - usual.alarms):
            told.add(_reader_of(name))
            continue
        different[name] = (view, usual)
    return {
        name: views
        for name, views in different.items()
        if _reader_of(name) not in told and (name.startswith("first ") or not told)
    }


def _reader_of(name: str) -> str:
    """Whose page or action it is."""
    words = name.removeprefix("first ").removeprefix("then ").split()
    return {"senco": "school", "lead": "leads", "college": "college_support", "coordinator": "council"}.get(
        words[0], words[0]
    )
