"""What somebody typed on a page of the form, and what of it is to be saved.

A save takes whole sections, and a page shows only what is asked now. So the form says which questions it showed: what
it did not show is carried over from the draft. It also says what each section held when it was opened, so that a
section the writer left alone is left alone, whoever changed it meanwhile.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from transition_exchange.exchange.records.answers import Answers
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.proforma import Page, ShownItem, forms, read_section, show
from transition_exchange.proforma.reading import RESERVED
from transition_exchange.web.form_fields import Fieldset

ASKED, TAG, WAS, SINCE = "asked", "tag:", "was:", "since"
Form = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Typed:
    """What a page's form sent.

    Attributes:
        sections: whole sections, with what the page did not show carried over.
        changed: the sections in which the writer changed something, or typed something wrong.
        tags: the tags that the sections carried when the writer opened them.
        since: the number of the school's last event then.
    """

    sections: Answers = field(repr=False)
    changed: tuple[str, ...]
    tags: Mapping[str, str]
    since: int = 0

    @property
    def raw(self) -> Answers:
        """The sections to save."""
        return {name: self.sections[name] for name in self.changed}


def hidden_fields(draft: Draft, page: Page, fieldsets: Sequence[Fieldset]) -> dict[str, str]:
    """What the form carries unseen: which questions it shows, when it was opened, tag and digest of each section."""
    names = [shown.name for fieldset in fieldsets for shown in fieldset.fields]
    hidden = {ASKED: " ".join(names), SINCE: str(draft.last_event)}
    for section in page.sections:
        if section in draft.tags:
            hidden[TAG + section] = draft.tags[section]
            hidden[WAS + section] = _digest(_only(draft.answers[section], section, frozenset(names)))
    return hidden


def read(draft: Draft, page: Page, form: Form) -> Typed:
    """Read a page's form against the draft as it stands now."""
    shown = frozenset(_first(form, ASKED).split())
    sections: Answers = {}
    changed = []
    for name, raw in forms.from_form(draft.version, page, form).items():
        if not any(path.startswith(f"{name}.") for path in shown):
            continue
        typed = _only(raw, name, shown)
        sections[name] = _with_carried(typed, draft.answers.get(name, {}), section=name, shown=shown)
        result = read_section(draft.version, name, typed)
        if result.errors or _digest(result.values) != _first(form, WAS + name):
            changed.append(name)
    tags = {name: _first(form, TAG + name) for name in sections}
    return Typed(sections=sections, changed=tuple(changed), tags=tags, since=_number(_first(form, SINCE)))


def _first(form: Form, name: str) -> str:
    return next(iter(form.get(name, ())), "")


def _number(text: str) -> int:
    """A number of an event; for anything else one that no event has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 10**9


def _only(values: Mapping[str, Any], section: str, shown: frozenset[str]) -> dict[str, Any]:
    """A section's answers, reasons and places, as far as the page shows them."""
    return _kept(values, lambda name: f"{section}.{name}" in shown)


def _with_carried(
    typed: Mapping[str, Any], stored: Mapping[str, Any], *, section: str, shown: frozenset[str]
) -> dict[str, Any]:
    carried = _kept(stored, lambda name: f"{section}.{name}" not in shown)
    merged = {**carried, **typed}
    for reserved in RESERVED:
        if both := {**carried.get(reserved, {}), **typed.get(reserved, {})}:
            merged[reserved] = both
    return merged


def _kept(values: Mapping[str, Any], keep: Any) -> dict[str, Any]:
    kept = {name: value for name, value in values.items() if name not in RESERVED and keep(name)}
    for reserved in RESERVED:
        if beside := {name: entry for name, entry in values.get(reserved, {}).items() if keep(name)}:
            kept[reserved] = beside
    return kept


def _digest(values: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()


@dataclass(frozen=True)
class Difference:
    """One question on which two people differ: what is saved now, and what this writer typed."""

    label: str
    theirs: ShownItem | None
    yours: ShownItem | None


@dataclass(frozen=True)
class Clash:
    """A section that somebody else changed meanwhile."""

    title: str
    differences: tuple[Difference, ...]


def clashes(draft: Draft, typed: Typed, sections: Sequence[str]) -> tuple[Clash, ...]:
    """Theirs next to yours, section by section, for the questions on which they differ."""
    changed = []
    for name in sections:
        mine = replace(
            draft,
            answers={**draft.answers, name: read_section(draft.version, name, typed.sections[name]).values},
        )
        theirs, yours = _items(draft, name), _items(mine, name)
        differences = tuple(
            Difference((theirs.get(path) or yours[path]).label, theirs.get(path), yours.get(path))
            for path in dict.fromkeys((*theirs, *yours))
            if theirs.get(path) != yours.get(path)
        )
        changed.append(Clash(draft.version.section(name).title, differences))
    return tuple(changed)


def _items(draft: Draft, section: str) -> dict[str, ShownItem]:
    [shown] = show(draft.version, draft.answers, [section])
    return {item.question.path: item for item in shown.items}
