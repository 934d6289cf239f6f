"""What is stored when somebody joins: memberships of teams that have a key, and new keys for teams that have none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import note_by
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.joining.bundles import Bundle
from transition_exchange.exchange.joining.invitations import add_with_mail, invitation_row
from transition_exchange.exchange.keys.area_rules import FIRST_SEND_AT, sign_rules
from transition_exchange.exchange.keys.key_rows import keyed_teams
from transition_exchange.exchange.keys.leavers import JOINED
from transition_exchange.exchange.keys.personal import new_membership
from transition_exchange.sealing.address_book import RememberedKey
from transition_exchange.sealing.keys import KeyPair, TeamSecret
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.store.database import Database
from transition_exchange.store.models import (
    Area,
    Invitation,
    Membership,
    Organisation,
    Principal,
    Team,
    TeamKey,
)


@dataclass(frozen=True)
class FirstKey:
    """A team's first key, with the membership of its first member.

    Attributes:
        held: the key itself.
    """

    held: HeldKey
    key: TeamKey
    membership: Membership


@dataclass(frozen=True)
class JoiningRows:
    """The rows that are stored when somebody joins.

    Everything is sealed and signed before the transaction. If a team gets its first key from somebody else in the
    meantime, it is left out and put into a further invitation, which a member completes.

    Attributes:
        principal_id: who joins.
        councils: the NEET groups' keys that the person believes, by team.
        memberships: one for each key of the teams that have keys, by team.
        first_keys: of the teams whose first member the person is, by team.
        missed: the teams that the person could not join, because the invitation does not hold their key.
        published: the first keys that were really stored.
    """

    principal_id: UUID
    councils: Mapping[UUID, RememberedKey]
    memberships: Mapping[UUID, Sequence[Membership]]
    first_keys: Mapping[UUID, FirstKey]
    missed: list[UUID] = field(default_factory=list)
    published: list[TeamKey] = field(default_factory=list)

    @classmethod
    def prepare(
        cls,
        *,
        db: Database,
        invitation: Invitation,
        bundle: Bundle,
        principal_id: UUID,
        name: str,
        pair: KeyPair,
        now: datetime,
        has_account: bool,
    ) -> JoiningRows:
        """Make the keys and seal the memberships, outside any transaction.

        Args:
            invitation: the invitation that the person accepts.
            bundle: what it holds.
            principal_id: who joins.
            name: their name, as their colleagues will know them.
            pair: their own key pair.
            has_account: whether they had an account before. Then a team that gets its first key waits for the council.

        Raises:
            Refused: there is no NEET group key to trust.
        """
        with db.read() as session:
            keyed = keyed_teams(session, [team.id for team in bundle.keyless])
        new_keys = [
            HeldKey(team, uuid4(), TeamSecret.generate(), second=bundle.second, awaits_council=has_account)
            for team in bundle.keyless
            if team.id not in keyed
        ]
        own = {
            new.team.id: RememberedKey(new.version, new.secret.fingerprint.hex(), root=True)
            for new in new_keys
            if "neet_group" in new.team.purposes
        }
        if not (councils := {**bundle.councils, **own}):
            raise Refused("This invitation doesn't say which council to trust. Ask for a new one.")

        def membership(held: HeldKey) -> Membership:
            return new_membership(
                principal_id=principal_id,
                name=name,
                pair=pair,
                held=replace(held, councils=councils, remembers=True),
                added_by=invitation.completed_by,
                at=now,
            )

        memberships: defaultdict[UUID, list[Membership]] = defaultdict(list)
        for held in bundle.held:
            memberships[held.team.id].append(membership(held))
        return cls(
            principal_id=principal_id,
            councils=councils,
            memberships=memberships,
            first_keys={
                new.team.id: FirstKey(new, _first_key(new, principal_id, now), membership(new))
                for new in new_keys
            },
            missed=list(keyed),
        )

    def store(self, session: Session, invitation: Invitation, now: datetime) -> None:
        """Add the rows, without those that somebody else has added in the meantime."""
        held_keys = set(
            session.scalars(
                select(Membership.team_key_id).where(
                    Membership.principal_id == self.principal_id, Membership.removed_at.is_(None)
                )
            )
        )
        for memberships in self.memberships.values():
            session.add_all(
                [membership for membership in memberships if membership.team_key_id not in held_keys]
            )
        for team_id, first in sorted(self.first_keys.items()):
            # Of two first members, only one makes the key.
            team = session.get_one(Team, team_id, with_for_update=True)
            if keyed_teams(session, [team_id]):
                self.missed.append(team_id)
                continue
            session.add_all([first.key, first.membership])
            self.published.append(first.key)
            # Until somebody names a better one, notices go to the first member.
            team.notification_email = team.notification_email or invitation.email
            if "neet_group" in first.held.team.purposes:
                _sign_first_rules(session, first.held, now)
        if self.missed:
            further = invitation_row(
                organisation_id=invitation.organisation_id,
                name=invitation.name or "",
                email=invitation.email or "",
                administrator=False,
                team_ids=self.missed,
                now=now,
            )
            # Whoever made the first invitation signed that this person may join these teams.
            further.invited_by = invitation.invited_by
            further.statement, further.signature = invitation.statement, invitation.signature
            add_with_mail(session, further)
        session.flush()

    def note_joined(self, session: Session, principal: Principal, invitation: Invitation) -> None:
        """Append one event for the person who joined, and one for each team, with the key that they published."""
        note_by(
            session,
            principal,
            "person.joined",
            invitation=invitation.id,
            teams=len(self.memberships) + len(self.published),
        )
        for team_id in self.memberships:
            note_by(session, principal, JOINED, team=team_id)
        for key in self.published:
            note_by(session, principal, "key.published", team=key.team_id, key=key.id, version=key.version)


def _first_key(held: HeldKey, made_by: UUID, now: datetime) -> TeamKey:
    return TeamKey(
        id=held.key_id,
        team_id=held.team.id,
        version=held.version,
        kem_public=held.secret.kem.public,
        signing_public=held.secret.signing.public,
        created_at=now,
        created_by=made_by,
    )


def _sign_first_rules(session: Session, held: HeldKey, now: datetime) -> None:
    """Sign the rules of an area whose NEET group has just got its first key. Rules that stand are left alone."""
    organisation = session.get_one(Organisation, held.team.organisation_id)
    area = session.get_one(Area, organisation.area_id)
    if area.rules is not None:
        return
    session.flush()  # the rules refer to the key
    sign_rules(area, held=held, send_at=FIRST_SEND_AT, versions={}, signed_at=now, second=held.second)
