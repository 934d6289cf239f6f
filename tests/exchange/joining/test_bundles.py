"""What an invitation carries under the spoken code."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from tests.exchange.people import Accounts
from tests.exchange.team_rows import add_key, held_council
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.joining.bundles import Bundle, bundle_for
from transition_exchange.exchange.keys.key_rows import identity_in_rows
from transition_exchange.exchange.keys.team_identities import identities
from transition_exchange.sealing.address_book import RememberedKey
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.store.models import Invitation, Organisation, Team, TeamKey

SCHOOL = uuid4()
OFFICE = TeamIdentity(
    id=uuid4(),
    name="Office",
    organisation_id=SCHOOL,
    organisation_name="Ashdown School",
    purposes=frozenset({"transition", "school_safeguarding"}),
)


def _invitation(organisation_id: UUID, *team_ids: UUID) -> Invitation:
    return Invitation(id=uuid4(), organisation_id=organisation_id, team_ids=[str(id) for id in team_ids])


def _bundle(session: Session, world: World, actor: Actor, *team_ids: UUID) -> Bundle | None:
    """What an actor puts into an invitation to the school."""
    return bundle_for(
        session,
        actor=actor,
        organisation_id=world.school.id,
        teams=identities(session, actor=actor, team_ids=team_ids),
    )


def test_a_team_key_swapped_in_the_database_is_noticed_on_joining(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    invited = accounts.invite(sam, "Alex Aide", "SEND and transition")
    forged = TeamSecret.generate()
    with accounts.db.write() as session:
        row = session.get_one(TeamKey, accounts.actor(sam).teams[0].key_id)
        row.kem_public = forged.kem.public
    with pytest.raises(Tampered):
        accounts.accept(accounts.link(invited.invitation_id), invited.spoken_code or "")


def test_a_bundle_comes_back_as_it_was() -> None:
    bundle = Bundle(
        organisation_id=SCHOOL,
        held=[HeldKey(OFFICE, uuid4(), TeamSecret.generate()) for _ in range(2)],
        keyless=[
            replace(OFFICE, id=uuid4(), name="Safeguarding", purposes=frozenset({"school_safeguarding"}))
        ],
        councils={
            uuid4(): RememberedKey(2, TeamSecret.generate().fingerprint.hex(), counts_from=2, root=True)
        },
        asked="d" * 64,
    )
    assert Bundle.from_bytes(bundle.to_bytes()) == bundle
    nothing = Bundle(organisation_id=SCHOOL, held=[], keyless=[])
    assert Bundle.from_bytes(nothing.to_bytes()) == nothing


@pytest.mark.parametrize(
    "written", [{"format": 2, "organisation": str(SCHOOL)}, {"format": 1, "teams": {}, "councils": {}}]
)
def test_a_bundle_of_another_version_is_not_read(written: dict[str, object]) -> None:
    with pytest.raises(Tampered, match="another version"):
        Bundle.from_bytes(json.dumps(written).encode())


def test_no_secret_shows_in_its_repr() -> None:
    secret = TeamSecret.generate()
    assert repr(secret.kem_seed) not in repr(
        Bundle(organisation_id=SCHOOL, held=[HeldKey(OFFICE, uuid4(), secret)])
    )


def test_a_member_gives_every_key_of_their_team_and_the_councils_fingerprint(world: World) -> None:
    team = world.school.teams["Transition team"]
    before = team.held.for_others()
    world.new_key("Ashdown School", "Transition team")
    assert world.root is not None
    with world.db.read() as session:
        bundle = _bundle(session, world, world.senco, team.row.id)
        assert bundle is not None
        bundle.check(session, _invitation(world.school.id, team.row.id))
    assert list(bundle.held) == [before, team.held.for_others()]
    assert (list(bundle.keyless), bundle.organisation_id) == ([], world.school.id)
    assert bundle.councils == {world.root.row.id: held_council(world.root)}


def test_who_does_not_hold_a_teams_current_key_gives_nothing(world: World) -> None:
    transition, safeguarding = (world.school.teams[name] for name in ("Transition team", "Safeguarding team"))
    with world.db.write() as session:
        assert _bundle(session, world, world.senco, safeguarding.row.id) is None
        assert _bundle(session, world, world.senco, transition.row.id, safeguarding.row.id) is None
        add_key(session, transition.row.id, TeamSecret.generate(), version=2, signed_by=transition.secret)
        assert _bundle(session, world, world.senco, transition.row.id) is None


def test_a_team_without_a_key_needs_no_secret_and_a_council_to_believe(world: World) -> None:
    assert world.root is not None
    with world.db.write() as session:
        empty = Team(organisation_id=world.school.id, name="Empty", purposes=["transition"])
        session.add(empty)
        session.flush()
        bundle = _bundle(session, world, world.senco, empty.id)
        councils = {world.root.row.id: held_council(world.root)}
        described = identity_in_rows(empty, session.get_one(Organisation, world.school.id))
        assert bundle == Bundle(
            organisation_id=world.school.id, held=[], keyless=[described], councils=councils
        )
        own = _bundle(session, world, world.coordinator)
        assert own == Bundle(organisation_id=world.school.id, held=[], keyless=[], councils=councils)
        lost = replace(world.senco, teams=tuple(replace(team, councils={}) for team in world.senco.teams))
        assert _bundle(session, world, lost, empty.id) is None


def test_a_held_team_is_handed_on_as_its_member_knows_it(world: World) -> None:
    """What a row says meanwhile would make the newcomer's session write to, or for, somebody else."""
    team = world.school.teams["Transition team"]
    with world.db.write() as session:
        row = session.get_one(Team, team.row.id)
        row.name, row.purposes = "Safeguarding team", ["school_safeguarding", "neet_group"]
        session.get_one(Organisation, world.school.id).name = "Southway School"
        session.flush()
        bundle = _bundle(session, world, world.senco, team.row.id)
    assert bundle is not None
    assert list(bundle.held) == [team.held.for_others()]


