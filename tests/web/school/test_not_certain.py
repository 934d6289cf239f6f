"""What a school's own pages call not certain: documents that came back, and versions that nobody signed."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from tests.exchange.returned_documents import come_back
from tests.exchange.rows_put_there import SAFEGUARDING, put_version_there
from tests.exchange.world import World
from tests.web.school.test_record import tasks
from tests.web.visitor import Visitor
from transition_exchange.store.models import Revision

RELEASE, SEND = "See what each team will get, and release", "See what each team will get, and send"


def test_a_document_that_came_back_is_not_certain_and_can_be_removed_again(
    senco: Visitor, world: World
) -> None:
    record_id = world.add()
    world.fill(record_id)
    come_back(world, record_id)
    assert tasks(senco.get(f"/learners/{record_id}"))["Documents"] == "Not certain"
    preview = senco.get(f"/learners/{record_id}/send/transition")
    assert "It is not certain whether 1 document belongs to this record" in preview.text
    assert "Documents:" not in preview.text
    assert "1 document" not in " ".join(preview.texts(".te-team summary"))
    page = senco.get(preview.href("Look at it"))
    assert (
        "It is not sent. Remove it again. If it should go with the record, attach it again too." in page.text
    )
    assert "Not certain" in page.texts(".govuk-tag")
    assert "No document is attached yet" not in page.text
    assert senco.get(page.href("Download")).response.mimetype == "application/pdf"
    page = senco.follow(senco.post(page.href("Remove again")))
    assert "not certain" not in page.text
    assert "No document is attached yet" in page.text
    assert "not certain" not in senco.get(f"/learners/{record_id}/send/transition").text


@pytest.mark.parametrize("owner", ["transition", SAFEGUARDING])
def test_an_own_version_that_nobody_signed_is_not_certain(
    senco: Visitor, lead: Visitor, world: World, owner: str
) -> None:
    visitor, task = (lead, RELEASE) if owner == SAFEGUARDING else (senco, SEND)
    record_id = world.add()
    world.fill(record_id)
    put_version_there(world, record_id, owner=owner)
    assert tasks(visitor.get(f"/learners/{record_id}"))[task] == "Not certain"


def test_one_above_a_signed_version_is_not_certain_either(senco: Visitor, world: World) -> None:
    record_id = world.sent().record_id
    assert tasks(senco.get(f"/learners/{record_id}"))[SEND].startswith("Version 1 on ")
    put_version_there(world, record_id, owner="transition", number=2)
    assert tasks(senco.get(f"/learners/{record_id}"))[SEND] == "Not certain"


@pytest.mark.parametrize("signed_before", [True, False])
def test_a_school_is_not_told_to_ask_itself(senco: Visitor, world: World, signed_before: bool) -> None:
    record_id = world.add()
    world.fill(record_id)
    if signed_before:
        world.send(record_id)
        with world.db.write() as session:
            session.execute(update(Revision).where(Revision.number == 1).values(signature=b"x"))
    else:
        put_version_there(world, record_id, owner="transition")
    page = senco.get(f"/learners/{record_id}/send/transition")
    assert (page.status, page.h1) == (500, "This failed its safety check")
    assert "ask the school" not in page.text
    assert "is not what your school’s teams signed or saved, so it cannot be opened or sent" in page.text
    assert "Tell the council’s NEET group and the people who run this service." in page.text
