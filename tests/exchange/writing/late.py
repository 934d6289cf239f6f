"""A second transition team and a second safeguarding team of the school, whose keys are confirmed late."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select

from tests.exchange.documents import pdf
from tests.exchange.team_rows import MadeTeam, confirm_key
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.renewing import after_others
from transition_exchange.exchange.writing.attaching import attach
from transition_exchange.exchange.writing.catching_up import catch_up
from transition_exchange.store.models import Grant, TeamKey

SCHOOL = "Ashdown School"


@dataclass
class LateTeams:
    """The two teams.

    Attributes:
        office: the second transition team.
        second: the second safeguarding team.
    """

    world: World
    office: MadeTeam
    second: MadeTeam

    @property
    def clerk(self) -> Actor:
        """Somebody of the second transition team, as a session that starts now has them."""
        return replace(self.world.people["clerk"], teams=(self.office.opened,))

    @property
    def deputy(self) -> Actor:
        """Somebody of the second safeguarding team, likewise."""
        return replace(self.world.people["deputy"], teams=(self.second.opened,))


def add_late_teams(world: World) -> LateTeams:
    """Add both teams without confirming them."""
    office = world.team(SCHOOL, "Second office", "transition", confirmed=False)
    second = world.team(SCHOOL, "Second safeguarding team", "school_safeguarding", confirmed=False)
    world.person("clerk", SCHOOL, "Second office")
    world.person("deputy", SCHOOL, "Second safeguarding team")
    return LateTeams(world, office, second)


def confirm(world: World, *teams: MadeTeam) -> None:
    """Confirm teams' keys, as the NEET group does after the call."""
    assert world.root is not None
    for team in teams:
        with world.db.write() as session:
            confirm_key(session, session.get_one(TeamKey, team.key_id), world.root)
        team.confirmed = True


def pass_on(world: World, actor: Actor) -> int:
    """Somebody brings their lists up to date: late teams get versions and documents, and drafts under new keys.

    Returns:
        How many things are left, because they are damaged.
    """
    left = catch_up(db=world.db, actor=actor, limit=1000)
    made = after_others.carry_on(db=world.db, actor=actor)
    while made.left > made.failed:
        made = after_others.carry_on(db=world.db, actor=actor)
    return left + made.left


def written(world: World, forename: str = "Amina", surname: str = "Khan") -> UUID:
    """A record that both first teams have written, with a document, sent to the college and released."""
    record_id = world.add(forename, surname)
    world.fill(record_id)
    attach(
        db=world.db,
        actor=world.senco,
        record_id=record_id,
        kind="strategies",
        name="What helps",
        dated=world.today,
        content=pdf(),
    )
    safeguarding = {"safeguarding": {"file_exists": "yes", "lead_name": "Sam Lead"}}
    world.save(record_id, safeguarding, owner="school_safeguarding")
    world.send(record_id)
    world.send(record_id, owner="school_safeguarding")
    return record_id


def granted(world: World, team: MadeTeam) -> list[tuple[UUID, UUID | None, UUID | None, UUID | None]]:
    """What a team was granted: record, revision, attachment and transfer, each as often as it was."""
    with world.db.read() as session:
        rows = session.scalars(
            select(Grant).where(Grant.grantee_team_id == team.row.id, Grant.withdrawn_at.is_(None))
        )
        return sorted(
            ((row.record_id, row.revision_id, row.attachment_id, row.transfer_id) for row in rows), key=str
        )
