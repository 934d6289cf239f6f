"""Messages: only the teams of a question read them and speak in it, and one damaged message spoils no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from tests.exchange.queries import forged
from tests.exchange.queries.forged import texts
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.actor import OpenTeam
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.queries import asking, threads
from transition_exchange.exchange.queries.messages import DAMAGED, UNREADABLE
from transition_exchange.exchange.records import grants
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.models import (
    Grant,
    Query,
    QueryKeyring,
    QueryMessage,
    Receipt,
    Record,
    Revision,
    Transfer,
)


def test_the_two_teams_read_a_question_and_nobody_else_does(world: World, query_id: UUID) -> None:
    for actor in (world.senco, world.college_support):
        (query,) = threads.queries(db=world.db, actor=actor)
        assert (query.id, query.section, query.messages[0].text) == (query_id, "contacts", "What helps?")
    for actor in (world.college_admissions, world.other_senco, world.coordinator, world.safeguarding_lead):
        assert threads.queries(db=world.db, actor=actor) == []
        with pytest.raises(NotFound):
            asking.reply(db=world.db, actor=actor, query_id=query_id, text="Let me in")


def test_a_message_that_the_team_did_not_sign_is_not_shown(world: World, query_id: UUID) -> None:
    """A thief who can write to the database has every public key, and still cannot put words into a college's mouth."""
    team = world.college_support.teams[0]
    thief = OpenTeam(**vars(team.identity), key_id=team.key_id, secret=TeamSecret.generate())
    forged.speak(world, query_id, actor=world.college_support, team=thief)
    for actor in (world.senco, world.college_support):
        assert texts(world, actor, query_id) == ["What helps?", DAMAGED]


@pytest.mark.parametrize(
    "who",
    ["coach", "other_senco", "college_admissions", "safeguarding_lead", "coordinator"],
    ids=[
        "another provider",
        "another school",
        "a team of the college that has the record and did not ask",
        "a team of the school that does not answer this",
        "the council",
    ],
)
def test_a_confirmed_team_without_a_part_in_a_question_cannot_speak_in_it(
    world: World, query_id: UUID, who: str
) -> None:
    """Whoever writes to the database may be in a confirmed team too. Its real signature gets it no name here."""
    actor = world.people[who]
    message_id = forged.speak(world, query_id, actor=actor)
    for named in (actor.teams[0].id, world.college_support.teams[0].id, world.senco.teams[0].id):
        with world.db.write() as session:
            session.get_one(QueryMessage, message_id).from_team_id = named
        for reader in (world.senco, world.college_support):
            assert forged.believed(world, reader, actor.teams[0].id)
            (query,) = threads.queries(db=world.db, actor=reader)
            assert [message.text for message in query.messages] == ["What helps?", DAMAGED]
            shown = query.messages[-1]
            assert (shown.from_team, shown.from_organisation, shown.own) == ("", "", False)


def test_a_team_that_was_never_granted_the_record_cannot_ask(
    world: World, sent: SentRecord, query_id: UUID
) -> None:
    """Receipt, question and even a copied grant are rows: the school's signature under a grant names the team."""
    world.team("Northway College", "Late team", "learning_support")
    late = world.person("late", "Northway College", "Late team")
    team_id = late.teams[0].id
    with world.db.write() as session:
        revision_id = session.scalars(select(Revision.id).where(Revision.manifest.is_not(None))).first()
        session.add(Receipt(transfer_id=sent.transfer_id, team_id=team_id, revision_id=revision_id))
    other = forged.copied_question(world, query_id, with_messages=False, asking_team_id=team_id)
    with pytest.raises(NotFound):
        asking.ask(db=world.db, actor=late, transfer_id=sent.transfer_id, text="What helps?")
    forged.speak(world, other, actor=late)
    assert texts(world, world.senco, other) == [DAMAGED]
    with world.db.write() as session:
        made = session.scalars(
            select(Grant).where(
                Grant.transfer_id == sent.transfer_id,
                Grant.grantee_team_id == world.college_support.teams[0].id,
            )
        ).all()
        for grant in made:
            copied = {column.key: getattr(grant, column.key) for column in Grant.__table__.columns}
            del copied["id"]
            session.add(
                Grant(**(copied | {"grantee_team_id": team_id, "grantee_key_id": late.teams[0].key_id}))
            )
    assert texts(world, world.senco, other) == [DAMAGED]
    with pytest.raises(NotFound):
        asking.ask(db=world.db, actor=late, transfer_id=sent.transfer_id, text="What helps?")


def test_a_team_of_another_provider_cannot_ask_though_the_school_signed_a_grant_to_it(
    world: World, sent: SentRecord, query_id: UUID
) -> None:
    """Somebody in a team of the school can sign a grant to any team. Where the record goes, the transfer says."""
    safeguarding, coach = world.safeguarding_lead.teams[0], world.coach.teams[0]
    with world.db.write() as session:
        session.add(
            grants.make(
                grantor=safeguarding,
                grantee=coach.known,
                record_id=sent.record_id,
                keys={"safeguarding": bytes(32)},
                digests={},
                now=datetime.now(UTC),
                revision_id=session.scalars(
                    select(Revision.id).where(Revision.manifest.is_not(None))
                ).first(),
                transfer_id=sent.transfer_id,
                owner="safeguarding",
            )
        )
    other = forged.copied_question(world, query_id, with_messages=False, asking_team_id=coach.id)
    forged.speak(world, other, actor=world.coach)
    assert texts(world, world.senco, other) == [DAMAGED]
    with world.db.write() as session:
        session.get_one(Transfer, sent.transfer_id).provider_id = world.coach.organisation_id
    assert texts(world, world.senco, other) == [DAMAGED], "nor does the row say it"


