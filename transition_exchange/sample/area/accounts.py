"""The sample area's people: who joins which organisation, and how they become people who can sign in.

Everything goes as in a real area: the council is founded, organisations are invited, people join with a link and a
spoken code, keep a recovery code, and the NEET group confirms every team's key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.joining import accepting, founding, inviting
from transition_exchange.exchange.joining.new_organisations import NewCampus, NewOrganisation, NewTeam
from transition_exchange.exchange.keys import confirming
from transition_exchange.exchange.organisations import contacts
from transition_exchange.exchange.signing_in import recovery, sessions
from transition_exchange.sample.organisations import (
    AREA_NAME,
    BY_KEY,
    COUNCIL,
    LA_CODE,
    PROVIDERS,
    SCHOOLS,
    SampleOrganisation,
)
from transition_exchange.sample.young_people import people
from transition_exchange.sealing import work_places
from transition_exchange.store.database import Database
from transition_exchange.store.models import Invitation, OutboxMail, Team
from transition_exchange.store.tokens import new_token, token_digest

#: One passphrase for everybody: the sample holds nobody's data, and a long list is easily copied wrongly.
PASSPHRASE: Final = "copper lantern meadow ferry thistle"  # noqa: S105  # printed for everybody

#: Codes that are used within the same second need no memory-hard wrapping.
QUICK_KIB: Final = 1_024


@dataclass(frozen=True)
class SamplePerson:
    """Somebody who joins an organisation, and the teams they are in: all teams where none is named."""

    organisation: str
    name: str
    does: str
    teams: tuple[str, ...] = ()


@dataclass(frozen=True)
class SampleAccount:
    """Somebody who can sign in, as the demonstration prints it."""

    name: str
    organisation: str
    does: str
    email: str
    passphrase: str = field(repr=False)


def _contact(organisation: SampleOrganisation, does: str) -> SamplePerson:
    """An organisation's contact, who is in all its teams."""
    return SamplePerson(organisation.key, organisation.contact_name, does)


#: At most 26, since everybody costs a memory-hard derivation. The first of an organisation administers it.
PEOPLE: Final[tuple[SamplePerson, ...]] = (
    SamplePerson("council", COUNCIL.contact_name, "NEET group coordinator, administrator", ("NEET group",)),
    SamplePerson("council", "Farida Chowdhury", "NEET group", ("NEET group",)),
    SamplePerson("council", "Winston Palmer", "Home education team", ("Home education", "Safeguarding")),
    *(
        SamplePerson(school.key, school.contact_name, "SENCO", ("SEND and transition",))
        if school.key == "grove"
        else _contact(school, "SENCO and safeguarding lead")
        for school in SCHOOLS
    ),
    SamplePerson("grove", "Neelam Rai", "Safeguarding lead", ("Safeguarding",)),
    SamplePerson("three_rivers", "Helena Quarmby", "Admissions and exams", ("Admissions", "Exams")),
    SamplePerson("three_rivers", "Kofi Mensah", "Learning support and exams", ("Learning support", "Exams")),
    SamplePerson("three_rivers", "Joanne Allott", "Safeguarding", ("Safeguarding",)),
    *(
        _contact(provider, "Everything")
        for provider in PROVIDERS
        if provider.key not in ("three_rivers", "kestrel")
    ),
)

#: A provider that is invited and that nobody has joined: schools see that they cannot send there yet.
NOT_JOINED: Final = "kestrel"
#: A provider that has joined, and whose key the council has not confirmed by phone yet.
NOT_CONFIRMED: Final = "brightwater"


