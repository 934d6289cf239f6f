"""Founding an area: its council, and the invitation of the council's first administrator.

Nobody in the service can invite them, so the operator does it at the command line, which prints the link and the spoken
code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from transition_exchange.exchange.email_addresses import checked_email
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.joining.bundles import Bundle
from transition_exchange.exchange.joining.invitations import (
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
from transition_exchange.exchange.signing_in.credentials import STANDARD_MEMORY_KIB
from transition_exchange.proforma.values import composed
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


def require_fitting(*, area_name: str, council: str, la_code: str | None, name: str, email: str) -> None:
    """Refuse what `found` would refuse, before anything is made.

    Args:
        area_name: as for `found`.
        council: the name of the council.
        la_code: as for `found`.
        name: as for `found`.
        email: as for `found`.

    Raises:
        Refused: a name is missing or too long, or the code or the e-mail address is invalid.
    """
    require_sound(council_of(council, la_code=la_code))
    checked_area(area_name)
    checked_la_code(la_code)
    checked_name(name)
    checked_email(email)


def is_founded(*, db: Database, area_name: str, la_code: str | None) -> bool:
    """Whether an area of this name is founded already, so that a command that is repeated founds no second one.

    Args:
        area_name: the name; capitals and spaces around it do not matter.
        la_code: the local authority's code; None does not ask for any.

    Raises:
        Refused: there is an area of this name with another code.
    """
    with db.read() as session:
        codes = [
            code
            for name, code in session.execute(select(Area.name, Area.la_code))
            if (name or "").casefold() == composed(area_name).casefold()
        ]
    if codes and la_code is not None and la_code not in codes:
        message = "There is an area of this name already, with another code. Give this one another name."
        raise Refused(message, {"la_code": message})
    return bool(codes)


def checked_area(name: str) -> str:
    """An area's name, as it is stored.

    Raises:
        Refused: the name is missing or longer than 200 characters.
    """
    name = composed(name)
    if not name or len(name) > 200:
        message = "Enter the area's name, 200 characters or fewer."
        raise Refused(message, {"area": message})
    return name


def checked_la_code(la_code: str | None) -> str | None:
    """A local authority's code.

    Raises:
        Refused: it is not three digits.
    """
    if la_code is not None and not re.fullmatch("[0-9]{3}", la_code):
        message = "Enter the council's code as three digits, such as 372."
        raise Refused(message, {"la_code": message})
    return la_code


def found(
    *,
    db: Database,
    area_name: str,
    council: NewOrganisation,
    name: str,
    email: str,
    la_code: str | None = None,
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
        sample: whether everything in the area is invented. In the demo's own installation, such an area asks for no
            second factor.

    Raises:
        Refused: a name is missing or too long, the code or the e-mail address is invalid, or the council's teams don't
            fit it.
    """
    now = now or utc_now()
    require_sound(council)
    area = Area(
        id=uuid4(),
        name=checked_area(area_name),
        la_code=checked_la_code(la_code),
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
        Refused: the name is missing or too long, or the code is not three digits.
    """
    return NewOrganisation(
        name=checked_name(name),
        kind="council",
        sends=home_education,
        coordinates=True,
        la_code=checked_la_code(la_code),
        phone=phone,
        contact_name=contact_name,
        teams=(*COUNCIL_TEAMS, *(HOME_EDUCATION_TEAMS if home_education else ())),
    )
