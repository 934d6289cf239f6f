"""An owner's first draft: every section sealed, empty or not, under keys of its own that its team is granted."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import delete, select

from tests.exchange.team_rows import MadeTeam
from tests.exchange.world import World
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records import grants, parts
from transition_exchange.exchange.records.answers import written_sections
from transition_exchange.exchange.records.part_names import RESTING
from transition_exchange.exchange.records.standing_grants import grants_to
from transition_exchange.exchange.writing.new_drafts import NewDraft, new_draft
from transition_exchange.proforma import load
from transition_exchange.store.models import Part, Record, Revision

VERSION = load("core/2027.1")
NOW = datetime(2027, 6, 3, 9, 0, tzinfo=UTC)


@pytest.fixture
def record(world: World) -> Record:
    """A record of the school without any draft."""
    record_id = world.add()
    with world.db.write() as session:
        session.execute(delete(Revision).where(Revision.record_id == record_id))
        return session.get_one(Record, record_id)


def _made(
    world: World, record: Record, owner: str, *to: MadeTeam, answers: dict[str, dict[str, Any]] | None = None
) -> NewDraft:
    return new_draft(
        record=record,
        version=VERSION,
        owner=owner,
        grantor=world.school.teams["Transition team"].opened,
        grantees=[grantee.opened.known for grantee in to],
        now=NOW,
        answers=answers,
    )


@pytest.mark.parametrize("owner", ["transition", "school_safeguarding"])
def test_every_section_of_its_owner_is_there_and_none_of_the_others(
    world: World, record: Record, owner: str
) -> None:
    made = _made(world, record, owner, world.school.teams["Transition team"])
    sections = [section.name for section in written_sections(VERSION, owner)]
    assert [part.name for part in made.sections] == [*sections, RESTING]
    assert (made.revision.owner, made.revision.number) == (owner, 0)
    assert made.revision.manifest is None


def test_each_section_has_a_key_of_its_own_and_holds_its_answers(world: World, record: Record) -> None:
    made = _made(
        world,
        record,
        "transition",
        world.school.teams["Transition team"],
        answers={"known_as": {"preferred_name": "Mina"}, "safeguarding": {"file_exists": "yes"}},
    )
    assert len({part.key for part in made.sections}) == len(made.sections)
    place = parts.binding_of(record, made.revision.id)
    opened = {
        part.name: json.loads(parts.open_part(binding=place, name=part.name, key=part.key, body=part.body))
        for part in made.sections
    }
    assert opened.pop("known_as") == {"preferred_name": "Mina"}
    assert not any(opened.values())


def test_with_answers_or_without_it_is_as_long(world: World, record: Record) -> None:
    team = world.school.teams["Transition team"]
    empty = _made(world, record, "transition", team)
    written = _made(world, record, "transition", team, answers={"sen": {"provision": "E"}})
    assert [len(part.body) for part in empty.sections] == [len(part.body) for part in written.sections]


def test_the_granted_team_opens_all_of_it_once_it_is_stored(world: World, record: Record) -> None:
    """The transition team adds the learner; the safeguarding team's draft is granted to that team alone."""
    made = _made(world, record, "school_safeguarding", world.school.teams["Safeguarding team"])
    with world.db.write() as session:
        made.store(session)
    with world.db.read() as session:
        stored = set(session.scalars(select(Part.name).where(Part.revision_id == made.revision.id)))
        (grant,) = grants_to(session, world.safeguarding_lead, revision_id=made.revision.id)
        opened = grants.open_grant(
            session,
            actor=world.safeguarding_lead,
            trust=trust_of(session, world.safeguarding_lead),
            grant=grant,
        )
        assert grants_to(session, world.senco, revision_id=made.revision.id) == []
    assert opened is not None
    assert set(opened.keys) == stored == {part.name for part in made.sections}
    assert opened.digests == {}, "what is written into a draft later has other digests"
    assert opened.manifest_digest == ""


def test_every_team_that_writes_for_the_owner_is_granted_it(world: World, record: Record) -> None:
    """One team writes for both; each of them opens all of it with a grant of its own."""
    first = world.school.teams["Transition team"]
    second = world.team("Ashdown School", "Second office", "transition")
    clerk = world.person("clerk", "Ashdown School", "Second office")
    made = _made(world, record, "transition", first, second)
    with world.db.write() as session:
        made.store(session)
    for actor in (world.senco, clerk):
        with world.db.read() as session:
            (grant,) = grants_to(session, actor, revision_id=made.revision.id)
            opened = grants.open_grant(session, actor=actor, trust=trust_of(session, actor), grant=grant)
        assert opened is not None
        assert set(opened.keys) == {part.name for part in made.sections}
