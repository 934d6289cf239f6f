"""What the learners of an area share in a coordinator's lists: its organisations, and which of them are not ready."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.coordinating.ringing import (
    AreaTeam,
    ToRing,
    area_teams,
    contact_in_row,
    those_for,
    whom_to_ring,
)
from transition_exchange.exchange.keys.area_rules import signed_rules
from transition_exchange.exchange.keys.confirmed_names import ConfirmedName, names_with_earlier_ones
from transition_exchange.exchange.keys.contacts import Contact
from transition_exchange.exchange.keys.readiness import readiness_of_teams
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records.term_starts import term_starts_of
from transition_exchange.exchange.school_calendar import TermStarts
from transition_exchange.proforma.destinations import STATUS_ORDER
from transition_exchange.purposes import RECEIVING
from transition_exchange.store.models import Area, Organisation, Team


@dataclass(frozen=True, slots=True)
class Blocked:
    """Why an organisation cannot send, or be sent to.

    Attributes:
        by_council: whether the council has a security number to confirm by phone; otherwise the team has something
            to do itself.
        since: since when it waits.
        nobody: whether nobody has joined any of its teams yet.
    """

    by_council: bool
    since: datetime
    nobody: bool = False


@dataclass(frozen=True)
class AreaFacts:
    """What a learner's line needs to know of the area.

    Attributes:
        area_id: the area.
        name: its name.
        send_at: the application status from which on packs go out.
        names: the names of all organisations by id, also of those outside the area, which learners here may come from:
            as they were confirmed, and as their rows say where they are not.
        contacts: each organisation's contact as its row says, by the organisation's id; those without one are left out.
        receivers: the organisations that receive packs.
        sending: the organisations whose transition team is not ready to send.
        receiving: the organisations of which a team is not ready to be sent to.
        confirmed: what the organisations were confirmed to be called, by id.
        term_starts: the first days of the autumn terms that the area has set.
        closed_year: the newest leaving year that the council has closed, with all before it; None if it closed none.
        teams: the teams of each organisation with the contacts that they have signed, by the organisation's id.
    """

    area_id: UUID
    name: str
    send_at: str
    names: dict[UUID, str]
    contacts: Mapping[UUID, Contact]
    receivers: frozenset[UUID]
    sending: dict[UUID, Blocked]
    receiving: dict[UUID, Blocked]
    confirmed: Mapping[UUID, ConfirmedName] = field(default_factory=dict)
    term_starts: TermStarts = field(default_factory=dict)
    closed_year: int | None = None
    teams: Mapping[UUID, tuple[AreaTeam, ...]] = field(default_factory=dict)

    def term_assumed(self, leaving_year: int) -> bool:
        """Whether the start of the term after a leaving year is not set, so that 1 September is assumed."""
        return leaving_year not in self.term_starts

    def closed(self, leaving_year: int) -> bool:
        """Whether the council has closed a leaving year."""
        return self.closed_year is not None and leaving_year <= self.closed_year

    def teams_for(self, organisation_id: UUID, *work: str) -> tuple[AreaTeam, ...]:
        """The teams of an organisation that do any of some work."""
        return those_for(self.teams.get(organisation_id, ()), work)

    def ring(self, organisation_id: UUID, teams: Iterable[AreaTeam] = ()) -> tuple[ToRing, ...]:
        """Whom to ring at an organisation for some of its teams; its own contact if none is named."""
        return whom_to_ring(
            teams,
            organisation=self.names.get(organisation_id, "the provider"),
            contact=self.contacts.get(organisation_id),
        )


def area_facts(session: Session, actor: Actor) -> AreaFacts:
    """The area of the actor's coordinating organisation.

    If its rules cannot be checked, nothing is far enough to be sent but an enrolment.
    """
    area = session.get_one(Area, session.get_one(Organisation, actor.organisation_id).area_id)
    trust = trust_of(session, actor)
    rules = signed_rules(session, trust=trust, area=area)
    organisations = session.scalars(select(Organisation)).all()
    confirmed = names_with_earlier_ones(
        session, trust=trust, organisation_ids={organisation.id for organisation in organisations}
    )
    return AreaFacts(
        area_id=area.id,
        name=area.name,
        send_at=rules.send_at if rules else STATUS_ORDER[-1],
        names={
            organisation.id: confirmed[organisation.id].name
            if organisation.id in confirmed
            else organisation.name
            for organisation in organisations
        },
        contacts={
            organisation.id: contact
            for organisation in organisations
            if (contact := contact_in_row(organisation)) is not None
        },
        receivers=frozenset(organisation.id for organisation in organisations if organisation.receives),
        sending=_blocked(session, area.id, ("transition",), trust=trust),
        receiving=_blocked(session, area.id, RECEIVING, trust=trust),
        confirmed=confirmed,
        term_starts=term_starts_of(session, area.id),
        closed_year=area.closed_year,
        teams=area_teams(session, trust=trust),
    )


def _blocked(
    session: Session, area_id: UUID, purposes: Collection[str], *, trust: Trust
) -> dict[UUID, Blocked]:
    """The organisations with a team for any of the purposes that is not ready.

    Of several such teams, one that waits for the council counts before others, then the one that waits longest.
    """
    teams = [
        team
        for team in session.scalars(select(Team).join(Organisation).where(Organisation.area_id == area_id))
        if not set(purposes).isdisjoint(team.purposes)
    ]
    readiness = readiness_of_teams(session, teams, trust=trust)
    blocked: dict[UUID, Blocked] = {}
    for team in teams:
        state = readiness.get(team.id)
        if state is None or state.ready:
            continue
        before = blocked.get(team.organisation_id)
        if before is None or (state.to_confirm, before.since) > (before.by_council, state.since):
            blocked[team.organisation_id] = Blocked(by_council=state.to_confirm, since=state.since)
    joined = {team.organisation_id for team in teams if (far := readiness.get(team.id)) and far.has_key}
    return {
        organisation_id: replace(why, nobody=organisation_id not in joined)
        for organisation_id, why in blocked.items()
    }
