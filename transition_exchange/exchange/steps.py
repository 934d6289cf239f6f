"""Work on many records, a few at a time: what one step did and which records it skipped."""

from __future__ import annotations

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
