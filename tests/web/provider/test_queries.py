"""Queries to the school."""

from __future__ import annotations

from uuid import UUID

from flask import Flask

from tests.exchange.queries import forged
from tests.exchange.world import World
from tests.web.provider.visiting import opening, states, visiting
from transition_exchange.exchange.queries import asking, threads
from transition_exchange.exchange.queries.messages import DAMAGED


def test_a_question_is_asked_answered_and_closed(app: Flask, world: World, transfer_id: UUID) -> None:
    visitor = visiting(app, world.college_support)
    opening(visitor, transfer_id)
    empty = visitor.post(f"/received/{transfer_id}/ask", {"text": " ", "section": "contacts"})
    assert empty.status == 422
    assert empty.errors == ["Write your message"]
    assert empty.tree.xpath("//select[@id='section']/option[@selected]/@value") == ["contacts"]
    page = visitor.follow(
        visitor.post(
            f"/received/{transfer_id}/ask",
            empty.fields(0) | {"text": ["Who collects her?"], "section": ["contacts"]},
        )
    )
    assert "Waiting for the school" in page.text
    assert states(visitor.get("/received")) == ["Opened", "Question open"]
    (question,) = threads.queries(db=world.db, actor=world.senco)
    assert "Withdraw the question" in visitor.get(f"/received/questions/{question.id}").text
    asking.reply(db=world.db, actor=world.senco, query_id=question.id, text="Her aunt.")
    assert states(visitor.get("/received")) == ["Opened", "Question answered"]
    assert states(visitor.get("/received?state=queried")) == []
    answered = visitor.get(f"/received/questions/{question.id}")
    assert "Her aunt." in answered.text
    path = f"/received/questions/{question.id}"
    visitor.post(path, visitor.get(path).fields(0) | {"text": ["Thank you"]})
    assert "Question closed" in visitor.follow(visitor.post(f"/received/questions/{question.id}/close")).text
    assert visiting(app, world.coach).get(f"/received/questions/{question.id}").status == 404
    assert visiting(app, world.college_admissions).get(f"/received/questions/{question.id}").status == 404


def test_a_question_goes_only_to_the_school_that_its_page_named(
    app: Flask, world: World, transfer_id: UUID
) -> None:
    visitor = visiting(app, world.college_support)
    opening(visitor, transfer_id)
    path = f"/received/{transfer_id}/ask"
    page = visitor.get(path)
    assert page.one(".govuk-caption-l").endswith("from Ashdown School")
    fields = page.fields(0) | {"text": ["Who collects her?"]}
    (seen,) = fields["seen"]
    other = seen.replace(str(world.school.id), str(world.places["Beech Lane School"].id))
    assert other != seen
    for wrong in ([other], [""], []):
        refused = visitor.post(path, fields | {"seen": wrong})
        assert (refused.status, refused.one("#text")) == (422, "Who collects her?")
        assert "not what the page showed any more" in refused.text
        assert refused.fields(0)["seen"] == [seen]
    assert threads.queries(db=world.db, actor=world.senco) == []
    assert visitor.post(path, fields).status == 303


def test_a_question_is_about_what_the_team_has_opened(app: Flask, world: World, transfer_id: UUID) -> None:
    visitor, team = visiting(app, world.college_support), world.college_support.teams[0].id
    for page in (
        visitor.get(f"/received/{transfer_id}/ask?team={team}"),
        visitor.post(f"/received/{transfer_id}/ask?team={team}", {"text": "Which bus?"}),
    ):
        assert page.status == 303
        assert page.location == f"/received/{transfer_id}?team={team}"
    assert threads.queries(db=world.db, actor=world.senco) == []


def test_a_damaged_answer_spoils_neither_the_question_nor_the_record(
    app: Flask, world: World, transfer_id: UUID
) -> None:
    """An answer that another school's team signed is shown under no name, and does not pass for the answer."""
    visitor = visiting(app, world.college_support)
    opening(visitor, transfer_id)
    query_id = asking.ask(
        db=world.db, actor=world.college_support, transfer_id=transfer_id, text="Who collects her?"
    )
    forged.speak(world, query_id, actor=world.other_senco, text="Nobody does")
    page = visitor.get(f"/received/questions/{query_id}")
    own, damaged = page.texts(".te-messages__item")
    assert own.startswith("Your side, Learning support,")
    assert damaged.startswith("It is not certain who wrote this,")
    assert DAMAGED in damaged
    for false in ("Nobody does", "Beech Lane"):
        assert false not in page.text
    record = visitor.get(f"/received/{transfer_id}")
    assert "Cannot be checked" in record.text
    assert "Answered" not in record.text
    asking.reply(db=world.db, actor=world.senco, query_id=query_id, text="Her aunt.")
    assert "Answered" in visitor.get(f"/received/{transfer_id}").text