@dataclass
class Area:
    """The sample area while it is being built: its people by name, signed in, and its organisations' ids by key."""

    db: Database
    memory_kib: int
    organisation_ids: dict[str, str] = field(default_factory=dict)
    actors: dict[tuple[str, str], Actor] = field(default_factory=dict, repr=False)
    cookies: dict[tuple[str, str], str] = field(default_factory=dict, repr=False)

    @classmethod
    def resumed(
        cls, db: Database, *, organisation_ids: Mapping[str, str], cookies: Mapping[tuple[str, str], str]
    ) -> Area:
        """The area as another process takes it up: everybody goes on in their session.

        Args:
            db: the sample's database.
            organisation_ids: the database's id for each organisation's key.
            cookies: session cookies by organisation's key and person's name.
        """
        area = cls(db=db, memory_kib=QUICK_KIB, organisation_ids=dict(organisation_ids))
        for who in sorted(cookies, key=_order):
            area._resume(who, cookies[who])
        return area

    def actor(self, key: str, purpose: str) -> Actor | None:
        """Somebody of an organisation whose team has a purpose; None where nobody has joined."""
        return next((actor for actor in self.actors_of(key) if actor.team_for(purpose)), None)

    def actors_of(self, key: str) -> list[Actor]:
        """Everybody of an organisation."""
        return [actor for (organisation, _), actor in tuple(self.actors.items()) if organisation == key]

    def enter(self, person: SamplePerson, token: str, code: str) -> None:
        """Join by link and code, keep a recovery code, stay signed in until the area is built."""
        signed_in = accepting.accept(
            db=self.db,
            token=token,
            spoken_code=code,
            name=person.name,
            passphrase=PASSPHRASE,
            demo=True,
            memory_kib=self.memory_kib,
        )
        recovery_code = recovery.make_code(db=self.db, cookie=signed_in.cookie, memory_kib=QUICK_KIB)
        recovery.type_back(db=self.db, cookie=signed_in.cookie, code=recovery_code)
        self._resume((person.organisation, person.name), signed_in.cookie)

    def resume_all(self) -> None:
        """Open everybody's session anew, as their next request would."""
        for who, cookie in self.cookies.items():
            self._resume(who, cookie)

    def _resume(self, who: tuple[str, str], cookie: str) -> None:
        resumed = sessions.resume(db=self.db, cookie=cookie)
        if resumed is None or resumed.actor is None:
            raise RuntimeError("A sample person joined and could not go on.")
        self.actors[who], self.cookies[who] = resumed.actor, cookie

    def token_for(self, invitation_id: UUID) -> str:
        """A link for an invitation, as sending its e-mail would have made one; the e-mail is dropped."""
        token = new_token()
        with self.db.write() as session:
            row = session.get_one(Invitation, invitation_id)
            row.link_digest = token_digest(token)
            session.execute(delete(OutboxMail).where(OutboxMail.invitation_id == invitation_id))
        return token


def accounts() -> tuple[SampleAccount, ...]:
    """Everybody who can sign in, the council first."""
    return tuple(
        SampleAccount(
            name=person.name,
            organisation=BY_KEY[person.organisation].name,
            does=person.does,
            email=address(person),
            passphrase=PASSPHRASE,
        )
        for person in PEOPLE
    )


def _order(who: tuple[str, str]) -> int:
    """Where somebody stands in `PEOPLE`, by organisation's key and name."""
    return [(person.organisation, person.name) for person in PEOPLE].index(who)


def address(person: SamplePerson) -> str:
    """The e-mail address somebody signs in with, at their organisation's invented domain."""
    return people.email(person.name, domain=BY_KEY[person.organisation].domain)


def _new_organisation(organisation: SampleOrganisation, first: SamplePerson | None) -> NewOrganisation:
    """What the council enters to invite an organisation; `first` is its administrator to be."""
    joined = first.teams if first and first.teams else [team.name for team in organisation.teams]
    return NewOrganisation(
        name=organisation.name,
        kind=organisation.kind,
        sends=organisation.sends,
        receives=organisation.receives,
        coordinates=organisation.coordinates,
        urn=organisation.urn,
        ukprn=organisation.ukprn,
        laestab=organisation.laestab,
        la_code=organisation.la_code,
        phone=organisation.phone,
        contact_name=organisation.contact_name,
        teams=[
            NewTeam(
                name=team.name,
                purposes=frozenset(team.purposes),
                notification_email=people.email(team.name, domain=organisation.domain),
                joined_first=team.name in joined,
            )
            for team in organisation.teams
        ],
        campuses=[
            NewCampus(campus.name, campus.address, campus.postcode) for campus in organisation.campuses
        ],
    )


def people_of(key: str) -> list[SamplePerson]:
    """Who joins an organisation, its administrator first."""
    return [person for person in PEOPLE if person.organisation == key]


