"""What the school's pages say where nothing that is signed says any more to which provider a record was sent."""

from __future__ import annotations

import pytest

from tests.exchange.lost_transfers import (
    LOSSES,
    Loss,
    moved,
    to_another_learner,
    without_row,
    without_statement,
)
from tests.exchange.recalls import shown, write
from tests.exchange.rows_put_there import put_receipts_there, put_version_there
from tests.exchange.walks.test_tampering_with_transfers import change_draft
from tests.exchange.world import World
from tests.web.school.forms import LEAD, marked
from tests.web.visitor import Visitor

COLLEGE = "Northway College"
NOBODY = "Nobody has the learner’s pack yet"


@pytest.mark.parametrize("lose", [*LOSSES, moved])
def test_the_safeguarding_lead_is_told_wherever_a_release_is_made(
    lead: Visitor, world: World, lose: Loss
) -> None:
    sent = world.sent()
    lose(world, sent)
    page = lead.get("/learners/safeguarding")
    learners = "2 learners" if lose is to_another_learner else "1 learner"
    assert f"For {learners} it is not certain whether a provider has the record." in page.text
    confirm = lead.post("/learners/safeguarding/confirm", marked(sent.record_id))
    page = lead.post("/learners/safeguarding/release", confirm.fields() | LEAD)
    assert page.h1 == "Released for no learners"
    assert COLLEGE in page.one("main .govuk-list--spaced li")
    page = lead.follow(lead.post("/learners/safeguarding", {"state": "released"}))
    (state,) = page.texts(".te-pick__state")
    assert state.startswith("Not certain")
    assert f"/learners/{sent.record_id}/sent" in page.source
    page = lead.get(f"/learners/{sent.record_id}/send/school_safeguarding")
    assert NOBODY not in page.text
    assert page.texts(".te-provider__head h2") == [COLLEGE]
    assert page.texts(".te-provider__head .govuk-tag") == ["Not certain"]


def test_nobody_has_it_is_said_where_that_is_so(lead: Visitor, world: World) -> None:
    record_id = world.add()
    assert NOBODY in lead.get(f"/learners/{record_id}/send/school_safeguarding").text


@pytest.mark.parametrize("lose", [*LOSSES, moved])
def test_what_the_school_signed_is_never_called_not_signed(senco: Visitor, world: World, lose: Loss) -> None:
    sent = world.sent()
    lose(world, sent)
    page = senco.get(f"/learners/{sent.record_id}/sent")
    assert page.texts(".te-provider__head .govuk-tag") == ["Not certain"]
    assert page.texts(".te-provider__head h2") == [COLLEGE]
    assert "No team of your school has signed this" not in page.text
    assert "Not certain" in senco.get(f"/learners/{sent.record_id}").text
    assert "Not certain" in senco.get(f"/learners/{sent.record_id}/destinations").text


def test_a_row_that_is_another_learners_says_so(senco: Visitor, world: World) -> None:
    sent = world.sent()
    other = world.add("Ben", "Stone")
    write(world, sent, record_id=other)
    page = senco.get(f"/learners/{other}/sent")
    assert "Your school sent another learner’s record by this." in page.text
    assert page.texts(".te-provider__head .govuk-tag") == ["Not certain"]
    path = f"/learners/{other}/sent/{sent.transfer_id}/recall"
    page = senco.post(path, senco.get(path).fields())
    assert "another learner’s record" in page.errors[0]
    write(world, sent, record_id=sent.record_id)
    assert world.open(sent.transfer_id).answers, "nothing of it was taken back"


@pytest.mark.parametrize("lose", [without_statement, without_row, to_another_learner])
def test_what_was_sent_anew_is_told_from_what_was_taken_back(
    senco: Visitor, world: World, lose: Loss
) -> None:
    sent = world.sent()
    world.open(sent.transfer_id)
    lose(world, sent)
    change_draft(world, sent.record_id)
    world.send(sent.record_id)
    page = senco.get(f"/learners/{sent.record_id}/sent")
    assert "Ask them to delete" not in page.text, "nobody took it back"
    assert "Nothing new is sent there" not in page.text
    if lose is without_statement:
        assert page.texts(".te-provider__head .govuk-tag") == ["Sent, not opened yet", "Sent anew"]
        assert (
            "Since then your school has signed that it sent the record to Northway College again" in page.text
        )
        assert shown(world, sent).state == "recalled"
    else:
        assert page.texts(".te-provider__head .govuk-tag") == ["Sent, not opened yet"]


def test_a_decision_that_they_keep_it_puts_a_moved_row_right(senco: Visitor, world: World) -> None:
    sent = world.sent()
    moved(world, sent)
    path = f"/learners/{sent.record_id}/sent"
    page = senco.get(path)
    page = senco.follow(senco.post(f"{path}/{sent.transfer_id}/keep", {"seen": page.fields()["seen"]}))
    assert "Northway College keeps the record." in page.text
    assert page.texts(".te-provider__head .govuk-tag") == ["Sent, not opened yet"]


def test_a_receipt_that_somebody_put_there_makes_no_provider_uncertain(lead: Visitor, world: World) -> None:
    """The pack is there all the same, and the part goes to it."""
    sent = world.sent()
    put_receipts_there(
        world, sent.transfer_id, put_version_there(world, sent.record_id, owner="transition", number=2)
    )
    page = lead.get("/learners/safeguarding")
    assert "it is not certain whether a provider has the record" not in page.text
