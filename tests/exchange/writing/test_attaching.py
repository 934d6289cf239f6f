"""Attachments: taken only when they are safe to hand on, sealed with their label."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.exchange.documents import locked_pdf, pdf, pdf_with_file, pdf_with_script
from tests.exchange.world import World
from transition_exchange.exchange.errors import NotAllowed, NotFound, Refused
from transition_exchange.exchange.writing.attaching import (
    MOST_BYTES,
    attach,
    count_pages,
    own_content,
    remove,
)
from transition_exchange.exchange.writing.opening import open_draft


def test_an_attachment_comes_back_as_it_was_with_its_label(world: World) -> None:
    record_id, content = world.add(), pdf(pages=3)
    attachment_id = attach(
        db=world.db,
        actor=world.senco,
        record_id=record_id,
        kind="ehc_plan",
        name="Plan",
        dated=world.today,
        content=content,
    )
    about, body = own_content(
        db=world.db, actor=world.senco, record_id=record_id, attachment_id=attachment_id
    )
    assert body == content
    assert (about.kind, about.name, about.dated, about.pages) == ("ehc_plan", "Plan", world.today, 3)
    assert open_draft(db=world.db, actor=world.senco, record_id=record_id).attachments[0].id == attachment_id


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"Dear college", "must be a PDF"),
        (b"%PDF-1.7\nbroken", "damaged"),
        (b"%PDF-1.7\n" + b"0" * MOST_BYTES, "larger than 20 MB"),
        (locked_pdf(), "locked"),
        (pdf_with_script(), "script"),
        (pdf_with_file(), "script, a program or another file"),
    ],
    ids=["text", "broken", "large", "locked", "script", "file inside"],
)
def test_what_is_not_safe_to_hand_on_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(Refused) as caught:
        count_pages(content)
    assert words in caught.value.message
    assert caught.value.fields["file"]


def test_kind_and_date_are_asked_for(world: World) -> None:
    record_id = world.add()
    given: dict[str, Any] = {
        "db": world.db,
        "actor": world.senco,
        "record_id": record_id,
        "name": "",
        "content": pdf(),
    }
    with pytest.raises(Refused, match="kind"):
        attach(**given, kind="photo", dated=world.today)
    with pytest.raises(Refused, match="date"):
        attach(**given, kind="ehc_plan", dated=None)
    with pytest.raises(Refused, match="future"):
        attach(**given, kind="ehc_plan", dated=world.today + timedelta(days=1))


def test_nobody_else_opens_or_removes_it(world: World) -> None:
    record_id = world.add()
    attachment_id = attach(
        db=world.db,
        actor=world.senco,
        record_id=record_id,
        kind="ehc_plan",
        name="",
        dated=world.today,
        content=pdf(),
    )
    for actor in (world.other_senco, world.safeguarding_lead, world.college_support):
        with pytest.raises((NotFound, NotAllowed)):
            own_content(db=world.db, actor=actor, record_id=record_id, attachment_id=attachment_id)
        with pytest.raises((NotFound, NotAllowed)):
            remove(db=world.db, actor=actor, record_id=record_id, attachment_id=attachment_id)


def test_a_removed_attachment_is_gone(world: World) -> None:
    record_id = world.add()
    attachment_id = attach(
        db=world.db,
        actor=world.senco,
        record_id=record_id,
        kind="ehc_plan",
        name="",
        dated=world.today,
        content=pdf(),
    )
    remove(db=world.db, actor=world.senco, record_id=record_id, attachment_id=attachment_id)
    assert open_draft(db=world.db, actor=world.senco, record_id=record_id).attachments == ()
    with pytest.raises(NotFound):
        own_content(db=world.db, actor=world.senco, record_id=record_id, attachment_id=attachment_id)


def test_pages_are_counted() -> None:
    assert count_pages(pdf(pages=7)) == 7
