"""Sending: what was looked at goes out, or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select

from tests.exchange.chains import kinds_of
from tests.exchange.world import InstantRenderer, World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotAllowed, NotFound, NotReady, Refused
from transition_exchange.exchange.receiving.downloading import download_data, download_pdf
from transition_exchange.exchange.receiving.receipts import acknowledge
from transition_exchange.exchange.sending.planning import plan
from transition_exchange.exchange.sending.plans import ProviderPlan
from transition_exchange.exchange.sending.send import Sent, preview, send
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.packs.rendering import RenderingFailed
from transition_exchange.store.models import (
    Event,
    Grant,
    Membership,
    OutboxMail,
    Part,
    Receipt,
    Revision,
    Transfer,
)


def test_a_preference_alone_sends_nothing(world: World) -> None:
    record_id = world.add()
    world.fill(record_id, status="applied")
    planned = world.plan(record_id)
    assert [provider.state for provider in planned.providers] == ["status"]
    with pytest.raises(Refused, match="nothing to send"):
        send(db=world.db, actor=world.senco, renderer=world.renderer, record_id=record_id, seen=planned.seen)


def test_nothing_goes_out_that_changed_since_it_was_looked_at(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    planned = world.plan(record_id)
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    with pytest.raises(Refused, match="changed since"):
        send(db=world.db, actor=world.senco, renderer=world.renderer, record_id=record_id, seen=planned.seen)


def test_a_school_whose_own_team_is_not_ready_sends_nothing(world: World) -> None:
    world.place("New School", kind="school", sends=True)
    world.team("New School", "Office", "transition", "school_safeguarding", ready=False)
    clerk = world.person("clerk", "New School", "Office")
    record_id = world.add(actor=clerk)
    planned = plan(db=world.db, actor=clerk, record_id=record_id)
    assert "second person" in planned.own_problem
    with pytest.raises(NotReady):
        send(db=world.db, actor=clerk, renderer=world.renderer, record_id=record_id, seen=planned.seen)


def test_a_changed_version_goes_to_those_that_hold_one_and_to_nobody_else(world: World) -> None:
    record_id = world.add()
    world.fill(record_id, going_to=("Northway College",))
    world.send(record_id)
    world.fill(record_id, going_to=("Northway College", "Riverside Boxing"), status="accepted")
    planned = world.plan(record_id)
    assert {provider.name: provider.state for provider in planned.providers} == {
        "Northway College": "current",
        "Riverside Boxing": "new",
    }
    send(
        db=world.db,
        actor=world.senco,
        renderer=world.renderer,
        record_id=record_id,
        seen=planned.seen,
        providers=[world.places["Riverside Boxing"].id],
        today=world.today,
    )
    tracked = track(db=world.db, actor=world.senco, record_id=record_id)
    assert {delivered.provider for delivered in tracked.delivered} == {"Northway College", "Riverside Boxing"}
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    sent = world.send(record_id)
    assert set(sent.providers) == {"Northway College", "Riverside Boxing"}
    tracked = track(db=world.db, actor=world.senco, record_id=record_id)
    assert all(receipt.number == sent.number for one in tracked.delivered for receipt in one.current)


def _send(world: World, record_id: UUID, **changed: Any) -> Sent:
    """Send what is planned now, but for what is said otherwise."""
    given: dict[str, Any] = {
        "actor": world.senco,
        "renderer": world.renderer,
        "seen": world.plan(record_id).seen,
        "today": world.today,
    }
    return send(db=world.db, record_id=record_id, **(given | changed))


def _ready(world: World, *going_to: str) -> UUID:
    record_id = world.add()
    world.fill(record_id, going_to=going_to or ("Northway College",))
    return record_id


def _stored(world: World) -> list[int]:
    """How many revisions, transfers, grants, parts, receipts, mails and events there are."""
    with world.db.read() as session:
        return [
            session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Revision, Transfer, Grant, Part, Receipt, OutboxMail, Event)
        ]


def test_it_says_which_version_went_to_whom(world: World) -> None:
    record_id = _ready(world, "Northway College", "Riverside Boxing")
    assert _send(world, record_id) == Sent(number=1, providers=("Northway College", "Riverside Boxing"))
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    assert _send(world, record_id).number == 2


def test_the_same_click_twice_sends_once(world: World) -> None:
    record_id = _ready(world)
    seen = world.plan(record_id).seen
    _send(world, record_id, seen=seen)
    before = _stored(world)
    with pytest.raises(Refused, match="changed since"):
        _send(world, record_id, seen=seen)
    with pytest.raises(Refused, match="nothing to send"):
        _send(world, record_id)
    assert _stored(world) == before


def test_of_the_new_providers_only_the_chosen_ones_get_it(world: World) -> None:
    record_id = _ready(world, "Northway College", "Riverside Boxing")
    with pytest.raises(Refused, match="nothing to send"):
        _send(world, record_id, providers=[])
    sent = _send(world, record_id, providers=[world.college.id])
    assert sent.providers == ("Northway College",)
    states = {provider.name: provider.state for provider in world.plan(record_id).providers}
    assert states == {"Northway College": "current", "Riverside Boxing": "new"}


def test_an_unchanged_version_goes_to_a_further_provider_without_a_new_number(world: World) -> None:
    record_id = _ready(world, "Northway College", "Riverside Boxing")
    _send(world, record_id, providers=[world.college.id])
    sent = _send(world, record_id, providers=[world.places["Riverside Boxing"].id])
    assert sent == Sent(number=1, providers=("Riverside Boxing",))
    received = world.open(world.transfer_of(record_id, "Riverside Boxing"), world.coach)
    assert received.answers["learner"]["legal_surname"] == "Khan"


def _packs_of(world: World, record_id: UUID, *people: Actor) -> list[dict[str, Any]]:
    transfer_id = world.transfer_of(record_id)
    for person in people:
        world.open(transfer_id, person)
    return [
        json.loads(
            download_pdf(db=world.db, actor=person, transfer_id=transfer_id, owner="transition").partition(
                b"\n"
            )[2]
        )
        for person in people
    ]


def test_an_unchanged_version_goes_to_a_team_that_the_provider_added_later(world: World) -> None:
    record_id = _ready(world)
    _send(world, record_id)
    transfer_id = world.transfer_of(record_id)
    world.open(transfer_id, world.college_support)
    acknowledge(db=world.db, actor=world.college_support, transfer_ids=[transfer_id])
    world.team("Northway College", "Second support team", "learning_support")
    tutor = world.person("tutor", "Northway College", "Second support team")
    (college,) = world.plan(record_id).providers
    assert (college.state, [team.name for team in college.teams]) == ("added", ["Second support team"])
    assert _send(world, record_id) == Sent(number=1, providers=("Northway College",))
    assert world.plan(record_id).providers[0].state == "current"
    first, later = (world.open(transfer_id, person) for person in (world.college_support, tutor))
    assert first.answers == later.answers
    assert first.answers["destination"]
    packs = _packs_of(world, record_id, world.college_support, tutor)
    assert packs[0]["answers"] == packs[1]["answers"]


def test_two_teams_that_are_added_one_after_the_other_both_get_it(world: World) -> None:
    record_id = _ready(world)
    _send(world, record_id)
    for name in ("second", "third"):
        team = f"The {name} support team"
        world.team("Northway College", team, "learning_support")
        tutor = world.person(name, "Northway College", team)
        _send(world, record_id)
        assert world.open(world.transfer_of(record_id), tutor).answers["destination"]


def test_a_team_that_was_added_and_is_not_ready_is_told_and_waits(world: World) -> None:
    record_id = _ready(world)
    _send(world, record_id)
    world.team("Northway College", "Second support team", "learning_support", ready=False)
    (college,) = world.plan(record_id).providers
    assert college.state == "not_ready"
    assert "Second support team" in college.problem
    with pytest.raises(Refused, match="nothing to send"):
        _send(world, record_id)


def test_a_team_that_lost_its_second_opener_does_not_hold_up_one_that_was_added(world: World) -> None:
    record_id = _ready(world)
    _send(world, record_id)
    with world.db.write() as session:
        support = world.places["Northway College"].teams["Learning support"]
        session.execute(delete(Membership).where(Membership.team_id == support.row.id))
    world.team("Northway College", "Second support team", "learning_support")
    assert _send(world, record_id).providers == ("Northway College",)


class Overtaken(InstantRenderer):
    """Somebody else sends the same record while its PDFs are being made."""

    def __init__(self, world: World, record_id: UUID) -> None:
        super().__init__()
        self.world, self.record_id = world, record_id

    def render_many(self, contents: Any) -> Iterator[bytes]:
        self.world.send(self.record_id)
        yield from super().render_many(contents)


def test_of_two_who_send_at_the_same_time_one_is_told_to_look_again(world: World) -> None:
    record_id = _ready(world)
    with pytest.raises(Refused, match="changed since"):
        _send(world, record_id, renderer=Overtaken(world, record_id))
    tracked = track(db=world.db, actor=world.senco, record_id=record_id)
    assert len(tracked.delivered) == len(tracked.versions) == 1
    assert world.open(world.transfer_of(record_id)).answers


class Failing(InstantRenderer):
    """Makes the first PDF and fails at the second."""

    def render_many(self, contents: Any) -> Iterator[bytes]:
        yield b"%PDF-1.7"
        raise RenderingFailed("A PDF could not be made.")


def test_nothing_is_stored_where_a_pdf_could_not_be_made(world: World) -> None:
    record_id = _ready(world)
    before = _stored(world)
    with pytest.raises(RenderingFailed):
        _send(world, record_id, renderer=Failing())
    assert _stored(world) == before
    assert [provider.state for provider in world.plan(record_id).providers] == ["new"]


def test_what_is_wrong_by_now_is_not_sent(world: World) -> None:
    """The offer's date lies in the future of a clock that was set back."""
    record_id = _ready(world)
    early = date(2026, 9, 15)
    planned = plan(db=world.db, actor=world.senco, record_id=record_id, today=early)
    assert planned.report.errors
    with pytest.raises(Refused, match="wrong"):
        _send(world, record_id, today=early, seen=planned.seen)


