"""Founding an area: its council, and the invitation of the council's first administrator.

Nobody can invite them, so the operator does, at the command line: the link and the spoken code are printed there.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

from transition_exchange.exchange.joining.accepting import digest_of_link
from transition_exchange.exchange.joining.bundles import Bundle
from transition_exchange.exchange.joining.invitations import (
    checked_email,
    checked_name,
    invitation_row,
    wrap_bundle,
)
from transition_exchange.exchange.joining.new_organisations import (
    NewOrganisation,
    NewTeam,
    organisation_rows,
    require_sound,
)
from transition_exchange.exchange.records.folding import stored
from transition_exchange.exchange.signing_in.credentials import STANDARD_MEMORY_KIB
from transition_exchange.store import events
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Area

COUNCIL_TEAMS = (
    NewTeam("NEET group", frozenset({"neet_group"}), joined_first=True),
    NewTeam("SEND team", frozenset({"send"})),
)
HOME_EDUCATION_TEAMS = (
    NewTeam("Home education", frozenset({"transition"})),
    NewTeam("Safeguarding", frozenset({"safeguarding"})),
)


@dataclass(frozen=True)
class Founded:
    """A new area, and what its first administrator needs.

    Attributes:
        link_token: the end of the link that opens the invitation.
        spoken_code: the five words that go with it.
    """

    area_id: UUID
    organisation_id: UUID
    invitation_id: UUID
    link_token: str = field(repr=False)
    spoken_code: str = field(repr=False)


def found(
    *,
    db: Database,
    area_name: str,
    council: NewOrganisation,
    name: str,
    email: str,
    la_code: str | None = None,
    term_starts: date | None = None,
    sample: bool = False,
    now: datetime | None = None,
    memory_kib: int = STANDARD_MEMORY_KIB,
) -> Founded:
    """Create an area with its council, and invite the council's first administrator.

    Args:
        council: with a team for `neet_group` that its first administrator joins; `council_of` makes one.
        sample: whether everything in the area is invented; only then is the second factor off.

    Raises:
        Refused: what was typed cannot be.
    """
    now = now or utc_now()
    require_sound(council)
    area = Area(
        id=uuid4(),
        name=stored(area_name),
        la_code=la_code,
        term_starts=term_starts,
        sample=sample,
        created_at=now,
    )
    rows = organisation_rows(council, area.id, now)
    invitation = invitation_row(
        organisation_id=rows.organisation.id,
        name=checked_name(name),
        email=checked_email(email),
        administrator=True,
        team_ids=rows.first_teams,
        invited_by=None,
        now=now,
    )
    token = secrets.token_urlsafe(32)
    invitation.link_digest, invitation.link_sent_at = digest_of_link(token), now
    code = wrap_bundle(invitation, Bundle(), None, now, memory_kib)
    with db.write() as session:
        session.add(area)
        session.flush()
        rows.add(session)
        session.flush()
        session.add(invitation)
        events.append(
            session,
            organisation_id=rows.organisation.id,
            kind="area.founded",
            about={"area": area.id, "invitation": invitation.id},
        )
    return Founded(area.id, rows.organisation.id, invitation.id, token, code)


def council_of(
    name: str,
    *,
    home_education: bool = True,
    la_code: str | None = None,
    phone: str | None = None,
    contact_name: str | None = None,
) -> NewOrganisation:
    """A council with its NEET group, its SEND team and, where it sends learners of its own, home education."""
    return NewOrganisation(
        name=checked_name(name),
        kind="council",
        sends=home_education,
        coordinates=True,
        la_code=la_code,
        phone=phone,
        contact_name=contact_name,
        teams=(*COUNCIL_TEAMS, *(HOME_EDUCATION_TEAMS if home_education else ())),
    )
