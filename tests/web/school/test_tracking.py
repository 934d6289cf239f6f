"""After sending: who opened and acknowledged it, and taking it back."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select

from tests.exchange.recalls import forge, row_of, shown, write
from tests.exchange.rows_put_there import stay_behind
from tests.exchange.walks.test_tampering_with_transfers import insert
from tests.exchange.world import World
from tests.web.visitor import Visitor
from transition_exchange.exchange.receiving.downloading import download_pdf
from transition_exchange.exchange.receiving.exporting import export_csv
from transition_exchange.exchange.receiving.opening import open_transfer
from transition_exchange.exchange.receiving.receipts import acknowledge
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.store.models import Organisation, Part, Revision, Transfer


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
    assert "Nobody there has opened or downloaded it" in senco.get(path).text
    open_transfer(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id)
    assert "Learning support, version 1: opened by College Support" in senco.get(path).text
    page = senco.follow(senco.post(path, senco.get(path).fields()))
    assert "Learning support had opened or downloaded it before" in page.text
    assert senco.post(path).status == 422
    other = world.add("Ben")
    stale = senco.get(f"/learners/{other}/sent/{sent.transfer_id}/recall")
    assert (stale.status, len(stale.errors)) == (422, 1), "it is not stored for this learner"


def test_what_was_given_out_in_a_table_is_told_apart_from_what_was_opened(
    senco: Visitor, world: World
) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    transfer_id = world.transfer_of(record_id)
    "".join(export_csv(db=world.db, actor=world.college_exams))
    world.open(transfer_id)
    download_pdf(db=world.db, actor=world.college_support, transfer_id=transfer_id)
    page = senco.get(f"/learners/{record_id}/sent")
    [exams] = [text for text in page.texts("tbody tr") if "Exams office" in text]
    [support] = [text for text in page.texts("tbody tr") if "Learning support" in text]
    assert "Not yetIn a table of all their records, downloaded" in exams
    assert "by College Exams" in exams
    assert "Opened" in support
    assert "Downloaded" in support
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(record_id)
    page = senco.get(f"/learners/{record_id}/sent")
    [exams] = [text for text in page.texts("tbody tr") if "Exams office" in text]
    assert "Not yetVersion 1 in a table of all their records, downloaded" in exams
    path = f"/learners/{record_id}/sent/{transfer_id}/recall"
    told = senco.get(path).texts("main li")
    assert any("Exams office, version 1: not opened, but in a table" in line for line in told)
    assert any(
        "opened by College Support" in line and "downloaded by College Support" in line for line in told
    )
    page = senco.follow(senco.post(path, senco.get(path).fields()))
    assert "Learning support and Exams office had opened or downloaded it before" in page.text
    assert "Ask them to delete what they kept" in page.text
    assert any("not opened, but in a table" in line for line in page.texts("main li"))


def test_a_transfer_that_nobody_of_the_school_signed_is_told_apart_and_can_be_taken_back(
    senco: Visitor, lead: Visitor, world: World
) -> None:
    record_id = world.sent().record_id
    inserted = insert(world, record_id)
    warning = (
        "No team of your school has signed this. Somebody may have put it here. Nothing new is sent there."
    )
    for visitor in (senco, lead):
        page = visitor.get(f"/learners/{record_id}/sent")
        warned = {
            section.cssselect("h2")[0].text_content(): warning in " ".join(section.text_content().split())
            for section in page.tree.cssselect(".te-provider")
        }
        assert warned == {"Riverside Boxing": True, "Northway College": False}
        assert page.texts(".te-provider__head .govuk-tag") == ["Not signed", "Sent, not opened yet"]
        assert page.text.count("First sent on") == 1, "the other is only what the database says"
    world.fill(record_id, going_to=("Northway College", "Riverside Boxing"))
    sendings = senco.get(f"/learners/{record_id}/destinations").text.split("Riverside Boxing")
    assert "Sent on" in sendings[0]
    assert "Sent on" not in "".join(sendings[1:])
    path = f"/learners/{record_id}/sent/{inserted}/recall"
    page = senco.follow(senco.post(path, senco.get(path).fields()))
    assert page.status == 200
    assert warning not in page.text, "the log says now that the school has taken it away"
    assert "Taken back on" in page.text
    with world.db.read() as session:
        assert session.get_one(Transfer, inserted).statement is None, (
            "nothing is signed about what nobody signed"
        )


def test_a_recall_that_was_turned_back_in_the_database_is_still_shown_as_one(
    senco: Visitor, world: World
) -> None:
    sent = world.sent()
    path = f"/learners/{sent.record_id}/sent/{sent.transfer_id}/recall"
    senco.post(path, senco.get(path).fields())
    with world.db.write() as session:
        row = session.get_one(Transfer, sent.transfer_id)
        row.state, row.recalled_at, row.recalled_by = "sent", None, None
    page = senco.get(f"/learners/{sent.record_id}/sent")
    assert "Taken back on" in page.text
    assert "nobody can any more" in page.text


def test_a_recall_that_nobody_signed_is_told_and_decided_on_the_page(
    senco: Visitor, lead: Visitor, world: World
) -> None:
    sent = world.sent()
    path = f"/learners/{sent.record_id}/sent"
    forge(world, sent)
    warning = "The log says that this was taken back on"
    for visitor in (senco, lead):
        page = visitor.get(path)
        assert page.texts(".te-provider__head .govuk-tag") == ["Not certain"]
        assert warning in page.one(".govuk-warning-text__text")
        assert "Ask Northway College whether it has the record" in page.text
        assert "Ask them to delete" not in page.text
        assert "Taken back on" not in page.text
    assert not lead.get(path).tree.cssselect("main form"), "the transition team decides"
    assert "Your school’s transition team decides" in lead.get(path).text
    assert senco.get(path).href("Take it back") == f"{path}/{sent.transfer_id}/recall"
    seen = {"seen": senco.get(path).fields()["seen"]}
    assert senco.post(f"{path}/{sent.transfer_id}/keep").status == 422, (
        "it decides nothing that it has not shown"
    )
    page = senco.follow(senco.post(f"{path}/{sent.transfer_id}/keep", seen))
    assert "Northway College keeps the record" in page.text
    assert page.texts(".te-provider__head .govuk-tag") == ["Sent, not opened yet"]
    assert warning not in page.text
    assert senco.post(f"{path}/{sent.transfer_id}/keep", seen).status == 422
    assert lead.post(f"{path}/{sent.transfer_id}/keep").status == 403


def test_taking_back_for_real_ends_the_doubt(senco: Visitor, world: World) -> None:
    sent = world.sent()
    older = row_of(world, sent)
    path = f"/learners/{sent.record_id}/sent"
    recall = f"{path}/{sent.transfer_id}/recall"
    senco.post(recall, senco.get(recall).fields())
    write(world, sent, **older)
    assert senco.get(path).texts(".te-provider__head .govuk-tag") == ["Not certain"]
    seen = {"seen": senco.get(path).fields()["seen"]}
    refused = senco.post(f"{path}/{sent.transfer_id}/keep", seen)
    assert refused.status == 422
    assert "Take it back. If they should have it, send it to them again." in refused.text
    page = senco.follow(senco.post(recall, senco.get(recall).fields()))
    assert page.texts(".te-provider__head .govuk-tag") == ["Taken back"]
    assert shown(world, sent).dispute == ""


@pytest.mark.parametrize("address", ["/learners", "/learners/{record}", "/learners/{record}/destinations"])
def test_wherever_the_school_sees_how_far_it_is_the_doubt_is_shown(
    senco: Visitor, world: World, address: str
) -> None:
    sent = world.sent()
    address = address.format(record=sent.record_id)
    assert "Not certain" not in senco.get(address).text
    forge(world, sent)
    assert "Not certain" in senco.get(address).text


def test_a_team_that_stays_at_the_version_before_is_named(senco: Visitor, world: World) -> None:
    record_id = stay_behind(world)
    page = senco.get(f"/learners/{record_id}/sent")
    assert "Learning support has not been sent version 2." in page.text
    page = senco.get(f"/learners/{record_id}/send/transition")
    assert "the provider has added it since, or what your team signed for it is gone" in page.text
    senco.post(f"/learners/{record_id}/send/transition", page.fields())
    assert "has not been sent" not in senco.get(f"/learners/{record_id}/sent").text


def test_a_version_that_is_held_back_stands_there_with_its_reason_for_the_team_that_wrote_it(
    senco: Visitor, lead: Visitor, world: World
) -> None:
    sent = world.sent()
    path, page = f"/learners/{sent.record_id}/sent", f"/learners/{sent.record_id}/send/transition"
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    assert senco.get(path).texts(".te-provider__head .govuk-tag") == ["Changed since it was sent"]
    hold = {"hold": [str(world.college.id)], "why": ["Wait for the review"]}
    done = senco.follow(senco.post(page, {**senco.get(page).fields(), **hold}))
    assert done.texts(".te-provider__head .govuk-tag") == ["Held back"]
    assert "“Wait for the review”" in done.text
    assert "Northway College has the version before." in done.text
    assert "Held back" in senco.get("/learners?state=held_back").one("tbody tr")
    assert "Wait for the review" not in lead.get(path).text
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mimi"}})
    again = senco.get(path)
    assert again.texts(".te-provider__head .govuk-tag") == ["Changed since it was sent"]
    assert "A changed version was held back on" in again.text
    assert "The form has changed since that." in again.text


def test_what_was_sent_stays_open_where_the_draft_fails_its_check(senco: Visitor, world: World) -> None:
    sent = world.sent()
    with world.db.write() as session:
        draft = select(Revision.id).where(Revision.record_id == sent.record_id, Revision.number == 0)
        session.execute(delete(Part).where(Part.revision_id.in_(draft)))
    page = senco.get(f"/learners/{sent.record_id}/sent")
    assert (page.status, page.texts(".te-provider__head .govuk-tag")) == (200, ["Sent, not opened yet"])


def test_whoever_takes_it_back_reads_whom_to_ring(senco: Visitor, world: World) -> None:
    sent = world.sent()
    with world.db.write() as session:
        college = session.get_one(Organisation, world.college.id)
        college.contact_name, college.phone = "Kay Ward", "01632 960003"
    path = f"/learners/{sent.record_id}/sent/{sent.transfer_id}/recall"
    assert "Ring Kay Ward" not in senco.get(path).text, "nobody has anything to delete"
    world.open(sent.transfer_id)
    assert "ask them to delete it. Ring Kay Ward on 01632 960003." in senco.get(path).text
    page = senco.follow(senco.post(path, senco.get(path).fields()))
    assert "Ring Kay Ward on 01632 960003." in page.text
