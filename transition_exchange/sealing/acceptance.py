"""Acceptance: a team signs that it becomes another by name or purpose.

Alone it changes nothing. The NEET group confirms the team anew, and each member's session takes the new identity where
the acceptance and the confirmation agree. The NEET group itself, which nobody confirms, changes its name by this alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

from transition_exchange.sealing.errors import BadSignature, CannotOpen
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.statements import Statement, settle

ROOT = "neet_group"
"""The purpose of the team whose key confirms the others. A change never gives it to a team or takes it away."""


@dataclass(frozen=True)
class Acceptance(Statement):
    """The statement of a team that it changes.

    Attributes:
        before: who the team was, as `TeamIdentity.plain` gives it.
        after: who it becomes, likewise.
        fingerprint: the fingerprint of the key that signs, in hexadecimal.
        accepted_at: when a member accepted.
        previous: the digest of the acceptance before, in hexadecimal; None for the first under this key. So an older
            change that is put back does not follow the newest one.
    """

    kind: ClassVar[str] = "acceptance"

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    fingerprint: str
    accepted_at: datetime | str
    previous: str | None = None

    def __post_init__(self) -> None:
        settle(self, at="accepted_at")
        object.__setattr__(self, "before", dict(self.before))
        object.__setattr__(self, "after", dict(self.after))

    @property
    def identities(self) -> tuple[TeamIdentity, TeamIdentity]:
        """Who the team was, and who it becomes. Nothing of what a team did before it was confirmed counts later.

        Raises:
            BadSignature: what is signed is no change of one team's names or purposes. Another team, another
                organisation, past purposes that it never had, a NEET group that is made, unmade or given other
                purposes: no honest member signs these.
        """
        try:
            before, after = TeamIdentity.from_plain(self.before), TeamIdentity.from_plain(self.after)
        except CannotOpen as error:
            raise BadSignature("The statement cannot be read.") from error
        due = before.changed(
            name=after.name, organisation_name=after.organisation_name, purposes=after.purposes
        )
        of_a_root = ROOT in before.purposes | after.purposes
        sound = after == due or after == replace(due, formerly=frozenset())
        if not sound or not after.purposes or (of_a_root and before.purposes != after.purposes):
            raise BadSignature("The statement is no change of a team.")
        return before, after
