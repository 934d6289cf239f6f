"""Transfers: a school's team signs that a record goes to a provider, or that it was taken back from there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self

from transition_exchange.sealing.encoding import Identifier
from transition_exchange.sealing.statements import Statement, settle

SENT, RECALLED = "sent", "recalled"
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class TransferStatement(Statement):
    """The statement that a record goes to a provider, or was taken back.

    Attributes:
        area: the area's id.
        record: the record's id.
        transfer: the transfer's id.
        provider: the id of the receiving organisation.
        state: `sent` or `recalled`.
        at: when.
        previous: the digest of the transfer's statement before this one, in hexadecimal; None for the first.
        overrules: the hashes of the events of the school's log that said, when this was signed, that the transfer was
            taken back. They do not count; every other does. A hash names one event and all that stood before it. Where
            there was no such event it is empty, and then the text has no such field.
    """

    kind: ClassVar[str] = "transfer"

    area: Identifier
    record: Identifier
    transfer: Identifier
    provider: Identifier
    state: str
    at: datetime | str
    previous: str | None = None
    overrules: Sequence[str] = ()

    def __post_init__(self) -> None:
        settle(self, "area", "record", "transfer", "provider", at="at")
        if not all(type(event) is str and _HASH.fullmatch(event) for event in self.overrules):
            raise ValueError("an event is named by its hash")
        object.__setattr__(self, "overrules", tuple(sorted(self.overrules)))

    def _plain(self) -> dict[str, Any]:
        plain = super()._plain()
        return {name: value for name, value in plain.items() if (name, value) != ("overrules", ())}

    @classmethod
    def _read(cls, read: dict[str, Any]) -> Self:
        return super()._read({"overrules": ()} | read)
