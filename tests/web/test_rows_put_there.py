"""What pages say of versions that rows of the database name and that no team of the school signed."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import delete

from tests.exchange.rows_put_there import SAFEGUARDING, put_receipts_there, put_version_there, version_of
from tests.exchange.world import SentRecord, World
from tests.web.visitor import Visitor
from transition_exchange.store.models import Grant

NOT_SIGNED_FOR_US = "nobody there has signed it"
NOT_SIGNED_FOR_THEM = "no team of your school has signed for these teams"


@pytest.fixture
def put_there(world: World) -> SentRecord:
    """A record whose safeguarding part did not go to the college, with receipts that say that it did."""
    record_id = world.add()
    world.send(record_id, owner=SAFEGUARDING)
    world.fill(record_id)
    world.send(record_id)
    sent = SentRecord(record_id, world.transfer_of(record_id))
    put_receipts_there(world, sent.transfer_id, version_of(world, record_id))
    return sent


def test_a_college_reads_that_it_is_not_certain_before_and_after_opening(
    app: Flask, world: World, put_there: SentRecord
) -> None:
    visitor = Visitor(app, world.college_safeguarding)
    assert "Something of it is not certain" in visitor.get("/received").text
    path = f"/received/{put_there.transfer_id}"
    cover = visitor.get(path)
    assert NOT_SIGNED_FOR_US in cover.text
    assert "the school’s safeguarding team sent your team something more" in cover.text
    assert cover.texts("dt").count("From the school’s safeguarding team") == 0
    opened = visitor.follow(visitor.post(path))
    assert NOT_SIGNED_FOR_US in opened.text
    assert opened.h1 == "Amina Khan"


def test_a_pack_of_which_nothing_is_signed_is_never_shown_as_sent(app: Flask, world: World) -> None:
    sent = world.sent()
    with world.db.write() as session:
        session.execute(delete(Grant).where(Grant.transfer_id == sent.transfer_id))
    visitor = Visitor(app, world.college_support)
    path = f"/received/{sent.transfer_id}"
    cover = visitor.get(path)
    assert "Not certain" in cover.texts("dd")
    assert "Version 1, sent" not in cover.text
    assert "failed its safety check" in visitor.post(path).text


def test_the_school_reads_which_teams_nobody_signed_it_for(
    app: Flask, world: World, put_there: SentRecord
) -> None:
    for actor in (world.senco, world.safeguarding_lead):
        page = Visitor(app, actor).get(f"/learners/{put_there.record_id}/sent")
        assert NOT_SIGNED_FOR_THEM in page.text
        assert not [row for row in page.texts("tbody tr") if "safeguarding" in row.lower() and "1, s" in row]
    assert "Not certain" in Visitor(app, world.senco).get(f"/learners/{put_there.record_id}").text


def test_a_version_that_nobody_signed_is_not_certain_on_each_of_the_schools_pages(
    app: Flask, world: World
) -> None:
    sent = world.sent()
    put_version_there(world, sent.record_id)
    senco, lead = Visitor(app, world.senco), Visitor(app, world.safeguarding_lead)
    assert "Not certain" in senco.get("/learners").text
    assert "Not certain" in lead.get("/learners/safeguarding?state=all").text
    assert "Not certain" in senco.get(f"/learners/{sent.record_id}").text
    page = senco.get(f"/learners/{sent.record_id}/sent")
    assert "The database names it, but no team of your school has signed it" in page.text


def test_what_is_signed_is_called_certain(app: Flask, world: World) -> None:
    sent = world.sent()
    world.send(sent.record_id, owner=SAFEGUARDING)
    for visitor, path in (
        (Visitor(app, world.senco), "/learners"),
        (Visitor(app, world.safeguarding_lead), "/learners/safeguarding?state=all"),
        (Visitor(app, world.senco), f"/learners/{sent.record_id}/sent"),
        (Visitor(app, world.college_safeguarding), "/received"),
        (Visitor(app, world.college_safeguarding), f"/received/{sent.transfer_id}"),
    ):
        text = visitor.get(path).text
        assert "ot certain" not in text
        assert "signed it" not in text


def test_a_college_acknowledges_what_was_signed_whatever_else_is_named(app: Flask, world: World) -> None:
    sent = world.sent()
    put_receipts_there(
        world, sent.transfer_id, put_version_there(world, sent.record_id, owner="transition", number=2)
    )
    visitor = Visitor(app, world.college_support)
    path = f"/received/{sent.transfer_id}"
    visitor.post(path)
    page = visitor.follow(visitor.post(f"{path}/acknowledge"))
    assert "The school can see that your team has taken this on." in page.text
    assert NOT_SIGNED_FOR_US in page.text


def test_where_nothing_was_signed_no_newer_version_is_spoken_of(app: Flask, world: World) -> None:
    sent = world.sent()
    with world.db.write() as session:
        session.execute(delete(Grant).where(Grant.transfer_id == sent.transfer_id))
    visitor = Visitor(app, world.college_support)
    page = visitor.follow(visitor.post(f"/received/{sent.transfer_id}/acknowledge"))
    assert "has sent a newer version" not in page.text
    assert "Nothing was acknowledged: it is not certain what the school has sent your team" in page.text
