"""Area rules: the NEET group signs what decides a sending in its area."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self

from transition_exchange.sealing.encoding import Identifier
from transition_exchange.sealing.errors import BadSignature, CannotOpen
from transition_exchange.sealing.second_confirmer import SecondConfirmer
from transition_exchange.sealing.statements import Statement, settle


@dataclass(frozen=True)
class AreaRules(Statement):
    """The rules of an area.

    Attributes:
        area: the area's id.
        send_at: the application status from which on packs go out.
        versions: the version of the form by leaving year. For a year that is missing it is the newest core version.
        signed_at: when they were signed.
        previous: the digest of the rules before, in hexadecimal; None for the first.
        second_confirmer: who confirms teams besides the NEET group, as `SecondConfirmer.plain` gives it; None if nobody
            does, and then the text has no such field.
    """

    kind: ClassVar[str] = "area rules"

    area: Identifier
    send_at: str
    versions: Mapping[str, str]
    signed_at: datetime | str
    previous: str | None = None
    second_confirmer: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        settle(self, "area", at="signed_at")
        versions = dict(self.versions)
        if not all(year.isdecimal() and isinstance(version, str) for year, version in versions.items()):
            raise ValueError("each leaving year has the name of a version")
        object.__setattr__(self, "versions", versions)

    @property
    def second(self) -> SecondConfirmer | None:
        """Who confirms teams besides the NEET group.

        Raises:
            BadSignature: the rules do not say it as they should. No NEET group signs such rules.
        """
        if self.second_confirmer is None:
            return None
        try:
            return SecondConfirmer.from_plain(self.second_confirmer)
        except CannotOpen as error:
            raise BadSignature("The rules cannot be read.") from error

    def _plain(self) -> dict[str, Any]:
        plain = super()._plain()
        return {name: value for name, value in plain.items() if (name, value) != ("second_confirmer", None)}

    @classmethod
    def _read(cls, read: dict[str, Any]) -> Self:
        return super()._read({"second_confirmer": None} | read)
