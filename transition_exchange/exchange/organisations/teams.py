"""An organisation's teams and people: how ready the teams are, who is in them, and removing somebody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotAllowed, NotFound, Refused
from transition_exchange.exchange.keys.colleagues import known_people
from transition_exchange.exchange.keys.open_invitations import open_invitations, take_words
from transition_exchange.exchange.keys.readiness import Readiness, readiness_of_teams
from transition_exchange.exchange.keys.team_identities import names, seen_teams
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records.names import text_order
from transition_exchange.exchange.signing_in import ending
from transition_exchange.store import events
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import (
    Handover,
    Membership,
    Organisation,
    Principal,
    Team,
    TeamKey,
    Unlock,
)


@dataclass(frozen=True)
class Colleague:
    """Somebody of the actor's organisation.

    Attributes:
        name: their name, as a team signed it or as the actor remembers it; what their row says if it was not checked.
        checked: whether their name was signed. Nobody signs it of somebody in no team, or in a team that is not
            confirmed yet and in which the actor is not.
        doubtful: whether different keys were named for them, so that nobody can tell who they are.
        team_ids: the teams that they are a member of.
        second_factor: whether they have set up the second factor.
        recovery_proven: whether they have typed their recovery code back.
    """

    principal_id: UUID
    name: str
    email: str
    administrator: bool
    team_ids: tuple[UUID, ...]
    second_factor: bool
    recovery_proven: bool
    checked: bool = True
    doubtful: bool = False


def own_teams(*, db: Database, actor: Actor) -> tuple[Readiness, ...]:
    """How far each team of the actor's organisation is with its preparations, the oldest team first.

    They are named as the session holds them or as they were confirmed, whatever their rows say. Of others only the row
    says it, and `Readiness.checked` tells so.
    """
    with db.read() as session:
        query = select(Team).where(Team.organisation_id == actor.organisation_id)
        teams = session.scalars(query.order_by(Team.created_at, Team.name)).all()
        readiness = readiness_of_teams(session, teams, trust=trust_of(session, actor)).values()
        seen = seen_teams(session, actor=actor, team_ids=[team.team_id for team in readiness])
    identities = {team_id: team.identity for team_id, team in seen.items()}
    return tuple(
        replace(
            team,
            team_name=identities[team.team_id].name,
            organisation_name=identities[team.team_id].organisation_name,
            purposes=identities[team.team_id].purposes,
            ukprn=identities[team.team_id].ukprn,
            school_urn=identities[team.team_id].school_urn,
            checked=seen[team.team_id].checked,
        )
        for team in readiness
    )


def colleagues(*, db: Database, actor: Actor) -> tuple[Colleague, ...]:
    """The people of the actor's organisation, by name."""
    with db.read() as session:
        known = known_people(session, actor=actor)
        names = {person_id: person.name for person_id, person in known.items() if person.name}
        people = sorted(
            session.scalars(
                select(Principal).where(
                    Principal.organisation_id == actor.organisation_id, Principal.removed_at.is_(None)
                )
            ),
            key=lambda person: (text_order(names.get(person.id, person.name)), person.id),
        )
        ids = [person.id for person in people]
        teams: defaultdict[UUID, set[UUID]] = defaultdict(set)
        for principal_id, team_id in session.execute(
            select(Membership.principal_id, Membership.team_id).where(
                Membership.principal_id.in_(ids), Membership.removed_at.is_(None)
            )
        ):
            teams[principal_id].add(team_id)
        proven = set(
            session.scalars(
                select(Unlock.principal_id).where(
                    Unlock.principal_id.in_(ids), Unlock.kind == "recovery", Unlock.proven_at.is_not(None)
                )
            )
        )
        return tuple(
            Colleague(
                principal_id=person.id,
                name=names.get(person.id, person.name),
                email=person.email,
                administrator=person.administrator,
                team_ids=tuple(sorted(teams[person.id])),
                second_factor=person.second_factor_confirmed_at is not None,
                recovery_proven=person.id in proven,
                checked=person.id in names,
                doubtful=person.id in known and known[person.id].doubtful,
            )
            for person in people
        )


