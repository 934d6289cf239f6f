"""What was typed into a draft and cannot be saved yet: a wrong value, or one that met what somebody else had saved.

It rests sealed in a part of its own, which every draft has from the start and every save seals again with the rest. So
nobody can tell from the database whether something rests there. It is left out of everything that is made of the
answers: releases, cards, PDFs, counts of gaps.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.records.answers import Answers, plaintext, room
from transition_exchange.exchange.records.part_names import RESTING
from transition_exchange.exchange.writing.last_sent import NOTHING_SENT, LastSent, last_sent
from transition_exchange.proforma import Version
from transition_exchange.proforma.forms import TypedDate
from transition_exchange.proforma.reading import RESERVED
from transition_exchange.sealing import padding


@dataclass(frozen=True)
class Unsaved:
    """What was typed in answer to one question.

    Attributes:
        typed: the raw answer and what stands beside it, by `""` and the names in `RESERVED`. What was left empty is not
            there.
        by: who typed it.
        at: when it was kept.
        met: who had saved something else in the question's section meanwhile; None for what is wrong.
    """

    typed: Mapping[str, Any] = field(repr=False)
    by: UUID
    at: datetime
    met: UUID | None = None

    @property
    def digest(self) -> str:
        """A digest of what was typed, to tell whether it is still the same."""
        return short_digest({"typed": _written(self.typed)})

    def same_as(self, other: Unsaved | None) -> bool:
        """Whether another says the same, whoever typed it and whenever."""
        return other is not None and (self.typed, self.met) == (other.typed, other.met)


@dataclass(frozen=True)
class Resting:
    """All that rests in a draft, who wrote each section last, and what was sent last.

    Attributes:
        answers: what rests, by question (`section.field`).
        writers: who saved something in a section last, by section.
        last_sent: what the owner sent last.
    """

    answers: Mapping[str, Unsaved] = field(default_factory=dict)
    writers: Mapping[str, UUID] = field(default_factory=dict)
    last_sent: LastSent = NOTHING_SENT

    def over(self, answers: Answers) -> Answers:
        """Some answers with what rests in their place, as a page shows them again."""
        shown = {name: dict(values) for name, values in answers.items()}
        for path, unsaved in self.answers.items():
            section, _, name = path.partition(".")
            put(shown.setdefault(section, {}), name, unsaved.typed)
        return shown

    def of(self, sections: Iterable[str]) -> dict[str, Unsaved]:
        """What rests in some sections, by question."""
        names = set(sections)
        return {path: unsaved for path, unsaved in self.answers.items() if path.partition(".")[0] in names}

    def plaintext(self) -> bytes:
        """All of it in the form in which it is sealed; of an untouched draft the same as an empty section."""
        questions = {
            path: {
                "typed": _written(unsaved.typed),
                "by": str(unsaved.by),
                "at": unsaved.at.isoformat(),
                **({"met": str(unsaved.met)} if unsaved.met else {}),
            }
            for path, unsaved in self.answers.items()
        }
        writers = {section: str(writer) for section, writer in self.writers.items()}
        content = {"questions": questions, "writers": writers, "last_sent": self.last_sent.plain()}
        return plaintext({name: entry for name, entry in content.items() if entry})


NOTHING_RESTS = Resting()


def short_digest(values: Mapping[str, Any]) -> str:
    """A digest of some answers, 16 hexadecimal digits long, to tell whether they are still the same."""
    return hashlib.sha256(plaintext(values)).hexdigest()[:16]


def resting(content: Mapping[str, Any]) -> Resting:
    """All that rests in a draft, as `Resting.plaintext` wrote it.

    Raises:
        Tampered: it holds something else, though it opened.
    """
    try:
        return Resting(
            answers={
                path: Unsaved(
                    typed=dict(_typed_again(entry["typed"])),
                    by=UUID(entry["by"]),
                    at=datetime.fromisoformat(entry["at"]).astimezone(UTC),
                    met=UUID(entry["met"]) if "met" in entry else None,
                )
                for path, entry in content.get("questions", {}).items()
            },
            writers={section: UUID(writer) for section, writer in content.get("writers", {}).items()},
            last_sent=last_sent(content.get("last_sent", {})),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Tampered from None


_DATE = "date-in-parts"


def _written(value: Any) -> Any:
    """A raw answer as JSON has it. What was typed into the three boxes of a date stays apart."""
    if isinstance(value, TypedDate):
        return {_DATE: dict(value.parts)}
    if isinstance(value, Mapping):
        return {name: _written(inner) for name, inner in value.items()}
    return [_written(inner) for inner in value] if isinstance(value, list) else value


def _typed_again(value: Any) -> Any:
    """A raw answer, as `_written` wrote it."""
    if isinstance(value, dict):
        if value.keys() == {_DATE}:
            return TypedDate.of(value[_DATE])
        return {name: _typed_again(inner) for name, inner in value.items()}
    return [_typed_again(inner) for inner in value] if isinstance(value, list) else value


def typed_at(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The answer to a question and what stands beside it; nothing that was left empty.

    Args:
        values: the answers of its section, raw or read.
        name: the question's name in the section.
    """
    answer = values.get(name)
    typed = {} if answer in (None, "", []) else {"": answer}
    beside = {reserved: values.get(reserved, {}).get(name) for reserved in RESERVED}
    return typed | {reserved: entry for reserved, entry in beside.items() if entry}


def put(values: dict[str, Any], name: str, typed: Mapping[str, Any]) -> None:
    """Put an answer, with what stands beside it, in the place of another among the answers of a section.

    Args:
        values: the answers of its section, which are changed.
        name: the question's name in the section.
        typed: as `typed_at` gives it.
    """
    values.pop(name, None)
    if "" in typed:
        values[name] = typed[""]
    for reserved in RESERVED:
        others = {other: entry for other, entry in values.get(reserved, {}).items() if other != name}
        if reserved in typed:
            others[name] = typed[reserved]
        values.pop(reserved, None)
        if others:
            values[reserved] = others


def room_of(version: Version, name: str) -> int:
    """The least size in bytes to which a part of a draft is padded: as much for what rests as for the longest texts."""
    return padding.ROOMY if name == RESTING else room(version.section(name))
