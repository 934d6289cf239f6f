"""A team becomes another only where its own acceptance and the NEET group's confirmation agree."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from tests.exchange.changing import accept, change, confirm, member, propose, session_of, sign_in
from tests.exchange.members import Member, actor_of, join
from tests.exchange.team_rows import MadeTeam, confirm_key
from tests.exchange.work import calls
from tests.exchange.world import World
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.keys import changes
from transition_exchange.exchange.keys.confirmed_names import confirmed_names
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.organisations import deciding, proposing
from transition_exchange.sealing.acceptance import Acceptance
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.store.models import Membership, Organisation, Team, TeamChange, TeamKey

BOTH = ("exams", "safeguarding")


@pytest.fixture
def exams(world: World) -> MadeTeam:
    return world.college.teams["Exams office"]


@pytest.fixture
def erin(world: World, exams: MadeTeam) -> Member:
    """Somebody in the exams office."""
    return member(world, "Erin", exams)


def _believed(world: World, team: MadeTeam) -> TeamIdentity:
    """Who a school's session takes a team to be."""
    with world.db.read() as session:
        known = trust_of(session, world.senco).current(session, [team.row.id])
    return known[team.row.id].identity


def _opened(world: World, person: Member) -> TeamIdentity:
    (team,) = actor_of(world, person).teams
    return team.identity


def _forged(
    world: World,
    team: MadeTeam,
    after: TeamIdentity,
    *,
    by: TeamSecret | None = None,
    before: TeamIdentity | None = None,
    outcome: str | None = "done",
) -> UUID:
    """An acceptance that somebody put into the database, signed with a key of theirs or with the team's."""
    secret = by or team.secret
    statement = Acceptance(
        before=(before or team.identity).plain(),
        after=after.plain(),
        fingerprint=secret.fingerprint.hex(),
        accepted_at=datetime.now(UTC),
    )
    with world.db.write() as session:
        row = TeamChange(
            team_id=team.row.id,
            name=after.name,
            purposes=sorted(after.purposes),
            statement=statement.text(),
            signature=statement.sign(secret.signing),
            outcome=outcome,
        )
        session.add(row)
        session.flush()
        return row.id


def _confirmed_by_the_council(world: World, team: MadeTeam, identity: TeamIdentity) -> None:
    """A confirmation of another identity, as if the council had been talked into it."""
    assert world.root is not None
    with world.db.write() as session:
        row = session.get_one(Team, team.row.id)
        row.name, row.purposes = identity.name, sorted(identity.purposes)
        confirm_key(session, session.get_one(TeamKey, team.key_id), world.root)


def _with(identity: TeamIdentity, *purposes: str, name: str = "") -> TeamIdentity:
    return identity.changed(
        name=name or identity.name,
        organisation_name=identity.organisation_name,
        purposes=purposes or identity.purposes,
    )


def test_changing_a_teams_rows_alone_changes_nothing(world: World, exams: MadeTeam, erin: Member) -> None:
    with world.db.write() as session:
        row = session.get_one(Team, exams.row.id)
        row.name, row.purposes = "Safeguarding office", list(BOTH)
    assert _opened(world, erin) == _believed(world, exams) == exams.identity


def test_until_the_council_has_confirmed_it_the_old_identity_holds(
    world: World, exams: MadeTeam, erin: Member
) -> None:
    change_id = propose(world, exams, name="Exams and more", purposes=BOTH)
    assert _opened(world, erin) == _believed(world, exams) == exams.identity
    accept(world, session_of(world, erin), change_id)
    assert _opened(world, erin) == _believed(world, exams) == exams.identity
    with world.db.read() as session:
        row = session.get_one(Team, exams.row.id)
        assert (row.name, row.purposes) == ("Exams office", ["exams"])
    after = confirm(world, exams)
    assert after == _with(exams.identity, *BOTH, name="Exams and more")
    assert _opened(world, erin) == _believed(world, exams) == after
    with world.db.read() as session:
        row = session.get_one(Team, exams.row.id)
        assert (row.name, row.purposes) == ("Exams and more", list(BOTH))
        assert session.get_one(TeamChange, change_id).outcome == "done"


def test_a_member_who_did_not_accept_follows_and_seals_the_membership_anew(
    world: World, exams: MadeTeam, erin: Member
) -> None:
    other = member(world, "Otto", exams)
    after = change(world, exams, session_of(world, erin), name="Exams and entries")
    (opened,) = actor_of(world, other).teams
    assert (opened.identity, opened.moved, opened.confirmed) == (after, True, True)
    sign_in(world, other)
    with world.db.write() as session:
        session.execute(delete(TeamChange))
    (opened,) = actor_of(world, other).teams
    assert (opened.identity, opened.moved) == (after, False), "the membership itself says it now"
    with pytest.raises(Tampered):
        actor_of(world, erin)  # who has not signed in since needs the acceptance


