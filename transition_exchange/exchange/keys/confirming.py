"""Confirming a team's key for the area after its security number was compared by telephone.

What the NEET group signs is more than the number: who the team is, and what it is for. So the page shows all of it, the
caller reads it out, and the form carries a digest of it. Nothing else than what was on the page can be signed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.keys import changes, seconds
from transition_exchange.exchange.keys.confirmed_names import confirmed_names
from transition_exchange.exchange.keys.key_rows import fingerprint_of, identity_in_rows, keyed_teams
from transition_exchange.exchange.keys.numbers import Changed, KeyNumber, confirmed_before, left_since
from transition_exchange.exchange.keys.organisation_doubts import doubt_about
from transition_exchange.exchange.keys.second_confirmations import continues, second_confirmation
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.sealing.confirmation import Confirmation
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.keys import spoken_fingerprint
from transition_exchange.sealing.second_confirmer import SecondConfirmer
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Organisation, Team, TeamChange, TeamKey


def own_number(*, actor: Actor, team_id: UUID) -> str:
    """The security number of one of the actor's own teams, from the key in this session and not from the database.

    Also of one that is set aside: the council confirms it after comparing this number.

    Raises:
        NotFound: the actor does not hold this team's key.
    """
    team = actor.held_team(team_id)
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
        waits_for = ""
        if proposed.half_confirmed is not None:
            signed, current = proposed.half_confirmed, True
        if signed is not None and current and proposed.second is not None:
            remembered = actor.address_book.key_of(proposed.second)
            done = second_confirmation(
                session,
                proposed.key,
                proposed.second,
                signed,
                remembered=remembered,
                confirmed=trust_of(session, actor).is_confirmed(session),
            )
            waits_for = "" if done else proposed.second.words
        confirmed_at = datetime.fromisoformat(str(signed.confirmed_at)) if signed else None
        before = None
        if proposed.not_accepted:
            before = confirmed_at
        elif not current and not (signed and proposed.change):
            before = confirmed_before(session, actor, team_id=team_id, seen=proposed.seen)
        return KeyNumber(
            team=proposed.team,
            spoken=spoken_fingerprint(fingerprint_of(proposed.key)),
            seen=proposed.seen,
            confirmed_at=confirmed_at if current else None,
            before=before,
            change=proposed.changed,
            waits_for=waits_for,
            left=left_since(session, trust_of(session, actor), key=proposed.key, team=proposed.team),
            not_accepted=proposed.not_accepted,
            doubt=proposed.doubt,
        )


def waiting_changes(*, db: Database, actor: Actor, team_ids: Sequence[UUID]) -> frozenset[UUID]:
    """The teams among some that accepted a change which the actor's NEET group can confirm."""
    if actor.team_for("neet_group") is None:
        return frozenset()
    with db.read() as session:
        changing = changes.open_changes(session, team_ids)
        return frozenset(
            team_id
            for team_id in keyed_teams(session, changing)
            if (proposed := _proposed(session, actor, team_id)).change and not proposed.half_confirmed
        )