def remove_from_team(
    *, db: Database, actor: Actor, principal_id: UUID, team_id: UUID, now: datetime | None = None
) -> None:
    """Remove somebody from a team. Their access to it ends at their next request.

    Raises:
        NotAllowed: the actor is not an administrator.
        NotFound: the person is unknown, removed or of another organisation, or is not in the team.
        Refused: nobody else could open the team's key.
        ProofNeeded: the actor has to give their passphrase or a code again.
    """
    now = now or utc_now()
    with db.write() as session:
        person = _colleague(session, actor, principal_id)
        if team_id not in _may_leave(session, actor, person=person, only=team_id):
            raise NotFound
        actor.require_proof(now)
        _leave(session, person=person, team_ids={team_id}, now=now)
        _close_ways_back(session, person=person, now=now, only=team_id)
        _note_removal(session, actor, "member.removed", now, principal=principal_id, team=team_id)


def remove_person(*, db: Database, actor: Actor, principal_id: UUID, now: datetime | None = None) -> None:
    """Remove somebody from the organisation. Their memberships, sessions, devices and keys end now.

    Their name is kept, because records say who did what. Their e-mail address is deleted.

    Raises:
        NotAllowed: the actor is not an administrator.
        NotFound: the person is unknown, already removed or of another organisation.
        Refused: they are the only administrator, or nobody else could open the key of one of their teams.
        ProofNeeded: the actor has to give their passphrase or a code again.
    """
    now = now or utc_now()
    with db.write() as session:
        person = _colleague(session, actor, principal_id)
        if person.administrator and _administrators(session, actor.organisation_id) == 1:
            raise Refused("They are the only administrator. Make somebody else an administrator first.")
        team_ids = _may_leave(session, actor, person=person)
        actor.require_proof(now)
        _leave(session, person=person, team_ids=team_ids, now=now)
        _close_ways_back(session, person=person, now=now)
        ended = ending.end_all(session, principal_id=person.id)
        session.execute(delete(Unlock).where(Unlock.principal_id == person.id))
        person.removed_at, person.administrator = now, False
        person.email, person.second_factor = f"{person.id}@removed.invalid", None
        _note_removal(session, actor, "person.removed", now, principal=principal_id)
    ending.forget_ledgers(ended)


def end_sessions(*, db: Database, actor: Actor, principal_id: UUID) -> None:
    """End every session of somebody of the organisation, and forget the browsers that know them.

    They can sign in again with their passphrase and a code.

    Raises:
        NotAllowed: the actor is not an administrator.
        NotFound: the person is unknown, removed or of another organisation.
    """
    with db.write() as session:
        person = _colleague(session, actor, principal_id)
        ended = ending.end_all(session, principal_id=person.id, but=actor.session_id)
        actor.note(session, "person.signed_out", principal=principal_id)
    ending.forget_ledgers(ended)


def set_administrator(*, db: Database, actor: Actor, principal_id: UUID, administrator: bool) -> None:
    """Make somebody of the organisation an administrator, or take the role away.

    Raises:
        NotAllowed: the actor is not an administrator.
        NotFound: the person is unknown, removed or of another organisation.
        Refused: they are the only administrator.
    """
    with db.write() as session:
        person = _colleague(session, actor, principal_id)
        last = person.administrator and _administrators(session, actor.organisation_id) == 1
        if last and not administrator:
            raise Refused("They are the only administrator. Make somebody else an administrator first.")
        person.administrator = administrator
        kind = "administrator.named" if administrator else "administrator.unnamed"
        actor.note(session, kind, principal=principal_id)


def _colleague(session: Session, actor: Actor, principal_id: UUID) -> Principal:
    if not actor.administrator:
        raise NotAllowed("Only an administrator of your organisation can do this.")
    # The lock makes two removals at once wait for each other, so that one administrator always remains.
    session.get_one(Organisation, actor.organisation_id, with_for_update=True)
    person = session.get(Principal, principal_id)
    if person is None or person.organisation_id != actor.organisation_id or person.removed_at is not None:
        raise NotFound
    return person


