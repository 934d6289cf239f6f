"""Teams with real keys, written straight into the database: confirmed or not, with two openers or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, OlderKey, OpenTeam
from transition_exchange.exchange.keys.key_rows import fingerprint_of, identity_in_rows
from transition_exchange.sealing import pins
from transition_exchange.sealing.address_book import RememberedKey
from transition_exchange.sealing.confirmation import Confirmation
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.sealing.people import Member
from transition_exchange.sealing.succession import Succession
from transition_exchange.store.models import (
    KeyPin,
    Membership,
    Organisation,
    Principal,
    Team,
    TeamKey,
    Unlock,
)


@dataclass
class MadeTeam:
    """A team, open."""

    row: Team
    identity: TeamIdentity
    secret: TeamSecret
    key_id: UUID
    confirmed: bool = True
    version: int = 1
    older: dict[UUID, TeamSecret] = field(default_factory=dict)
    councils: dict[UUID, RememberedKey] = field(default_factory=dict)

    @property
    def opened(self) -> OpenTeam:
        """The team as the session of one of its members holds it."""
        return OpenTeam(
            **vars(self.identity),
            key_id=self.key_id,
            secret=self.secret,
            version=self.version,
            older={
                key_id: OlderKey(version, secret)
                for version, (key_id, secret) in enumerate(self.older.items(), 1)
            },
            confirmed=self.confirmed,
            councils=dict(self.councils),
        )

    @property
    def held(self) -> HeldKey:
        """The team's key as one of its members holds it."""
        return self.opened.held


def add_team(
    session: Session, row: Team, *, root: MadeTeam | None, confirmed: bool = True, ready: bool = True
) -> MadeTeam:
    """Add a team with its first key.

    Args:
        root: the NEET group, whose key the new team's members hold; None while there is none.
        confirmed: whether the NEET group has signed the key's fingerprint; the NEET group's own key needs no signature.
        ready: whether it has two openers (here a person and their proven recovery code).
    """
    secret = TeamSecret.generate()
    session.add(row)
    session.flush()
    key = add_key(session, row.id, secret)
    if confirmed and root is not None:
        confirm_key(session, key, root)
    if ready:
        _add_openers(session, row, key)
    made = MadeTeam(
        row=row,
        identity=identity_in_rows(row, session.get_one(Organisation, row.organisation_id)),
        secret=secret,
        key_id=key.id,
        confirmed=confirmed,
    )
    made.councils = {(root or made).row.id: held_council(root or made)}
    return made


def held_council(root: MadeTeam) -> RememberedKey:
    """The NEET group's key as a membership holds it."""
    before = tuple(
        (version, secret.fingerprint.hex()) for version, secret in enumerate(root.older.values(), 1)
    )
    return RememberedKey(len(before) + 1, root.secret.fingerprint.hex(), root=True, before=before)


def add_key(
    session: Session,
    team_id: UUID,
    secret: TeamSecret,
    *,
    version: int = 1,
    signed_by: TeamSecret | None = None,
    removed: Sequence[UUID] = (),
) -> TeamKey:
    """Add a key to a team.

    Args:
        signed_by: the key before, which signs this one as its successor; None for no signature.
        removed: the people because of whom it is made.
    """
    key = TeamKey(
        team_id=team_id,
        version=version,
        kem_public=secret.kem.public,
        signing_public=secret.signing.public,
    )
    if signed_by is not None:
        statement = Succession(
            team=team_id,
            version=version,
            fingerprint=secret.fingerprint.hex(),
            previous=signed_by.fingerprint.hex(),
            removed=[str(person) for person in removed],
            at=datetime.now(UTC),
        )
        key.succession = statement.text()
        key.succession_signature = statement.sign(signed_by.signing)
    session.add(key)
    session.flush()
    return key


def add_next_key(session: Session, team: MadeTeam, *, removed: Sequence[UUID] = ()) -> None:
    """Give a team a next key, signed by the one before, as its members hold it afterwards.

    Args:
        removed: the people because of whom it is made.
    """
    before, secret = team.secret, TeamSecret.generate()
    team.version += 1
    key = add_key(session, team.row.id, secret, version=team.version, signed_by=before, removed=removed)
    _add_openers(session, team.row, key)
    team.older[team.key_id] = before
    team.secret, team.key_id = secret, key.id


def confirm_key(session: Session, key: TeamKey, root: MadeTeam) -> None:
    """Sign a key's fingerprint as the NEET group does after the telephone call."""
    team = session.get_one(Team, key.team_id)
    organisation = session.get_one(Organisation, team.organisation_id)
    key.confirmed_at = datetime.now(UTC)
    statement = Confirmation(
        area=organisation.area_id,
        team=identity_in_rows(team, organisation).plain(),
        version=key.version,
        fingerprint=fingerprint_of(key).hex(),
        confirmed_at=key.confirmed_at,
    )
    key.confirmation = statement.text()
    key.confirmation_signature = statement.sign(root.secret.signing)
    key.confirmation_key_id = root.key_id


def pin_of(team_id: UUID, secret: TeamSecret, root: MadeTeam) -> KeyPin:
    """A team's signed note of the NEET group's key."""
    fingerprint = root.secret.fingerprint
    return KeyPin(
        team_id=team_id,
        pinned_team_id=root.row.id,
        fingerprint=fingerprint.hex(),
        signature=pins.sign(secret.signing, team_id=str(root.row.id), fingerprint=fingerprint),
    )


def _add_openers(session: Session, team: Team, key: TeamKey) -> None:
    _add_keeper(session, team, key, "Keeper")
    if "neet_group" in team.purposes:  # for which only people count
        _add_keeper(session, team, key, "Second keeper")


def _add_keeper(session: Session, team: Team, key: TeamKey, called: str) -> None:
    keeper = Principal(
        organisation_id=team.organisation_id,
        name=f"{called} of {team.name}",
        email=f"{called.lower().replace(' ', '.')}.{key.id}@example.org",
    )
    session.add(keeper)
    session.flush()
    session.add(Membership(principal_id=keeper.id, team_id=team.id, team_key_id=key.id, sealed=b"sealed"))
    session.add(Unlock(principal_id=keeper.id, kind="recovery", wrapped="{}", proven_at=datetime.now(UTC)))


def add_statements(session: Session, signer: Actor) -> None:
    """Have the keys of somebody's teams sign who they are, as joining does."""
    assert signer.person is not None
    for team in signer.teams:
        member = Member.of(
            team=team.id,
            principal=signer.principal_id,
            name=signer.name,
            public=signer.person.public,
            joined_at=datetime.now(UTC),
        )
        session.add(
            Membership(
                principal_id=signer.principal_id,
                team_id=team.id,
                team_key_id=team.key_id,
                statement=member.text(),
                signature=member.sign(team.secret.signing),
            )
        )
