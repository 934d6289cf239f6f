"""Proposing that a team, or the whole organisation, gets another name, or that a team does other work.

Only an administrator proposes. If they are a member of the team, their session accepts for it at once: whoever holds
the team's key may sign. A team that nobody has joined yet has no key that could accept; its rows change at once.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotAllowed, NotFound, Refused
from transition_exchange.exchange.keys import changes
from transition_exchange.exchange.keys.key_rows import keyed_teams
from transition_exchange.exchange.keys.team_identities import seen_teams
from transition_exchange.exchange.organisations.deciding import sign
from transition_exchange.proforma.values import composed
from transition_exchange.purposes import fitting
from transition_exchange.sealing.acceptance import ROOT
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Organisation, Team, TeamChange

NO_NAME = "Enter a name"
NO_WORK = "Choose what the team does"
WRONG_WORK = "Choose work that your organisation does"
NOTHING = "Nothing of this is different from now"
WAITS = "A change of this team waits already. Withdraw it first, or wait until it is done."


def possible_purposes(*, db: Database, actor: Actor, team_id: UUID) -> frozenset[str]:
    """What a team of the actor's organisation may do.

    The NEET group does nothing else, and no other team becomes one: its key confirms the others.

    Raises:
        NotAllowed: the actor is not an administrator.
        NotFound: the team is unknown or belongs to another organisation.
    """
    with db.read() as session:
        team, organisation = _own_team(session, actor, team_id)
        return _possible(team, organisation)


def propose(
    *,
    db: Database,
    actor: Actor,
    team_id: UUID,
    name: str,
    purposes: Collection[str],
    now: datetime | None = None,
) -> UUID | None:
    """Propose another name or other work for a team of the actor's organisation.

    Args:
        team_id: the team.
        name: the name that it would have.
        purposes: what it would do.

    Returns:
        The id of the change; None if it was made at once, because nobody has joined the team yet.

    Raises:
        NotAllowed: the actor is not an administrator.
        NotFound: the team is unknown or belongs to another organisation.
        Refused: the name is missing, too long or that of another team of the organisation, the work does not fit the
            organisation, nothing would change, or another change waits.
        ProofNeeded: the actor is in the team, the work would change, and they have to give their passphrase or a code
            again.
    """
    now, name, wanted = now or utc_now(), composed(name), frozenset(purposes)
    with db.write() as session:
        team, organisation = _own_team(session, actor, team_id)
        before = seen_teams(session, actor=actor, team_ids=[team_id])[team_id].identity
        name_now, work_now = before.name, before.purposes
        possible = _possible(team, organisation)
        wrong: dict[str, str] = {}
        if not 0 < len(name) <= 200:
            wrong["name"] = NO_NAME
        elif name in _other_names(session, team):
            wrong["name"] = "Another team of your organisation has this name"
        if not wanted:
            wrong["purposes"] = NO_WORK
        elif wanted - possible:
            wrong["purposes"] = WRONG_WORK
        if not wrong and (name, wanted) == (name_now, work_now):
            wrong["name"] = NOTHING
        if wrong:
            raise Refused("Some of what you entered is not right.", wrong)
        if not keyed_teams(session, [team_id]):
            team.name, team.purposes = name, sorted(wanted)
            changes.withdraw_codes(session, organisation.id, team_id=team_id)
            actor.note(session, "change.made", team=team_id)
            return None
        row = _row(session, actor, team_id, now)
        row.name = name if name != name_now else None
        row.purposes = sorted(wanted) if wanted != work_now else None
        _accept_as_member(session, actor, row, now)
        actor.note(session, "change.proposed", team=team_id, change=row.id)
    return row.id


def rename_organisation(
    *, db: Database, actor: Actor, name: str, now: datetime | None = None
) -> tuple[UUID, ...]:
    """Propose another name for the actor's organisation: it is part of who each of its teams is, so all have to accept.

    Teams that nobody has joined yet follow as soon as the first other team is confirmed under the new name.

    Args:
        name: the name that it would have.

    Returns:
        The ids of the changes, one for each team with a key; none if no team has one, and then the name is changed.

    Raises:
        NotAllowed: the actor is not an administrator.
        Refused: the name is missing, too long, the present one or that of another organisation of the area, or a change
            of one of the teams waits.
    """
    now, name = now or utc_now(), composed(name)
    if not actor.administrator:
        raise NotAllowed("Only an administrator of your organisation can do this.")
    with db.write() as session:
        organisation = session.get_one(Organisation, actor.organisation_id, with_for_update=True)
        same = select(Organisation.id).where(
            Organisation.area_id == organisation.area_id,
            Organisation.name == name,
            Organisation.id != organisation.id,
        )
        if not 0 < len(name) <= 200:
            raise Refused(NO_NAME, {"name": NO_NAME})
        if name == organisation.name:
            raise Refused(NOTHING, {"name": NOTHING})
        if session.scalar(same) is not None:
            taken = "There is already an organisation with this name in your area"
            raise Refused(taken, {"name": taken})
        ids = session.scalars(
            select(Team.id)
            .where(Team.organisation_id == organisation.id)
            .order_by(Team.created_at, Team.name)
        ).all()
        keyed = keyed_teams(session, ids)
        rows = [_row(session, actor, team_id, now) for team_id in ids if team_id in keyed]
        for row in rows:
            row.organisation_name = name
            _accept_as_member(session, actor, row, now)
        if not rows:
            organisation.name = name
            changes.withdraw_codes(session, organisation.id)
        actor.note(
            session,
            "change.proposed" if rows else "change.made",
            organisation=organisation.id,
            teams=len(rows),
            **{f"change{number}": row.id for number, row in enumerate(rows, 1)},
        )
    return tuple(row.id for row in rows)


def _own_team(session: Session, actor: Actor, team_id: UUID) -> tuple[Team, Organisation]:
    if not actor.administrator:
        raise NotAllowed("Only an administrator of your organisation can do this.")
    team = session.get(Team, team_id)
    if team is None or team.organisation_id != actor.organisation_id:
        raise NotFound
    return team, session.get_one(Organisation, team.organisation_id)


def _possible(team: Team, organisation: Organisation) -> frozenset[str]:
    if ROOT in team.purposes:
        return frozenset(team.purposes)
    return fitting(
        sends=organisation.sends, receives=organisation.receives, coordinates=organisation.coordinates
    ) - {ROOT}


def _other_names(session: Session, team: Team) -> set[str]:
    return set(
        session.scalars(
            select(Team.name).where(Team.organisation_id == team.organisation_id, Team.id != team.id)
        )
    )


def _row(session: Session, actor: Actor, team_id: UUID, now: datetime) -> TeamChange:
    """A new change of a team, added to the transaction.

    Raises:
        Refused: another one waits.
    """
    session.get_one(
        Team, team_id, with_for_update=True
    )  # of two proposals at once, the second sees the first
    if changes.open_changes(session, [team_id]):
        raise Refused(WAITS, {"name": WAITS})
    row = TeamChange(id=uuid4(), team_id=team_id, proposed_by=actor.principal_id, created_at=now)
    session.add(row)
    return row


def _accept_as_member(session: Session, actor: Actor, row: TeamChange, now: datetime) -> None:
    team = actor.team(row.team_id)
    if team is not None:
        sign(session, actor=actor, team=team, row=row, now=now)
