"""Security numbers, compared by telephone and confirmed for the whole area."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.exchange.chains import events_of
from tests.exchange.changing import change, confirm, member, session_of
from tests.exchange.people import Accounts, Person
from tests.exchange.team_rows import MadeTeam, add_key
from tests.exchange.world import World
from transition_exchange.exchange.errors import NotAllowed, NotFound, Refused
from transition_exchange.exchange.keys import confirming
from transition_exchange.exchange.keys.numbers import KeyNumber
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.organisations import teams
from transition_exchange.sealing.confirmation import Confirmation
from transition_exchange.sealing.keys import TeamSecret, spoken_fingerprint
from transition_exchange.store.models import Area, Organisation, Team, TeamKey


def test_a_key_counts_once_the_neet_group_confirmed_its_number(accounts: Accounts) -> None:
    cora = accounts.found()
    sam, nia = accounts.school(cora), accounts.college(cora)
    college = accounts.actor(nia).require("admissions")
    with accounts.db.read() as session:
        assert trust_of(session, accounts.actor(sam)).current(session, [college.id]) == {}
    shown = confirming.number_of(db=accounts.db, actor=accounts.actor(cora), team_id=college.id)
    assert shown.spoken == confirming.own_number(actor=accounts.actor(nia), team_id=college.id)
    confirmed = confirming.confirm(
        db=accounts.db, actor=accounts.actor(cora), team_id=college.id, seen=shown.seen
    )
    assert confirmed == shown.team == college.identity
    with accounts.db.read() as session:
        believed = trust_of(session, accounts.actor(sam)).current(session, [college.id])
    assert believed == {college.id: college.known}


@pytest.fixture
def late(world: World) -> MadeTeam:
    """A team of the college that waits to be confirmed."""
    return world.team("Northway College", "Late team", "exams", confirmed=False)


def _number(world: World, team: MadeTeam) -> KeyNumber:
    return confirming.number_of(db=world.db, actor=world.coordinator, team_id=team.row.id)


def _confirm(world: World, team: MadeTeam, seen: str | None = None) -> None:
    """Confirm a team as the page shows it now, or as an earlier page showed it."""
    confirming.confirm(
        db=world.db,
        actor=world.coordinator,
        team_id=team.row.id,
        seen=_number(world, team).seen if seen is None else seen,
    )


def _another_key(session: Session, world: World, team: MadeTeam) -> None:
    other = TeamSecret.generate()
    key = session.get_one(TeamKey, team.key_id)
    key.kem_public, key.signing_public = other.kem.public, other.signing.public


def _another_signing_key(session: Session, world: World, team: MadeTeam) -> None:
    session.get_one(TeamKey, team.key_id).signing_public = TeamSecret.generate().signing.public


def _a_newer_key(session: Session, world: World, team: MadeTeam) -> None:
    add_key(session, team.row.id, TeamSecret.generate(), version=2, signed_by=team.secret)


def _another_organisation(session: Session, world: World, team: MadeTeam) -> None:
    session.get_one(Team, team.row.id).organisation_id = world.places["Riverside Boxing"].id


def _another_name(session: Session, world: World, team: MadeTeam) -> None:
    session.get_one(Team, team.row.id).name = "Admissions office"


def _another_name_of_its_organisation(session: Session, world: World, team: MadeTeam) -> None:
    session.get_one(Organisation, world.college.id).name = "Southway College"


def _other_work(session: Session, world: World, team: MadeTeam) -> None:
    session.get_one(Team, team.row.id).purposes = ["exams", "safeguarding"]


def _another_area(session: Session, world: World, team: MadeTeam) -> None:
    """Both the council and the college, so that the team still belongs to the council's area."""
    area = Area(name="Elsewhere")
    session.add(area)
    session.flush()
    for name in ("Ashdown Council", "Northway College"):
        session.get_one(Organisation, world.places[name].id).area_id = area.id


CHANGES = (
    _another_key,
    _another_signing_key,
    _a_newer_key,
    _another_organisation,
    _another_name,
    _another_name_of_its_organisation,
    _other_work,
    _another_area,
)
CHANGED = pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__[1:])


