"""Documents of a record: added, refused, opened, removed."""

from __future__ import annotations

from io import BytesIO

import pytest

from tests.exchange.documents import locked_pdf, pdf
from tests.exchange.world import World
from tests.uploads.reading import pictures
from tests.uploads.samples import cleaned, drawn, refused
from tests.web.visitor import Visitor
from transition_exchange.exchange.writing.attaching import attach


def _form(content: bytes, **more: str) -> dict[str, object]:
    return {
        "kind": "ehc_plan",
        "dated-day": "1",
        "dated-month": "6",
        "dated-year": "2026",
        "name": "Plan of June",
        "file": (BytesIO(content), "Khan plan.pdf"),
        **more,
    }


def test_a_document_is_added_listed_opened_and_removed(senco: Visitor, world: World) -> None:
    record_id, content = world.add(), drawn(pages=4)
    path = f"/learners/{record_id}/documents"
    page = senco.follow(senco.post(path, _form(content)))
    assert "Plan of June" in page.text
    assert "4 pages" in page.text
    assert "learning support" in page.one(".govuk-summary-card__content")
    opened = senco.get(page.href("Download"))
    assert pictures(opened.response.get_data()) == pictures(content)
    assert "took out" not in page.text
    assert "Khan" not in opened.response.headers["Content-Disposition"]
    ask = page.href("Remove")
    assert "Remove “Plan of June”?" in senco.get(ask).h1
    page = senco.follow(senco.post(ask))
    assert "No document is attached yet" in page.text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Choose a PDF"),
        (b"hello", "Choose a PDF. Save or print"),
        (locked_pdf(), "locked with a password"),
        (refused("a film"), "Print it to a new PDF and choose that"),
        (refused("a portfolio"), "Save each file from it as a PDF"),
        (refused("cut off"), "This PDF is damaged"),
    ],
    ids=["none", "text", "locked", "film", "portfolio", "cut off"],
)
def test_a_refusal_is_clear_and_the_rest_stays(
    senco: Visitor, world: World, content: bytes, words: str
) -> None:
    record_id = world.add()
    page = senco.post(f"/learners/{record_id}/documents", _form(content))
    assert words in page.errors[0]
    assert page.fields()["name"] == ["Plan of June"]
    assert page.fields()["kind"] == ["ehc_plan"]


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("a field that calculates", "scripts, and other things that happen by themselves"),
        ("a link to a file", "links to anything but web pages"),
        ("a file inside", "add them as documents of their own"),
        ("a signature", "the digital signature"),
        ("forbids changes (RC4, 128 bits)", "the lock against changing, copying or printing"),
    ],
)
def test_what_was_taken_out_of_a_document_is_said(
    senco: Visitor, world: World, what: str, words: str
) -> None:
    record_id = world.add()
    page = senco.follow(senco.post(f"/learners/{record_id}/documents", _form(cleaned()[what][0])))
    assert "Document added. See below what we took out of it." in page.text
    assert "The pages look the same" in page.one(".govuk-summary-card__content")
    assert words in page.one(".govuk-summary-card__content")


def test_everything_missing_is_said_at_once(senco: Visitor, world: World) -> None:
    record_id = world.add()
    page = senco.post(f"/learners/{record_id}/documents", _form(b"", kind="", **{"dated-month": "13"}))
    assert len(page.errors) == 3


def test_somebody_elses_document_is_not_found(senco: Visitor, world: World) -> None:
    mine, theirs = world.add(), world.add(actor=world.other_senco)
    attachment_id = attach(
        db=world.db,
        actor=world.other_senco,
        record_id=theirs,
        kind="ehc_plan",
        name="",
        dated=world.today,
        content=pdf(),
    )
    for record_id in (mine, theirs):
        assert senco.get(f"/learners/{record_id}/documents/{attachment_id}").status == 404
        assert senco.post(f"/learners/{record_id}/documents/{attachment_id}/remove").status == 404
