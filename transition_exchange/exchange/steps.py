"""Work on many records in steps of a few at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Left:
    """A record that a step skipped.

    Attributes:
        why: the reason, as the page shows it.
    """

    record_id: UUID
    why: str


@dataclass(frozen=True)
class Step:
    """What one step did.

    Attributes:
        done: records that are now as asked, whether this step or an earlier one did it.
        left: records that were skipped.
        remaining: records for the next steps, in order.
    """

    done: tuple[UUID, ...]
    left: tuple[Left, ...]
    remaining: tuple[UUID, ...]


def take(record_ids: Sequence[UUID], *, limit: int, act: Callable[[UUID], str]) -> Step:
    """Do the same for each of the next few records.

    Args:
        record_ids: the records that are still to be done, in order.
        limit: how many of them to take.
        act: what is done with one record. It returns why the record was skipped; empty if it was not.
    """
    done: list[UUID] = []
    left: list[Left] = []
    for record_id in record_ids[:limit]:
        why = act(record_id)
        if why:
            left.append(Left(record_id, why))
        else:
            done.append(record_id)
    return Step(done=tuple(done), left=tuple(left), remaining=tuple(record_ids[limit:]))
