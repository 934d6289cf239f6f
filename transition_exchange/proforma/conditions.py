"""When a question is asked, and when the standard asks for its answer: conditions that are data.

A condition can be evaluated (`holds`), read by a person (`words`), traced (`reads`, so that a test can show
that no condition looks into another owner's sections) and published (`json`, also what a page's script reads).
A path is `section.field`; inside a table of rows `row.column` means the same row.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Answers = Mapping[str, Mapping[str, Any]]


def value_at(answers: Answers, path: str) -> Any:
    """What stands at `section.field`; None where nothing does. Empty text and empty lists count as nothing."""
    section, _, field = path.partition(".")
    value = answers.get(section, {}).get(field)
    return None if value == "" or value == [] or value == {} else value


def same(left: Any, right: Any) -> bool:
    """Equality that keeps yes/no apart from numbers: in Python `True == 1`, on a form it never is."""
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)


class Condition(ABC):
    """A test on answers that is also a sentence and a piece of JSON."""

    words: str

    @property
    @abstractmethod
    def reads(self) -> frozenset[str]:
        """The paths this condition looks at."""

    @abstractmethod
    def holds(self, answers: Answers) -> bool:
        """Whether it is so for `answers`; what is unanswered never makes a plain condition hold."""

    @abstractmethod
    def json(self) -> dict[str, Any]:
        """The condition as JSON, for the published schema and for pages."""


@dataclass(frozen=True, slots=True)
class Always(Condition):
    """Holds for everybody."""

    words: str = "always"

    @property
    def reads(self) -> frozenset[str]:
        """The paths this condition looks at."""
        return frozenset()

    def holds(self, _answers: Answers) -> bool:
        """Whether it is so for these answers."""
        return True

    def json(self) -> dict[str, Any]:
        """The condition as JSON."""
        return {"always": True}


@dataclass(frozen=True, slots=True)
class Is(Condition):
    """The answer at `path` is one of `values`; where the answer is a list, one of its entries is."""

    path: str
    values: tuple[str | bool | int, ...]
    words: str

    @property
    def reads(self) -> frozenset[str]:
        """The paths this condition looks at."""
        return frozenset({self.path})

    def holds(self, answers: Answers) -> bool:
        """Whether it is so for these answers."""
        answer = value_at(answers, self.path)
        entries = answer if isinstance(answer, list) else [answer]
        return any(same(entry, value) for entry in entries for value in self.values)

    def json(self) -> dict[str, Any]:
        """The condition as JSON."""
        return {"path": self.path, "is": list(self.values), "words": self.words}


@dataclass(frozen=True, slots=True)
class Filled(Condition):
    """There is an answer at `path`."""

    path: str
    words: str

    @property
    def reads(self) -> frozenset[str]:
        """The paths this condition looks at."""
        return frozenset({self.path})

    def holds(self, answers: Answers) -> bool:
        """Whether it is so for these answers."""
        return value_at(answers, self.path) is not None

    def json(self) -> dict[str, Any]:
        """The condition as JSON."""
        return {"path": self.path, "filled": True, "words": self.words}


@dataclass(frozen=True, slots=True)
class MoreThan(Condition):
    """The number at `path` is greater than `number`."""

    path: str
    number: int
    words: str

    @property
    def reads(self) -> frozenset[str]:
        """The paths this condition looks at."""
        return frozenset({self.path})

    def holds(self, answers: Answers) -> bool:
        """Whether it is so for these answers."""
        answer = value_at(answers, self.path)
        return isinstance(answer, int | float) and not isinstance(answer, bool) and answer > self.number

    def json(self) -> dict[str, Any]:
        """The condition as JSON."""
        return {"path": self.path, "moreThan": self.number, "words": self.words}


@dataclass(frozen=True, slots=True)
class RowHas(Condition):
    """A row of the table at `path` has one of `values` in `column`."""

    path: str
    column: str
    values: tuple[str | bool | int, ...]
    words: str

    @property
    def reads(self) -> frozenset[str]:
        """The paths this condition looks at."""
        return frozenset({self.path})

    def holds(self, answers: Answers) -> bool:
        """Whether it is so for these answers."""
        rows = value_at(answers, self.path)
        if not isinstance(rows, list):
            return False
        cells = [row.get(self.column) for row in rows if isinstance(row, Mapping)]
        return any(same(entry, value) for entry in cells for value in self.values)

    def json(self) -> dict[str, Any]:
        """The condition as JSON."""
        return {"path": self.path, "column": self.column, "has": list(self.values), "words": self.words}


@dataclass(frozen=True, slots=True)
class ShareBelow(Condition):
    """`part` is less than `percent` of `whole`; not so where either is missing or the whole is nothing."""

    part: str
    whole: str
    percent: int
    words: str

    @property
    def reads(self) -> frozenset[str]:
        """The paths this condition looks at."""
        return frozenset({self.part, self.whole})

    def holds(self, answers: Answers) -> bool:
        """Whether it is so for these answers."""
        part, whole = value_at(answers, self.part), value_at(answers, self.whole)
        if not isinstance(part, int) or not isinstance(whole, int) or whole <= 0:
            return False
        return part * 100 < whole * self.percent

    def json(self) -> dict[str, Any]:
        """The condition as JSON."""
        return {"part": self.part, "whole": self.whole, "below": self.percent, "words": self.words}


@dataclass(frozen=True, slots=True)
class AllOf(Condition):
    """Every one of the conditions holds."""

    of: tuple[Condition, ...]

    @property
    def words(self) -> str:  # type: ignore[override]  # put together from the parts, so that it cannot disagree
        """The words of the parts, joined."""
        phrases = [f"either {part.words}," if isinstance(part, AnyOf) else part.words for part in self.of]
        return " and ".join(phrases).rstrip(",")

    @property
    def reads(self) -> frozenset[str]:
        """The paths this condition looks at."""
        return frozenset().union(*(part.reads for part in self.of))

    def holds(self, answers: Answers) -> bool:
        """Whether it is so for these answers."""
        return all(part.holds(answers) for part in self.of)

    def json(self) -> dict[str, Any]:
        """The condition as JSON."""
        return {"all": [part.json() for part in self.of]}


@dataclass(frozen=True, slots=True)
class AnyOf(Condition):
    """At least one of the conditions holds."""

    of: tuple[Condition, ...]

    @property
    def words(self) -> str:  # type: ignore[override]  # as above
        """The words of the parts, joined."""
        return " or ".join(part.words for part in self.of)

    @property
    def reads(self) -> frozenset[str]:
        """The paths this condition looks at."""
        return frozenset().union(*(part.reads for part in self.of))

    def holds(self, answers: Answers) -> bool:
        """Whether it is so for these answers."""
        return any(part.holds(answers) for part in self.of)

    def json(self) -> dict[str, Any]:
        """The condition as JSON."""
        return {"any": [part.json() for part in self.of]}


@dataclass(frozen=True, slots=True)
class Not(Condition):
    """The condition does not hold."""

    of: Condition
    words: str

    @property
    def reads(self) -> frozenset[str]:
        """The paths this condition looks at."""
        return self.of.reads

    def holds(self, answers: Answers) -> bool:
        """Whether it is so for these answers."""
        return not self.of.holds(answers)

    def json(self) -> dict[str, Any]:
        """The condition as JSON."""
        return {"not": self.of.json(), "words": self.words}


ALWAYS = Always()


def both(first: Condition | None, second: Condition | None) -> Condition | None:
    """The condition that both hold; None (no condition) is left out."""
    parts = tuple(part for part in (first, second) if part is not None and part != ALWAYS)
    if not parts:
        return ALWAYS if ALWAYS in (first, second) else None
    return parts[0] if len(parts) == 1 else AllOf(parts)