@CHANGED
def test_whatever_changed_since_the_page_was_opened_is_not_confirmed(
    world: World, late: MadeTeam, change: Callable[[Session, World, MadeTeam], None]
) -> None:
    """While the coordinator is on the phone, somebody changes what the button would sign."""
    seen = _number(world, late).seen
    with world.db.write() as session:
        change(session, world, late)
    with pytest.raises(Refused, match="Compare it again"):
        _confirm(world, late, seen)
    with world.db.read() as session:
        keys = session.scalars(select(TeamKey).where(TeamKey.team_id == late.row.id)).all()
    assert {(key.confirmation, key.confirmation_signature, key.confirmed_at) for key in keys} == {
        (None, None, None)
    }


@pytest.mark.parametrize("seen", ["", "0" * 64])
def test_nothing_is_confirmed_without_the_page(world: World, late: MadeTeam, seen: str) -> None:
    with pytest.raises(Refused):
        _confirm(world, late, seen)


def test_a_page_about_one_team_confirms_no_other(world: World, late: MadeTeam) -> None:
    other = world.team("Northway College", "Second late team", "exams", confirmed=False)
    with pytest.raises(Refused):
        _confirm(world, late, _number(world, other).seen)


@pytest.mark.parametrize(
    "change",
    [change for change in CHANGES if change is not _another_area],
    ids=lambda change: change.__name__[1:],
)
def test_a_team_that_was_confirmed_before_and_is_another_now_is_warned_of(
    world: World, late: MadeTeam, change: Callable[[Session, World, MadeTeam], None]
) -> None:
    assert _number(world, late).before is None, "nobody has confirmed it yet"
    _confirm(world, late)
    assert (_number(world, late).before, _number(world, late).confirmed_at is not None) == (None, True)
    with world.db.write() as session:
        change(session, world, late)
        if change is _another_key:  # who swaps the key may as well wipe that it was ever confirmed
            key = session.get_one(TeamKey, late.key_id)
            key.confirmation = key.confirmation_signature = key.confirmation_key_id = None
            key.confirmed_at = key.confirmed_by = None
    shown = _number(world, late)
    assert shown.confirmed_at is None
    assert shown.before is not None


@pytest.mark.parametrize(
    "change",
    [_another_organisation, _another_name, _another_name_of_its_organisation, _other_work],
    ids=lambda change: change.__name__[1:],
)
def test_what_the_team_has_not_accepted_is_not_confirmed_in_place_of_what_was(
    world: World, late: MadeTeam, change: Callable[[Session, World, MadeTeam], None]
) -> None:
    _confirm(world, late)
    with world.db.write() as session:
        before = session.get_one(TeamKey, late.key_id).confirmation
        change(session, world, late)
    assert _number(world, late).not_accepted
    with pytest.raises(Refused, match="has not accepted this change"):
        _confirm(world, late)
    with world.db.read() as session:
        assert session.get_one(TeamKey, late.key_id).confirmation == before


def test_a_confirmation_that_is_only_lost_is_made_again_without_a_warning(
    world: World, late: MadeTeam
) -> None:
    """Nothing else would be signed than what was signed before."""
    _confirm(world, late)
    with world.db.write() as session:
        key = session.get_one(TeamKey, late.key_id)
        key.confirmation = key.confirmation_signature = key.confirmation_key_id = None
    shown = _number(world, late)
    assert (shown.confirmed_at, shown.before) == (None, None)


def test_the_day_of_a_confirmation_is_the_one_that_was_signed(world: World, late: MadeTeam) -> None:
    _confirm(world, late)
    before = _number(world, late).confirmed_at
    with world.db.write() as session:
        session.get_one(TeamKey, late.key_id).confirmed_at = datetime(2020, 1, 1, tzinfo=UTC)
    assert _number(world, late).confirmed_at == before


def test_only_the_neet_group_confirms_and_only_keys_of_its_area(
    accounts: Accounts, cora: Person, sam: Person
) -> None:
    own = accounts.actor(sam).teams[0].id
    with pytest.raises(NotAllowed):
        confirming.number_of(db=accounts.db, actor=accounts.actor(sam), team_id=own)
    with pytest.raises(NotAllowed):
        confirming.confirm(db=accounts.db, actor=accounts.actor(sam), team_id=own, seen="")
    with pytest.raises(NotFound):
        confirming.number_of(db=accounts.db, actor=accounts.actor(cora), team_id=uuid4())


