"""A second confirmer, once seen, is needed by whoever saw it, whatever the council signs or stores afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from tests.exchange import spoilt_rules
from tests.exchange.changing import member, session_of, sign_in
from tests.exchange.members import Member, actor_of, add_member
from tests.exchange.seconding import (
    believed,
    confirmer_team,
    named,
    require,
    second,
    second_all,
)
from tests.exchange.team_rows import MadeTeam, add_key, confirm_key, held_council
from tests.exchange.world import World
from transition_exchange.exchange.keys import seconds
from transition_exchange.exchange.keys.area_rules import FIRST_SEND_AT, sign_rules
from transition_exchange.exchange.keys.confirmed_names import confirmed_names
from transition_exchange.exchange.keys.personal import reseal
from transition_exchange.exchange.keys.remembering import remember_councils
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.sealing.area_rules import AreaRules
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.sealing.second_confirmer import SecondConfirmation
from transition_exchange.store.models import Area, Membership, Organisation, Principal, TeamKey


@pytest.fixture
def sam(world: World) -> Member:
    """A SENCO with a membership of their own."""
    return member(world, "Sam", world.school.teams["Transition team"])


@pytest.fixture
def required(world: World, sam: Member) -> Member:
    """The same, signed in while the area requires a second confirmer, who has confirmed every team of before."""
    require(world, named(confirmer_team(world)))
    second_all(world)
    sign_in(world, sam)
    return sam


def _inserted(world: World) -> MadeTeam:
    """A college's team that the council's operator made, with a key of theirs, and confirmed alone."""
    return world.team("Northway College", "Inclusion", "learning_support")


def test_with_the_rule_nobody_seals_to_a_team_that_the_council_confirmed_alone(
    world: World, required: Member
) -> None:
    """The adversary of the rule: a council that runs the database and puts a team of its own into a college."""
    inserted, honest = _inserted(world), world.college.teams["Learning support"]
    actor = actor_of(world, required)
    assert not believed(world, actor, inserted)
    assert believed(world, actor, honest)
    record_id = world.add(actor=actor)
    world.people["senco"] = actor
    world.fill(record_id)
    (planned,) = world.plan(record_id).providers
    assert planned.state == "not_ready"
    assert "waits for Riverside Boxing at Riverside Boxing" in planned.problem
    second(world, inserted)
    assert believed(world, actor_of(world, required), inserted)
    assert world.plan(record_id).providers[0].state == "new"


@pytest.mark.parametrize("how", ["signed without", "removed", "another", "later"])
def test_who_has_seen_the_rule_keeps_to_it_when_it_is_dropped(
    world: World, required: Member, how: str
) -> None:
    inserted = _inserted(world)
    if how == "signed without":
        require(world, None)
    elif how == "removed":
        with world.db.write() as session:
            area = session.get_one(Area, world.area_id)
            area.rules = area.rules_signature = area.rules_key_id = None
    elif how == "another":
        require(world, named(inserted))
    else:
        require(world, named(confirmer_team(world), datetime.now(UTC).date() + timedelta(days=400)))
    for _ in range(2):
        actor = actor_of(world, required)
        assert not believed(world, actor, inserted)
        assert believed(world, actor, world.college.teams["Learning support"])
        sign_in(world, required)


def test_who_has_never_seen_it_believes_the_council_alone(world: World, sam: Member) -> None:
    """The requirement cannot be kept by somebody who has not met it. docs/trust.md says so."""
    require(world, named(confirmer_team(world)))
    require(world, None)
    assert believed(world, actor_of(world, sam), _inserted(world))


def test_it_counts_in_the_very_session_that_sees_it(world: World, sam: Member) -> None:
    inserted = _inserted(world)
    assert believed(world, actor_of(world, sam), inserted)
    require(world, named(confirmer_team(world)))
    actor = actor_of(world, sam)
    assert not believed(world, actor, inserted)
    assert not believed(world, actor, world.college.teams["Learning support"]), "nor one of before"
    (team,) = actor.teams
    assert (team.confirmed, team.moved) == (False, True)


def test_until_the_day_the_councils_confirmation_is_enough(world: World, sam: Member) -> None:
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    require(world, named(confirmer_team(world), tomorrow))
    actor = actor_of(world, sam)
    assert believed(world, actor, world.college.teams["Learning support"])
    (team,) = actor.teams
    assert team.confirmed
    assert team.second is not None
    require(world, named(confirmer_team(world)))
    assert not believed(world, actor_of(world, sam), world.college.teams["Learning support"]), (
        "an earlier day counts at once"
    )


def test_the_second_confirmers_own_team_needs_none(world: World, required: Member) -> None:
    actor = actor_of(world, required)
    assert believed(world, actor, confirmer_team(world))
    coach = member(world, "Col", confirmer_team(world))
    (team,) = actor_of(world, coach).teams
    assert team.confirmed
    with world.db.write() as session:
        key = session.get_one(TeamKey, confirmer_team(world).key_id)
        key.confirmation = key.confirmation_signature = key.confirmation_key_id = None
    assert not believed(world, actor_of(world, required), confirmer_team(world)), "but the council's"


@pytest.mark.parametrize(
    "how", ["another key", "another team", "another identity", "the council", "the council's key", "none"]
)
def test_a_second_confirmation_counts_only_from_the_second_confirmer_about_the_same(
    world: World, required: Member, how: str
) -> None:
    assert world.root is not None
    inserted, confirmer = _inserted(world), confirmer_team(world)
    second(world, inserted)
    actor = actor_of(world, required)
    assert believed(world, actor, inserted)
    with world.db.write() as session:
        key = session.get_one(TeamKey, inserted.key_id)
        signed = SecondConfirmation.verify(
            key.second_confirmation or "", key.second_signature or b"", confirmer.secret.signing.public
        )
        signer, about = confirmer.secret, signed
        if how == "another key":
            about = replace(signed, fingerprint=TeamSecret.generate().fingerprint.hex())
        elif how == "another team":
            about = replace(signed, team=world.college.teams["Exams office"].identity.plain())
        elif how == "another identity":
            about = replace(signed, team=replace(inserted.identity, name="Exams").plain())
        elif how == "the council":
            signer = world.root.secret
        elif how == "the council's key":
            signer, key.second_key_id = world.root.secret, world.root.key_id
        else:
            key.second_key_id = None
        key.second_confirmation, key.second_signature = about.text(), about.sign(signer.signing)
    assert not believed(world, actor_of(world, required), inserted)


def test_the_councils_confirmation_does_not_pass_for_the_second_one(world: World, required: Member) -> None:
    inserted, confirmer = _inserted(world), confirmer_team(world)
    with world.db.write() as session:
        key = session.get_one(TeamKey, inserted.key_id)
        key.second_confirmation, key.second_signature = key.confirmation, key.confirmation_signature
        key.second_key_id = confirmer.key_id
    assert not believed(world, actor_of(world, required), inserted)


def test_a_later_key_of_the_second_confirmer_counts_by_its_line(world: World, required: Member) -> None:
    confirmer, newer, stray = confirmer_team(world), TeamSecret.generate(), TeamSecret.generate()
    inserted = _inserted(world)
    second(world, inserted)
    with world.db.write() as session:
        newer_id = add_key(session, confirmer.row.id, newer, version=2, signed_by=confirmer.secret).id
        stray_id = add_key(session, confirmer.row.id, stray, version=3).id

    def sign_by(secret: TeamSecret, key_id: object) -> None:
        with world.db.write() as session:
            key = session.get_one(TeamKey, inserted.key_id)
            signed = SecondConfirmation.verify(
                key.second_confirmation or "", key.second_signature or b"", confirmer.secret.signing.public
            )
            key.second_signature, key.second_key_id = signed.sign(secret.signing), key_id  # type: ignore[assignment]

    sign_by(newer, newer_id)
    assert believed(world, actor_of(world, required), inserted)
    with world.db.write() as session:
        key = session.get_one(TeamKey, inserted.key_id)
        text = SecondConfirmation.verify(
            key.second_confirmation or "", key.second_signature or b"", newer.signing.public
        )
        key.second_signature, key.second_key_id = text.sign(stray.signing), stray_id
    assert not believed(world, actor_of(world, required), inserted)


def test_names_come_from_what_both_confirmed(world: World, required: Member) -> None:
    assert world.root is not None
    inserted = _inserted(world)
    with world.db.write() as session:
        session.get_one(Organisation, world.college.id).name = "Southway College"
        confirm_key(session, session.get_one(TeamKey, inserted.key_id), world.root)
    actor = actor_of(world, required)
    with world.db.read() as session:
        names = confirmed_names(session, trust=trust_of(session, actor), organisation_ids=[world.college.id])
    assert names == {world.college.id: "Northway College"}


def test_the_neet_group_goes_by_the_rules_that_it_signed(world: World) -> None:
    assert world.root is not None
    cora = member(world, "Cora", world.root)
    require(world, named(confirmer_team(world)))
    sign_in(world, cora)
    require(world, None)
    (team,) = actor_of(world, cora).teams
    assert team.second is None


def test_a_member_is_told_when_the_rules_no_longer_name_it(world: World, required: Member) -> None:
    def standing() -> seconds.Standing:
        actor = actor_of(world, required)
        with world.db.read() as session:
            return seconds.standing(session, actor)

    assert standing().held == named(confirmer_team(world))
    assert not standing().differs
    require(world, None)
    assert standing().differs
    spoilt_rules.spoil(world, "removed")
    assert (standing().differs, standing().checked) == (False, False)


def test_rules_that_name_nobody_who_can_be_read_are_no_rules(world: World, sam: Member) -> None:
    assert world.root is not None
    require(world, named(confirmer_team(world)))
    with world.db.write() as session:
        area = session.get_one(Area, world.area_id)
        rules = AreaRules.verify(
            area.rules or "", area.rules_signature or b"", world.root.secret.signing.public
        )
        broken = replace(rules, second_confirmer={"team": "somebody"})
        area.rules, area.rules_signature = broken.text(), broken.sign(world.root.secret.signing)
    with world.db.read() as session:
        assert seconds.rules_of(session, session_of(world, sam)) is None
        assert seconds.in_rows([session.get_one(Area, world.area_id)]) == {}


def test_somebody_in_no_team_takes_it_up_and_keeps_it(world: World) -> None:
    """At once in the session that sees it, and from then on although the council drops it."""
    assert world.root is not None
    adi, confirmer = add_member(world, "Adi"), named(confirmer_team(world))
    with world.db.write() as session:
        row = session.get_one(Principal, adi.row.id)
        remember_councils(row, adi.pair, {world.root.row.id: held_council(world.root)}, None)
    inserted = _inserted(world)
    require(world, confirmer)
    assert actor_of(world, adi).second == confirmer
    assert not believed(world, actor_of(world, adi), inserted)
    sign_in(world, adi)
    require(world, None)
    for _ in range(2):
        assert actor_of(world, adi).second == confirmer
        assert not believed(world, actor_of(world, adi), inserted)
        sign_in(world, adi)


def test_an_older_membership_takes_nothing_from_what_is_remembered(world: World, required: Member) -> None:
    require(world, None)
    with world.db.write() as session:
        for row in session.scalars(select(Membership).where(Membership.principal_id == required.row.id)):
            held = world.school.teams["Transition team"].held
            reseal(session, principal_id=required.row.id, pair=required.pair, held=held)
            assert row.team_key_id == held.key_id
    actor = actor_of(world, required)
    assert [team.second for team in actor.teams] == [named(confirmer_team(world))]


def test_a_membership_that_holds_to_another_one_can_be_given_up_too(world: World, required: Member) -> None:
    """Both are needed until the person has accepted the rules."""
    other = replace(named(confirmer_team(world)), fingerprint="0" * 64)
    with world.db.write() as session:
        held = replace(world.school.teams["Transition team"].held, second=other)
        reseal(session, principal_id=required.row.id, pair=required.pair, held=held)
    actor = actor_of(world, required)
    with world.db.read() as session:
        assert set(trust_of(session, actor).seconds) == {named(confirmer_team(world)), other}
        standing = seconds.standing(session, actor)
    assert (standing.held, standing.differs) == (other, True)


def test_a_member_of_the_neet_group_who_lacks_its_newest_key_gives_nothing_up(world: World) -> None:
    """Somebody has left it, and signs the rules with the key before."""
    assert world.root is not None
    cora, before = member(world, "Cora", world.root), world.root.held
    require(world, named(confirmer_team(world)))
    sign_in(world, cora)
    world.new_key("Ashdown Council", "NEET group", removed=[uuid4()])
    with world.db.write() as session:
        area = session.get_one(Area, world.area_id)
        sign_rules(area, held=before, send_at=FIRST_SEND_AT, versions={}, signed_at=datetime.now(UTC))
    for _ in range(2):
        actor = actor_of(world, cora)
        assert (actor.teams, actor.second) == ((), named(confirmer_team(world)))
        sign_in(world, cora)
