"""What a check says: errors (wrong, refused), gaps (missing, allowed) and warnings (worth a look, stop nothing)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from transition_exchange.proforma.conditions import Answers

REASONS = (
    ("not_known", "Not known yet"),
    ("waiting", "Waiting for a report"),
    ("not_agreed", "Not agreed to share"),
    ("does_not_apply", "Does not apply"),
)
"""Why something is missing. A reason explains a gap; only "does not apply" closes one, where the field allows it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing `check` found. `code` and `message` never contain what somebody typed."""

    section: str
    field: str
    path: tuple[str | int, ...]
    code: str
    message: str
    expected: date | None = None
    """When the missing thing is expected, as the writer said."""
    reason: str | None = None
    """Why it is missing, as the writer said."""
    everybody: bool = False
    """Whether it is a gap in a field that every learner is asked."""
    counts_from: date | None = None
    """The day from which the gap counts, where that is not yet."""
    joined: tuple[str, ...] = ()
    """The questions (`section.field`) whose answers contradict one another; empty if one is wrong by itself."""

    @property
    def form_name(self) -> str:
        """The name of the form field this is about: `section.field` or `section.field.0.column`."""
        return ".".join(str(step) for step in self.path)

    @property
    def question(self) -> str:
        """`section.field`."""
        return f"{self.section}.{self.field}"

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions (`section.field`) that it is about: one, or all that it joins."""
        return self.joined or (self.question,)

    def json(self) -> dict[str, Any]:
        """The finding for machines; what is not so is left out."""
        dates = {"expected": self.expected, "counts_from": self.counts_from}
        return {
            "code": self.code,
            "path": self.form_name,
            "message": self.message,
            "everybody": self.everybody,
            **({"reason": self.reason} if self.reason else {}),
            **{name: day.isoformat() for name, day in dates.items() if day},
        }


@dataclass(frozen=True, slots=True)
class Case:
    """What a rule across fields looks at."""

    answers: Answers
    leaving_year: int
    today: date


Rule = Callable[[Case], Iterable[Finding]]
"""A check across fields: what it found in a case."""


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a check. Gaps whose day has not come are listed and do not count."""

    errors: tuple[Finding, ...]
    gaps: tuple[Finding, ...]
    warnings: tuple[Finding, ...]

    @property
    def counting_gaps(self) -> tuple[Finding, ...]:
        """The gaps that count today."""
        return tuple(gap for gap in self.gaps if gap.counts_from is None)

    @property
    def everybody_gaps(self) -> tuple[Finding, ...]:
        """The gaps that count today in fields every learner is asked: the only ones that may be counted openly."""
        return tuple(gap for gap in self.counting_gaps if gap.everybody)

    @property
    def missing_documents(self) -> tuple[Finding, ...]:
        """What it says of documents that should be attached and are not: gaps and warnings."""
        return tuple(
            finding
            for finding in (*self.counting_gaps, *self.warnings)
            if finding.code.startswith("attachment.") and finding.code.endswith(".missing")
        )

    @property
    def missing_kinds(self) -> tuple[str, ...]:
        """The codes of the kinds of document that should be attached and are not, each once."""
        codes = (finding.code.split(".")[1] for finding in self.missing_documents)
        return tuple(dict.fromkeys(codes))

    @property
    def complete(self) -> bool:
        """Whether nothing is wrong and nothing is missing that counts today."""
        return not self.errors and not self.counting_gaps

    def of(self, section: str) -> Report:
        """The findings about one section."""
        return self.among({section})

    def among(self, sections: Iterable[str]) -> Report:
        """The findings about `sections`."""
        names = set(sections)

        def kept(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
            return tuple(finding for finding in findings if finding.section in names)

        return Report(kept(self.errors), kept(self.gaps), kept(self.warnings))

    def json(self) -> dict[str, Any]:
        """The report for machines; holds codes and paths, never what was typed."""
        return {
            "complete": self.complete,
            "errors": [finding.json() for finding in self.errors],
            "gaps": [finding.json() for finding in self.gaps],
            "warnings": [finding.json() for finding in self.warnings],
        }
