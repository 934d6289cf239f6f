"""Downloads: the pack, its data and its documents."""

from __future__ import annotations

import json
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from tests.exchange.documents import pdf
from tests.exchange.world import World
from tests.web.provider.visiting import visiting
from transition_exchange.exchange.writing import attaching
from transition_exchange.store.models import Transfer


def test_the_pdf_and_the_data_are_downloaded(app: Flask, world: World, transfer_id: UUID) -> None:
    visitor = visiting(app, world.college_support)
    pdf = visitor.get(f"/received/{transfer_id}/record.pdf").response
    assert pdf.mimetype == "application/pdf"
    assert pdf.data.startswith(b"%PDF-")
    assert "Khan" not in pdf.headers["Content-Disposition"]
    assert "no-store" in pdf.headers["Cache-Control"]
    data = json.loads(visitor.get(f"/received/{transfer_id}/record.json").response.data)
    assert data["answers"]["learner"]["legal_surname"] == "Khan"
    assert visitor.get(f"/received/{transfer_id}/record.pdf?part=safeguarding").status == 404
    assert visitor.get(f"/received/{transfer_id}/record.pdf?part=nonsense").status == 404


def test_a_document_goes_to_its_audience_only(app: Flask, world: World) -> None:
    record_id, content = world.add(), pdf()
    world.fill(record_id)
    document = attaching.attach(
        db=world.db,
        actor=world.senco,
        record_id=record_id,
        kind="strategies",
        name="What helps",
        dated=world.today,
        content=content,
    )
    world.send(record_id)
    with world.db.read() as session:
        transfer_id = session.scalars(select(Transfer.id)).one()
    address = f"/received/{transfer_id}/documents/{document}.pdf"
    support = visiting(app, world.college_support)
    assert "What helps (PDF)" in support.get(f"/received/{transfer_id}").text
    assert support.get(address).response.data == content
    assert visiting(app, world.college_admissions).get(address).status == 404
