"""A new organisation with its teams and campuses, and the checks that it must pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.keys.key_rows import identity_in_rows
from transition_exchange.exchange.keys.organisation_ids import new_organisation_id
from transition_exchange.proforma.values import composed
from transition_exchange.purposes import fitting
from transition_exchange.sealing.identities import TeamIdentity
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


NOT_UNUSED = (
    "The database says that nobody has joined this organisation, and holds something that only one in use has. Nobody "
    "was invited. Tell the people who run this service: somebody may have changed the database."
)


@dataclass(frozen=True)
class NewTeam:
    """A team of a new organisation.

    Attributes:
        purposes: what the team does; all of them must fit what the organisation does.
        notification_email: the address to which its notices go.
        joined_first: whether the organisation's first administrator joins it, and so makes its key.
    """

    name: str
    purposes: frozenset[str]
    notification_email: str | None = None
    joined_first: bool = False


@dataclass(frozen=True)
class NewCampus:
    """A place where a new provider teaches."""

    name: str
    address: str | None = None
    postcode: str | None = None


@dataclass(frozen=True)
class NewOrganisation:
    """A new organisation.

    Attributes:
        kind: for people to read. What it does is given by `sends`, `receives` and `coordinates`.
        sends: whether it sends its own learners on.
        receives: whether it receives learners from others.
        coordinates: whether it coordinates the area, as the council does.
        urn: its unique reference number, six digits.
        ukprn: its UK provider reference number, eight digits.
        laestab: its local authority and establishment number, seven digits.
        la_code: its local authority's code, three digits.
        phone: the telephone number of its contact.
        contact_name: the name of its contact.
    """

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
    """The teams that an organisation of this kind usually has. A community organisation has one for everything.

    The first administrator joins the teams that deal with transfers. They do not join the safeguarding team, unless the
    organisation has only one team.
    """
    if kind == "community":
        return (NewTeam("Everybody", fitting(sends=sends, receives=receives), joined_first=True),)
    teams = []
    if sends:
        teams.append(NewTeam("SEND and transition", frozenset({"transition"}), joined_first=True))
    if receives:
        teams.append(NewTeam("Admissions", frozenset({"admissions"}), joined_first=True))
        teams.append(NewTeam("Learning support", frozenset({"learning_support"})))
        teams.append(NewTeam("Exams", frozenset({"exams"})))
    if sends:
        teams.append(NewTeam("Safeguarding", frozenset({"school_safeguarding"})))
    if receives:
        name = (
            ("Sixth form safeguarding" if "sixth_form" in kind else "Safeguarding of new learners")
            if sends
            else "Safeguarding"
        )
        teams.append(NewTeam(name, frozenset({"safeguarding"})))
    return tuple(teams)


@dataclass(frozen=True)
class OrganisationRows:
    """The rows of a new organisation.

    Attributes:
        first_teams: the ids of the teams that its first administrator joins.
    """

    organisation: Organisation
    teams: Sequence[Team]
    campuses: Sequence[Campus]
    first_teams: list[UUID]

    @property
    def first_identities(self) -> list[TeamIdentity]:
        """The teams that its first administrator joins, with the names and purposes of the new organisation."""
        return [
            identity_in_rows(team, self.organisation) for team in self.teams if team.id in self.first_teams
        ]

    def add(self, session: Session) -> None:
        """Add the rows to the transaction. In an organisation that is there, they take the place of what was there.

        Raises:
            Refused: other rows need those of its teams, which an organisation that nobody has joined does not have.
        """
        if session.get(Organisation, self.organisation.id) is not None:
            old = Team.organisation_id == self.organisation.id
            if _are_needed(session, session.scalars(select(Team.id).where(old)).all()):
                raise Refused(NOT_UNUSED, {"organisation": NOT_UNUSED})
            session.execute(delete(Team).where(old))
            session.merge(self.organisation)
        else:
            session.add(self.organisation)
        session.add_all([*self.teams, *self.campuses])


def _are_needed(session: Session, team_ids: Sequence[UUID]) -> bool:
    """Whether any row of any table names one of some teams."""
    naming = [
        key.parent
        for table in Team.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column is Team.__table__.c.id
    ]
    return any(session.scalar(select(exists().where(column.in_(team_ids)))) for column in naming)


def organisation_rows(
    new: NewOrganisation, area_id: UUID, now: datetime, *, organisation_id: UUID | None = None
) -> OrganisationRows:
    """The rows of a new organisation in an area.

    Args:
        new: the organisation.
        area_id: the area.
        now: when it is made.
        organisation_id: an organisation that is there and that nobody uses, or one whose id is known to be free; None
            for the first of this name.
    """
    organisation = Organisation(
        id=organisation_id or new_organisation_id(area_id, composed(new.name)),
        area_id=area_id,
        name=composed(new.name),
        kind=new.kind,
        sends=new.sends,
        receives=new.receives,
        coordinates=new.coordinates,
        urn=new.urn,
        ukprn=new.ukprn,
        laestab=new.laestab,
        la_code=new.la_code,
        phone=new.phone,
        contact_name=composed(new.contact_name) if new.contact_name else None,
    )
    teams = [
        Team(
            id=uuid4(),
            organisation_id=organisation.id,
            name=composed(new_team.name),
            purposes=sorted(new_team.purposes),
            notification_email=new_team.notification_email,
            created_at=now + timedelta(microseconds=position),  # lists show teams in this order
        )
        for position, new_team in enumerate(new.teams)
    ]
    campuses = [
        Campus(
            id=uuid4(),
            organisation_id=organisation.id,
            name=composed(campus.name),
            address=campus.address,
            postcode=campus.postcode,
        )
        for campus in new.campuses
    ]
    first_teams = [team.id for team, new_team in zip(teams, new.teams, strict=True) if new_team.joined_first]
    return OrganisationRows(
        organisation=organisation, teams=teams, campuses=campuses, first_teams=first_teams
    )


def require_sound(organisation: NewOrganisation) -> None:
    """Refuse an organisation without a name, or with teams that don't fit what it does.

    Raises:
        Refused: the name is missing or longer than 200 characters, a team has no purpose or one that the organisation
            does not have, or no team is joined by the first administrator.
    """
    if not 0 < len(composed(organisation.name)) <= 200:
        message = "Enter the organisation's name."
        raise Refused(message, {"organisation": message})
    possible = fitting(
        sends=organisation.sends, receives=organisation.receives, coordinates=organisation.coordinates
    )
    wrong = any(not team.purposes or team.purposes - possible for team in organisation.teams)
    if wrong or not any(team.joined_first for team in organisation.teams):
        message = "Each team needs a purpose that fits the organisation, and one team needs a first member."
        raise Refused(message, {"teams": message})
