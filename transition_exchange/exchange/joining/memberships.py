"""What somebody's joining brings: memberships of teams that have keys, and keys for teams that had none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import note_by
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.joining.bundles import Bundle
from transition_exchange.exchange.joining.invitations import add_with_mail, invitation_row
from transition_exchange.exchange.keys.personal import new_membership
from transition_exchange.exchange.keys.trust import current_keys
from transition_exchange.sealing import pins
from transition_exchange.sealing.keys import KeyPair, TeamSecret
from transition_exchange.store.database import Database
from transition_exchange.store.models import Invitation, KeyPin, Membership, Principal, Team, TeamKey


@dataclass(frozen=True)
class Entry:
    """The rows of somebody's joining.

    Everything is sealed and signed before the transaction; there, a team that got its key from somebody else in the
    meantime is left out and put into a further invitation, for a member to complete.
    """

    principal_id: UUID
    joined: Mapping[UUID, list[Membership]]
    founded: Mapping[UUID, tuple[TeamKey, Membership, list[KeyPin]]]
    missed: list[UUID] = field(default_factory=list)
    published: list[TeamKey] = field(default_factory=list)

    @classmethod
    def prepare(
        cls,
        db: Database,
        invitation: Invitation,
        bundle: Bundle,
        principal_id: UUID,
        pair: KeyPair,
        now: datetime,
    ) -> Entry:
        """Make the keys and seal the memberships, outside any transaction.

        Raises:
            Refused: the bundle names no NEET group key to believe.
        """
        team_ids = [UUID(each) for each in invitation.team_ids]
        with db.read() as session:
            teams = {team.id: team for team in session.scalars(select(Team).where(Team.id.in_(team_ids)))}
            keyed = current_keys(session, team_ids)
        joined = {
            team_id: [
                new_membership(
                    principal_id=principal_id,
                    pair=pair,
                    team_id=team_id,
                    key_id=key_id,
                    secret=secret,
                    added_by=invitation.completed_by,
                )
                for key_id, secret in held.items()
            ]
            for team_id, held in bundle.teams.items()
            if team_id in teams
        }
        first = [team for team in teams.values() if team.id not in keyed and team.id not in joined]
        secrets = {team.id: TeamSecret.generate() for team in first}
        roots = dict(bundle.pins) | {
            team.id: secrets[team.id].fingerprint for team in first if "neet_group" in team.purposes
        }
        if first and not roots:
            raise Refused("This invitation doesn't say which council to trust. Ask for a new one.")
        founded = {
            team_id: _found_team(team_id, secret, roots, principal_id, pair, invitation.completed_by, now)
            for team_id, secret in secrets.items()
        }
        entry = cls(principal_id=principal_id, joined=joined, founded=founded)
        entry.missed.extend(set(teams) - set(joined) - set(founded))
        return entry

    def store(self, session: Session, invitation: Invitation, now: datetime) -> None:
        """Add the rows, leaving out what somebody else did meanwhile."""
        held = set(
            session.scalars(
                select(Membership.team_key_id).where(
                    Membership.principal_id == self.principal_id, Membership.removed_at.is_(None)
                )
            )
        )
        for memberships in self.joined.values():
            session.add_all([each for each in memberships if each.team_key_id not in held])
        for team_id, (key, membership, team_pins) in sorted(self.founded.items()):
            session.get_one(Team, team_id, with_for_update=True)  # two first members at once make one key
            if current_keys(session, [team_id]):
                self.missed.append(team_id)
                continue
            session.add_all([key, membership, *team_pins])
            self.published.append(key)
        if self.missed:
            add_with_mail(
                session,
                invitation_row(
                    organisation_id=invitation.organisation_id,
                    name=invitation.name or "",
                    email=invitation.email or "",
                    administrator=False,
                    team_ids=self.missed,
                    invited_by=invitation.invited_by,
                    now=now,
                ),
            )
        session.flush()

    def append_events(self, session: Session, principal: Principal, invitation: Invitation) -> None:
        """Write that somebody joined, and each key that was published."""
        note_by(
            session,
            principal,
            "person.joined",
            invitation=invitation.id,
            teams=len(self.joined) + len(self.published),
        )
        for key in self.published:
            note_by(session, principal, "key.published", team=key.team_id, key=key.id, version=key.version)


def _found_team(
    team_id: UUID,
    secret: TeamSecret,
    roots: Mapping[UUID, bytes],
    principal_id: UUID,
    pair: KeyPair,
    added_by: UUID | None,
    now: datetime,
) -> tuple[TeamKey, Membership, list[KeyPin]]:
    """A team's first key, its first member, and the team's signed note of the NEET group keys it believes."""
    key = TeamKey(
        id=uuid4(),
        team_id=team_id,
        version=1,
        kem_public=secret.kem.public,
        signing_public=secret.signing.public,
        created_at=now,
        created_by=principal_id,
    )
    membership = new_membership(
        principal_id=principal_id,
        pair=pair,
        team_id=team_id,
        key_id=key.id,
        secret=secret,
        added_by=added_by,
    )
    team_pins = [
        KeyPin(
            team_id=team_id,
            pinned_team_id=pinned,
            fingerprint=fingerprint.hex(),
            signature=pins.sign(secret.signing, team_id=pinned, fingerprint=fingerprint),
            created_at=now,
        )
        for pinned, fingerprint in roots.items()
        if pinned != team_id
    ]
    return key, membership, team_pins
