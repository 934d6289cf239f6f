"""What the NEET group signed for the area is signed anew with its new key, word for word, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update

from tests.exchange.changing import accept, confirm, propose
from tests.exchange.renewing.changed_keys import NOW, due, noted, only_newest, renew
from tests.exchange.seconding import confirmer_team, named, require, second
from tests.exchange.team_rows import held_council, pin_of
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys import seconding
from transition_exchange.exchange.keys.area_rules import signed_rules
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.renewing import council
from transition_exchange.sealing.area_rules import AreaRules
from transition_exchange.sealing.confirmation import Confirmation
from transition_exchange.sealing.statements import digest_of
from transition_exchange.store.models import Area, KeyPin, Team, TeamKey

COUNCIL, GROUP = "Ashdown Council", "NEET group"


def _confirmations(world: World) -> dict[UUID, str | None]:
    with world.db.read() as session:
        keys = session.scalars(select(TeamKey).where(TeamKey.confirmation.is_not(None)))
        return {key.id: key.confirmation for key in keys}


def _believed(world: World, actor: Actor) -> dict[UUID, Confirmation]:
    """The confirmations that somebody's session believes, by key."""
    with world.db.read() as session:
        trust = trust_of(session, actor)
        keys = session.scalars(select(TeamKey)).all()
        return {key.id: said for key in keys if (said := trust.confirmation(session, key)) is not None}


def _rules(world: World, actor: Actor) -> AreaRules | None:
    with world.db.read() as session:
        area = session.get_one(Area, world.area_id)
        return signed_rules(session, trust=trust_of(session, actor), area=area)


def _pin_anew(world: World) -> None:
    """Every team compares the council's new number."""
    assert world.root is not None
    with world.db.write() as session:
        session.execute(delete(KeyPin))
        for place in world.places.values():
            for team in place.teams.values():
                if team is not world.root:
                    session.add(pin_of(team.row.id, team.secret, world.root))


def _all_have_seen_it(world: World) -> None:
    """Everybody has signed in since the council's number was compared, and their memberships hold the new key."""
    assert world.root is not None
    seen = {world.root.row.id: held_council(world.root)}
    for person, actor in world.people.items():
        teams = tuple(replace(team, councils=seen) for team in actor.teams)
        world.people[person] = replace(actor, teams=teams)


def test_every_confirmation_and_the_rules_say_the_same_under_the_new_key(world: World) -> None:
    world.sign_rules(send_at="conditional", versions={2027: "core/2027.1"})
    record_id = world.add()
    world.fill(record_id, status="conditional")
    texts, before = _confirmations(world), _rules(world, world.coordinator)
    assert before is not None
    world.new_key(COUNCIL, GROUP)
    assert due(world, council, world.coordinator)[-1] == world.area_id
    assert len(due(world, council, world.coordinator)) == len(texts) + 1
    assert renew(world, council, world.coordinator) == 0
    assert due(world, council, world.coordinator) == []
    assert _confirmations(world) == texts
    newest = only_newest(world.coordinator)
    assert _believed(world, newest).keys() == texts.keys()
    rules = _rules(world, newest)
    assert rules is not None
    assert (rules.send_at, rules.versions) == (before.send_at, before.versions)
    assert (rules.signed_at, rules.previous) == (NOW.isoformat(), digest_of(before.text()))
    assert noted(world, newest) == [
        {"what": "confirmations", "count": len(texts)},
        {"what": "rules", "count": 1},
    ]
    _pin_anew(world)
    assert _believed(world, world.senco).keys() == texts.keys()
    assert _rules(world, world.senco) == rules
    world.send(record_id)
    assert world.open(world.transfer_of(record_id)).answers


def test_what_is_interrupted_is_carried_on_and_two_members_may_do_it_at_once(world: World) -> None:
    world.new_key(COUNCIL, GROUP)
    every = due(world, council, world.coordinator)
    assert renew(world, council, world.coordinator, every[:3]) == 0
    assert due(world, council, world.coordinator) == every[3:]
    assert renew(world, council, world.coordinator, every) == 0, "a colleague who began before"
    rules = _rules(world, world.coordinator)
    assert due(world, council, world.coordinator) == []
    assert renew(world, council, world.coordinator, every) == 0
    assert _rules(world, world.coordinator) == rules, "signed once"
    assert [about["count"] for about in noted(world, world.coordinator)] == [3, len(every) - 4, 1]


def test_what_the_group_did_not_sign_is_counted_left_and_holds_up_no_other(world: World) -> None:
    world.new_key(COUNCIL, GROUP)
    wrong = world.senco.teams[0].key_id
    with world.db.write() as session:
        key = session.get_one(TeamKey, wrong)
        other = session.get_one(TeamKey, world.college_support.teams[0].key_id)
        key.confirmation, key.confirmation_signature = other.confirmation, other.confirmation_signature
        session.execute(update(Area).values(rules_signature=b"x" * 64))
    assert renew(world, council, world.coordinator) == 2
    assert due(world, council, world.coordinator) == [wrong, world.area_id]
    newest = only_newest(world.coordinator)
    assert _believed(world, newest).keys() == _confirmations(world).keys() - {wrong}
    assert _rules(world, newest) is None


def test_a_confirmation_after_the_change_is_not_due(world: World) -> None:
    world.new_key(COUNCIL, GROUP)
    assert renew(world, council, world.coordinator) == 0
    world.place("New School", kind="school", sends=True)
    world.team("New School", "Transition team", "transition")
    assert due(world, council, world.coordinator) == []


def test_only_the_neet_group_that_signed_them_signs_them_anew(world: World) -> None:
    world.new_key(COUNCIL, GROUP)
    world.new_key("Ashdown School", "Transition team")
    every = due(world, council, world.coordinator)
    for actor in (world.senco, world.college_support, only_newest(world.coordinator)):
        assert due(world, council, actor) == []
        assert renew(world, council, actor, every) == 0
    assert renew(world, council, world.coordinator, [uuid4()]) == 0
    assert due(world, council, world.coordinator) == every
    assert noted(world, world.coordinator) == []


def test_a_change_that_waits_for_the_second_confirmer_goes_on_waiting_for_it_alone(world: World) -> None:
    """Otherwise the council would have to ring the team again."""
    exams = world.college.teams["Exams office"]
    require(world, named(confirmer_team(world)))
    second(world, exams)
    accept(world, world.college_exams, propose(world, exams, name="Entries"))
    after = confirm(world, exams)
    world.new_key(COUNCIL, GROUP)
    assert renew(world, council, world.coordinator) == 0
    assert due(world, council, world.coordinator) == []
    with world.db.write() as session:
        session.execute(
            update(TeamKey)
            .where(TeamKey.id.in_(world.places[COUNCIL].teams[GROUP].older))
            .values(signing_public=bytes(32))
        )
    _all_have_seen_it(world)
    waiting = [
        one.team for one in seconding.to_confirm(db=world.db, actor=world.coach).waiting if one.changes
    ]
    assert waiting == [after]
    assert second(world, exams) == after
    with world.db.read() as session:
        assert session.get_one(Team, exams.row.id).name == "Entries"
    assert due(world, council, world.coordinator) == [], "one that is done is not signed anew"
