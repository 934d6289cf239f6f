"""Who may propose which change, and what it does at once."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from tests.exchange.chains import events_of
from tests.exchange.changing import administrator, propose, row
from tests.exchange.people import Accounts
from tests.exchange.team_rows import MadeTeam
from tests.exchange.world import World
from transition_exchange.exchange.errors import NotAllowed, NotFound, ProofNeeded, Refused
from transition_exchange.exchange.organisations import proposing, teams
from transition_exchange.purposes import RECEIVING
from transition_exchange.store.models import Invitation, Organisation, Team, TeamChange

COLLEGE = "Northway College"


@pytest.fixture
def exams(world: World) -> MadeTeam:
    return world.college.teams["Exams office"]


def _refusal(world: World, team: MadeTeam, **wanted: object) -> dict[str, str]:
    with pytest.raises(Refused) as refused:
        propose(world, team, **wanted)  # type: ignore[arg-type]
    return dict(refused.value.fields)


def test_a_proposal_changes_no_row_of_the_team(world: World, exams: MadeTeam) -> None:
    change_id = propose(world, exams, name="  Exams and entries ", purposes=("exams", "admissions"))
    proposed = row(world, change_id)
    assert (proposed.name, proposed.organisation_name, proposed.purposes) == (
        "Exams and entries",
        None,
        ["admissions", "exams"],
    )
    assert (proposed.statement, proposed.accepted_at, proposed.outcome) == (None, None, None)
    with world.db.read() as session:
        team = session.get_one(Team, exams.row.id)
        assert (team.name, team.purposes) == ("Exams office", ["exams"])
    event = events_of(world.db, world.college.id)[-1]
    assert (event.kind, event.about) == (
        "change.proposed",
        {"team": str(exams.row.id), "change": str(change_id)},
    )


def test_what_stays_is_not_part_of_the_proposal(world: World, exams: MadeTeam) -> None:
    assert row(world, propose(world, exams, name="Entries")).purposes is None


@pytest.mark.parametrize(
    ("name", "purposes", "field"),
    [
        (" ", ("exams",), "name"),
        ("x" * 201, ("exams",), "name"),
        ("Admissions", ("exams",), "name"),
        ("Exams office", ("exams",), "name"),
        ("Exams office", (), "purposes"),
        ("Exams office", ("transition",), "purposes"),
        ("Exams office", ("exams", "neet_group"), "purposes"),
    ],
)
def test_a_proposal_that_makes_no_sense_is_refused(
    world: World, exams: MadeTeam, name: str, purposes: tuple[str, ...], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        proposing.propose(
            db=world.db,
            actor=administrator(world, COLLEGE),
            team_id=exams.row.id,
            name=name,
            purposes=purposes,
        )
    assert list(refused.value.fields) == [field]


def test_one_change_of_a_team_waits_at_a_time(world: World, exams: MadeTeam) -> None:
    propose(world, exams, name="Entries")
    assert _refusal(world, exams, name="Entries office") == {"name": proposing.WAITS}


def test_only_an_administrator_proposes_and_only_for_their_own_organisation(
    world: World, exams: MadeTeam
) -> None:
    for actor, refusal in (
        (world.college_exams, NotAllowed),
        (administrator(world, "Ashdown School"), NotFound),
        (replace(administrator(world, COLLEGE), administrator=False), NotAllowed),
    ):
        with pytest.raises(refusal):
            proposing.propose(
                db=world.db, actor=actor, team_id=exams.row.id, name="Entries", purposes=["exams"]
            )
        with pytest.raises(refusal):
            proposing.possible_purposes(db=world.db, actor=actor, team_id=exams.row.id)
    with pytest.raises(NotFound):
        proposing.possible_purposes(db=world.db, actor=administrator(world, COLLEGE), team_id=uuid4())
    with pytest.raises(NotAllowed):
        proposing.rename_organisation(db=world.db, actor=world.college_exams, name="Southway College")


def test_a_team_may_do_what_its_organisation_does_and_never_become_a_neet_group(world: World) -> None:
    assert world.root is not None
    send = world.team("Ashdown Council", "SEND team", "send")
    exams = world.college.teams["Exams office"]

    def possible(place: str, team: MadeTeam) -> frozenset[str]:
        return proposing.possible_purposes(
            db=world.db, actor=administrator(world, place), team_id=team.row.id
        )

    assert possible(COLLEGE, exams) == set(RECEIVING)
    assert possible("Ashdown Council", send) == {"send"}
    assert possible("Ashdown Council", world.root) == {"neet_group"}


def test_an_administrator_in_the_team_accepts_by_proposing(world: World, exams: MadeTeam) -> None:
    head = world.person("head", COLLEGE, "Exams office", administrator=True)
    unproven = replace(head, proven_until=None)
    with pytest.raises(ProofNeeded):
        proposing.propose(
            db=world.db,
            actor=unproven,
            team_id=exams.row.id,
            name="Exams office",
            purposes=["exams", "safeguarding"],
        )
    change_id = proposing.propose(
        db=world.db, actor=unproven, team_id=exams.row.id, name="Entries", purposes=["exams"]
    )
    assert change_id is not None
    accepted = row(world, change_id)
    assert accepted.statement is not None
    assert accepted.accepted_by == head.principal_id
    assert accepted.outcome is None


def test_a_team_that_nobody_has_joined_is_changed_at_once_and_its_code_ends(accounts: Accounts) -> None:
    """The five words hold what the team was called, and the newcomer would join under that name."""
    cora = accounts.found()
    sam = accounts.school(cora)
    actor = accounts.proven(sam)
    team = next(
        team for team in teams.own_teams(db=accounts.db, actor=actor) if team.team_name == "Safeguarding"
    )
    invited = accounts.invite(sam, "Lee Lead", "Safeguarding")
    assert _bundle(accounts, invited.invitation_id)
    done = proposing.propose(
        db=accounts.db,
        actor=actor,
        team_id=team.team_id,
        name="Child protection",
        purposes=["school_safeguarding"],
    )
    assert done is None
    with accounts.db.read() as session:
        assert session.get_one(Team, team.team_id).name == "Child protection"
        assert session.scalars(select(TeamChange)).all() == []
    assert not _bundle(accounts, invited.invitation_id)
    assert events_of(accounts.db, actor.organisation_id)[-1].kind == "change.made"


def _bundle(accounts: Accounts, invitation_id: UUID) -> bool:
    with accounts.db.read() as session:
        return session.get_one(Invitation, invitation_id).bundle is not None


def test_a_new_name_of_the_organisation_is_proposed_to_each_team_with_a_key(world: World) -> None:
    with world.db.write() as session:
        session.add(Team(organisation_id=world.college.id, name="Nobody yet", purposes=["exams"]))
    head = world.person("head", COLLEGE, "Exams office", administrator=True)
    ids = proposing.rename_organisation(db=world.db, actor=head, name="Northway College Group")
    rows = [row(world, change_id) for change_id in ids]
    assert len(rows) == 4
    assert {proposed.organisation_name for proposed in rows} == {"Northway College Group"}
    assert {(proposed.name, proposed.purposes) for proposed in rows} == {(None, None)}
    own = world.college.teams["Exams office"].row.id
    assert [proposed.team_id for proposed in rows if proposed.statement] == [own]
    with world.db.read() as session:
        assert session.get_one(Organisation, world.college.id).name == COLLEGE
    assert events_of(world.db, world.college.id)[-1].about["teams"] == 4


@pytest.mark.parametrize("name", ["", COLLEGE, "Ashdown School", "x" * 201])
def test_an_organisation_cannot_be_called_anything(world: World, name: str) -> None:
    with pytest.raises(Refused) as refused:
        proposing.rename_organisation(db=world.db, actor=administrator(world, COLLEGE), name=name)
    assert list(refused.value.fields) == ["name"]


def test_an_organisation_without_any_key_is_renamed_at_once(world: World) -> None:
    place = world.place("New School", kind="school", sends=True)
    head = administrator(world, "New School")
    assert proposing.rename_organisation(db=world.db, actor=head, name="Newer School") == ()
    with world.db.read() as session:
        assert session.get_one(Organisation, place.id).name == "Newer School"
