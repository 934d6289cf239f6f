"""Work on many learners, a few at a time: what the steps left alone travels with the form from one to the next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from transition_exchange.exchange.records.names import display_name
from transition_exchange.exchange.steps import Step
from transition_exchange.exchange.writing.learner_list import LearnerRow


def notes_after(step: Step, notes: Iterable[str]) -> list[str]:
    """What the form carries on: the notes of the steps before, and one for each learner that this one left alone."""
    return [*notes, *(f"{left.record_id}|{left.why}" for left in step.left)]


def total_of(carried: int, *, notes: Sequence[str], record_ids: Sequence[UUID]) -> int:
    """How many learners the whole job is for.

    Args:
        carried: the number that the form carries from the step before; 0 before the first step.
        notes: the notes that it carries, one for each learner who was left alone.
        record_ids: the learners who are still to do.

    Returns:
        The carried number, but never fewer than those whom the form itself names.
    """
    return max(carried, len(notes) + len(record_ids))


def left_alone(notes: Iterable[str], rows: Sequence[LearnerRow]) -> list[tuple[str, str, str]]:
    """Who was left alone and why: id, name and reason; the name is empty for a learner who is not on the list."""
    names = {str(row.record_id): display_name(row.content) for row in rows}
    return [(record_id, names.get(record_id, ""), why) for record_id, _, why in map(_parted, notes)]


def _parted(note: str) -> tuple[str, str, str]:
    return note.partition("|")
