"""A receiving team's inbox: what waits for the team first, and of each pack its own card only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.errors import NotAllowed, NotFound
from transition_exchange.exchange.keys.confirmed_names import NOT_CONFIRMED
from transition_exchange.exchange.queries.asking import ask, close
from transition_exchange.exchange.receiving.covers import cover
from transition_exchange.exchange.receiving.exporting import export_csv
from transition_exchange.exchange.receiving.inbox import inbox, next_unopened
from transition_exchange.exchange.receiving.receipts import acknowledge
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.store.models import Card, Organisation, Receipt, Record


def test_a_pack_shows_where_it_comes_from_and_what_the_teams_card_says(
    world: World, sent: SentRecord
) -> None:
    (row,) = inbox(db=world.db, actor=world.college_support)
    assert (row.transfer_id, row.record_id) == (sent.transfer_id, sent.record_id)
    assert (row.school, row.state, row.number, row.safeguarding) == ("Ashdown School", "new", 1, False)
    assert row.content["legal_surname"] == "Khan"
    assert row.content["course"] == "Animal care"
    assert "Khan" not in repr(row)


def test_each_teams_card_is_its_own(world: World, sent: SentRecord) -> None:
    cards = {
        person: inbox(db=world.db, actor=world.people[person])[0].content
        for person in ("college_admissions", "college_support", "college_exams")
    }
    assert cards["college_admissions"]["status"] == "accepted"
    assert "status" not in cards["college_support"]
    assert not any("upn" in card for card in cards.values()), "a college gets no UPN"
    assert "level" not in cards["college_exams"]
    assert {card["course"] for card in cards.values()} == {"Animal care"}


def test_what_waits_for_the_team_comes_first(world: World) -> None:
    """New, changed, a question open, opened, acknowledged; among the same, the newest first."""
    names = ("Opened", "Acknowledged", "Queried", "Changed", "Newer", "New")
    sent = {name: world.sent("Amina", name) for name in names}
    for name in ("Opened", "Acknowledged", "Queried", "Changed"):
        world.open(sent[name].transfer_id)
    acknowledge(db=world.db, actor=world.college_support, transfer_ids=[sent["Acknowledged"].transfer_id])
    ask(
        db=world.db,
        actor=world.college_support,
        transfer_id=sent["Queried"].transfer_id,
        text="Which bus?",
    )
    world.save(sent["Changed"].record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(sent["Changed"].record_id)
    with world.db.write() as session:
        session.execute(
            update(Receipt)
            .where(Receipt.transfer_id == sent["New"].transfer_id)
            .values(granted_at=datetime.now(UTC) - timedelta(days=3))
        )
    rows = inbox(db=world.db, actor=world.college_support)
    assert [(row.content["legal_surname"], row.state) for row in rows] == [
        ("Newer", "new"),
        ("New", "new"),
        ("Changed", "changed"),
        ("Queried", "opened"),
        ("Opened", "opened"),
        ("Acknowledged", "acknowledged"),
    ]
    assert rows[3].marks == ("queried", "opened")


def test_an_open_question_shows_to_the_team_that_asked_it_until_it_is_closed(
    world: World, sent: SentRecord
) -> None:
    world.open(sent.transfer_id)
    question = ask(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id, text="Which bus?")
    assert inbox(db=world.db, actor=world.college_support)[0].marks == ("queried", "opened")
    assert inbox(db=world.db, actor=world.college_admissions)[0].marks == ("new",)
    close(db=world.db, actor=world.college_support, query_id=question)
    assert inbox(db=world.db, actor=world.college_support)[0].marks == ("opened",)


def test_an_open_question_hides_neither_what_is_new_nor_what_was_acknowledged(
    world: World, sent: SentRecord
) -> None:
    actor = world.college_support
    ask(db=world.db, actor=actor, transfer_id=sent.transfer_id, text="Which bus?")
    (row,) = inbox(db=world.db, actor=actor)
    assert (row.marks, row.may_acknowledge) == (("new", "queried"), False)
    world.open(sent.transfer_id)
    (row,) = inbox(db=world.db, actor=actor)
    assert (row.marks, row.may_acknowledge) == (("queried", "opened"), True)
    acknowledge(db=world.db, actor=actor, transfer_ids=[sent.transfer_id])
    "".join(export_csv(db=world.db, actor=actor))
    (row,) = inbox(db=world.db, actor=actor)
    assert (row.marks, row.may_acknowledge) == (("queried", "acknowledged", "exported"), False)
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(sent.record_id)
    (row,) = inbox(db=world.db, actor=actor)
    assert (row.marks, row.may_acknowledge) == (("changed", "queried"), False)
    assert next_unopened(db=world.db, actor=actor, team_id=actor.teams[0].id, besides=sent.record_id)[1] == 1


def test_a_table_of_many_leaves_what_is_new_and_changed_as_it_is(world: World, sent: SentRecord) -> None:
    changed = world.sent("Ben", "Adams")
    world.open(changed.transfer_id)
    world.save(changed.record_id, {"known_as": {"preferred_name": "Benny"}})
    world.send(changed.record_id)
    before = {row.transfer_id: row.state for row in inbox(db=world.db, actor=world.college_support)}
    "".join(export_csv(db=world.db, actor=world.college_support))
    rows = inbox(db=world.db, actor=world.college_support)
    assert {row.transfer_id: row.state for row in rows} == before
    assert before == {sent.transfer_id: "new", changed.transfer_id: "changed"}
    assert all(row.given_out_at for row in rows)
    world.open(changed.transfer_id)
    of = {row.transfer_id: row for row in inbox(db=world.db, actor=world.college_support)}
    assert of[changed.transfer_id].marks == ("opened", "exported")


def test_versions_and_the_safeguarding_part_show(world: World, sent: SentRecord) -> None:
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(sent.record_id)
    world.send(sent.record_id, owner="school_safeguarding")
    (mine,) = inbox(db=world.db, actor=world.college_safeguarding)
    (exams,) = inbox(db=world.db, actor=world.college_exams)
    assert (mine.number, mine.safeguarding) == (2, True)
    assert (exams.number, exams.safeguarding) == (2, False)


def test_what_was_taken_back_is_gone_and_so_is_what_no_card_opens(world: World, sent: SentRecord) -> None:
    spoilt = world.sent("Ben", "Adams")
    with world.db.write() as session:
        session.execute(update(Card).where(Card.transfer_id == spoilt.transfer_id).values(sealed=b"x" * 1100))
    assert [row.transfer_id for row in inbox(db=world.db, actor=world.college_support)] == [sent.transfer_id]
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    assert inbox(db=world.db, actor=world.college_support) == []


def test_nobody_sees_another_providers_or_another_teams_inbox(world: World, sent: SentRecord) -> None:
    assert inbox(db=world.db, actor=world.coach) == []
    with pytest.raises(NotFound):
        inbox(db=world.db, actor=world.college_support, team_id=world.college_admissions.teams[0].id)
    for actor in (world.senco, world.coordinator):
        with pytest.raises(NotAllowed):
            inbox(db=world.db, actor=actor)


def test_who_is_in_two_teams_sees_each_teams_own(world: World, sent: SentRecord) -> None:
    both = world.person("both", "Northway College", "Learning support", "Admissions")
    admissions, support = (inbox(db=world.db, actor=both, team_id=team.id)[0].content for team in both.teams)
    assert "status" not in support
    assert admissions["status"]


def test_the_school_is_called_what_was_confirmed_of_whoever_signed(world: World, sent: SentRecord) -> None:
    other = world.places["Beech Lane School"]
    world.open(sent.transfer_id)
    inbox(db=world.db, actor=world.college_support)  # the card is checked and moved into the ledger
    with world.db.write() as session:
        session.get_one(Organisation, world.school.id).name = "A school of another name"
    [row] = inbox(db=world.db, actor=world.college_support)
    shown = cover(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id)
    assert (row.school, shown.school) == ("Ashdown School", "Ashdown School")
    with world.db.write() as session:
        session.get_one(Record, sent.record_id).organisation_id = other.id
    assert inbox(db=world.db, actor=world.college_support) == [], (
        "no team of that school signed anything of it"
    )
    shown = cover(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id)
    assert (shown.school, shown.content) == (NOT_CONFIRMED, {})


def test_the_next_unopened_record_is_the_first_that_waits_besides_the_one_that_is_read(world: World) -> None:
    sent = {name: world.sent("Amina", name) for name in ("First", "Second", "Third")}
    world.open(sent["First"].transfer_id)

    def following(name: str) -> tuple[object, int]:
        team = world.college.teams["Learning support"].row.id
        row, waiting = next_unopened(
            db=world.db, actor=world.college_support, team_id=team, besides=sent[name].transfer_id
        )
        return row and row.content["legal_surname"], waiting

    assert following("First") == ("Third", 2), "the newest first, as in the list"
    assert following("Third") == ("Second", 1)
    world.open(sent["Third"].transfer_id)
    world.open(sent["Second"].transfer_id)
    assert following("Second") == (None, 0)
    world.save(sent["First"].record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(sent["First"].record_id)
    assert following("Second") == ("First", 1), "what has changed waits too"
