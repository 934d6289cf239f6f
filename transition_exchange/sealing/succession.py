"""What is signed about a team's key that takes the place of another.

The key before signs the next, so only the first needs a telephone call. After somebody has left the team that is not
enough, because the leaver still holds the key before. Then another team of the organisation vouches for the new key, or
the NEET group confirms it. When all that counts has been signed anew, the new key retires the one before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from transition_exchange.sealing.encoding import Identifier
from transition_exchange.sealing.statements import Statement, settle


@dataclass(frozen=True)
class Succession(Statement):
    """The statement that a key takes the place of a team's key before. The key before signs it.

    Attributes:
        team: the team's id.
        version: the number of the new key.
        fingerprint: the new key's fingerprint, in hexadecimal.
        previous: the fingerprint of the key before.
        removed: the ids of the people because of whom the key is changed; empty if nobody was removed.
        at: when.
    """

    kind: ClassVar[str] = "succession"

    team: Identifier
    version: int
    fingerprint: str
    previous: str
    removed: Sequence[str]
    at: datetime | str

    def __post_init__(self) -> None:
        settle(self, "team", at="at")
        object.__setattr__(self, "removed", sorted(map(str, self.removed)))


@dataclass(frozen=True)
class Voucher(Statement):
    """The statement of another team of the same organisation that a key after a removal is the team's own.

    Attributes:
        team: the id of the team whose key it is.
        fingerprint: the key's fingerprint, in hexadecimal.
        removed: the ids of the people because of whom the key was changed. None of them was in the team that vouches.
        by_team: the id of the team that vouches.
        at: when.
    """

    kind: ClassVar[str] = "voucher"

    team: Identifier
    fingerprint: str
    removed: Sequence[str]
    by_team: Identifier
    at: datetime | str

    def __post_init__(self) -> None:
        settle(self, "team", "by_team", at="at")
        object.__setattr__(self, "removed", sorted(map(str, self.removed)))


@dataclass(frozen=True)
class Retirement(Statement):
    """The statement that nothing signed by the key before counts any more. The new key signs it.

    Attributes:
        team: the team's id.
        fingerprint: the new key's fingerprint, in hexadecimal.
        retired: the fingerprint of the key before.
        at: when.
    """

    kind: ClassVar[str] = "retirement"

    team: Identifier
    fingerprint: str
    retired: str
    at: datetime | str

    def __post_init__(self) -> None:
        settle(self, "team", at="at")
