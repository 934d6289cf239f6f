"""The second confirmer's confirmations: it rings each team too, and signs what the NEET group signed, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.errors import NotAllowed, NotFound, Refused
from transition_exchange.exchange.keys import changes, seconds
from transition_exchange.exchange.keys.key_rows import fingerprint_of
from transition_exchange.exchange.keys.numbers import Changed, KeyNumber, confirmed_before, left_since
from transition_exchange.exchange.keys.organisation_doubts import doubt_about
from transition_exchange.exchange.keys.second_confirmations import second_confirmation
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.sealing.confirmation import Confirmation
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.keys import spoken_fingerprint
from transition_exchange.sealing.second_confirmer import SecondConfirmation, SecondConfirmer
from transition_exchange.sealing.statements import digest_of
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Organisation, Team, TeamChange, TeamKey

CONFIRMED = "key.seconded"
"""The kind of event that says that a second confirmer confirmed a team."""

NOT_YOURS = "Only the team that the area’s rules name confirms teams besides the council."


@dataclass(frozen=True)
class ToSecond:
    """A team that the council has confirmed.

    Attributes:
        team: who it is, or becomes by a change that waits.
        changes: whether it is a change that waits.
        confirmed_at: when the second confirmer confirmed it; None if it has not.
    """

    team: TeamIdentity
    changes: bool
    confirmed_at: datetime | None


@dataclass(frozen=True)
class Seconding:
    """The second confirmer's list.

    Attributes:
        since: the first day on which a team needs both confirmations.
        waiting: the teams that wait for it, by organisation and name.
        done: those that it has confirmed, likewise.
    """

    since: date
    waiting: tuple[ToSecond, ...]
    done: tuple[ToSecond, ...]


def to_confirm(*, db: Database, actor: Actor) -> Seconding:
    """The teams that the council has confirmed, for the second confirmer.

    Raises:
        NotAllowed: the area's rules name none of the actor's teams as the second confirmer.
    """
    with db.read() as session:
        _, second = _role(session, actor)
        found = [
            ToSecond(
                team=proposed.statement.identity,
                changes=proposed.change is not None,
                confirmed_at=proposed.confirmed_at,
            )
            for proposed in _all(session, actor, second)
        ]
    ordered = sorted(found, key=lambda one: (one.team.organisation_name.casefold(), one.team.name.casefold()))
    return Seconding(
        since=second.since,
        waiting=tuple(one for one in ordered if one.confirmed_at is None),
        done=tuple(one for one in ordered if one.confirmed_at is not None),
    )


def number_of(*, db: Database, actor: Actor, team_id: UUID) -> KeyNumber:
    """The security number of a team that the council has confirmed, to be compared by telephone once more.

    Raises:
        NotAllowed: the area's rules name none of the actor's teams as the second confirmer.
        NotFound: the team is unknown, of another area, one that needs no second confirmation, or not confirmed by the
            council.
    """
    with db.read() as session:
        _, second = _role(session, actor)
        proposed = _proposed(session, actor, second, team_id)
        trust = trust_of(session, actor)
        before, doubt = None, ""
        if proposed.confirmed_at is None and proposed.change is None:
            before = confirmed_before(session, actor, team_id=team_id, seen=proposed.seen, kind=CONFIRMED)
            doubt = doubt_about(session, trust, proposed.statement.identity)
        return KeyNumber(
            team=proposed.statement.identity,
            spoken=spoken_fingerprint(fingerprint_of(proposed.newest)),
            seen=proposed.seen,
            confirmed_at=proposed.confirmed_at,
            before=before,
            change=proposed.changed,
            left=left_since(session, trust, key=proposed.newest, team=proposed.statement.identity),
            doubt=doubt,
        )


def confirm(
    *, db: Database, actor: Actor, team_id: UUID, seen: str, now: datetime | None = None
) -> TeamIdentity:
    """Confirm a team as the second confirmer. A change that the council has confirmed holds from then on.

    Args:
        team_id: the team whose number was compared.
        seen: `KeyNumber.seen` of the page on which it was compared.

    Returns:
        The team as it was confirmed.

    Raises:
        NotAllowed: the area's rules name none of the actor's teams as the second confirmer.
        NotFound: as `number_of`.
        Refused: the team's key, or what the council confirmed, changed after the page was opened.
    """
    now = now or utc_now()
    with db.write() as session:
        own, second = _role(session, actor)
        proposed = _proposed(session, actor, second, team_id)
        if proposed.seen != seen:
            raise Refused(
                "The number, or what is said about the team, has changed since this page was opened. Compare it again."
            )
        statement, key, change = proposed.second_statement(now), proposed.key, proposed.change
        if change is not None:
            changes.swap_confirmations(change, key)
            key.confirmed_at, key.confirmed_by = change.confirmed_at, change.confirmed_by
        key.second_confirmation, key.second_signature = statement.text(), statement.sign(own.secret.signing)
        key.second_key_id, key.second_at, key.second_by = own.key_id, now, actor.principal_id
        if change is not None:
            changes.carry_out(session, change, after=statement.identity, now=now)
        actor.note(session, CONFIRMED, team=team_id, key=key.id, confirmed=seen)
    return statement.identity


@dataclass(frozen=True)
class _Proposed:
    """What the second confirmer would sign about a team.

    Attributes:
        newest: the team's newest key, whose number is compared.
        key: the key in its line that the council confirmed.
        statement: what the council confirmed, or confirmed of a change that waits.
        change: the row of that change; None if it is none.
        changed: what that change says.
        confirmed_at: when the second confirmer confirmed the same; None if it has not.
    """

    newest: TeamKey
    key: TeamKey
    statement: Confirmation
    change: TeamChange | None = None
    changed: Changed | None = None
    confirmed_at: datetime | None = None

    def second_statement(self, confirmed_at: datetime | str) -> SecondConfirmation:
        return SecondConfirmation(
            area=self.statement.area,
            team=self.statement.team,
            version=self.statement.version,
            fingerprint=self.statement.fingerprint,
            confirmed_at=confirmed_at,
        )

    @property
    def seen(self) -> str:
        return digest_of(self.second_statement("").text() + fingerprint_of(self.newest).hex())


def _role(session: Session, actor: Actor) -> tuple[OpenTeam, SecondConfirmer]:
    role = seconds.own_role(session, actor)
    if role is None:
        raise NotAllowed(NOT_YOURS)
    return role


def _all(session: Session, actor: Actor, second: SecondConfirmer) -> Iterator[_Proposed]:
    area_id = session.get_one(Organisation, actor.organisation_id).area_id
    ids = session.scalars(select(Team.id).join(Organisation).where(Organisation.area_id == area_id)).all()
    trust = trust_of(session, actor)
    for key in trust.newest(session, ids).values():
        proposed = _of_key(session, trust, second, key)
        if proposed is not None:
            yield proposed


def _proposed(session: Session, actor: Actor, second: SecondConfirmer, team_id: UUID) -> _Proposed:
    team = session.get(Team, team_id)
    organisation = session.get(Organisation, team.organisation_id) if team else None
    own = session.get_one(Organisation, actor.organisation_id)
    trust = trust_of(session, actor)
    key = trust.newest(session, [team_id]).get(team_id)
    if organisation is None or key is None or organisation.area_id != own.area_id:
        raise NotFound
    proposed = _of_key(session, trust, second, key)
    if proposed is None:
        raise NotFound
    return proposed


def _of_key(session: Session, trust: Trust, second: SecondConfirmer, newest: TeamKey) -> _Proposed | None:
    """What would be signed about a team; None if the council confirmed nothing, or nothing is needed."""
    if newest.team_id == second.team.id or newest.team_id in trust.council_ids:
        return None
    accepted = changes.accepted(session, newest)
    if accepted is not None:
        row, acceptance = accepted
        waiting = trust.confirmation_in(session, row, newest)
        before, after = acceptance.identities
        if waiting is not None and waiting.identity == after:
            at = datetime.fromisoformat(str(acceptance.accepted_at))
            changed = Changed(
                before, after, at, confirmed_before=trust.confirmation(session, newest) is not None
            )
            return _Proposed(newest, newest, waiting, row, changed)
    basis = trust.basis(session, newest)
    if basis is None:
        return None
    key, statement = basis
    remembered = trust.second_keys.get(second)
    done = second_confirmation(
        session, key, second, statement, remembered=remembered, confirmed=trust.is_confirmed(session)
    )
    confirmed_at = datetime.fromisoformat(str(done.confirmed_at)) if done else None
    return _Proposed(newest, key, statement, confirmed_at=confirmed_at)
