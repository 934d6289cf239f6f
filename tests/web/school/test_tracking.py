"""After sending: who opened and acknowledged it, and taking it back."""

from __future__ import annotations

from tests.exchange.world import World
from tests.web.visitor import Visitor
from transition_exchange.exchange.receiving.opening import open_transfer
from transition_exchange.exchange.receiving.receipts import acknowledge
from transition_exchange.exchange.sending.tracking import track


def test_afterwards_it_says_who_opened_and_acknowledged_it(senco: Visitor, world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    [sent] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    open_transfer(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id)
    acknowledge(db=world.db, actor=world.college_support, transfer_ids=[sent.transfer_id])
    page = senco.get(f"/learners/{record_id}/sent")
    [row] = [text for text in page.texts("tbody tr") if "Learning support" in text]
    assert row.count("College Support") == 2
    assert "Not yet" in page.text


def test_taking_back_asks_once_more_and_says_who_had_opened_it(senco: Visitor, world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    [sent] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    path = f"/learners/{record_id}/sent/{sent.transfer_id}/recall"
    assert "Nobody there has opened it" in senco.get(path).text
    open_transfer(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id)
    assert "Learning support: College Support" in senco.get(path).text
    page = senco.follow(senco.post(path))
    assert "Learning support had opened it before" in page.text
    assert senco.post(path).status == 422
    other = world.add("Ben")
    assert senco.get(f"/learners/{other}/sent/{sent.transfer_id}/recall").status == 404
