"""Whether a team can send and be sent to.

It needs a confirmed key and two ways to open it, so that the loss of one locks nobody out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.english import listed
from transition_exchange.exchange.keys.key_rows import identity_in_rows
from transition_exchange.exchange.keys.seconds import in_rows
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.sealing.second_confirmer import SecondConfirmer
from transition_exchange.store.base import utc_now
from transition_exchange.store.models import (
    Area,
    Handover,
    Membership,
    Organisation,
    Principal,
    Team,
    TeamKey,
    Unlock,
)
from transition_exchange.store.unreadable import Unreadable, leave_out
from transition_exchange.stored_text import UnreadableText, read_object

OPENERS_NEEDED = 2
"""Ways to open a team's key: two people, or one person and a recovery code that they have typed back.

For the NEET group only people count: it confirms everybody else's keys, so that an area whose one person is ill or gone
could confirm and mend nothing.
"""


@dataclass(frozen=True)
class Readiness:
    """How far a team is with its preparations.

    Attributes:
        has_key: whether somebody has joined the team and so made its key.
        confirmed: whether the area has confirmed the key, or one that this key follows.
        to_vouch: whether the key was made because somebody left, and nobody else has confirmed it yet.
        openers: how many people can open the key, plus how many of them have typed their recovery code back; for the
            NEET group the people alone.
        takers: the names of members to whom the newest key was handed over and who have not taken it yet.
        contact: the name and telephone number of the organisation's contact; empty if none is known.
        since: when the team got its newest key, or when it was made if it has none.
        purposes: what the team does, by its row.
        ukprn: the UKPRN of its organisation, likewise; empty if it has none.
        school_urn: the URN of its organisation, if that is a school; else empty.
        checked: whether its name and its work were sealed to the person who looks or confirmed, where that was asked.
            Otherwise only its row says them.
        waits_for: the second confirmer, in words, if the council has confirmed the team, the area requires a second
            confirmation by now, and there is none; empty otherwise.
    """

    team_id: UUID
    team_name: str
    organisation_name: str
    has_key: bool
    confirmed: bool
    openers: int
    contact: str
    since: datetime
    purposes: frozenset[str] = frozenset()
    ukprn: str = ""
    school_urn: str = ""
    waits_for: str = ""
    to_vouch: bool = False
    takers: tuple[str, ...] = ()
    checked: bool = True

    @property
    def unchecked(self) -> bool:
        """Whether somebody is in it, and still only its row says what it is called and what it does."""
        return self.has_key and not self.checked

    @property
    def to_confirm(self) -> bool:
        """Whether the council can do something about the key: confirm it by phone."""
        return self.has_key and (self.to_vouch or not self.confirmed)

    @property
    def lacks_person(self) -> bool:
        """Whether it is a NEET group with one person or none who can open its key."""
        return "neet_group" in self.purposes and self.has_key and self.openers < OPENERS_NEEDED

    @property
    def waits_for_council(self) -> bool:
        """Whether one of the things that it lacks is for the council, and not for the team's own organisation."""
        return bool(self.waits_for) or (self.to_confirm and not self.to_vouch)

    @property
    def waits_for_itself(self) -> bool:
        """Whether one of the things that it lacks is for the team's own organisation."""
        return not self.has_key or self.to_vouch or self.openers < OPENERS_NEEDED

    @property
    def ready(self) -> bool:
        """Whether the team can send and be sent to."""
        done = self.has_key and not self.to_confirm and not self.waits_for
        return done and self.openers >= OPENERS_NEEDED

    @property
    def missing(self) -> tuple[str, ...]:
        """What is still to be done, as pages show it; empty if the team is ready."""
        steps = []
        if not self.has_key:
            steps.append("nobody has joined it yet")
        elif self.openers < OPENERS_NEEDED and self.takers:
            one_of = "" if len(self.takers) == 1 else "one of "
            steps.append(f"{one_of}{listed(self.takers)} has to sign in and take its new key")
        elif self.lacks_person:
            steps.append("it needs a second person, because it confirms the teams of everybody else")
        elif self.openers < OPENERS_NEEDED:
            steps.append("it needs a second person, or a recovery code typed back once")
        if self.to_vouch:
            steps.append(
                "somebody has left it, so another team of its organisation has to confirm its new key, "
                "or the council by phone"
            )
        elif self.to_confirm:
            steps.append("the council has not yet confirmed its security number by phone")
        elif self.waits_for:
            steps.append(
                f"the council has confirmed it, and it waits for {self.waits_for}, which confirms teams too"
            )
        return tuple(steps)


def readiness_of(session: Session, team_id: UUID, *, trust: Trust) -> Readiness:
    """How far a team is with its preparations.

    Args:
        trust: tells which of its keys is the newest.

    Raises:
        Unreadable: the team is unknown, or its organisation cannot be read.
    """
    found = readiness_of_teams(session, [session.get_one(Team, team_id)], trust=trust)
    if team_id not in found:
        raise Unreadable
    return found[team_id]


