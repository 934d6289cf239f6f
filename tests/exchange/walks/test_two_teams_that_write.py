"""A school with two teams that write: what one of them writes, releases or attaches, the other opens and goes on with.

A walk: it goes from adding a learner over writing and attaching to releasing. A team that only reads safeguarding at
the school's own sixth form is none of those that write.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.exchange.answers import complete, destination
from tests.exchange.documents import pdf
from tests.exchange.walks.opened import opened_by
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotAllowed, NotFound
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records.attachments import read_content
from transition_exchange.exchange.records.ownership import own_record
from transition_exchange.exchange.records.revisions import OpenRevision, open_revision
from transition_exchange.exchange.writing.attaching import attach
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.store.models import Record, Revision

SCHOOL = "Hill School"
FILE = pdf()


@pytest.fixture
def hill(world: World) -> World:
    """An 11 to 18 school: two offices, two safeguarding teams that write, and its sixth form's own that reads."""
    world.place(SCHOOL, kind="school_with_sixth_form", sends=True, receives=True)
    for name, *purposes in (
        # The sixth form's team is the oldest: whoever took the first with a word like "safeguarding" would take it.
        ("Sixth form safeguarding", "safeguarding"),
        ("Sixth form office", "admissions", "exams", "learning_support"),
        ("Lower school office", "transition"),
        ("Upper school office", "transition"),
        ("Lower school safeguarding", "school_safeguarding"),
        ("Upper school safeguarding", "school_safeguarding"),
    ):
        world.team(SCHOOL, name, *purposes)
        world.person(name.lower().replace(" ", "_"), SCHOOL, name)
    return world


OFFICES = ("lower_school_office", "upper_school_office")
LEADS = ("lower_school_safeguarding", "upper_school_safeguarding")
WRITTEN: dict[str, tuple[tuple[str, str], dict[str, Any]]] = {
    "transition": (OFFICES, {"known_as": {"preferred_name": "Mina"}}),
    "school_safeguarding": (LEADS, {"safeguarding": {"file_exists": "yes", "lead_name": "Sam Lead"}}),
}
OWNERS = pytest.mark.parametrize("owner", WRITTEN)
IN_TURN = pytest.mark.parametrize("turned", [False, True])


def _both(hill: World, owner: str, turned: bool) -> tuple[Actor, Actor]:
    one, other = (hill.people[name] for name in WRITTEN[owner][0])
    return (other, one) if turned else (one, other)


def _answers(hill: World, actor: Actor, record_id: UUID, owner: str) -> dict[str, Any]:
    draft = open_draft(db=hill.db, actor=actor, record_id=record_id, owner=owner)
    return {name: dict(draft.answers[name]) for name in WRITTEN[owner][1]}


@OWNERS
@IN_TURN
def test_what_one_team_writes_the_other_opens_and_changes(hill: World, owner: str, turned: bool) -> None:
    writer, colleague = _both(hill, owner, turned)
    answers = WRITTEN[owner][1]
    record_id = hill.add(actor=hill.lower_school_office)
    hill.save(record_id, answers, owner=owner, actor=writer)
    assert _answers(hill, colleague, record_id, owner) == answers
    (section, field) = next((name, next(iter(values))) for name, values in answers.items())
    changed = {section: {**answers[section], field: "no" if field == "file_exists" else "Amy"}}
    hill.save(record_id, changed, owner=owner, actor=colleague)
    assert _answers(hill, writer, record_id, owner) == changed


def _going_to_college(hill: World) -> UUID:
    """A record that the lower school's office has written in full, for the college."""
    writer = hill.lower_school_office
    record_id = hill.add(actor=writer)
    answers = complete([destination(hill.college.id, "Northway College")])
    answers["learner"] |= open_draft(db=hill.db, actor=writer, record_id=record_id).answers["learner"]
    hill.save(record_id, answers, actor=writer)
    return record_id


def _released(hill: World, record_id: UUID, owner: str) -> Sequence[Revision]:
    with hill.db.read() as session:
        released = select(Revision).where(
            Revision.record_id == record_id, Revision.owner == owner, Revision.number > 0
        )
        return session.scalars(released.order_by(Revision.number)).all()


