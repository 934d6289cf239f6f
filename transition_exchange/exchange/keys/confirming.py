"""Confirming a team's key for the area after its security number was compared by telephone.

What the NEET group signs is more than the number: who the team is, and what it is for. So the page shows all of it, the
caller reads it out, and the form carries a digest of it. Nothing else than what was on the page can be signed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.keys import changes
from transition_exchange.exchange.keys.confirmed_names import confirmed_names
from transition_exchange.exchange.keys.trust import (
    Trust,
    current_keys,
    fingerprint_of,
    identity_in_rows,
    trust_of,
)
from transition_exchange.sealing.confirmation import Confirmation
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.keys import spoken_fingerprint
from transition_exchange.store import events
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Event, Organisation, Team, TeamChange, TeamKey


@dataclass(frozen=True)
class Changed:
    """A change that a team accepted.

    Attributes:
        before: who the team was when it accepted.
        after: who it becomes once it is confirmed.
        accepted_at: when it accepted.
        confirmed_before: whether the NEET group confirmed it as what it was.
    """

    before: TeamIdentity
    after: TeamIdentity
    accepted_at: datetime
    confirmed_before: bool

    @property
    def gained(self) -> frozenset[str]:
        """The purposes that the team gets."""
        return self.after.purposes - self.before.purposes

    @property
    def lost(self) -> frozenset[str]:
        """The purposes that the team gives up."""
        return self.before.purposes - self.after.purposes


@dataclass(frozen=True)
class KeyNumber:
    """A team's security number as it is read out over the telephone, with all that confirming it would sign.

    Attributes:
        team: who the team is, according to the database. Confirming signs this.
        spoken: the number in groups of digits, for reading out.
        seen: a digest of everything that confirming would sign. `confirm` takes it, so that nothing else is signed than
            what was on the page.
        confirmed_at: when this key was confirmed as this team's; None if it is not.
        before: when this team was confirmed last, if that was with another key, under another name or for other work,
            and the team has not accepted the change; None if it was not.
        change: the change that the team accepted and that waits to be confirmed; None if there is none.
        not_accepted: whether its rows say something else than was confirmed, and the team has not accepted that. Then
            nothing can be confirmed.
    """

    team: TeamIdentity
    spoken: str
    seen: str
    confirmed_at: datetime | None
    before: datetime | None
    change: Changed | None = None
    not_accepted: bool = False


def own_number(*, actor: Actor, team_id: UUID) -> str:
    """The security number of one of the actor's own teams, from the key in this session and not from the database.

    Raises:
        NotFound: the actor does not hold this team's key.
    """
    team = actor.team(team_id)
    if team is None:
        raise NotFound
    return spoken_fingerprint(team.secret.fingerprint)


def number_of(*, db: Database, actor: Actor, team_id: UUID) -> KeyNumber:
    """The published security number of a team of the actor's area, to be compared by telephone.

    Raises:
        NotAllowed: the actor is not in the NEET group.
        NotFound: the team is unknown, belongs to another area or has no key yet.
    """
    actor.require("neet_group")
    with db.read() as session:
        proposed = _proposed(session, actor, team_id)
        signed = proposed.signed
        current = signed is not None and signed.identity == proposed.team
        confirmed_at = datetime.fromisoformat(str(signed.confirmed_at)) if signed else None
        before = None
        if proposed.not_accepted:
            before = confirmed_at
        elif not current and not (signed and proposed.change):
            before = _confirmed_before(session, actor, proposed)
        return KeyNumber(
            team=proposed.team,
            spoken=spoken_fingerprint(fingerprint_of(proposed.key)),
            seen=proposed.seen,
            confirmed_at=confirmed_at if current else None,
            before=before,
            change=proposed.changed,
            not_accepted=proposed.not_accepted,
        )


def waiting_changes(*, db: Database, actor: Actor, team_ids: Sequence[UUID]) -> frozenset[UUID]:
    """The teams among some that accepted a change which the actor's NEET group can confirm."""
    if actor.team_for("neet_group") is None:
        return frozenset()
    with db.read() as session:
        changing = changes.open_changes(session, team_ids)
        return frozenset(
            team_id
            for team_id in current_keys(session, list(changing))
            if _proposed(session, actor, team_id).change is not None
        )


