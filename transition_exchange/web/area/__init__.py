"""The council's side: how far the area is, who to chase, organisations, settings."""

from __future__ import annotations

from transition_exchange.web.area import (
    chasing,
    confirming,
    council,
    inviting,
    learners,
    overview,
    second_confirmer,
)
from transition_exchange.web.area.blueprint import blueprint

__all__ = [
    "blueprint",
    "chasing",
    "confirming",
    "council",
    "inviting",
    "learners",
    "overview",
    "second_confirmer",
]