def _open(hill: World, reader: Actor, revision: Revision, transfer_id: UUID | None = None) -> OpenRevision:
    """A version as the school keeps it, or what was made of it for a provider."""
    with hill.db.read() as session:
        return open_revision(
            session,
            actor=reader,
            trust=trust_of(session, reader),
            record=session.get_one(Record, revision.record_id),
            revision=revision,
            transfer_id=transfer_id,
        )


@OWNERS
@IN_TURN
def test_both_release_in_turn_and_both_open_every_version(hill: World, owner: str, turned: bool) -> None:
    one, other = _both(hill, owner, turned)
    record_id = _going_to_college(hill)
    if owner == "school_safeguarding":
        hill.send(record_id, actor=hill.lower_school_office)
    ((section, values),) = WRITTEN[owner][1].items()
    field = list(values)[-1]
    for number, writer in enumerate((one, other, one), 1):
        hill.save(record_id, {section: {**values, field: f"Name {number}"}}, owner=owner, actor=writer)
        assert hill.plan(record_id, owner=owner, actor=writer).number == number
        hill.send(record_id, owner=owner, actor=writer)
    for reader in (one, other):
        planned = hill.plan(record_id, owner=owner, actor=reader)
        assert (planned.changed, planned.number) == (False, 3), (
            "the newest version opens, and says what the draft says"
        )
        assert [provider.state for provider in planned.providers] == ["current"]
        for revision in _released(hill, record_id, owner):
            opened = _open(hill, reader, revision)
            assert opened.answers[section][field] == f"Name {revision.number}"
            for_college = _open(hill, reader, revision, hill.transfer_of(record_id))
            assert [name for name in for_college.keys if name.startswith("pdf/")]
    keyrings = [
        {place for place in opened_by(hill, actor.teams[0].secret) if not place.startswith("card ")}
        for actor in (one, other)
    ]
    assert keyrings[0] == keyrings[1]


@IN_TURN
def test_what_one_office_attaches_the_other_opens(hill: World, turned: bool) -> None:
    writer, colleague = _both(hill, "transition", turned)
    record_id = hill.add(actor=writer)
    attach(
        db=hill.db,
        actor=writer,
        record_id=record_id,
        kind="form_8",
        name="Form 8",
        dated=hill.today,
        content=FILE,
    )
    (label,) = open_draft(db=hill.db, actor=colleague, record_id=record_id).attachments
    assert label.name == "Form 8"
    with hill.db.read() as session:
        record = own_record(session, colleague, record_id)
        assert read_content(session, record=record, label=label)


@IN_TURN
def test_the_sixth_forms_safeguarding_team_opens_none_of_the_schools_drafts(
    hill: World, turned: bool
) -> None:
    """Sending and receiving safeguarding are different work, even at one school."""
    writer, _ = _both(hill, "school_safeguarding", turned)
    record_id = hill.add(actor=hill.lower_school_office)
    hill.save(record_id, WRITTEN["school_safeguarding"][1], owner="school_safeguarding", actor=writer)
    hill.send(record_id, owner="school_safeguarding", actor=writer)
    reader = hill.sixth_form_safeguarding
    for owner in WRITTEN:
        with pytest.raises((NotAllowed, NotFound)):
            open_draft(db=hill.db, actor=reader, record_id=record_id, owner=owner)
    assert opened_by(hill, hill.places[SCHOOL].teams["Sixth form safeguarding"].secret) == {}
    for name in LEADS:
        assert opened_by(hill, hill.people[name].teams[0].secret), name


def test_the_offices_open_nothing_of_safeguarding(hill: World) -> None:
    record_id = hill.add(actor=hill.lower_school_office)
    hill.save(
        record_id,
        WRITTEN["school_safeguarding"][1],
        owner="school_safeguarding",
        actor=hill.upper_school_safeguarding,
    )
    hill.send(record_id, owner="school_safeguarding", actor=hill.upper_school_safeguarding)
    for name in OFFICES:
        parts = frozenset().union(*opened_by(hill, hill.people[name].teams[0].secret).values())
        assert parts
        assert not parts & {"safeguarding", "day_one_safety"}
