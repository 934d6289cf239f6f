"""The rules that decide a sending in an area. The NEET group signs them, and schools believe no others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotReady
from transition_exchange.exchange.keys.key_rows import key_in_rows
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.sealing import BadSignature, UnknownFormat
from transition_exchange.sealing.acceptance import ROOT
from transition_exchange.sealing.area_rules import AreaRules
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.sealing.second_confirmer import SecondConfirmer
from transition_exchange.sealing.statements import digest_of
from transition_exchange.store.models import Area, Organisation

FIRST_SEND_AT = "accepted"
"""The application status from which on packs go out until the council chooses another."""

UNSIGNED = (
    "The rules of your area cannot be checked, so nothing is added or sent. "
    "Ring the council and ask it to save the area’s settings again."
)


def sign_rules(
    area: Area,
    *,
    held: HeldKey,
    send_at: str,
    versions: Mapping[int, str],
    signed_at: datetime,
    second: SecondConfirmer | None = None,
    after: AreaRules | None = None,
) -> None:
    """Sign an area's rules. They take the place of those before.

    Args:
        area: the area, whose row is changed.
        held: the key of its NEET group.
        send_at: the application status from which on packs go out.
        versions: the version of the form by leaving year.
        signed_at: when.
        second: who confirms teams besides the NEET group; None if nobody does.
        after: the rules before; None for those that stand there. Those that follow are never dated earlier.
    """
    if after is not None:
        signed_at = max(signed_at, _moment(after))
    rules = AreaRules(
        area=area.id,
        send_at=send_at,
        versions={str(year): name for year, name in versions.items()},
        signed_at=signed_at,
        previous=after.digest() if after else digest_of(area.rules) if area.rules else None,
        second_confirmer=second.plain() if second else None,
    )
    area.rules, area.rules_signature = rules.text(), rules.sign(held.secret.signing)
    area.rules_key_id = held.key_id


def signed_rules(session: Session, *, trust: Trust, area: Area) -> AreaRules | None:
    """An area's rules; None if there are none that a NEET group signed which this session trusts."""
    key = key_in_rows(session, area.rules_key_id)
    if key is None or not trust.is_root(session, key):
        return None
    try:
        rules = AreaRules.verify(area.rules or "", area.rules_signature or b"", key.signing_public)
        _ = rules.second
    except (BadSignature, UnknownFormat):
        return None
    return rules if rules.area == str(area.id) else None


@dataclass(frozen=True)
class KnownRules:
    """An area's rules as they stand there, and as a member of its NEET group has seen them.

    Attributes:
        stored: those that stand there; None if no NEET group signed them which this session trusts.
        remembered: the newest that the person has seen, from their membership of the NEET group; None for other people,
            and if they have seen none.
    """

    stored: AreaRules | None
    remembered: AreaRules | None = None

    @property
    def put_back(self) -> bool:
        """Whether older rules stand there than the person has seen. Their signature is as good as that of the newer."""
        if self.stored is None or self.remembered is None or self.stored == self.remembered:
            return False
        follows = self.stored.previous == self.remembered.digest()
        return not follows and _moment(self.stored) <= _moment(self.remembered)

    @property
    def newest(self) -> AreaRules | None:
        """Those that count for the person: what stands there, or what they remember if that is damaged or older."""
        return self.remembered if self.stored is None or self.put_back else self.stored

    @property
    def certain(self) -> bool:
        """Whether what stands there is what counts."""
        return self.stored is not None and not self.put_back


def known_rules(session: Session, *, actor: Actor, area: Area) -> KnownRules:
    """An area's rules as they stand there, and as the actor has seen them if they are in its NEET group."""
    seen = [
        team.rules
        for team in actor.teams
        if ROOT in team.purposes and team.rules is not None and team.rules.area == str(area.id)
    ]
    stored = signed_rules(session, trust=trust_of(session, actor), area=area)
    return KnownRules(stored, max(seen, key=_moment, default=None))


def _moment(rules: AreaRules) -> datetime:
    return datetime.fromisoformat(str(rules.signed_at))


def rules_for(session: Session, actor: Actor) -> AreaRules:
    """The rules of the area of the actor's organisation.

    Raises:
        NotReady: there are none that a NEET group signed which this session trusts.
    """
    area_id: UUID = session.get_one(Organisation, actor.organisation_id).area_id
    rules = signed_rules(session, trust=trust_of(session, actor), area=session.get_one(Area, area_id))
    if rules is None:
        raise NotReady(UNSIGNED)
    return rules
