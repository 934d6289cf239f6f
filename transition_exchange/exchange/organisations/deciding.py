"""What a team decides about a proposed change: a member reads it, and accepts it for the team or refuses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.errors import NotAllowed, NotFound, Refused
from transition_exchange.exchange.keys import changes
from transition_exchange.exchange.keys.team_identities import seen_teams
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.sealing.acceptance import ROOT, Acceptance
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.store import events
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Event, Principal, Team, TeamChange, TeamKey
from transition_exchange.store.unreadable import Unreadable, leave_out

NOT_PROPOSED = (
    "The list of what your people did does not say that anybody proposed this. Somebody may have put it into the "
    "database. Ask your administrator in person or by phone before you accept it, or refuse it."
)
GIVEN_UP = (
    "The list of what your people did says that this was refused or withdrawn, and it is there again. Somebody may "
    "have changed what is stored. Refuse or withdraw it again, and propose it anew if it is still wanted."
)
CHANGED_MEANWHILE = "What is proposed has changed since this page was opened. Read it again."


@dataclass(frozen=True)
class ShownChange:
    """A change of a team that waits, as its organisation's people see it.

    Attributes:
        before: who the team is; for a member, as their session holds it.
        after: who it would be.
        proposed_by: the name of whoever proposed it; empty if unknown, or if the organisation's log does not say it.
        doubt: what the organisation's log says against it; empty if nothing. Its row is not signed.
        accepted_at: when the team accepted it; None if it has not.
        accepted_by: the name of the member who did; empty if unknown.
        seen: a digest of the change, for a member; `accept` takes it, so that nothing else is signed than was shown.
            Empty for somebody else.
        at_once: whether it holds as soon as the team accepts, because nobody confirms the NEET group.
        may_withdraw: whether the actor can take it back.
    """

    id: UUID
    team_id: UUID
    before: TeamIdentity
    after: TeamIdentity
    proposed_by: str
    proposed_at: datetime
    accepted_at: datetime | None
    accepted_by: str
    seen: str
    at_once: bool
    may_withdraw: bool
    doubt: str = ""

    @property
    def gained(self) -> frozenset[str]:
        """The purposes that the team would get."""
        return self.after.purposes - self.before.purposes

    @property
    def lost(self) -> frozenset[str]:
        """The purposes that the team would give up."""
        return self.before.purposes - self.after.purposes

    @property
    def may_accept(self) -> bool:
        """Whether the actor is a member of the team and the team has not accepted yet."""
        return bool(self.seen) and self.accepted_at is None


def waiting(*, db: Database, actor: Actor) -> dict[UUID, ShownChange]:
    """The changes of the teams of the actor's organisation that wait, by team."""
    with db.read() as session:
        ids = session.scalars(select(Team.id).where(Team.organisation_id == actor.organisation_id)).all()
        open_rows = changes.open_changes(session, ids)
        return {team_id: _shown(session, actor, row) for team_id, row in open_rows.items()}


def change(*, db: Database, actor: Actor, change_id: UUID) -> ShownChange:
    """A change that waits.

    Raises:
        NotFound: it is unknown, done or given up, or about a team of another organisation.
    """
    with db.read() as session:
        return _shown(session, actor, _open_row(session, actor, change_id))


def accept(*, db: Database, actor: Actor, change_id: UUID, seen: str, now: datetime | None = None) -> None:
    """Accept a change for the actor's team. Its key signs who it was and who it becomes.

    A NEET group is changed by that. Any other team stays what it was until the NEET group has confirmed it anew.

    Args:
        change_id: the change.
        seen: `ShownChange.seen` of the page on which it was read.

    Raises:
        NotFound: it is unknown, done or given up, or about a team of another organisation.
        NotAllowed: the actor is not a member of the team.
        Refused: what is proposed has changed since the page was opened, or was refused or withdrawn before.
        ProofNeeded: the team's work would change, and the actor has to give their passphrase or a code again.
    """
    now = now or utc_now()
    with db.write() as session:
        row = _open_row(session, actor, change_id)
        team = _member_of(actor, row)
        if _digest(session, actor, team, row) != seen:
            raise Refused(CHANGED_MEANWHILE)
        if _doubt(session, actor, row) == GIVEN_UP:
            raise Refused(GIVEN_UP)
        sign(session, actor=actor, team=team, row=row, now=now)
        actor.note(session, "change.accepted", team=team.id, change=row.id)


def refuse(*, db: Database, actor: Actor, change_id: UUID, now: datetime | None = None) -> None:
    """Refuse a change for the actor's team. The team stays as it is.

    Raises:
        NotFound: it is unknown, done or given up, or about a team of another organisation.
        NotAllowed: the actor is not a member of the team.
    """
    with db.write() as session:
        row = _open_row(session, actor, change_id)
        _member_of(actor, row)
        row.outcome, row.closed_at = "refused", now or utc_now()
        actor.note(session, "change.refused", team=row.team_id, change=row.id)


