"""The safeguarding team's part follows to providers that got the record later."""

from __future__ import annotations

import pytest

from tests.exchange.safeguarding_answers import answer, follow
from tests.exchange.world import World
from transition_exchange.exchange.errors import NotAllowed, NotFound
from transition_exchange.exchange.receiving.opening import open_transfer
from transition_exchange.exchange.sending.safeguarding_releases import to_follow
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.exchange.writing.opening import open_draft


def test_they_follow_to_a_provider_that_got_its_pack_meanwhile(world: World) -> None:
    record_id = world.add()
    answer(world, {record_id: "nothing"})
    assert to_follow(db=world.db, actor=world.safeguarding_lead) == ()
    world.fill(record_id)
    world.send(record_id)
    assert to_follow(db=world.db, actor=world.safeguarding_lead) == (record_id,)
    assert follow(world, [record_id]).done == (record_id,)
    assert to_follow(db=world.db, actor=world.safeguarding_lead) == ()
    [sent] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    received = open_transfer(db=world.db, actor=world.college_safeguarding, transfer_id=sent.transfer_id)
    assert received.answers["safeguarding"]["file_exists"] == "no"


def test_a_changed_draft_is_never_sent_along_unseen(world: World) -> None:
    record_id = world.add()
    answer(world, {record_id: "nothing"})
    world.fill(record_id)
    world.send(record_id)
    draft = open_draft(
        db=world.db, actor=world.safeguarding_lead, record_id=record_id, owner="school_safeguarding"
    )
    changed = {**draft.answers["safeguarding"], "file_exists": "not_disclosed"}
    world.save(record_id, {"safeguarding": changed}, owner="school_safeguarding")
    assert "changed since" in follow(world, [record_id]).left[0].why


def test_only_the_safeguarding_team_does_it_and_only_for_its_own_learners(world: World) -> None:
    mine, theirs = world.add(), world.add(actor=world.other_senco)
    with pytest.raises(NotAllowed):
        follow(world, [mine], actor=world.senco)
    with pytest.raises(NotFound):
        follow(world, [theirs])
