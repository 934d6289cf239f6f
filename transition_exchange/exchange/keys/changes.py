"""A team that becomes another by name or purpose: what it accepted, who follows it, and when the rows change.

Three things make a change. Somebody proposes it, which binds nobody. A member accepts it, which the team's key signs.
The NEET group confirms the team anew. Until then the old identity holds everywhere. The NEET group itself, which nobody
confirms, is changed by its own acceptance.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import OpenTeam
from transition_exchange.exchange.keys.open_invitations import open_invitations, take_words
from transition_exchange.sealing import BadSignature, UnknownFormat
from transition_exchange.sealing.acceptance import Acceptance
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.keys import fingerprint
from transition_exchange.store.base import utc_now
from transition_exchange.store.models import Organisation, Team, TeamChange, TeamKey


def open_changes(session: Session, team_ids: Sequence[UUID]) -> dict[UUID, TeamChange]:
    """The change of each team that is neither done nor given up, by team."""
    rows = session.scalars(
        select(TeamChange).where(TeamChange.team_id.in_(team_ids), TeamChange.outcome.is_(None))
    )
    return {row.team_id: row for row in rows}


def proposed(row: TeamChange, before: TeamIdentity) -> TeamIdentity:
    """Who a team would be after a proposed change."""
    return before.changed(
        name=before.name if row.name is None else row.name,
        organisation_name=(
            before.organisation_name if row.organisation_name is None else row.organisation_name
        ),
        purposes=before.purposes if row.purposes is None else row.purposes,
    )


def acceptance_in(row: TeamChange, *, kem_public: bytes, signing_public: bytes) -> Acceptance | None:
    """What a team accepted; None if this key did not sign it, or it is no change of this team.

    Args:
        row: the change.
        kem_public: the team's public key for sealing.
        signing_public: its public key for signatures.
    """
    try:
        acceptance = Acceptance.verify(row.statement or "", row.signature or b"", signing_public)
        before, _ = acceptance.identities
    except (BadSignature, UnknownFormat):
        return None
    by_this_key = acceptance.fingerprint == fingerprint(kem_public, signing_public).hex()
    return acceptance if by_this_key and before.id == row.team_id else None


def accepted(session: Session, key: TeamKey) -> tuple[TeamChange, Acceptance] | None:
    """The open change that a team accepted with one of its keys; None if there is none."""
    row = open_changes(session, [key.team_id]).get(key.team_id)
    if row is None:
        return None
    acceptance = acceptance_in(row, kem_public=key.kem_public, signing_public=key.signing_public)
    return None if acceptance is None else (row, acceptance)


def followed(session: Session, team: OpenTeam, confirmed: TeamIdentity | None) -> OpenTeam:
    """A team as its members' acceptances made it, however long this member was away.

    Only what the team's current key signed counts, and each acceptance names the one before. So a key that was given up
    changes nothing, and neither does an older change that somebody puts back.

    Args:
        team: the team as the membership holds it.
        confirmed: who the NEET group confirmed it to be; None for the NEET group itself.

    Returns:
        The team after the last change in the line that ends with what was confirmed; the team as it is if none does.
    """
    # By digest: a row that somebody copies is followed once. An acceptance names the one before, so none comes twice.
    following: defaultdict[str | None, dict[str, Acceptance]] = defaultdict(dict)
    public = team.known
    rows = session.scalars(
        select(TeamChange).where(TeamChange.team_id == team.id, TeamChange.statement.is_not(None))
    )
    for row in {(row.statement, row.signature): row for row in rows}.values():
        acceptance = acceptance_in(row, kem_public=public.kem_public, signing_public=public.signing_public)
        if acceptance is not None:
            following[acceptance.previous][acceptance.digest()] = acceptance
    found, line = team, [(team.identity, team.change)]
    while line:  # breadth first, so that what is found last took the most changes
        step: list[tuple[TeamIdentity, str]] = []
        for identity, change in line:
            for digest, acceptance in following[change or None].items():
                before, after = acceptance.identities
                if before == identity:
                    step.append((after, digest))
        for identity, change in step:
            if confirmed is None or identity == confirmed:
                found = replace(team, **vars(identity), change=change, moved=True)
        line = step
    return found


def carry_out(session: Session, row: TeamChange, *, after: TeamIdentity, now: datetime) -> None:
    """Write into the rows what was confirmed, in the transaction that confirms it.

    Open invitations that bear the old name of a team without a key lose their spoken code; a colleague makes a new one.
    """
    team = session.get_one(Team, row.team_id)
    team.name, team.purposes = after.name, sorted(after.purposes)
    if row.organisation_name is not None:
        session.get_one(Organisation, team.organisation_id).name = after.organisation_name
        withdraw_codes(session, team.organisation_id)
    row.outcome, row.closed_at = "done", now


def swap_confirmations(change: TeamChange, key: TeamKey) -> None:
    """Exchange the confirmation of a change that is carried out with the one of the team's key, which is kept there.

    So it stays known what the team and its organisation were called.
    """
    for column in ("confirmation", "confirmation_signature", "confirmation_key_id"):
        before = getattr(key, column)
        setattr(key, column, getattr(change, column))
        setattr(change, column, before)


def more_work(session: Session, team_ids: Collection[UUID], work: Collection[str]) -> dict[UUID, datetime]:
    """When each of some teams last got some of certain work that it had not before; teams that never did are left out.

    The rows say so, and signatures are not checked. What is told here says only what is to be done again: believe
    nobody for it. A moment that is still to come is none.

    Args:
        team_ids: the teams.
        work: the purposes that count.
    """
    done = select(TeamChange.team_id, TeamChange.statement, TeamChange.closed_at).where(
        TeamChange.team_id.in_(team_ids),
        TeamChange.outcome == "done",
        TeamChange.statement.is_not(None),
        TeamChange.closed_at <= utc_now(),
    )
    since: dict[UUID, datetime] = {}
    for team_id, statement, closed_at in session.execute(done.order_by(TeamChange.closed_at)):
        with suppress(BadSignature, UnknownFormat):
            before, after = Acceptance.read(statement or "").identities
            if closed_at is not None and not (after.purposes - before.purposes).isdisjoint(work):
                since[team_id] = closed_at
    return since


def withdraw_codes(session: Session, organisation_id: UUID, *, team_id: UUID | None = None) -> None:
    """Take the spoken codes of open invitations to teams without a key, because they hold what the teams were called.

    Args:
        team_id: only invitations to this team; None for all of the organisation.
    """
    keyed = set(
        session.scalars(select(TeamKey.team_id).join(Team).where(Team.organisation_id == organisation_id))
    )
    for invitation in open_invitations(session, organisation_id):
        keyless = {UUID(invited) for invited in invitation.team_ids} - keyed
        if keyless and (team_id is None or team_id in keyless):
            take_words(invitation)
