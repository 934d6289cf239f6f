"""What a member holds of a team: its secret, and who the team is.

A membership seals it to the person themselves, and an invitation wraps it under the spoken code. So a session takes
neither the team's key nor its purposes from a row that somebody could have changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from transition_exchange.sealing.address_book import RememberedKey
from transition_exchange.sealing.area_rules import AreaRules
from transition_exchange.sealing.encoding import FORMAT, canonical, from_base64, to_base64
from transition_exchange.sealing.errors import BadSignature, CannotOpen, UnknownFormat
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.sealing.second_confirmer import SecondConfirmer
from transition_exchange.stored_text import UnreadableText, read_object


@dataclass(frozen=True)
class HeldKey:
    """One key of a team, held by a member.

    Attributes:
        team: who the team is.
        key_id: the id of the key's row.
        secret: the key itself.
        version: the key's number among the team's keys, from 1 on. No row can say that an older key is newer.
        change: the digest of the acceptance by which the team became what it is; empty if it has not changed since
            this key was made. The session follows only a change that comes after this one.
        second: the second confirmer that the member has seen in the area's rules; None if they have seen none. It holds
            even if the rules no longer name it.
        councils: the NEET groups' keys that the member was given when they joined, or has seen since, by team. No row
            can name another council. Each member has them from their own membership, never from a colleague's.
        remembers: whether the member had an address book when this was sealed. From then on one that is missing was
            taken away.
        awaits_council: whether the member took the team from an invitation although they had an account, and the NEET
            group had not confirmed it when this was sealed. Until it has, the team counts for nothing, whatever rows
            say of the member's other teams.
        rules: the newest rules of the area that the member has signed or seen, in a membership of its NEET group; None
            if they have seen none. So nobody signs older or damaged ones anew as if they were those that count.
    """

    team: TeamIdentity
    key_id: UUID
    secret: TeamSecret = field(repr=False)
    version: int = 1
    change: str = ""
    second: SecondConfirmer | None = None
    councils: Mapping[UUID, RememberedKey] = field(default_factory=dict)
    remembers: bool = False
    awaits_council: bool = False
    rules: AreaRules | None = None

    def for_others(self) -> HeldKey:
        """The key as this member passes it on: without what only they have seen."""
        return replace(self, councils={}, remembers=False, awaits_council=False)

    def plain(self) -> dict[str, Any]:
        """The content as JSON holds it. What is empty is left out."""
        plain: dict[str, Any] = {
            "team": self.team.plain(),
            "key": str(self.key_id),
            "secret": to_base64(self.secret.to_bytes()),
            "version": self.version,
        }
        if self.change:
            plain["change"] = self.change
        if self.second is not None:
            plain["second"] = self.second.plain()
        if self.councils:
            plain["councils"] = {str(team_id): key.plain() for team_id, key in self.councils.items()}
        if self.remembers:
            plain["remembers"] = True
        if self.awaits_council:
            plain["waits"] = True
        if self.rules is not None:
            plain["rules"] = self.rules.text()
        return plain

    @staticmethod
    def from_plain(plain: Mapping[str, Any]) -> HeldKey:
        """The content that `plain` returned.

        Raises:
            UnknownFormat: the secret is in a version that this release does not know.
            CannotOpen: something in it is missing or is not what it should be.
        """
        try:
            team, key_id, secret = plain["team"], UUID(plain["key"]), plain["secret"]
            version = plain["version"]
            if type(version) is not int:
                raise CannotOpen
            change, second = str(plain.get("change", "")), plain.get("second")
            councils = {UUID(id): key for id, key in plain.get("councils", {}).items()}
        except (KeyError, TypeError, ValueError, AttributeError):
            raise CannotOpen from None
        return HeldKey(
            TeamIdentity.from_plain(team),
            key_id,
            TeamSecret.from_bytes(from_base64(secret)),
            version,
            change,
            SecondConfirmer.from_plain(second) if second is not None else None,
            {team_id: RememberedKey.from_plain(key) for team_id, key in councils.items()},
            plain.get("remembers") is True,
            plain.get("waits") is True,
            _rules(plain.get("rules")),
        )

    def to_bytes(self) -> bytes:
        """The content as canonical JSON, for sealing to the member."""
        return canonical({"format": FORMAT} | self.plain()).encode()

    @staticmethod
    def from_bytes(raw: bytes) -> HeldKey:
        """Read what `to_bytes` wrote.

        Raises:
            UnknownFormat: it is in a version that this release does not know.
            CannotOpen: it is not what a member holds.
        """
        try:
            plain = read_object(raw)
        except UnreadableText:
            raise CannotOpen from None
        if plain.get("format") != FORMAT:
            raise UnknownFormat("membership", plain.get("format"))
        return HeldKey.from_plain(plain)


def _rules(text: Any) -> AreaRules | None:
    if text is None:
        return None
    try:
        rules = AreaRules.read(text)
        _ = rules.second
    except BadSignature:
        raise CannotOpen from None
    return rules