def withdraw(*, db: Database, actor: Actor, change_id: UUID, now: datetime | None = None) -> None:
    """Take back a change that waits, accepted or not. The team stays as it is.

    Raises:
        NotFound: it is unknown, done or given up, or about a team of another organisation.
        NotAllowed: the actor is neither an administrator nor a member of the team.
    """
    with db.write() as session:
        row = _open_row(session, actor, change_id)
        if not actor.administrator:
            _member_of(actor, row)
        row.outcome, row.closed_at = "withdrawn", now or utc_now()
        actor.note(session, "change.withdrawn", team=row.team_id, change=row.id)


def sign(session: Session, *, actor: Actor, team: OpenTeam, row: TeamChange, now: datetime) -> None:
    """Sign a change with the team's key, in the transaction of the action. A NEET group is changed by it.

    Raises:
        ProofNeeded: the team's work would change, and the actor has to give their passphrase or a code again.
    """
    after = _after(session, actor, team, row)
    if after.purposes != team.purposes:
        actor.require_proof(now)
    statement = _statement(team, after, now)
    row.statement, row.signature = statement.text(), statement.sign(team.secret.signing)
    row.accepted_by, row.accepted_at = actor.principal_id, now
    if ROOT in team.purposes:
        changes.carry_out(session, row, after=after, now=now)


def _after(session: Session, actor: Actor, team: OpenTeam, row: TeamChange) -> TeamIdentity:
    """Who the team becomes. What it did before anybody confirmed it counts for nothing later."""
    after = changes.proposed(row, team.identity)
    key = session.get_one(TeamKey, team.key_id)
    if trust_of(session, actor).confirmed_in_line(session, key) is None:
        return replace(after, formerly=frozenset())
    return after


def _statement(team: OpenTeam, after: TeamIdentity, accepted_at: datetime | str) -> Acceptance:
    return Acceptance(
        before=team.identity.plain(),
        after=after.plain(),
        fingerprint=team.secret.fingerprint.hex(),
        accepted_at=accepted_at,
        previous=team.change or None,
    )


def _digest(session: Session, actor: Actor, team: OpenTeam, row: TeamChange) -> str:
    return _statement(team, _after(session, actor, team, row), "").digest()


def _open_row(session: Session, actor: Actor, change_id: UUID) -> TeamChange:
    row = session.get(TeamChange, change_id)
    team = session.get(Team, row.team_id) if row else None
    if row is None or team is None or row.outcome is not None:
        raise NotFound
    if team.organisation_id != actor.organisation_id and actor.team(team.id) is None:
        raise NotFound
    return row


def _member_of(actor: Actor, row: TeamChange) -> OpenTeam:
    team = actor.team(row.team_id)
    if team is None:
        raise NotAllowed("Only a member of the team can decide this.")
    return team


def _doubt(session: Session, actor: Actor, row: TeamChange) -> str:
    """What the organisation's log says against a change that waits; empty if nothing.

    It is the log of the actor's organisation. The team's row may name another one, of which the log says nothing.
    """
    kinds: set[str] = set()
    proposer = False
    for event in session.scalars(
        select(Event).where(Event.organisation_id == actor.organisation_id, Event.body.contains(str(row.id)))
    ):
        try:
            action = events.read(event)
        except Unreadable:
            leave_out()
            continue
        kinds.add(action.kind)
        proposer = proposer or (action.kind == "change.proposed" and action.principal_id == row.proposed_by)
    if kinds & {"change.refused", "change.withdrawn"}:
        return GIVEN_UP
    return "" if proposer else NOT_PROPOSED


def _shown(session: Session, actor: Actor, row: TeamChange) -> ShownChange:
    own = actor.team(row.team_id)
    key = trust_of(session, actor).newest(session, [row.team_id]).get(row.team_id)
    before = seen_teams(session, actor=actor, team_ids=[row.team_id])[row.team_id].identity
    names: Mapping[UUID, str] = {
        person.id: person.name
        for person in session.scalars(
            select(Principal).where(Principal.id.in_([row.proposed_by, row.accepted_by]))
        )
    }
    accepted, doubt = None, _doubt(session, actor, row)
    if own is not None:
        public = own.known
        accepted = changes.acceptance_in(
            row, kem_public=public.kem_public, signing_public=public.signing_public
        )
    elif key is not None:
        accepted = changes.acceptance_in(row, kem_public=key.kem_public, signing_public=key.signing_public)
    return ShownChange(
        id=row.id,
        team_id=row.team_id,
        before=before,
        after=accepted.identities[1] if accepted else changes.proposed(row, before),
        proposed_by=names.get(row.proposed_by, "") if row.proposed_by and doubt != NOT_PROPOSED else "",
        proposed_at=row.created_at,
        accepted_at=datetime.fromisoformat(str(accepted.accepted_at)) if accepted else None,
        accepted_by=names.get(row.accepted_by, "") if accepted and row.accepted_by else "",
        seen=_digest(session, actor, own, row) if own else "",
        at_once=ROOT in before.purposes,
        may_withdraw=actor.administrator or own is not None,
        doubt=doubt,
    )