def test_a_question_that_the_team_never_asked_is_not_put_into_its_mouth(
    app: Flask, world: World, transfer_id: UUID
) -> None:
    visitor = visiting(app, world.college_support)
    opening(visitor, transfer_id)
    query_id = asking.ask(
        db=world.db, actor=world.college_support, transfer_id=transfer_id, text="Who collects her?"
    )
    for with_messages in (False, True):
        copy = forged.copied_question(world, query_id, with_messages=with_messages)
        page = visitor.get(f"/received/questions/{copy}")
        assert page.h1 == "Question to the school"
        assert "You cannot write in this question" in page.text
        assert not page.tree.xpath("//main//textarea")
        assert (DAMAGED in page.text) == with_messages
        assert visitor.post(f"/received/questions/{copy}", {"text": "Thank you"}).status == 422
        record = visitor.get(f"/received/{transfer_id}").text
        assert "Not certain who asked," in record
        assert "Cannot be checked" in record
        visitor.post(f"/received/questions/{copy}/close")
    path = f"/received/questions/{query_id}"
    assert visitor.post(path, visitor.get(path).fields(0) | {"text": ["Thank you"]}).status == 303


def test_the_safeguarding_team_asks_the_schools_safeguarding_team_even_before_it_answered(
    app: Flask, world: World, transfer_id: UUID
) -> None:
    visitor = visiting(app, world.college_safeguarding)
    opening(visitor, transfer_id)
    page = visitor.get(f"/received/{transfer_id}/ask")
    assert page.tree.xpath("//input[@name='owner'][@checked]/@value") == ["school_safeguarding"]
    wrong = visitor.post(
        f"/received/{transfer_id}/ask",
        page.fields(0) | {"text": ["Is there a file?"], "section": ["contacts"]},
    )
    assert wrong.errors == ["The other team wrote this section. Choose that team, or another section"]
    visitor.follow(
        visitor.post(f"/received/{transfer_id}/ask", page.fields(0) | {"text": ["Is there a file?"]})
    )
    assert threads.queries(db=world.db, actor=world.senco) == []
    (question,) = threads.queries(db=world.db, actor=world.safeguarding_lead)
    assert question.owner == "school_safeguarding"
    assert "waits for the school" in visitor.get("/received").text
    asking.reply(db=world.db, actor=world.safeguarding_lead, query_id=question.id, text="Yes.")
    assert "Question: answered" in visitor.get("/received").text
    thread = visitor.get(f"/received/questions/{question.id}")
    assert "To the school’s safeguarding team at Ashdown School." in thread.text
    assert "Answered: read it below" in thread.text
    for name in (world.safeguarding_lead.name, world.college_safeguarding.name):
        assert name in thread.text


def test_other_teams_have_no_choice_and_see_what_their_question_is_about(
    app: Flask, world: World, transfer_id: UUID
) -> None:
    visitor = visiting(app, world.college_support)
    opening(visitor, transfer_id)
    page = visitor.get(f"/received/{transfer_id}/ask")
    assert not page.tree.xpath("//input[@name='owner']")
    visitor.post(f"/received/{transfer_id}/ask", page.fields(0) | {"text": ["Who?"], "section": ["contacts"]})
    assert "Question about Parents and carers: waits for the school" in visitor.get("/received").text
    school = visiting(app, world.senco).get("/learners/questions")
    assert "About Parents and carers" in school.text
    assert world.college_support.name in school.text


def test_a_question_that_nobody_answered_is_withdrawn(app: Flask, world: World, transfer_id: UUID) -> None:
    visitor = visiting(app, world.college_support)
    opening(visitor, transfer_id)
    first, second = (
        asking.ask(db=world.db, actor=world.college_support, transfer_id=transfer_id, text=text)
        for text in ("Which bus?", "Which stop?")
    )
    asking.reply(db=world.db, actor=world.senco, query_id=second, text="The first.")
    page = visitor.get(f"/received/questions/{first}")
    assert "Withdraw the question" in page.text
    assert "we have our answer" not in page.text
    assert "Question withdrawn." in visitor.follow(visitor.post(f"/received/questions/{first}/close")).text
    assert "Close: we have our answer" in visitor.get(f"/received/questions/{second}").text
    asking.reply(db=world.db, actor=world.college_support, query_id=second, text="Thank you.")
    assert "Close: we have our answer" in visitor.get(f"/received/questions/{second}").text
    assert "Question closed." in visitor.follow(visitor.post(f"/received/questions/{second}/close")).text
    hints = visitor.get(f"/received/{transfer_id}").texts(".te-record__aside .te-table__hint")
    assert {"Closed", "Closed without an answer"} <= set(hints)
    assert "Closed without an answer on" in visitor.get(f"/received/questions/{first}").text