def confirm(
    *, db: Database, actor: Actor, team_id: UUID, seen: str, now: datetime | None = None
) -> TeamIdentity:
    """Confirm a team's key for the whole area after its security number was compared by telephone.

    If the team accepted another name or other purposes, it is these that are confirmed, and its rows follow. Where the
    area requires a second confirmer, the change waits for it too, and what was confirmed before holds until then.

    Args:
        team_id: the team whose key was compared.
        seen: `KeyNumber.seen` of the page on which it was compared.

    Returns:
        The team as it was confirmed.

    Raises:
        NotAllowed: the actor is not in the NEET group.
        NotFound: the team is unknown, belongs to another area or has no key yet.
        Refused: the team's key, its name, its organisation or its work changed after the page was opened, or it was
            confirmed as another and has not accepted that it becomes this one, or its organisation is not the one that
            was confirmed under this name.
    """
    now = now or utc_now()
    own = actor.require("neet_group")
    with db.write() as session:
        proposed = _proposed(session, actor, team_id)
        if proposed.seen != seen:
            raise Refused(
                "The number, or what is said about the team, has changed since this page was opened. Compare it again."
            )
        if proposed.doubt:
            raise Refused(f"{proposed.doubt} Nothing can be confirmed. Tell the people who run this service.")
        if proposed.not_accepted:
            raise Refused(
                "The team has not accepted this change, so it cannot be confirmed. A member of the team accepts it "
                "under “People and teams”."
            )
        statement, key, change = proposed.statement(now), proposed.key, proposed.change
        waits = (
            change is not None and proposed.second is not None and proposed.second.is_needed_on(now.date())
        )
        row: TeamKey | TeamChange = change if change is not None and waits else key
        if change is not None and not waits:
            changes.swap_confirmations(change, key)
        row.confirmation, row.confirmation_signature = statement.text(), statement.sign(own.secret.signing)
        row.confirmation_key_id = own.key_id
        row.confirmed_at, row.confirmed_by = now, actor.principal_id
        about: dict[str, UUID | str] = {"team": team_id, "key": key.id, "confirmed": seen}
        if change is not None:
            about["change"] = change.id
        if change is not None and not waits:
            changes.carry_out(session, change, after=proposed.team, now=now)
        actor.note(session, "key.confirmed", **about)
    return proposed.team


@dataclass(frozen=True)
class _Proposed:
    """What confirming a team's newest key would sign.

    Attributes:
        signed: what the NEET group has signed about this key; None if nothing.
        change: the row of the change that the team accepted; None if there is none.
        changed: what that change says.
        second: who has to confirm it too; None if nobody has.
        half_confirmed: what the NEET group has signed about the change already; None if nothing.
        not_accepted: as `KeyNumber.not_accepted`.
        doubt: as `KeyNumber.doubt`.
    """

    area_id: UUID
    team: TeamIdentity
    key: TeamKey
    signed: Confirmation | None = None
    change: TeamChange | None = None
    changed: Changed | None = None
    second: SecondConfirmer | None = None
    half_confirmed: Confirmation | None = None
    not_accepted: bool = False
    doubt: str = ""

    def statement(self, confirmed_at: datetime | str) -> Confirmation:
        return Confirmation(
            area=self.area_id,
            team=self.team.plain(),
            version=self.key.version,
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
    trust = trust_of(session, actor)
    key = trust.newest(session, [team_id]).get(team_id)
    if team is None or organisation is None or key is None or organisation.area_id != own.area_id:
        raise NotFound
    signed = trust.confirmation(session, key)
    # A key that only followed on a confirmed one has no confirmation of its own, and what the team did before counts.
    known = signed.identity if signed else trust.confirmed_in_line(session, key)
    rules = seconds.rules_of(session, actor)
    second = rules.second if rules else None
    if second is not None and continues(
        session,
        key,
        second,
        remembered=actor.address_book.key_of(second),
        confirmed=trust.is_confirmed(session),
    ):
        second = None  # the rules name its key themselves, and those that follow on it
    accepted = changes.accepted(session, key)
    if accepted is not None:
        row, acceptance = accepted
        before, after = acceptance.identities
        # What a team did before anybody confirmed it counts for nothing later.
        due = before.changed(
            name=after.name, organisation_name=after.organisation_name, purposes=after.purposes
        )
        fits = (before, after) == (known, due) if known else not after.formerly
        if fits:
            at = datetime.fromisoformat(str(acceptance.accepted_at))
            changed = Changed(before, after, at, confirmed_before=known is not None)
            half = trust.confirmation_in(session, row, key)
            half = half if half is not None and half.identity == after else None
            doubt = doubt_about(session, trust, after, known=known)
            return _Proposed(own.area_id, after, key, signed, row, changed, second, half, doubt=doubt)
    in_rows = identity_in_rows(team, organisation)
    if known is None:
        doubt = doubt_about(session, trust, in_rows)
        return _Proposed(own.area_id, in_rows, key, second=second, doubt=doubt)
    if _same(session, trust, in_rows, known):
        return _Proposed(own.area_id, known, key, signed, second=second)
    return _Proposed(own.area_id, in_rows, key, signed, second=second, not_accepted=True)


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
