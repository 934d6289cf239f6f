"""Portraits of learners' needs, written out; see ``portrait.py`` for what one is made of."""

from __future__ import annotations

from typing import Final

from transition_exchange.sample.portraits import (
    autism,
    body,
    extra_help,
    feelings,
    language,
    learning,
    lifelong,
    literacy,
    senses,
    special,
    starting_again,
)
from transition_exchange.sample.portraits.portrait import Outcome, Portrait

PORTRAITS: Final[tuple[Portrait, ...]] = (
    *literacy.PORTRAITS,
    *feelings.PORTRAITS,
    *starting_again.PORTRAITS,
    *autism.PORTRAITS,
    *language.PORTRAITS,
    *senses.PORTRAITS,
    *body.PORTRAITS,
    *learning.PORTRAITS,
    *special.PORTRAITS,
    *lifelong.PORTRAITS,
    *extra_help.PORTRAITS,
)

__all__ = ["PORTRAITS", "Outcome", "Portrait"]
