"""Downloading a pack's PDF, its data and its documents."""

from __future__ import annotations

import pytest

from tests.exchange.documents import pdf
from tests.exchange.world import World
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.receiving.downloading import download_attachment
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.exchange.writing.attaching import attach
from transition_exchange.exchange.writing.opening import open_draft


def test_an_attachment_reaches_its_audience_and_no_one_else(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.save(record_id, {"sen": {"provision": "K"}})
    content = pdf(pages=2)
    attachment_id = attach(
        db=world.db,
        actor=world.senco,
        record_id=record_id,
        kind="strategies",
        name="",
        dated=world.today,
        content=content,
    )
    assert open_draft(db=world.db, actor=world.senco, record_id=record_id).attachments
    world.send(record_id)
    [sent] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    _, body = download_attachment(
        db=world.db,
        actor=world.college_support,
        transfer_id=sent.transfer_id,
        attachment_id=attachment_id,
    )
    assert body == content
    with pytest.raises(NotFound):
        download_attachment(
            db=world.db,
            actor=world.college_admissions,
            transfer_id=sent.transfer_id,
            attachment_id=attachment_id,
        )
