"""Learners for tests, made by the sample's generator: complete unless a test asks otherwise, the same every time."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import date
from functools import cache
from random import Random
from typing import Any

from transition_exchange.sample.young_people.documents import pdf
from transition_exchange.sample.young_people.learners import SampleAttachment, SampleLearner, learners
from transition_exchange.sample.young_people.sketch import Sketch
from transition_exchange.sample.young_people.year_group import sketches

Answers = dict[str, dict[str, Any]]

#: The day tests live on: in the autumn of Year 11 of those who leave in 2027.
TODAY = date(2026, 11, 23)


@cache
def everybody() -> tuple[SampleLearner, ...]:
    """All 300 learners of the sample, as of `TODAY`."""
    return learners(today=TODAY)


@cache
def _outlines() -> tuple[Sketch, ...]:
    return tuple(sketches(seed=2027, count=300, today=TODAY, leaving_year=2027))


def outlines() -> tuple[Sketch, ...]:
    """All 300 learners in outline, as of `TODAY`, each with dice that nobody has thrown yet."""
    return tuple(replace(sketch, rng=Random(sketch.number)) for sketch in _outlines())


def outline(*flags: str, fits: Callable[[Sketch], bool] | None = None, **changed: Any) -> Sketch:
    """A learner in outline of this year.

    Args:
        flags: what sets the learner apart, and nothing else does.
        fits: which of the 300 to take; the first that fits.
        changed: attributes that are otherwise.
    """
    sketch = next(
        sketch for sketch in outlines() if not sketch.left and sketch.portrait and (not fits or fits(sketch))
    )
    return replace(sketch, flags=frozenset(flags), **changed)


def learner_where(fits: Callable[[SampleLearner], bool]) -> SampleLearner:
    """The first of the sample's learners that fits; a test that asks for nobody fails loudly."""
    return next(learner for learner in everybody() if fits(learner))


def _complete(provision: str, version: str = "core/2027.1") -> SampleLearner:
    return learner_where(
        lambda learner: (
            learner.provision == provision and learner.stage == "complete" and learner.version == version
        )
    )


def without_sen() -> Answers:
    """A complete record of a learner without special educational needs."""
    return deepcopy(_complete("N").answers)


def with_sen_support() -> Answers:
    """A complete record of a learner with SEN support."""
    return deepcopy(_complete("K").answers)


def with_ehc_plan() -> Answers:
    """A complete record of a learner with an EHC plan."""
    return deepcopy(_complete("E").answers)


def of_last_year(provision: str = "E") -> Answers:
    """A complete record in last year's version."""
    return deepcopy(_complete(provision, "core/2026.1").answers)


def with_flag(flag: str) -> SampleLearner:
    """A learner of whom `flag` is true (see `young_people.year_group.FLAGS`), the furthest on there is."""
    for stage in ("complete", "nearly", "partial", "started"):
        for learner in everybody():
            if flag in learner.flags and learner.stage == stage:
                return learner
    raise LookupError(flag)


def all_text(value: object) -> str:
    """All that stands in answers, or in a part of them, as one text."""
    if isinstance(value, dict):
        return "\n".join(all_text(answer) for answer in value.values())
    if isinstance(value, list):
        return "\n".join(all_text(row) for row in value)
    return str(value)


def bare(forename: str = "Maya", surname: str = "Kilner") -> Answers:
    """A learner who has just been added: names and date of birth, nothing more."""
    return {"learner": {"legal_forename": forename, "legal_surname": surname, "date_of_birth": "2011-02-03"}}


def with_child_protection_file() -> SampleLearner:
    """A learner whose safeguarding team has said that there is a file."""
    return learner_where(
        lambda learner: learner.safeguarding.get("safeguarding", {}).get("file_exists") == "yes"
    )


def a_pdf(kind: str = "form_8", pages: int = 3) -> bytes:
    """A small real PDF to attach."""
    return pdf(SampleAttachment(kind, "A document", TODAY, pages), _complete("K"))
