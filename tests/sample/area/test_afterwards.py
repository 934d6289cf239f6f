"""What matters can be seen at every kind of provider and at a school of the sample."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID, uuid5

import pytest

from tests import factories
from transition_exchange.exchange.receiving.opening import open_transfer
from transition_exchange.exchange.sending.planning import plan as plan_of
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.exchange.writing.learner_list import LearnerRow
from transition_exchange.exchange.writing.learner_list import learners as learners_of
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.packs.rendering import Renderer
from transition_exchange.proforma.withdrawn import withdrawn_words
from transition_exchange.sample.area import afterwards
from transition_exchange.sample.area.accounts import NOT_CONFIRMED, NOT_JOINED, Area
from transition_exchange.sample.area.working import Plan, Worker
from transition_exchange.sample.area.writing import is_ready, sender_of
from transition_exchange.sample.organisations import ORGANISATIONS, RECEIVING
from transition_exchange.sample.young_people.learners import SampleLearner, learners

IDS = {place.key: str(uuid5(UUID(int=0), place.key)) for place in ORGANISATIONS}
PLACES = [place for place in RECEIVING if place.key not in (NOT_JOINED, NOT_CONFIRMED)]


@pytest.fixture(scope="module")
def everybody() -> tuple[SampleLearner, ...]:
    return learners(seed=2027, count=300, today=factories.TODAY, organisation_ids=IDS)


@pytest.fixture(scope="module")
def at(everybody: tuple[SampleLearner, ...]) -> dict[str, list[SampleLearner]]:
    """Those who are sent to each provider, by the provider's key."""
    found: defaultdict[str, list[SampleLearner]] = defaultdict(list)
    keys = {id: key for key, id in IDS.items()}
    for learner in everybody:
        if is_ready(learner):
            found[keys[afterwards.provider_of(learner)]].append(learner)
    return found


def _sent(some: list[SampleLearner]) -> list[afterwards.SentNumber]:
    return [(learner.number, UUID(int=learner.number)) for learner in some]


@pytest.mark.parametrize("place", [place.key for place in PLACES])
def test_every_provider_gets_somebody_of_each_kind(place: str, at: dict[str, list[SampleLearner]]) -> None:
    there = at[place]
    assert any(learner.answers.get("do_not_contact") for learner in there)
    assert any("day_one" in learner.flags and "day_one_safety" in learner.safeguarding for learner in there)
    assert any(
        "nothing_to_pass_on" in learner.flags and learner.safeguarding["safeguarding"]["file_exists"] == "no"
        for learner in there
    )
    assert any("not_answered" in learner.flags for learner in there)
    assert len({learner.stage for learner in there}) > 1, "complete, and with gaps"


def test_every_providers_list_and_a_schools_show_each_case(
    everybody: tuple[SampleLearner, ...], at: dict[str, list[SampleLearner]]
) -> None:
    sent = [pack for place in PLACES for pack in _sent(at[place.key])]
    chosen = afterwards.chosen(everybody, sorted(sent))
    of = {pack: what for what, pack in chosen}
    for place in PLACES:
        assert set(afterwards.AT_A_PROVIDER) <= {of.get(pack) for pack in _sent(at[place.key])}, place.key
    grove = {learner.number for learner in everybody if learner.school.key == "grove"}
    assert set(afterwards.AT_A_SCHOOL) <= {what for what, (number, _) in chosen if number in grove}


def test_nobody_names_as_contact_who_has_died(everybody: tuple[SampleLearner, ...]) -> None:
    bereaved = [
        learner
        for learner in everybody
        if "Dad died" in learner.answers.get("own_words", {}).get("find_hard", "")
        or "my dad's season ticket" in learner.answers.get("own_words", {}).get("matters_to_me", "")
    ]
    assert bereaved
    for learner in bereaved:
        people = learner.answers["contacts"]["contacts"] + learner.answers.get("do_not_contact", {}).get(
            "people", []
        )
        assert not {"father", "Father"} & {person["relationship"] for person in people}


@pytest.fixture
def worker(plan: Plan, area: Area, renderer: Renderer) -> Worker:
    return Worker.of(plan, area, renderer)


@pytest.fixture
def pack(worker: Worker) -> afterwards.SentNumber:
    """Somebody whose pack went out to a provider with a safeguarding team."""
    ready = [
        learner.number
        for learner in worker.learners.values()
        if is_ready(learner)
        and learner.safeguarding
        and learner.version == "core/2027.1"
        and not learner.flags & afterwards.SHOWING_ELSE
        and learner.number % 3
    ]
    sent = worker.do(("write", ready[:2]))
    return sent[0]


def _row(area: Area, worker: Worker, pack: afterwards.SentNumber) -> LearnerRow:
    actor = sender_of(area, worker.learners[pack[0]])
    return next(row for row in learners_of(db=area.db, actor=actor) if row.record_id == pack[1])


def test_a_change_that_is_not_sent_shows(area: Area, worker: Worker, pack: afterwards.SentNumber) -> None:
    assert not _row(area, worker, pack).changed
    worker.do(("afterwards", ("change", pack)))
    assert _row(area, worker, pack).changed


def test_a_version_is_held_back_with_its_reason(
    area: Area, worker: Worker, pack: afterwards.SentNumber
) -> None:
    worker.do(("afterwards", ("hold_back", pack)))
    actor = sender_of(area, worker.learners[pack[0]])
    planned = plan_of(db=area.db, actor=actor, record_id=pack[1])
    (held,) = [provider.held_back for provider in planned.providers if provider.held_back]
    assert held.reason == "The family checks the new number first."


def test_somebody_leaves_and_something_stays_unsaved(
    area: Area, worker: Worker, pack: afterwards.SentNumber
) -> None:
    worker.do(("afterwards", ("leave", pack)))
    assert _row(area, worker, pack).left is not None
    worker.do(("afterwards", ("rest", pack)))
    draft = open_draft(db=area.db, actor=sender_of(area, worker.learners[pack[0]]), record_id=pack[1])
    assert draft.resting.of(["enrolment"]).keys() == {"enrolment.postcode"}


def test_an_answer_that_was_opened_is_taken_back(
    area: Area, worker: Worker, pack: afterwards.SentNumber
) -> None:
    worker.do(("afterwards", ("take_answer_back", pack)))
    learner = worker.learners[pack[0]]
    lead = sender_of(area, learner, afterwards.SAFEGUARDING)
    (transfer,) = track(db=area.db, actor=lead, record_id=pack[1]).delivered
    key = next(key for key, id in area.organisation_ids.items() if id == str(transfer.provider_id))
    reader = area.actor(key, "safeguarding")
    assert reader is not None
    team = next(team for team in reader.teams if "safeguarding" in team.purposes)
    opened = open_transfer(db=area.db, actor=reader, transfer_id=transfer.transfer_id, team_id=team.id)
    part = opened.openings[afterwards.SAFEGUARDING]
    assert part.released_at is not None
    assert withdrawn_words(part.answers, part.released_at)