def test_signing_in_seals_nothing_anew_that_has_not_changed(
    world: World, exams: MadeTeam, erin: Member
) -> None:
    def sealed() -> bytes | None:
        with world.db.read() as session:
            return session.scalars(
                select(Membership.sealed).where(Membership.principal_id == erin.row.id)
            ).one()

    sign_in(world, erin)
    before = sealed()
    sign_in(world, erin)
    assert sealed() == before
    _confirmed_by_the_council(world, exams, _with(exams.identity, *BOTH))
    sign_in(world, erin)
    assert sealed() == before, "a team that cannot be opened stays as it is"


def test_a_confirmation_without_the_teams_acceptance_stops_the_session(
    world: World, exams: MadeTeam, erin: Member
) -> None:
    _confirmed_by_the_council(world, exams, _with(exams.identity, *BOTH))
    with pytest.raises(Tampered, match="confirmed your team as another"):
        actor_of(world, erin)


@pytest.mark.parametrize("how", ["another key", "another team", "another change", "unsigned"])
def test_a_forged_acceptance_moves_no_session(world: World, exams: MadeTeam, erin: Member, how: str) -> None:
    after = _with(exams.identity, *BOTH)
    if how == "another key":
        _forged(world, exams, after, by=TeamSecret.generate())
    elif how == "another team":
        other = world.college.teams["Admissions"]
        _forged(world, exams, after, by=other.secret, before=exams.identity)
    elif how == "another change":
        _forged(world, exams, _with(exams.identity, "exams", "admissions"))
    else:
        change_id = _forged(world, exams, after)
        with world.db.write() as session:
            session.get_one(TeamChange, change_id).signature = b"\0" * 64
    _confirmed_by_the_council(world, exams, after)
    with pytest.raises(Tampered, match="confirmed your team as another"):
        actor_of(world, erin)


def test_a_forged_acceptance_is_not_shown_to_the_council(world: World, exams: MadeTeam) -> None:
    _forged(world, exams, _with(exams.identity, *BOTH), by=TeamSecret.generate(), outcome=None)
    with world.db.read() as session:
        assert changes.accepted(session, session.get_one(TeamKey, exams.key_id)) is None


def test_a_member_who_was_away_follows_several_changes(world: World, exams: MadeTeam, erin: Member) -> None:
    away = member(world, "Otto", exams)
    for name, purposes in (("Second", BOTH), ("Third", ("exams",)), ("Fourth", ("exams", "admissions"))):
        after = change(world, exams, session_of(world, erin), name=name, purposes=purposes)
        sign_in(world, erin)
    (opened,) = actor_of(world, away).teams
    assert opened.identity == after
    assert opened.formerly == {"safeguarding"}
    with world.db.read() as session:
        assert changes.followed(session, opened, after) is opened, "there is nothing after the last one"


@pytest.mark.parametrize("what", ["work", "name"])
def test_an_older_change_that_is_put_back_moves_nobody_who_has_seen_the_newer_one(
    world: World, exams: MadeTeam, erin: Member, what: str
) -> None:
    """The writer keeps the rows of the time in which the team did safeguarding too, or had another name."""

    def becomes(name: str, *purposes: str) -> None:
        change(world, exams, session_of(world, erin), name=name, purposes=purposes)
        sign_in(world, erin)

    becomes(*(("Exams office", *BOTH) if what == "work" else ("Second", "exams")))
    with world.db.read() as session:
        key = session.get_one(TeamKey, exams.key_id)
        old = (key.confirmation, key.confirmation_signature)
    becomes("Exams office", "exams")
    with world.db.write() as session:
        key = session.get_one(TeamKey, exams.key_id)
        key.confirmation, key.confirmation_signature = old
    with pytest.raises(Tampered):
        actor_of(world, erin)


def test_a_change_and_back_is_followed_to_its_end(world: World, exams: MadeTeam, erin: Member) -> None:
    """Who was away and comes back to the same name stands behind both changes all the same."""
    away = member(world, "Otto", exams)
    for name in ("Second", "Exams office"):
        change(world, exams, session_of(world, erin), name=name)
        sign_in(world, erin)
    (opened,), (led,) = actor_of(world, away).teams, actor_of(world, erin).teams
    assert (opened.identity, opened.change) == (exams.identity, led.change)
    assert opened.change


def test_an_acceptance_under_a_key_that_was_given_up_moves_nobody(
    world: World, exams: MadeTeam, erin: Member
) -> None:
    rotated, before = member(world, "Otto", exams), replace(exams)
    world.new_key("Northway College", exams.row.name)
    join(world, rotated, exams.held)
    after = _with(exams.identity, *BOTH)
    _forged(world, before, after)
    assert world.root is not None
    with world.db.write() as session:
        session.get_one(Team, exams.row.id).purposes = list(BOTH)
        confirm_key(session, session.get_one(TeamKey, exams.key_id), world.root)
    with pytest.raises(Tampered):
        actor_of(world, rotated)


