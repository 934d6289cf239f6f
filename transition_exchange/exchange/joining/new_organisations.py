"""What an organisation is made of: its rows, its teams and campuses, and what cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import COORDINATING_PURPOSES, RECEIVING_PURPOSES, SENDING_PURPOSES
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.records.folding import stored
from transition_exchange.store.models import Campus, Organisation, Team

KINDS = {
    "school": "School",
    "special_school": "Special school",
    "pupil_referral_unit": "Pupil referral unit",
    "school_with_sixth_form": "School with a sixth form",
    "home_education": "Home education team",
    "college_group": "College",
    "sixth_form_college": "Sixth form college",
    "training_provider": "Training provider",
    "community": "Community organisation",
    "council": "Council",
}
"""Kinds of organisation and their words. What one does is said by `sends`, `receives` and `coordinates`."""

INVITED_KINDS = {kind: words for kind, words in KINDS.items() if kind != "council"}
"""What a council can invite: it is the council itself."""


@dataclass(frozen=True)
class NewTeam:
    """A team to be.

    Attributes:
        joined_first: whether the organisation's first administrator joins it, and so makes its key.
    """

    name: str
    purposes: frozenset[str]
    notification_email: str | None = None
    joined_first: bool = False


@dataclass(frozen=True)
class NewCampus:
    """A place where a provider teaches."""

    name: str
    address: str | None = None
    postcode: str | None = None


@dataclass(frozen=True)
class NewOrganisation:
    """An organisation to be. Its kind is for people to read; what it does is `sends` and `receives`."""

    name: str
    kind: str
    sends: bool = False
    receives: bool = False
    coordinates: bool = False
    urn: str | None = None
    ukprn: str | None = None
    laestab: str | None = None
    la_code: str | None = None
    phone: str | None = None
    contact_name: str | None = None
    teams: Sequence[NewTeam] = ()
    campuses: Sequence[NewCampus] = ()


def default_teams(*, kind: str, sends: bool, receives: bool) -> tuple[NewTeam, ...]:
    """The teams that an organisation of this kind usually has; a community organisation has one for everything.

    The first administrator joins those that deal with transfers, and never safeguarding, unless there is one team.
    """
    if kind == "community":
        purposes = (SENDING_PURPOSES if sends else frozenset()) | (
            RECEIVING_PURPOSES if receives else frozenset()
        )
        return (NewTeam("Everybody", purposes, joined_first=True),)
    teams = []
    if sends:
        teams.append(NewTeam("SEND and transition", frozenset({"transition"}), joined_first=True))
    if receives:
        teams.append(NewTeam("Admissions", frozenset({"admissions"}), joined_first=True))
        teams.append(NewTeam("Learning support", frozenset({"learning_support"})))
        teams.append(NewTeam("Exams", frozenset({"exams"})))
    if sends or receives:
        teams.append(NewTeam("Safeguarding", frozenset({"safeguarding"})))
    return tuple(teams)


@dataclass(frozen=True)
class OrganisationRows:
    """The rows of an organisation that is being made."""

    organisation: Organisation
    teams: Sequence[Team]
    campuses: Sequence[Campus]
    first_teams: list[UUID]

    def add(self, session: Session) -> None:
        """Add them to the transaction."""
        session.add_all([self.organisation, *self.teams, *self.campuses])


def organisation_rows(new: NewOrganisation, area_id: UUID, now: datetime) -> OrganisationRows:
    """The rows of a new organisation, with the teams that its first administrator joins."""
    organisation = Organisation(
        id=uuid4(),
        area_id=area_id,
        name=stored(new.name),
        kind=new.kind,
        sends=new.sends,
        receives=new.receives,
        coordinates=new.coordinates,
        urn=new.urn,
        ukprn=new.ukprn,
        laestab=new.laestab,
        la_code=new.la_code,
        phone=new.phone,
        contact_name=stored(new.contact_name) if new.contact_name else None,
    )
    teams = [
        Team(
            id=uuid4(),
            organisation_id=organisation.id,
            name=stored(each.name),
            purposes=sorted(each.purposes),
            notification_email=each.notification_email,
            created_at=now + timedelta(microseconds=place),  # lists show teams in this order
        )
        for place, each in enumerate(new.teams)
    ]
    campuses = [
        Campus(
            id=uuid4(),
            organisation_id=organisation.id,
            name=stored(each.name),
            address=each.address,
            postcode=each.postcode,
        )
        for each in new.campuses
    ]
    first = [team.id for team, each in zip(teams, new.teams, strict=True) if each.joined_first]
    return OrganisationRows(organisation, teams, campuses, first)


def require_sound(organisation: NewOrganisation) -> None:
    """Refuse an organisation without a name, or whose teams do what it doesn't.

    Raises:
        Refused: with what is wrong.
    """
    if not 0 < len(stored(organisation.name)) <= 200:
        message = "Enter the organisation's name."
        raise Refused(message, {"organisation": message})
    may: set[str] = set()
    may |= SENDING_PURPOSES if organisation.sends else set()
    may |= RECEIVING_PURPOSES if organisation.receives else set()
    may |= COORDINATING_PURPOSES if organisation.coordinates else set()
    wrong = any(not each.purposes or each.purposes - may for each in organisation.teams)
    if wrong or not any(each.joined_first for each in organisation.teams):
        message = (
            "Each team needs something to do that the organisation does, and one needs its first member."
        )
        raise Refused(message, {"teams": message})
