"""Work on many learners, a few at a time: what the steps left alone travels with the form from one to the next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from transition_exchange.exchange.records.names import display_name
from transition_exchange.exchange.steps import Step
from transition_exchange.exchange.writing.learner_list import LearnerRow

GONE = (
    "This learner is not on your school’s list any more: the record was removed or moved since you picked it. Nothing "
    "was done about it. Tell the people who run this service if nobody at your school has done that."
)


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


def gone_notes(record_ids: Iterable[UUID]) -> list[str]:
    """The notes for learners who were picked and are not on the school's list any more."""
    return [f"{record_id}|{GONE}" for record_id in record_ids]


def names_for(rows: Sequence[LearnerRow], record_ids: Collection[UUID]) -> list[str]:
    """What learners are called, for the form to carry on: one of them may not be on the list any more later."""
    return [f"{row.record_id}|{display_name(row.content)}" for row in rows if row.record_id in record_ids]


def left_alone(
    notes: Iterable[str], rows: Sequence[LearnerRow], names: Iterable[str] = ()
) -> list[tuple[str, str, str]]:
    """Who was left alone and why: id, name and reason.

    Args:
        notes: the notes of all steps.
        rows: the learners who are on the list now.
        names: what `names_for` gave when they were picked.

    Returns:
        The id is empty for a learner who is not on the list, so that nothing leads to them; the name too, if the form
        does not carry it.
    """
    on_list = {str(row.record_id): display_name(row.content) for row in rows}
    named = {record_id: name for record_id, _, name in map(_parted, names)}
    return [
        (record_id if record_id in on_list else "", on_list.get(record_id) or named.get(record_id, ""), why)
        for record_id, _, why in map(_parted, notes)
    ]


def _parted(note: str) -> tuple[str, str, str]:
    return note.partition("|")