def test_the_neet_group_is_renamed_by_its_own_acceptance(world: World) -> None:
    """It is a root: nobody confirms it, and its signature alone is enough for its own members."""
    assert world.root is not None
    cora, otto = member(world, "Cora", world.root), member(world, "Otto", world.root)
    change_id = propose(world, world.root, name="Participation team")
    with world.db.write() as session:
        session.get_one(Team, world.root.row.id).name = "Somebody else"
    assert _opened(world, otto).name == "NEET group"
    accept(world, session_of(world, cora), change_id)
    for person in (cora, otto):
        (opened,) = actor_of(world, person).teams
        assert opened.name == "Participation team"
        assert opened.purposes == {"neet_group"}
        assert opened.confirmed
    with world.db.read() as session:
        assert session.get_one(Team, world.root.row.id).name == "Participation team"
        assert session.get_one(TeamChange, change_id).outcome == "done"
    late = world.team("Northway College", "Late team", "exams", confirmed=False)
    world.people["coordinator"] = session_of(world, otto)
    confirm(world, late)
    assert _believed(world, late) == late.identity, "its key is the same root as before"


def test_no_change_makes_a_team_a_neet_group(world: World, exams: MadeTeam, erin: Member) -> None:
    after = _with(exams.identity, "exams", "neet_group")
    _forged(world, exams, after)
    _confirmed_by_the_council(world, exams, after)
    with pytest.raises(Tampered):
        actor_of(world, erin)


def test_a_renamed_organisation_is_called_so_from_the_first_confirmed_team_on(world: World) -> None:
    head = world.person("head", "Northway College", "Exams office", administrator=True)
    proposing.rename_organisation(db=world.db, actor=head, name="Northway College Group")
    exams, support = world.college.teams["Exams office"], world.college.teams["Learning support"]
    confirm(world, exams)
    with world.db.read() as session:
        assert session.get_one(Organisation, world.college.id).name == "Northway College Group"
        names = confirmed_names(
            session, trust=trust_of(session, world.senco), organisation_ids=[world.college.id]
        )
    assert names == {world.college.id: "Northway College Group"}
    assert _believed(world, support) == support.identity, "until it is confirmed anew, it keeps the old name"
    waiting = deciding.waiting(db=world.db, actor=world.college_support)
    accept(world, world.college_support, waiting[support.row.id].id)
    assert confirm(world, support).organisation_name == "Northway College Group"


def test_held_keys_say_where_in_the_line_of_changes_they_stand(
    world: World, exams: MadeTeam, erin: Member
) -> None:
    change(world, exams, session_of(world, erin), name="Second")
    (opened,) = actor_of(world, erin).teams
    assert HeldKey.from_bytes(opened.held.to_bytes()) == opened.held
    assert opened.held.change == opened.change != ""


def _accept_again_and_again(world: World, team: MadeTeam, steps: int, *, copies: int) -> None:
    """Put a line of acceptances that the team signed into the database in place of others, each several times over."""
    before, previous = team.identity, None
    with world.db.write() as session:
        session.execute(delete(TeamChange).where(TeamChange.team_id == team.row.id))
        for step in range(steps):
            after = before.changed(
                name=f"Exams {step % 2}",
                organisation_name=before.organisation_name,
                purposes=before.purposes,
            )
            statement = Acceptance(
                before=before.plain(),
                after=after.plain(),
                fingerprint=team.secret.fingerprint.hex(),
                accepted_at=datetime.now(UTC),
                previous=previous,
            )
            for _ in range(copies):
                session.add(
                    TeamChange(
                        team_id=team.row.id,
                        name=after.name,
                        statement=statement.text(),
                        signature=statement.sign(team.secret.signing),
                        outcome="done",
                    )
                )
            before, previous = after, statement.digest()


@pytest.mark.parametrize(
    ("few", "many"), [((4, 2), (16, 2)), ((2, 10), (2, 40))], ids=["a long line", "many copies"]
)
def test_each_acceptance_is_followed_once_however_often_it_is_there(
    world: World, exams: MadeTeam, few: tuple[int, int], many: tuple[int, int]
) -> None:
    """Four times as many rows are about four times the work. Followed row by row, each step would double it."""

    def look() -> None:
        with world.db.read() as session:
            opened = changes.followed(session, exams.opened, None)
        assert opened.moved

    def work(steps: int, copies: int) -> int:
        _accept_again_and_again(world, exams, steps, copies=copies)
        return calls(look)

    work(*few)  # what Python does once only
    assert work(*many) < 5 * work(*few)