def readiness_of_teams(session: Session, teams: Sequence[Team], *, trust: Trust) -> dict[UUID, Readiness]:
    """How far each of some teams is with its preparations, by the team's id.

    A team whose organisation cannot be read is left out.

    Args:
        trust: tells which of a team's keys is the newest. A row with a higher number that nobody signed is passed over,
            so that it keeps nobody from sending or being sent to.
    """
    ids = [team.id for team in teams]
    keys = trust.newest(session, ids)
    lines = {
        team_id: {
            number: key
            for number, key in trust.roots.lines.of(session, team_id).items()
            if number <= newest.version
        }
        for team_id, newest in keys.items()
    }
    key_ids = [key.id for key in keys.values()]
    members = _members_of(session, key_ids)
    openers, takers = _openers(session, members), _takers_of(session, key_ids)
    people = {key_id: len(who) for key_id, who in members.items()}
    of_teams = Organisation.id.in_({team.organisation_id for team in teams})
    organisations = {
        organisation.id: organisation
        for organisation in session.scalars(select(Organisation).where(of_teams))
    }
    area_ids = {organisation.area_id for organisation in organisations.values()}
    second = in_rows(session.scalars(select(Area).where(Area.id.in_(area_ids))).all())
    readiness: dict[UUID, Readiness] = {}
    for team in teams:
        organisation, key = organisations.get(team.organisation_id), keys.get(team.id)
        if organisation is None:
            continue  # counted, as every row that is left out
        root, said = _is_root(team, trust), identity_in_rows(team, organisation)
        confirmed, to_vouch = (
            (root, False) if root or not key else _standing(session, trust, key, lines[team.id])
        )
        confirmer = second.get(organisation.area_id)
        readiness[team.id] = Readiness(
            team_id=team.id,
            team_name=team.name,
            organisation_name=organisation.name,
            has_key=key is not None,
            confirmed=confirmed,
            to_vouch=to_vouch,
            openers=(people if root else openers).get(key.id, 0) if key else 0,
            takers=tuple(takers.get(key.id, ())) if key else (),
            contact=contact_of(organisation),
            since=key.created_at if key else team.created_at,
            purposes=said.purposes,
            ukprn=said.ukprn,
            school_urn=said.school_urn,
            waits_for=confirmer.words
            if confirmer and key and not root and _lacks_second(session, trust, key, confirmer)
            else "",
        )
    return readiness


def _standing(session: Session, trust: Trust, key: TeamKey, line: Mapping[int, TeamKey]) -> tuple[bool, bool]:
    """Whether a team's line of keys was confirmed, and whether its newest waits because somebody has left.

    Both come from what was signed. Somebody who has pinned no NEET group can check nothing, and goes by the rows.
    """
    if not trust.council_ids:
        return any(earlier.confirmed_at for earlier in line.values()), _waits_for_somebody(line)
    counts = trust.vouched(session, key) is not None
    confirmed = counts or trust.confirmed_in_line(session, key) is not None
    return confirmed, not counts and bool(trust.waiting_since(session, key)[1])


def _lacks_second(session: Session, trust: Trust, key: TeamKey, second: SecondConfirmer) -> bool:
    """Whether a team is confirmed and waits for the second confirmer: by what was signed, if the session can tell."""
    if not second.is_needed_on(utc_now().date()) or key.team_id == second.team.id:
        return False
    if second in trust.seconds:
        return trust.vouched(session, key) is not None and not trust.complete(session, key)
    return key.confirmed_at is not None and key.second_at is None


def _waits_for_somebody(line: Mapping[int, TeamKey]) -> bool:
    """Whether somebody left since the last key of a team that anybody else confirmed, according to the rows."""
    for _, key in sorted(line.items(), reverse=True):
        if key.confirmed_at is not None or key.voucher is not None or key.succession is None:
            return False
        try:
            if read_object(key.succession)["removed"]:
                return True
        except (UnreadableText, KeyError):
            leave_out()
            return True
    return False


def contact_of(organisation: Organisation) -> str:
    """The name and telephone number of an organisation's contact, as pages show them; empty if none is known."""
    return " on ".join(detail for detail in (organisation.contact_name, organisation.phone) if detail)


def _is_root(team: Team, trust: Trust) -> bool:
    """Whether confirmation starts from this team's key: other teams pin the NEET group's key when they join.

    Its row is believed by somebody alone who has pinned none, because they are in no team.
    """
    return team.id in trust.council_ids if trust.council_ids else "neet_group" in team.purposes


def _takers_of(session: Session, key_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """The names of those to whom each of some team keys was handed over and who have not taken it yet, in order."""
    takers: dict[UUID, list[str]] = {}
    for key_id, name in session.execute(
        select(Handover.team_key_id, Principal.name)
        .join(Principal, Principal.id == Handover.taker_id)
        .where(Handover.team_key_id.in_(key_ids), Principal.removed_at.is_(None))
        .order_by(Principal.name, Principal.id)
    ):
        takers.setdefault(key_id, []).append(name)
    return takers


def openers_of(session: Session, key_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many ways there are to open each of some team keys: people, and recovery codes that they have typed back."""
    return _openers(session, _members_of(session, key_ids))


def _members_of(session: Session, key_ids: Sequence[UUID]) -> dict[UUID, set[UUID]]:
    """The people who can open each of some team keys."""
    members: dict[UUID, set[UUID]] = {}
    for key_id, principal_id in session.execute(
        select(Membership.team_key_id, Membership.principal_id)
        .join(Principal, Principal.id == Membership.principal_id)
        .where(
            Membership.team_key_id.in_(key_ids),
            Membership.removed_at.is_(None),
            Membership.sealed.is_not(None),
            Principal.removed_at.is_(None),
        )
    ):
        if key_id is not None:
            members.setdefault(key_id, set()).add(principal_id)
    return members


def _openers(session: Session, members: Mapping[UUID, set[UUID]]) -> dict[UUID, int]:
    everybody = set().union(*members.values())
    proven = set(
        session.scalars(
            select(Unlock.principal_id).where(
                Unlock.principal_id.in_(everybody), Unlock.kind == "recovery", Unlock.proven_at.is_not(None)
            )
        )
    )
    return {key_id: len(people) + len(people & proven) for key_id, people in members.items()}
