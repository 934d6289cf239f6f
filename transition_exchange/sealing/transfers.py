"""Transfers: a school's team signs that a record goes to a provider, or that it was taken back from there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self

from transition_exchange.sealing.encoding import Identifier
from transition_exchange.sealing.statements import Statement, settle

SENT, RECALLED = "sent", "recalled"


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
        overrules: the number of the newest event of the school's log, when this was signed, that said that the transfer
            was taken back. It does not count, nor do those before it. None where there was no such event, and then the
            text has no such field.
    """

    kind: ClassVar[str] = "transfer"

    area: Identifier
    record: Identifier
    transfer: Identifier
    provider: Identifier
    state: str
    at: datetime | str
    previous: str | None = None
    overrules: int | None = None

    def __post_init__(self) -> None:
        settle(self, "area", "record", "transfer", "provider", at="at")
        if self.overrules is not None and type(self.overrules) is not int:
            raise ValueError("an event has a number")

    def _plain(self) -> dict[str, Any]:
        plain = super()._plain()
        return {name: value for name, value in plain.items() if (name, value) != ("overrules", None)}

    @classmethod
    def _read(cls, read: dict[str, Any]) -> Self:
        return super()._read({"overrules": None} | read)
