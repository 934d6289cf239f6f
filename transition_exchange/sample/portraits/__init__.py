"""Portraits of learners' needs, one TOML file a group of needs; see `portrait.py` for what one is made of."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from transition_exchange.sample.portraits.portrait import Health, Outcome, Portrait, Provision
from transition_exchange.sample.typed_toml import read

#: The files in the order in which learners take turns at their portraits.
FILES: Final = (
    "literacy",
    "feelings",
    "starting_again",
    "autism",
    "language",
    "senses",
    "body",
    "learning",
    "special",
    "lifelong",
    "extra_help",
)
PORTRAITS: Final[tuple[Portrait, ...]] = tuple(
    portrait
    for name in FILES
    for portrait in read(dict[str, Portrait], Path(__file__).with_name(f"{name}.toml")).values()
)

__all__ = ["FILES", "PORTRAITS", "Health", "Outcome", "Portrait", "Provision"]