def test_a_team_whose_record_was_taken_back_keeps_its_name_in_what_it_asked(
    world: World, query_id: UUID
) -> None:
    with world.db.write() as session:
        session.execute(update(Grant).values(keyring=None, withdrawn_at=datetime.now(UTC)))
    assert texts(world, world.senco, query_id) == ["What helps?"]


def test_a_message_moved_to_another_question_is_not_opened(
    world: World, sent: SentRecord, query_id: UUID
) -> None:
    other = asking.ask(
        db=world.db, actor=world.college_support, transfer_id=sent.transfer_id, text="And lunch?"
    )
    with world.db.write() as session:
        session.execute(update(QueryMessage).where(QueryMessage.query_id == other).values(query_id=query_id))
    for actor in (world.senco, world.college_support):
        assert sorted(texts(world, actor, query_id)) == sorted([DAMAGED, "What helps?"])
        assert texts(world, actor, other) == []


def _to_another_transfer(world: World) -> dict[type[Any], dict[str, Any]]:
    return {Query: {"transfer_id": world.sent("Ben", "Stone").transfer_id}}


def _to_another_record(world: World) -> dict[type[Any], dict[str, Any]]:
    return {Transfer: {"record_id": world.add("Ben", "Stone")}}


def _to_another_owner(world: World) -> dict[type[Any], dict[str, Any]]:
    return {Query: {"owner": "school_safeguarding"}}


def _to_another_asker(world: World) -> dict[type[Any], dict[str, Any]]:
    return {Query: {"asking_team_id": world.college_admissions.teams[0].id}}


def _to_another_school(world: World) -> dict[type[Any], dict[str, Any]]:
    return {Record: {"organisation_id": world.places["Beech Lane School"].id}}


def _to_another_version(world: World) -> dict[type[Any], dict[str, Any]]:
    return {Record: {"version": "core/1999.1"}}


@pytest.mark.parametrize(
    "move",
    [
        _to_another_transfer,
        _to_another_record,
        _to_another_owner,
        _to_another_asker,
        _to_another_school,
        _to_another_version,
    ],
)
def test_a_question_that_is_moved_says_nothing_where_it_is_put(
    world: World, query_id: UUID, move: Callable[[World], dict[type[Any], dict[str, Any]]]
) -> None:
    query, record = forged.rows_of(world, query_id)
    ids = {Query: query.id, Record: record.id, Transfer: query.transfer_id}
    moved = move(world)
    with world.db.write() as session:
        for model, columns in moved.items():
            session.execute(update(model).where(model.id == ids[model]).values(**columns))
    shown = 0
    for actor in world.people.values():
        for question in threads.queries(db=world.db, actor=actor):
            if question.id == query_id:
                shown += 1
                assert [message.text for message in question.messages] in ([DAMAGED], [UNREADABLE])
                assert not any(message.from_team for message in question.messages)
                assert (question.other, question.section, question.certain) == ("", "", False)
    assert shown


def test_what_only_the_row_says_of_a_message_is_not_shown(world: World, query_id: UUID) -> None:
    """Its team and its time come from what was signed."""
    asked_at = forged.message_of(world, query_id).sent_at
    with world.db.write() as session:
        session.execute(
            update(QueryMessage).values(
                from_team_id=world.coach.teams[0].id,
                from_principal_id=world.coach.principal_id,
                sent_at=asked_at - timedelta(days=400),
            )
        )
    for actor in (world.senco, world.college_support):
        (query,) = threads.queries(db=world.db, actor=actor)
        (message,) = query.messages
        assert (message.text, message.from_team, message.from_organisation, message.sent_at) == (
            "What helps?",
            "Learning support",
            "Northway College",
            asked_at,
        )


def test_a_message_that_was_written_before_the_teams_key_was_made_says_so(
    world: World, query_id: UUID
) -> None:
    world.new_key("Ashdown School", "Transition team")
    newer = replace(world.senco.teams[0], older={})
    assert texts(world, replace(world.senco, teams=(newer,)), query_id) == [UNREADABLE]
    assert texts(world, world.senco, query_id) == ["What helps?"]


def test_a_message_whose_key_nobody_was_given_names_nobody(world: World, query_id: UUID) -> None:
    with world.db.write() as session:
        for given in session.scalars(select(QueryKeyring)):
            session.delete(given)
    (query,) = threads.queries(db=world.db, actor=world.senco)
    (message,) = query.messages
    assert (message.text, message.from_team, message.from_organisation) == (UNREADABLE, "", "")


def test_the_section_is_sealed_with_the_first_message(world: World, query_id: UUID) -> None:
    with world.db.read() as session:
        rows = session.execute(select(QueryMessage.__table__)).mappings().all()
        query = session.execute(select(Query.__table__)).mappings().one()
    for text in ("contacts", "What helps"):
        assert text not in str(dict(query))
        assert not [row for row in rows if text in str(dict(row))]
    asking.reply(db=world.db, actor=world.senco, query_id=query_id, text="Time")
    (opened,) = threads.queries(db=world.db, actor=world.college_support)
    assert opened.section == "contacts"


@pytest.mark.parametrize("fault", [KeyError, TypeError, AttributeError, ValueError])
def test_a_fault_of_the_program_is_not_taken_for_a_changed_message(
    world: World, query_id: UUID, monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr("transition_exchange.exchange.queries.messages.signer_of", broken)
    with pytest.raises(fault):
        texts(world, world.senco, query_id)
