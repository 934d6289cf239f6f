"""What is wrong with what came of a write, and the figures of a walk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.exchange.walks.writer.falsifiable import covers
from tests.exchange.walks.writer.journey import STEPS
from tests.exchange.walks.writer.rows import TABLES
from tests.exchange.walks.writer.walk import Outcome

_NAMED_ROW_IS_GONE = "a row that another one names is gone; whoever asks for it is to be told so"
_OTHERS = "a value that no code of ours writes; it is to be left out, or said"

KNOWN_CRASHES: Mapping[tuple[str, str], str] = {
    **{
        (f"exchange.{where}", "NoResultFound"): _NAMED_ROW_IS_GONE
        for where in (
            "coordinating.area_facts.area_facts",
            "coordinating.not_ready.organisations",
            "coordinating.settings._area",
            "joining.accepting._usable_invitation",
            "joining.accepting.look_up",
            "joining.invitations.open_invitations",
            "keys.area_rules.rules_for",
            "keys.confirming._proposed",
            "organisations.providers.providers",
            "organisations.providers.school_facts",
            "queries.asking._own_query",
            "receiving.covers.cover",
            "receiving.opening._read",
            "receiving.receipts.own_transfer",
            "notices.notify",
            "sending.storing.store",
            "writing.adding.add_learner",
            "writing.due_cards.due_records",
        )
    },
    ("exchange.keys.readiness.readiness_of_teams", "KeyError"): _NAMED_ROW_IS_GONE,
    ("exchange.joining.accepting.accept", "IntegrityError"): _OTHERS,
    ("store.database.write", "IntegrityError"): _NAMED_ROW_IS_GONE,
    ("store.events.read", "JSONDecodeError"): _OTHERS,
    ("proforma.loading.load", "UnknownVersion"): _OTHERS,
}
"""Errors that are known to become a 500, by function and class, with what is the matter. None may be added for long."""


def wrong_with(outcome: Outcome) -> Iterator[str]:
    """Everything that must not come of a write, in words."""
    name = f"{outcome.write.name}:"
    for leak in outcome.leaks:
        yield f"{name} {leak}"
    for where, crash in outcome.crashes.items():
        if (crash.where, crash.kind) not in KNOWN_CRASHES:
            yield f"{name} {where} ends in {crash.where}: {crash.line}"
    if outcome.false and not covers(outcome.write):
        yield f"{name} shown false, and not on the list in docs/trust.md: {', '.join(outcome.false)}"


def unreached(outcomes: Sequence[Outcome]) -> list[str]:
    """The steps that were reached under fewer than half of some writes."""
    reached = Counter(step for outcome in outcomes for step in outcome.reached)
    return [step for step in STEPS if 2 * reached[step] < len(outcomes)]


@dataclass(frozen=True)
class Figures:
    """The figures of a walk, or of a part of one.

    Attributes:
        kinds: how many writes of each kind were tried.
        refused: how many the database does not accept.
        reached: under how many writes each step was reached.
        false: the columns that made a page show something false, each alone.
        crashes: the errors that a page would turn into a 500, with how often.
    """

    kinds: Mapping[str, int]
    columns: Sequence[str]
    refused: int
    seconds: float
    reached: Mapping[str, int]
    false: Sequence[str]
    crashes: Mapping[str, int]

    @classmethod
    def of(cls, outcomes: Iterable[Outcome], *, refused: int, seconds: float) -> Figures:
        """The figures of some outcomes."""
        tried = list(outcomes)
        alone = [outcome for outcome in tried if outcome.write.kind == "column"]
        return cls(
            kinds=Counter(outcome.write.kind for outcome in tried),
            columns=sorted({column for outcome in alone for column in outcome.write.columns}),
            refused=refused,
            seconds=seconds,
            reached=Counter(step for outcome in tried for step in outcome.reached),
            false=sorted({column for outcome in alone if outcome.false for column in outcome.write.columns}),
            crashes=Counter(
                f"{crash.where}: {crash.line}" for outcome in tried for crash in outcome.crashes.values()
            ),
        )

    @classmethod
    def together(cls, parts: Sequence[Mapping[str, Any]]) -> Figures:
        """The figures of a whole walk from those of its parts, which may have been tried side by side."""

        def counted(name: str) -> Counter[str]:
            return sum((Counter(part[name]) for part in parts), Counter())

        return cls(
            kinds=counted("kinds"),
            columns=sorted({column for part in parts for column in part["columns"]}),
            refused=sum(part["refused"] for part in parts),
            seconds=sum(part["seconds"] for part in parts),
            reached=counted("reached"),
            false=sorted({column for part in parts for column in part["false"]}),
            crashes=counted("crashes"),
        )

    def lines(self) -> Iterator[str]:
        """The figures as they are printed."""
        writes = sum(self.kinds.values())
        every = sum(len(table.columns) for table in TABLES.values())
        yield f"{len(TABLES)} tables, {len(self.columns)} of {every} columns written"
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(self.kinds.items()))
        yield f"{writes} writes tried ({kinds}), and {self.refused} that the database refuses"
        yield f"{self.seconds:.0f} seconds of work"
        yield "reached: " + ", ".join(
            f"{step} {self.reached.get(step, 0) / max(writes, 1):.0%}" for step in STEPS
        )
        yield f"{len(self.false)} columns make a page show something false: {', '.join(self.false)}"
        yield f"{sum(self.crashes.values())} crashes at {len(self.crashes)} places"
        for crash, count in sorted(self.crashes.items()):
            yield f"  {count} × {crash}"
