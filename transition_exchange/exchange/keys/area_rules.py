"""The rules that decide a sending in an area. The NEET group signs them, and schools believe no others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotReady
from transition_exchange.exchange.keys.key_rows import key_in_rows
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.sealing import BadSignature, UnknownFormat
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
) -> None:
    """Sign an area's rules. They take the place of those before.

    Args:
        area: the area, whose row is changed.
        held: the key of its NEET group.
        send_at: the application status from which on packs go out.
        versions: the version of the form by leaving year.
        signed_at: when.
        second: who confirms teams besides the NEET group; None if nobody does.
    """
    rules = AreaRules(
        area=area.id,
        send_at=send_at,
        versions={str(year): name for year, name in versions.items()},
        signed_at=signed_at,
        previous=digest_of(area.rules) if area.rules else None,
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