def test_a_team_without_a_key_has_no_number(accounts: Accounts, cora: Person, sam: Person) -> None:
    listed = teams.own_teams(db=accounts.db, actor=accounts.actor(sam))
    safeguarding = next(team for team in listed if team.team_name == "Safeguarding")
    with pytest.raises(NotFound):
        confirming.number_of(db=accounts.db, actor=accounts.actor(cora), team_id=safeguarding.team_id)
    with pytest.raises(NotFound):
        confirming.own_number(actor=accounts.actor(sam), team_id=safeguarding.team_id)


def test_a_number_says_whose_it_is_and_names_nobody_to_ring(world: World) -> None:
    """A telephone number in a row is one that an attacker can write."""
    team = world.college.teams["Learning support"]
    shown = confirming.number_of(db=world.db, actor=world.coordinator, team_id=team.row.id)
    assert shown.team == team.identity
    assert (shown.team.name, shown.team.organisation_name) == ("Learning support", "Northway College")
    assert "01709" not in repr(shown)
    assert shown.spoken == spoken_fingerprint(team.secret.fingerprint)
    assert shown.confirmed_at is not None


def test_a_confirmation_is_written_down_with_who_made_it(world: World, late: MadeTeam) -> None:
    assert world.root is not None
    now = datetime(2027, 6, 3, 9, 0, tzinfo=UTC)
    seen = _number(world, late).seen
    confirming.confirm(
        db=world.db,
        actor=world.coordinator,
        team_id=late.row.id,
        seen=seen,
        now=now,
    )
    with world.db.read() as session:
        key = session.get_one(TeamKey, late.key_id)
        assert (key.confirmed_at, key.confirmed_by) == (now, world.coordinator.principal_id)
        assert trust_of(session, world.other_senco).known(session, key) == late.opened.known
        signed = Confirmation.verify(
            key.confirmation or "", key.confirmation_signature or b"", world.root.secret.signing.public
        )
    assert signed == Confirmation(
        area=world.area_id,
        team=late.identity.plain(),
        version=late.version,
        fingerprint=late.secret.fingerprint.hex(),
        confirmed_at=now,
    )
    event = events_of(world.db, world.coordinator.organisation_id)[-1]
    assert event.kind == "key.confirmed"
    assert event.about == {"team": str(late.row.id), "key": str(late.key_id), "confirmed": seen}


def test_another_areas_team_has_no_number_here(world: World) -> None:
    with world.db.write() as session:
        area = Area(name="Elsewhere")
        session.add(area)
        session.flush()
        session.get_one(Organisation, world.college.id).area_id = area.id
    team = world.college.teams["Learning support"]
    with pytest.raises(NotFound):
        _number(world, team)
    with pytest.raises(NotFound):
        _confirm(world, team, "0" * 64)


def test_the_own_number_comes_from_the_key_in_hand_and_not_from_the_database(world: World) -> None:
    team, thief = world.college.teams["Learning support"], TeamSecret.generate()
    with world.db.write() as session:
        key = session.get_one(TeamKey, team.key_id)
        key.kem_public, key.signing_public = thief.kem.public, thief.signing.public
    shown = confirming.number_of(db=world.db, actor=world.coordinator, team_id=team.row.id)
    own = confirming.own_number(actor=world.college_support, team_id=team.row.id)
    assert own == spoken_fingerprint(team.secret.fingerprint)
    assert own != shown.spoken, "the telephone call finds it out"


@pytest.mark.parametrize("then", ["a name", "a call"])
def test_what_a_team_did_before_counts_after_a_change_of_its_key_too(world: World, then: str) -> None:
    """Its new key has no confirmation of its own. What the team signed for the work that it gave up would be lost."""
    team = world.team("Ashdown School", "Both", "transition", "school_safeguarding")
    world.new_key("Ashdown School", "Both")
    given_up = change(world, team, session_of(world, member(world, "Bo", team)), purposes=("transition",))
    assert given_up.formerly == {"school_safeguarding"}
    team.identity = given_up
    world.new_key("Ashdown School", "Both")
    if then == "a name":
        after = change(world, team, session_of(world, member(world, "Cy", team)), name="Office")
    else:
        after = confirm(world, team)
    assert after.formerly == {"school_safeguarding"}
    with world.db.read() as session:
        trust = trust_of(session, world.safeguarding_lead)
        known = trust.known(session, session.get_one(TeamKey, team.key_id))
    assert known is not None
    assert known.signs_for == {"transition", "school_safeguarding"}