@pytest.mark.parametrize("keyed", [True, False])
def test_a_team_of_another_organisation_is_in_no_invitation(world: World, keyed: bool) -> None:
    """An invitation that somebody wrote into the database for a place of their own, to be completed by the council."""
    assert world.root is not None
    with world.db.write() as session:
        team_id = world.root.row.id
        if not keyed:
            empty = Team(organisation_id=world.college.id, name="Empty", purposes=["admissions"])
            session.add(empty)
            session.flush()
            team_id = empty.id
        assert _bundle(session, world, world.coordinator, team_id) is None


def test_only_the_neet_group_lets_somebody_make_a_key_of_the_neet_group(world: World) -> None:
    """The newcomer's session would take its own key for one that confirms others."""
    with world.db.write() as session:
        said = Team(organisation_id=world.school.id, name="Office", purposes=["transition", "neet_group"])
        council = world.places["Ashdown Council"]
        second = Team(organisation_id=council.id, name="Second group", purposes=["neet_group"])
        session.add_all([said, second])
        session.flush()
        assert _bundle(session, world, world.senco, said.id) is None
        assert _bundle(session, world, world.coordinator, said.id) is None
        teams = identities(session, actor=world.coordinator, team_ids=[second.id])
        bundle = bundle_for(session, actor=world.coordinator, organisation_id=council.id, teams=teams)
    assert bundle is not None
    assert list(bundle.keyless) == teams


@pytest.mark.parametrize("how", ["swapped", "gone"])
def test_a_published_key_that_is_not_the_one_in_the_bundle_is_noticed(world: World, how: str) -> None:
    team = world.school.teams["Transition team"]
    key_id = team.key_id if how == "swapped" else uuid4()
    other = HeldKey(team.identity, key_id, TeamSecret.generate())
    invitation = _invitation(world.school.id, team.row.id)
    with world.db.read() as session:
        with pytest.raises(Tampered, match="key is not the one"):
            Bundle(organisation_id=world.school.id, held=[other]).check(session, invitation)
        Bundle(organisation_id=world.school.id, held=[team.held]).check(session, invitation)


def test_an_invitation_moved_to_another_organisation_is_noticed(world: World) -> None:
    """Also one without a team, which makes an administrator."""
    team = world.school.teams["Transition team"]
    moved = _invitation(world.college.id, team.row.id)
    with world.db.read() as session:
        for bundle in (
            Bundle(organisation_id=world.school.id),
            Bundle(organisation_id=world.school.id, held=[team.held]),
            Bundle(organisation_id=world.school.id, keyless=[team.identity]),
        ):
            with pytest.raises(Tampered, match="was changed"):
                bundle.check(session, moved)


def test_an_invitation_holds_the_teams_that_its_page_names_and_no_other(world: World) -> None:
    """The page says what somebody joins; what lies under the five words is seen by nobody."""
    transition, safeguarding = (world.school.teams[name] for name in ("Transition team", "Safeguarding team"))
    shown = _invitation(world.school.id, transition.row.id)
    with world.db.read() as session:
        for bundle in (
            Bundle(organisation_id=world.school.id, held=[transition.held, safeguarding.held]),
            Bundle(organisation_id=world.school.id, held=[transition.held], keyless=[safeguarding.identity]),
        ):
            with pytest.raises(Tampered, match="was changed"):
                bundle.check(session, shown)


def test_a_key_with_another_number_than_its_row_is_noticed(world: World) -> None:
    team = world.school.teams["Transition team"]
    with world.db.read() as session, pytest.raises(Tampered, match="key is not the one"):
        Bundle(organisation_id=world.school.id, held=[replace(team.held, version=7)]).check(
            session, _invitation(world.school.id, team.row.id)
        )


EMPTY = {"format": 1, "organisation": str(SCHOOL), "held": [], "keyless": [], "councils": {}, "asked": ""}


SPOILT: tuple[dict[str, Any], ...] = (
    {"organisation": "x"},
    {"held": [{}]},
    {"held": 7},
    {"keyless": [7]},
    {"councils": {"x": "y"}},
    {"councils": {str(SCHOOL): {"version": "1", "fingerprint": 7}}},
    {"second": []},
)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "[" * 100_000,
        "{}",
        *(json.dumps(EMPTY | changed) for changed in SPOILT),
        json.dumps({name: held for name, held in EMPTY.items() if name != "asked"}),
    ],
)
def test_what_is_no_bundle_is_refused(content: str) -> None:
    Bundle.from_bytes(json.dumps(EMPTY).encode())
    with pytest.raises(Tampered):
        Bundle.from_bytes(content.encode())