def test_the_safeguarding_team_releases_before_anybody_holds_the_record(world: World) -> None:
    record_id = _ready(world)
    given = {"owner": "school_safeguarding", "actor": world.safeguarding_lead}
    seen = world.plan(record_id, owner="school_safeguarding").seen
    assert _send(world, record_id, seen=seen, **given) == Sent(number=1, providers=())
    assert kinds_of(world.db, world.school.id)[-1] == "record.released"
    with pytest.raises(Refused, match="nothing to send"):
        _send(world, record_id, seen=world.plan(record_id, owner="school_safeguarding").seen, **given)


def test_only_the_owners_team_of_the_school_sends_or_previews(world: World) -> None:
    record_id = _ready(world)
    for actor, refusal in ((world.safeguarding_lead, NotAllowed), (world.other_senco, NotFound)):
        with pytest.raises(refusal):
            _send(world, record_id, actor=actor)
    planned = world.plan(record_id)
    with pytest.raises(NotAllowed):
        preview(db=world.db, actor=world.safeguarding_lead, planned=planned, provider=planned.providers[0])


def test_a_preview_changes_nothing_and_is_what_goes_out(world: World) -> None:
    record_id = _ready(world)
    planned, before = world.plan(record_id), _stored(world)
    (college,) = planned.providers
    shown = preview(db=world.db, actor=world.senco, planned=planned, provider=college, today=world.today)
    assert _stored(world) == before
    _send(world, record_id, seen=planned.seen)
    for team in college.teams:
        person = next(actor for actor in world.people.values() if actor.team(team.team_id) is not None)
        world.open(world.transfer_of(record_id), person)
        delivered = json.loads(
            download_data(db=world.db, actor=person, transfer_id=world.transfer_of(record_id))
        )
        promised = json.loads(shown[team.team_id].record_json)
        later = {"sent_at": "", "reference": ""}
        assert delivered | later == promised | later
        assert shown[team.team_id].readers == (team.name,)


def test_a_provider_that_was_left_out_once_gets_nothing_unless_it_is_ticked(world: World) -> None:
    record_id = world.add()
    world.fill(record_id, going_to=["Northway College", "Riverside Boxing"])
    boxing = world.places["Riverside Boxing"].id
    world.send(record_id, providers={world.college.id})
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})

    def of_boxing() -> ProviderPlan:
        (found,) = [one for one in world.plan(record_id).providers if one.organisation_id == boxing]
        return found

    planned = of_boxing()
    assert (planned.state, planned.expected, planned.chosen) == ("new", False, True)
    assert planned.left_out is not None
    world.send(record_id)  # what is ticked by itself
    assert of_boxing().state == "new"
    world.send(record_id, providers={boxing})
    planned = of_boxing()
    assert (planned.state, planned.left_out) == ("current", None)
