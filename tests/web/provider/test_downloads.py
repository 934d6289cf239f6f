"""Downloads: the pack, its data and its documents."""

from __future__ import annotations

import json
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from tests.exchange.documents import pdf
from tests.exchange.world import World
from tests.web.provider.visiting import opening, visiting
from transition_exchange.exchange.records.transfers import reference_of
from transition_exchange.store.models import Receipt, Transfer


def test_the_pdf_and_the_data_are_downloaded(app: Flask, world: World, transfer_id: UUID) -> None:
    visitor = visiting(app, world.college_support)
    opening(visitor, transfer_id)
    pdf = visitor.post(f"/received/{transfer_id}/record.pdf").response
    assert pdf.mimetype == "application/pdf"
    assert pdf.data.startswith(b"%PDF-")
    assert "Khan" not in pdf.headers["Content-Disposition"]
    assert "no-store" in pdf.headers["Cache-Control"]
    data = json.loads(visitor.post(f"/received/{transfer_id}/record.json").response.data)
    assert data["answers"]["learner"]["legal_surname"] == "Khan"
    assert visitor.post(f"/received/{transfer_id}/record.pdf?part=school_safeguarding").status == 404
    assert visitor.post(f"/received/{transfer_id}/record.pdf?part=nonsense").status == 404


def test_page_pdf_data_and_file_names_call_the_transfer_the_same(
    app: Flask, world: World, transfer_id: UUID
) -> None:
    reference, visitor = reference_of(transfer_id), visiting(app, world.college_support)
    assert f"Transfer reference {reference}" in visitor.get(f"/received/{transfer_id}").text
    assert f"Transfer reference {reference}." in opening(visitor, transfer_id).text
    for kind in ("pdf", "json"):
        file = visitor.post(f"/received/{transfer_id}/record.{kind}").response
        assert f'filename="record-{reference}.{kind}"' in file.headers["Content-Disposition"]
        # The PDF of the tests is the data that it was made of.
        assert f'"reference": "{reference}"'.encode() in file.data


def test_a_document_goes_to_its_audience_only(app: Flask, world: World) -> None:
    record_id, content = world.add(), pdf()
    world.fill(record_id)
    document = world.attach(record_id, kind="strategies", name="What helps", content=content)
    world.send(record_id)
    with world.db.read() as session:
        transfer_id = session.scalars(select(Transfer.id)).one()
    address = f"/received/{transfer_id}/documents/{document}.pdf"
    support = visiting(app, world.college_support)
    assert "What helps (PDF)" in opening(support, transfer_id).text
    assert support.post(address).response.data == content
    admissions = visiting(app, world.college_admissions)
    opening(admissions, transfer_id)
    assert admissions.post(address).status == 404


@pytest.mark.parametrize("path", ["record.pdf", "record.json", "documents/{document}.pdf"])
def test_a_file_is_posted_for_and_leads_to_the_cover_before_the_record_is_open(
    app: Flask, world: World, transfer_id: UUID, path: str
) -> None:
    address = f"/received/{transfer_id}/{path.format(document=uuid4())}"
    visitor, team = visiting(app, world.college_support), world.college_support.teams[0].id
    assert visitor.get(address).status == 405
    refused = visitor.post(f"{address}?team={team}")
    assert refused.status == 303
    assert refused.location == f"/received/{transfer_id}?team={team}"
    assert "Not opened yet" in visitor.follow(refused).text
    with world.db.read() as session:
        assert not session.scalars(select(Receipt.id).where(Receipt.given_out_at.is_not(None))).all()


def test_the_page_says_who_downloaded_it_first(app: Flask, world: World, transfer_id: UUID) -> None:
    visitor = visiting(app, world.college_support)
    assert "first downloaded" not in opening(visitor, transfer_id).text
    visitor.post(f"/received/{transfer_id}/record.pdf")
    assert "first downloaded by College Support" in visitor.get(f"/received/{transfer_id}").text
