"""Answers by section, whose they are, and how they are sealed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from transition_exchange.proforma import Section, Version
from transition_exchange.sealing import padding

Answers = dict[str, dict[str, Any]]

OWNERS = ("transition", "safeguarding")


def plaintext(answers: Mapping[str, Any]) -> bytes:
    """One section's answers as they are sealed: compact UTF-8 JSON."""
    return json.dumps(answers, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def written_sections(version: Version, owner: str) -> tuple[Section, ...]:
    """The sections that an owner writes; those made for each transfer out of the record are not among them."""
    return tuple(section for section in version.sections_of(owner) if not section.per_transfer)


def room(section: Section) -> int:
    """How large a section is at least when it is sealed, by what it asks and not by what anybody answered.

    Where there is a table or a text to write, a plan fills it and most learners leave it empty.
    """
    written = any(question.kind in ("long_text", "rows") for question in section.questions)
    return padding.ROOMY if written else padding.SMALLEST