def _may_leave(session: Session, actor: Actor, *, person: Principal, only: UUID | None = None) -> set[UUID]:
    """The teams that a person is in, or only one of them, if others could open what was sent to each.

    Raises:
        Refused: nobody else could open the key of one of them.
    """
    ending = [Membership.principal_id == person.id, Membership.removed_at.is_(None)]
    if only is not None:
        ending.append(Membership.team_id == only)
    team_ids = set(session.scalars(select(Membership.team_id).where(*ending)))
    for team_id in team_ids:
        if not _others_with_the_key(session, person=person, team_id=team_id):
            name = names(session, actor=actor, team_ids=[team_id])[team_id]
            raise Refused(
                f"Nobody else could open what was sent to {name}. Invite somebody else to the team first."
            )
    return team_ids


def _leave(session: Session, *, person: Principal, team_ids: Collection[UUID], now: datetime) -> None:
    """End a person's memberships of some teams, and wipe the keys in them.

    Each team needs a new key afterwards, which a member makes. A newer key that waits for the person is dropped. They
    may have opened it, so it is noted among the keys that they know.
    """
    session.execute(
        update(Membership)
        .where(
            Membership.principal_id == person.id,
            Membership.team_id.in_(team_ids),
            Membership.removed_at.is_(None),
        )
        .values(removed_at=now, sealed=None)
    )
    for handover, team_id in session.execute(
        select(Handover, TeamKey.team_id)
        .join(TeamKey, TeamKey.id == Handover.team_key_id)
        .where(Handover.taker_id == person.id, TeamKey.team_id.in_(team_ids))
    ):
        session.add(
            Membership(
                principal_id=person.id, team_id=team_id, team_key_id=handover.team_key_id, removed_at=now
            )
        )
        session.delete(handover)


def _note_removal(session: Session, actor: Actor, kind: str, now: datetime, **about: UUID) -> None:
    """Append that somebody left, with the time that their rows have: whoever changes a key goes by the earlier one."""
    events.append(
        session,
        organisation_id=actor.organisation_id,
        kind=kind,
        principal_id=actor.principal_id,
        about=about,
        at=now,
    )


def _others_with_the_key(session: Session, *, person: Principal, team_id: UUID) -> bool:
    """Whether anybody else has the newest key of a team that a person has, or was handed it."""
    newest = (
        select(TeamKey.id)
        .join(Membership, Membership.team_key_id == TeamKey.id)
        .where(
            Membership.principal_id == person.id,
            Membership.removed_at.is_(None),
            TeamKey.team_id == team_id,
        )
        .order_by(TeamKey.version.desc())
        .limit(1)
        .scalar_subquery()
    )
    member = select(Membership.id).where(
        Membership.team_key_id == newest,
        Membership.principal_id != person.id,
        Membership.removed_at.is_(None),
        Membership.sealed.is_not(None),
    )
    handed = select(Handover.id).where(Handover.team_key_id == newest, Handover.taker_id != person.id)
    return any(session.scalar(query.limit(1)) is not None for query in (member, handed))


def _close_ways_back(session: Session, *, person: Principal, now: datetime, only: UUID | None = None) -> None:
    """Stop the invitations through which a removed person could come back, or only those to one team.

    Invitations to their own address are cancelled. Invitations that they made or completed lose their spoken code,
    because they may know it. A colleague makes a new one, unless whoever made the invitation left the organisation.
    """
    for invitation in open_invitations(session, person.organisation_id):
        if only is not None and str(only) not in invitation.team_ids:
            continue
        if invitation.email == person.email:
            invitation.cancelled_at, invitation.bundle, invitation.link_digest = now, None, None
        elif person.id in (invitation.invited_by, invitation.completed_by):
            take_words(invitation)


def _administrators(session: Session, organisation_id: UUID) -> int:
    count = session.scalar(
        select(func.count(Principal.id)).where(
            Principal.organisation_id == organisation_id,
            Principal.administrator.is_(True),
            Principal.removed_at.is_(None),
        )
    )
    return count or 0
