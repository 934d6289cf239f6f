"""Founding an area: its council, and the invitation of the council's first administrator.

Nobody in the service can invite them, so the operator does it at the command line, which prints the link and the spoken
code.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

from transition_exchange.exchange.joining.bundles import Bundle
from transition_exchange.exchange.joining.invitations import (
    checked_email,
    checked_name,
    invitation_row,
    wrap_bundle,
)
from transition_exchange.exchange.joining.made_by import digest_of
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
from transition_exchange.store.tokens import new_token, token_digest

COUNCIL_TEAMS = (
    NewTeam("NEET group", frozenset({"neet_group"}), joined_first=True),
    NewTeam("SEND team", frozenset({"send"})),
)
HOME_EDUCATION_TEAMS = (
    NewTeam("Home education", frozenset({"transition"})),
    NewTeam("Safeguarding", frozenset({"school_safeguarding"})),
)


@dataclass(frozen=True)
class Founded:
    """A new area, with what its first administrator needs to join.

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
        area_name: the name of the area.
        council: its council, with a `neet_group` team that the first administrator joins; `council_of` makes one.
        name: the first administrator's name.
        email: the first administrator's e-mail address.
        la_code: the local authority's code, three digits.
        term_starts: the first day of the next autumn term.
        sample: whether everything in the area is invented. In the demo's own installation, such an area asks for no
            second factor.

    Raises:
        Refused: a name is missing or too long, the e-mail address is invalid, or the council's teams don't fit it.
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
    council_rows = organisation_rows(council, area.id, now)
    invitation = invitation_row(
        organisation_id=council_rows.organisation.id,
        name=checked_name(name),
        email=checked_email(email),
        administrator=True,
        team_ids=council_rows.first_teams,
        now=now,
    )
    token = new_token()
    invitation.link_digest, invitation.link_sent_at = token_digest(token), now
    code = wrap_bundle(
        invitation=invitation,
        bundle=Bundle(organisation_id=council_rows.organisation.id, keyless=council_rows.first_identities),
        by=None,
        now=now,
        memory_kib=memory_kib,
    )
    with db.write() as session:
        session.add(area)
        session.flush()
        council_rows.add(session)
        session.flush()
        session.add(invitation)
        events.append(
            session,
            organisation_id=council_rows.organisation.id,
            kind="area.founded",
            about={"area": area.id, "invitation": invitation.id, "digest": digest_of(invitation)},
        )
    return Founded(
        area_id=area.id,
        organisation_id=council_rows.organisation.id,
        invitation_id=invitation.id,
        link_token=token,
        spoken_code=code,
    )


def council_of(
    name: str,
    *,
    home_education: bool = True,
    la_code: str | None = None,
    phone: str | None = None,
    contact_name: str | None = None,
) -> NewOrganisation:
    """A council with its NEET group and its SEND team.

    Args:
        name: the name of the council.
        home_education: whether it sends learners who are educated at home, with teams of their own.
        la_code: the local authority's code, three digits.
        phone: the telephone number of its contact.
        contact_name: the name of its contact.

    Raises:
        Refused: the name is missing or too long.
    """
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