def build_accounts(db: Database, *, memory_kib: int, step: Callable[[], None]) -> Area:
    """Found the area, invite every organisation and let everybody join.

    Args:
        db: a database with every table and no row.
        memory_kib: what a passphrase costs.
        step: called after each person.

    Returns:
        The area, with everybody signed in.
    """
    area = Area(db=db, memory_kib=memory_kib)
    council_first = people_of("council")[0]
    founded = founding.found(
        db=db,
        area_name=AREA_NAME,
        council=_new_organisation(COUNCIL, council_first),
        name=council_first.name,
        email=address(council_first),
        la_code=LA_CODE,
        sample=True,
        memory_kib=QUICK_KIB,
    )
    area.organisation_ids["council"] = str(founded.organisation_id)
    area.enter(council_first, founded.link_token, founded.spoken_code)
    step()
    coordinator = area.actors["council", council_first.name]
    _join_others(area, "council", coordinator, step=step)

    def join(organisation: SampleOrganisation) -> None:
        # One person holds one place for passphrase work, and the coordinator invites from two threads.
        with work_places.held(memory_kib):
            _join(area, coordinator, organisation, step=step)

    # Passphrases are derived outside Python's lock: two threads keep two cores busy.
    with ThreadPoolExecutor(max_workers=2) as pool:
        for _ in pool.map(join, (*SCHOOLS, *PROVIDERS)):
            pass
    _confirm(area, coordinator)
    area.resume_all()  # a session knows from its next request on that its team was confirmed
    _say_whom_to_ring(area)
    return area


def _join(
    area: Area, coordinator: Actor, organisation: SampleOrganisation, *, step: Callable[[], None]
) -> None:
    """The council invites an organisation, and its people join, where there are any."""
    first = next(iter(people_of(organisation.key)), None)
    invited = inviting.invite_organisation(
        db=area.db,
        actor=coordinator,
        organisation=_new_organisation(organisation, first),
        name=organisation.contact_name,
        email=people.email(organisation.contact_name, domain=organisation.domain),
        memory_kib=QUICK_KIB,
    )
    area.organisation_ids[organisation.key] = str(invited.organisation_id)
    if first is None or invited.spoken_code is None:
        return
    area.enter(first, area.token_for(invited.invitation_id), invited.spoken_code)
    step()
    _join_others(area, organisation.key, area.actors[organisation.key, first.name], step=step)


def _join_others(area: Area, key: str, administrator: Actor, *, step: Callable[[], None]) -> None:
    """Everybody else of the administrator's organisation joins the teams they are in."""
    with area.db.read() as session:
        query = select(Team).where(Team.organisation_id == administrator.organisation_id)
        ids = {team.name: team.id for team in session.scalars(query)}
    for person in people_of(key)[1:]:
        invited = inviting.invite_person(
            db=area.db,
            actor=administrator,
            name=person.name,
            email=address(person),
            team_ids=[ids[name] for name in person.teams],
            memory_kib=QUICK_KIB,
        )
        if invited.spoken_code is None:
            raise RuntimeError("A sample invitation could not be completed.")
        area.enter(person, area.token_for(invited.invitation_id), invited.spoken_code)
        step()


def _say_whom_to_ring(area: Area) -> None:
    """The first person in each team that sends says that they answer there."""
    said: set[UUID] = set()
    for (key, _), actor in area.actors.items():
        for team in contacts.to_ask(actor):
            if team.id not in said and (phone := BY_KEY[key].phone):
                said.add(team.id)
                contacts.set_contact(db=area.db, actor=actor, team_id=team.id, name=actor.name, phone=phone)


def _confirm(area: Area, coordinator: Actor) -> None:
    """The NEET group compares every team's number by phone, except at the providers left for somebody to try."""
    left_out = {area.organisation_ids[key] for key in (NOT_JOINED, NOT_CONFIRMED)}
    with area.db.read() as session:
        due = [team for team in session.scalars(select(Team)) if str(team.organisation_id) not in left_out]
    for team in due:
        if "neet_group" not in team.purposes:
            number = confirming.number_of(db=area.db, actor=coordinator, team_id=team.id)
            confirming.confirm(db=area.db, actor=coordinator, team_id=team.id, seen=number.seen)