def confirm(
    *, db: Database, actor: Actor, team_id: UUID, seen: str, now: datetime | None = None
) -> TeamIdentity:
    """Confirm a team's key for the whole area after its security number was compared by telephone.

    If the team accepted another name or other purposes, it is these that are confirmed, and its rows follow.

    Args:
        team_id: the team whose key was compared.
        seen: `KeyNumber.seen` of the page on which it was compared.

    Returns:
        The team as it was confirmed.

    Raises:
        NotAllowed: the actor is not in the NEET group.
        NotFound: the team is unknown, belongs to another area or has no key yet.
        Refused: the team's key, its name, its organisation or its work changed after the page was opened, or it was
            confirmed as another and has not accepted that it becomes this one.
    """
    now = now or utc_now()
    own = actor.require("neet_group")
    with db.write() as session:
        proposed = _proposed(session, actor, team_id)
        if proposed.seen != seen:
            raise Refused(
                "The number, or what is said about the team, has changed since this page was opened. Compare it again."
            )
        if proposed.not_accepted:
            raise Refused(
                "The team has not accepted this change, so it cannot be confirmed. A member of the team accepts it "
                "under “People and teams”."
            )
        statement = proposed.statement(now)
        key = proposed.key
        key.confirmation, key.confirmation_signature = statement.text(), statement.sign(own.secret.signing)
        key.confirmation_key_id = own.key_id
        key.confirmed_at, key.confirmed_by = now, actor.principal_id
        about: dict[str, UUID | str] = {"team": team_id, "key": key.id, "confirmed": seen}
        if proposed.change is not None:
            changes.carry_out(session, proposed.change, after=proposed.team, now=now)
            about["change"] = proposed.change.id
        actor.note(session, "key.confirmed", **about)
    return proposed.team


@dataclass(frozen=True)
class _Proposed:
    """What confirming a team's newest key would sign.

    Attributes:
        signed: what the NEET group has signed about this key; None if nothing.
        change: the row of the change that the team accepted; None if there is none.
        changed: what that change says.
        not_accepted: as `KeyNumber.not_accepted`.
    """

    area_id: UUID
    team: TeamIdentity
    key: TeamKey
    signed: Confirmation | None = None
    change: TeamChange | None = None
    changed: Changed | None = None
    not_accepted: bool = False

    def statement(self, confirmed_at: datetime | str) -> Confirmation:
        return Confirmation(
            area=self.area_id,
            team=self.team.plain(),
            fingerprint=fingerprint_of(self.key).hex(),
            confirmed_at=confirmed_at,
        )

    @property
    def seen(self) -> str:
        return self.statement("").digest()


def _proposed(session: Session, actor: Actor, team_id: UUID) -> _Proposed:
    """A team of the actor's area with its newest key: as it accepted to become, or as its rows describe it.

    Raises:
        NotFound: the team is unknown, belongs to another area or has no key yet.
    """
    team = session.get(Team, team_id)
    organisation = session.get(Organisation, team.organisation_id) if team else None
    own = session.get_one(Organisation, actor.organisation_id)
    key = current_keys(session, [team_id]).get(team_id)
    if team is None or organisation is None or key is None or organisation.area_id != own.area_id:
        raise NotFound
    trust = trust_of(session, actor)
    signed = trust.confirmation(session, key)
    accepted = changes.accepted(session, key)
    if accepted is not None:
        row, acceptance = accepted
        before, after = acceptance.identities
        # What a team did before anybody confirmed it counts for nothing later.
        due = before.changed(
            name=after.name, organisation_name=after.organisation_name, purposes=after.purposes
        )
        fits = (before, after) == (signed.identity, due) if signed else not after.formerly
        if fits:
            at = datetime.fromisoformat(str(acceptance.accepted_at))
            changed = Changed(before, after, at, confirmed_before=signed is not None)
            return _Proposed(own.area_id, after, key, signed, row, changed)
    in_rows = identity_in_rows(team, organisation)
    if signed is None:
        return _Proposed(own.area_id, in_rows, key)
    identity = signed.identity
    if _same(session, trust, in_rows, identity):
        return _Proposed(own.area_id, identity, key, signed)
    return _Proposed(own.area_id, in_rows, key, signed, not_accepted=True)


def _same(session: Session, trust: Trust, in_rows: TeamIdentity, confirmed: TeamIdentity) -> bool:
    """Whether a team's rows say what was confirmed.

    An organisation takes its new name with the first of its teams that is confirmed under it. Its other teams keep the
    old one until they have accepted too.
    """
    if replace(in_rows, formerly=confirmed.formerly) == confirmed:
        return True
    names = confirmed_names(session, trust=trust, organisation_ids=[confirmed.organisation_id])
    renamed = replace(in_rows, formerly=confirmed.formerly, organisation_name=confirmed.organisation_name)
    return renamed == confirmed and names.get(confirmed.organisation_id) == in_rows.organisation_name


def _confirmed_before(session: Session, actor: Actor, proposed: _Proposed) -> datetime | None:
    """When this council last confirmed the team, by its own events; None if it was exactly what is proposed now."""
    team_id = str(proposed.team.id)
    about_team = session.scalars(
        select(Event)
        .where(Event.organisation_id == actor.organisation_id, Event.body.contains(team_id))
        .order_by(Event.seq.desc())
    )
    for event in about_team:
        action = events.read(event)
        if action.kind == "key.confirmed" and action.about.get("team") == team_id:
            return None if action.about.get("confirmed") == proposed.seen else action.at
    return None
