"""Area rules: the NEET group signs what decides a sending in its area."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from transition_exchange.sealing.encoding import Identifier
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
    """

    kind: ClassVar[str] = "area rules"

    area: Identifier
    send_at: str
    versions: Mapping[str, str]
    signed_at: datetime | str
    previous: str | None = None

    def __post_init__(self) -> None:
        settle(self, "area", at="signed_at")
        object.__setattr__(self, "versions", dict(self.versions))
