"""The rows of team keys, and what was signed about the order in which they follow each other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import KnownTeam
from transition_exchange.sealing import BadSignature, UnknownFormat, keys, pins
from transition_exchange.sealing.confirmation import Confirmation
from transition_exchange.sealing.identities import UKPRN, URN, TeamIdentity
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.sealing.succession import Retirement, Succession, Voucher
from transition_exchange.store.models import SCHOOLS, KeyPin, Organisation, Team, TeamChange, TeamKey
from transition_exchange.store.unreadable import Unreadable, leave_out


def fingerprint_of(key: TeamKey) -> bytes:
    """The 32-byte fingerprint of a stored team key."""
    return keys.fingerprint(key.kem_public, key.signing_public)


def is_published_as(held: HeldKey, row: TeamKey) -> bool:
    """Whether a stored key is the one that a membership holds: the same key, of the same team, with the same number."""
    return (row.team_id, row.version, fingerprint_of(row)) == (
        held.team.id,
        held.version,
        held.secret.fingerprint,
    )


def key_in_rows(session: Session, key_id: UUID | None) -> TeamKey | None:
    """The stored team key with an id; None if there is none, or its row cannot be read, which is counted.

    A key that cannot be read vouches for nothing and signs nothing. It stops nobody who looks at other keys.
    """
    try:
        return session.get(TeamKey, key_id) if key_id else None
    except Unreadable:
        return None


def identity_in_rows(team: Team, organisation: Organisation) -> TeamIdentity:
    """Who a team is according to its rows, before anybody has signed it."""
    urn = organisation.urn if organisation.kind in SCHOOLS else None
    return TeamIdentity(
        id=team.id,
        name=team.name,
        organisation_id=organisation.id,
        organisation_name=organisation.name,
        purposes=frozenset(team.purposes),
        ukprn=_as_number(organisation.ukprn, UKPRN),
        school_urn=_as_number(urn, URN),
    )


def _as_number(stored: str | None, shape: re.Pattern[str]) -> str:
    """A number of an organisation, as it can be confirmed; empty if its row holds none of that shape."""
    return stored if stored and shape.fullmatch(stored) else ""


def council_in_rows(session: Session, key: TeamKey) -> TeamIdentity | None:
    """Who a NEET group is, of which a session believes the key: it has this work alone, and the names of its rows."""
    try:
        team = session.get(Team, key.team_id)
        organisation = session.get(Organisation, team.organisation_id) if team else None
    except Unreadable:
        return None
    if team is None or organisation is None:
        return None
    return replace(identity_in_rows(team, organisation), purposes=frozenset({"neet_group"}))


def succession_of(key: TeamKey, before: TeamKey) -> Succession | None:
    """The statement that a stored key takes the place of the team's key before; None if that key signed none."""
    try:
        statement = Succession.verify(
            key.succession or "", key.succession_signature or b"", before.signing_public
        )
    except (BadSignature, UnknownFormat):
        return None
    about = (statement.team, statement.version, statement.fingerprint, statement.previous)
    expected = (str(key.team_id), key.version, fingerprint_of(key).hex(), fingerprint_of(before).hex())
    return statement if about == expected else None


def retires(key: TeamKey, before: TeamKey) -> bool:
    """Whether a stored key has signed that the team's key before it counts no longer. Whose key it is, is not asked."""
    return retires_fingerprint(key, fingerprint_of(before))


def retires_fingerprint(key: TeamKey, before: bytes) -> bool:
    """As `retires`, where the fingerprint of the key before is known, and its row may be damaged."""
    retirement = retirement_in(key)
    return retirement is not None and retirement.retired == before.hex()


def retirement_in(key: TeamKey) -> Retirement | None:
    """What a stored key has signed about the key before it; None if it has retired none.

    Whose key it is, is not asked.
    """
    try:
        statement = Retirement.verify(
            key.retirement or "", key.retirement_signature or b"", key.signing_public
        )
    except (BadSignature, UnknownFormat):
        return None
    about = (statement.team, statement.fingerprint)
    return statement if about == (str(key.team_id), fingerprint_of(key).hex()) else None


def voucher_in(key: TeamKey, by: KnownTeam) -> Voucher | None:
    """The statement of another team that a stored key is the next one of its team; None if that team signed none."""
    try:
        voucher = Voucher.verify(key.voucher or "", key.voucher_signature or b"", by.signing_public)
    except (BadSignature, UnknownFormat):
        return None
    about = (voucher.team, voucher.fingerprint, voucher.by_team)
    return voucher if about == (str(key.team_id), fingerprint_of(key).hex(), str(by.id)) else None


def confirmed_in(
    row: TeamKey | TeamChange, key: TeamKey, *, by: TeamKey, area: UUID | None
) -> Confirmation | None:
    """What a NEET group's key confirmed of a stored key for an area; None if it confirmed nothing.

    Args:
        row: where the confirmation stands: with the key, or with a change of its team.
        key: the key that it has to be about.
        by: the NEET group's key.
        area: the area for which it has to be made.
    """
    try:
        statement = Confirmation.verify(
            row.confirmation or "", row.confirmation_signature or b"", by.signing_public
        )
        about = (statement.area, statement.identity.id, statement.version, statement.fingerprint)
    except (BadSignature, UnknownFormat):
        return None
    return statement if about == (str(area), key.team_id, key.version, fingerprint_of(key).hex()) else None


def pinned_by(secret: TeamSecret, pin: KeyPin) -> bytes | None:
    """The fingerprint that a stored pin is about; None if a team's secret did not sign the pin."""
    try:
        fingerprint = bytes.fromhex(pin.fingerprint)
        pins.verify(
            secret.signing.public, pin.signature, team_id=str(pin.pinned_team_id), fingerprint=fingerprint
        )
    except (BadSignature, ValueError):
        return None
    return fingerprint


def keys_by_version(session: Session, team_ids: Iterable[UUID]) -> dict[UUID, dict[int, TeamKey]]:
    """All keys of some teams, by team and version, the oldest first. A team without a key has an empty line.

    So has one of which two rows bear the same number, which the tables forbid: nobody can tell which of them retires
    the key before, and whoever has left holds that. A number that no key has is left out. Both are counted.
    """
    lines: dict[UUID, dict[int, TeamKey]] = {team_id: {} for team_id in team_ids}
    doubled: set[UUID] = set()
    for key in session.scalars(select(TeamKey).where(TeamKey.team_id.in_(lines)).order_by(TeamKey.version)):
        if key.version < 1:
            leave_out()
        elif lines[key.team_id].setdefault(key.version, key) is not key:
            doubled.add(key.team_id)
    for team_id in doubled:
        leave_out()
        lines[team_id].clear()
    return lines


def keyed_teams(session: Session, team_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those of some teams that have a key, whether it is trusted or not."""
    return frozenset(session.scalars(select(TeamKey.team_id).where(TeamKey.team_id.in_(list(team_ids)))))
