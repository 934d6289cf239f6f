"""Work on many records, a few at a time: what one step did and what it left alone."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Left:
    """A record that a step left alone, and why, in words for the page."""

    record_id: UUID
    why: str


@dataclass(frozen=True)
class Step:
    """What one step did.

    Attributes:
        done: records that are as asked now, whether this step or an earlier one did it.
        left: records left alone.
        remaining: records for the steps to come.
    """

    done: tuple[UUID, ...]
    left: tuple[Left, ...]
    remaining: tuple[UUID, ...]
