"""A version is divided among the teams once: the preview shows exactly what is sent, to each its own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update

from tests.exchange.answers import destination
from tests.exchange.changing import member, sign_in
from tests.exchange.documents import pdf
from tests.exchange.keys.test_contacts import say
from tests.exchange.members import actor_of
from tests.exchange.world import InstantRenderer, World
from transition_exchange.exchange.errors import NotAllowed, NotFound, Tampered
from transition_exchange.exchange.sending.plans import ProviderPlan, ReleasePlan
from transition_exchange.exchange.sending.send import preview
from transition_exchange.exchange.sending.team_packs import TeamPacks, signed_off
from transition_exchange.packs.content import PackContent
from transition_exchange.sealing import hpke, ledger
from transition_exchange.sealing.cards import Place, SignedCard
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.models import Card, Membership, Principal

COLLEGE, CLUB = "Northway College", "Riverside Boxing"
SOME_TIME = datetime(2027, 6, 3, 9, 0, tzinfo=UTC)


class Keeping(InstantRenderer):
    """Keeps every pack that it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.contents: list[PackContent] = []

    def render_many(self, contents: Any) -> Iterator[bytes]:
        self.contents += contents
        yield from super().render_many(self.contents)


def _complete(world: World) -> UUID:
    """A complete record that goes to the college for animal care and to the club for boxing."""
    record_id = world.add()
    world.fill(record_id)
    rows = [
        destination(world.places[COLLEGE].id, COLLEGE, course="Animal care"),
        destination(world.places[CLUB].id, CLUB, course="Boxing", preference=2),
    ]
    world.save(record_id, {"destinations": {"destinations": rows}})
    return record_id


def _packs(world: World, planned: ReleasePlan, **changed: Any) -> TeamPacks:
    """The packs of what is planned, released by the owner's own team."""
    owner = planned.draft.owner
    actor = world.senco if owner == "transition" else world.safeguarding_lead
    given: dict[str, Any] = {
        "released": signed_off(db=world.db, actor=actor, planned=planned, today=world.today),
        "attachments": planned.draft.attachments,
        "number": planned.number,
        "made_at": SOME_TIME,
    }
    return TeamPacks(db=world.db, actor=actor, planned=planned, **(given | changed))


def _provider(planned: ReleasePlan, name: str = COLLEGE) -> ProviderPlan:
    return next(provider for provider in planned.providers if provider.name == name)


def _by_name(packs: TeamPacks, provider: ProviderPlan) -> dict[str, PackContent]:
    """Each team's pack by its name."""
    by_team = packs.by_team(provider)
    return {team.name: by_team[team.team_id] for team in provider.teams}


def _shown(content: PackContent) -> tuple[PackContent, Mapping[str, Any]]:
    """A pack without the moment of sending and the reference, which alone may differ, and its data likewise."""
    data = json.loads(content.record_json) | {"sent_at": "", "reference": ""}
    return replace(content, sent_at=SOME_TIME, record_json=b"", reference=""), data


@pytest.mark.parametrize("owner", ["transition", "school_safeguarding"])
def test_a_preview_is_exactly_what_is_sent(world: World, owner: str) -> None:
    record_id = _complete(world)
    world.save(
        record_id,
        {"safeguarding": {"file_exists": "yes", "lead_name": "Sam Lead"}},
        owner="school_safeguarding",
    )
    if owner == "school_safeguarding":
        world.send(record_id)
    world.renderer = keeping = Keeping()
    planned = world.plan(record_id, owner=owner)
    actor = world.senco if owner == "transition" else world.safeguarding_lead
    promised = [
        _shown(content)
        for provider in planned.providers
        for content in preview(
            db=world.db, actor=actor, planned=planned, provider=provider, today=world.today
        ).values()
    ]
    world.send(record_id, owner=owner)
    # The college has a team for each purpose, and the club has one team for all of them.
    assert len(promised) == {"transition": 5, "school_safeguarding": 3}[owner]
    assert [_shown(content) for content in keeping.contents] == promised


def test_teams_with_the_same_purposes_share_one_pack_that_names_both(world: World) -> None:
    world.team(COLLEGE, "Second support team", "learning_support")
    world.team(COLLEGE, "Front office", "admissions", "exams")
    planned = world.plan(_complete(world))
    packs, college = _packs(world, planned), _provider(planned)
    assert {readers: content.readers for readers, content in packs.by_readers(college).items()} == {
        "admissions": ("Admissions",),
        "learning_support": ("Learning support", "Second support team"),
        "safeguarding": ("Safeguarding",),
        "exams": ("Exams office",),
        "admissions+exams": ("Front office",),
    }
    by_name = _by_name(packs, college)
    assert by_name["Learning support"] is by_name["Second support team"]
    assert by_name["Front office"] is not by_name["Admissions"]


def test_a_pack_holds_what_its_readers_may_read_and_says_where_it_comes_from(world: World) -> None:
    planned = world.plan(_complete(world))
    college = _provider(planned)
    for team in college.teams:
        content = _by_name(_packs(world, planned), college)[team.name]
        assert set(json.loads(content.record_json)["answers"]) <= set(team.access.sections)
        assert json.loads(content.record_json)["answers"]["destination"]["start_date"] == "2027-09-06"
        assert (content.from_school, content.to_provider) == ("Ashdown School", COLLEGE)
        assert (content.learner_name, content.version_number) == ("Amina Khan", 1)
        assert (content.sent_at, content.form) == (SOME_TIME, "core/2027.1")


def test_each_provider_is_told_its_own_destination_and_no_other(world: World) -> None:
    planned = world.plan(_complete(world))
    packs = _packs(world, planned)
    for name, own, others in ((COLLEGE, "Animal care", "Boxing"), (CLUB, "Boxing", "Animal care")):
        provider = _provider(planned, name)
        answers = packs.answers_for(provider)
        assert answers["destination"]["course"] == own
        contents = packs.by_readers(provider).values()
        assert any(own.encode() in content.record_json for content in contents)
        for content in contents:
            told = content.record_json.replace(CLUB.encode(), b"")
            assert others.encode() not in told
            assert not {"destinations", "preference"} & set(json.loads(content.record_json)["answers"])


def test_the_safeguarding_part_tells_no_destination(world: World) -> None:
    record_id = _complete(world)
    world.send(record_id)
    planned = world.plan(record_id, owner="school_safeguarding")
    packs = _packs(world, planned)
    for provider in planned.providers:
        assert set(packs.answers_for(provider)) == {"safeguarding", "day_one_safety"}


def test_what_was_released_is_sent_and_not_what_is_drafted_since(world: World) -> None:
    planned = world.plan(_complete(world))
    college = _provider(planned)
    released = {**planned.answers, "known_as": {"preferred_name": "Mina"}}
    answers = _packs(world, planned, released=released).answers_for(college)
    assert answers["known_as"] == {"preferred_name": "Mina"}
    assert answers["sharing"] == planned.draft.answers["sharing"], "which the conditions need"


def test_the_safeguarding_teams_packs_take_the_name_from_its_card(world: World) -> None:
    record_id = _complete(world)
    world.send(record_id)

    def names() -> set[str]:
        planned = world.plan(record_id, owner="school_safeguarding")
        assert "learner" not in planned.draft.answers
        contents = _packs(world, planned).by_readers(_provider(planned)).values()
        return {content.learner_name for content in contents}

    assert names() == {"Amina Khan"}
    learner = world.plan(record_id).draft.answers["learner"]
    world.save(record_id, {"learner": {**learner, "legal_surname": "Khan-Smith"}})
    assert names() == {"Amina Khan-Smith"}


@pytest.mark.parametrize("where", ["post", "ledger"])
def test_a_name_from_a_card_that_the_school_did_not_sign_stands_on_no_safeguarding_pack(
    world: World, where: str
) -> None:
    """By post anybody can seal one to the team; in its ledger a member of the team could."""
    record_id = _complete(world)
    world.send(record_id)
    planned = world.plan(record_id, owner="school_safeguarding")
    team = world.school.teams["Safeguarding team"]
    with world.db.write() as session:
        row = session.scalars(
            select(Card).where(Card.record_id == record_id, Card.team_id == team.row.id)
        ).one()
        place = Place(row.id, record_id, None, team.row.id)
        forged = SignedCard.sign(
            TeamSecret.generate().signing,
            place=place,
            school=world.school.id,
            key=world.school.teams["Transition team"].key_id,
            content={"legal_forename": "Nobody", "legal_surname": "Atall"},
            made_at=SOME_TIME,
        ).to_bytes()
        row.state, row.changed_at = where, SOME_TIME
        row.sealed = (
            hpke.seal(team.secret.kem.public, ledger.pad(forged), info=place.use)
            if where == "post"
            else ledger.seal(team.secret.ledger_key, place.use, forged)
        )
    with pytest.raises(Tampered):
        _packs(world, planned).by_readers(_provider(planned))
    with pytest.raises(Tampered):
        world.send(record_id, owner="school_safeguarding")


def test_without_a_card_the_safeguarding_team_makes_no_pack(world: World) -> None:
    record_id = _complete(world)
    world.send(record_id)
    team = world.school.teams["Safeguarding team"]
    with world.db.write() as session:
        session.execute(delete(Card).where(Card.record_id == record_id, Card.team_id == team.row.id))
    planned = world.plan(record_id, owner="school_safeguarding")
    with pytest.raises(NotFound):
        _packs(world, planned).by_readers(_provider(planned))


def test_a_document_is_listed_for_the_teams_that_may_open_it(world: World) -> None:
    record_id = _complete(world)
    world.save(record_id, {"sen": {"provision": "K"}})
    world.attach(record_id, kind="strategies", name="What helps Amina", content=pdf(pages=2))
    planned = world.plan(record_id)
    college = _provider(planned)
    listed = {
        name: [(document.pages, document.dated) for document in content.attachments]
        for name, content in _by_name(_packs(world, planned), college).items()
    }
    openers = {team.name for team in college.teams if team.attachments}
    assert "Learning support" in openers
    assert "Exams office" not in openers
    assert listed == {name: [(2, world.today)] if name in openers else [] for name in listed}


def test_a_release_is_signed_off_by_whoever_sends_it(world: World) -> None:
    planned = world.plan(_complete(world))
    assert planned.answers["assurance"] == {}
    signed = signed_off(db=world.db, actor=world.senco, planned=planned, today=world.today)
    assert signed["assurance"] == {
        "completed_by": "Senco (we cannot check this name)",
        "completed_on": world.today.isoformat(),
        "completed_role": "Transition team",
        "version": "core/2027.1",
    }
    assert {**signed, "assurance": {}} == planned.answers, (
        "nothing else is added, and the plan stays as it was"
    )


def test_a_release_names_who_was_signed_for_and_not_what_their_row_says(world: World) -> None:
    """The team's key signs the name, so whoever writes to the row would sign in somebody else's name."""
    sam = member(world, "Sam Field", world.school.teams["Transition team"])
    planned = world.plan(_complete(world))
    with world.db.write() as session:
        session.get_one(Principal, sam.row.id).name = "Mallory Price"

    def completed_by() -> str:
        signed = signed_off(db=world.db, actor=actor_of(world, sam), planned=planned, today=world.today)
        return str(signed["assurance"]["completed_by"])

    assert completed_by() == "Sam Field", "the team's key signed it when they joined"
    sign_in(world, sam)
    assert actor_of(world, sam).address_book.colleagues
    assert completed_by() == "Sam Field", "from then on they remember it themselves"


def test_a_name_that_nobody_signed_is_sent_as_unchecked(world: World) -> None:
    sam = member(world, "Sam Field", world.school.teams["Transition team"])
    with world.db.write() as session:
        session.execute(
            update(Membership)
            .where(Membership.principal_id == sam.row.id)
            .values(statement=None, signature=None)
        )
    planned = world.plan(_complete(world))
    signed = signed_off(db=world.db, actor=actor_of(world, sam), planned=planned, today=world.today)
    assert signed["assurance"]["completed_by"] == "Sam Field (we cannot check this name)"


def test_the_safeguarding_part_has_nothing_to_sign_off(world: World) -> None:
    planned = world.plan(_complete(world), owner="school_safeguarding")
    signed = signed_off(db=world.db, actor=world.safeguarding_lead, planned=planned, today=world.today)
    assert signed == planned.answers


def test_nobody_signs_off_the_other_owners_sections(world: World) -> None:
    planned = world.plan(_complete(world))
    with pytest.raises(NotAllowed):
        signed_off(db=world.db, actor=world.safeguarding_lead, planned=planned, today=world.today)


def test_each_pack_names_whom_its_sender_signed_that_its_readers_ring(world: World) -> None:
    record_id = _complete(world)
    planned = world.plan(record_id)
    assert {content.ring for content in _by_name(_packs(world, planned), _provider(planned)).values()} == {""}
    say(world, "senco", "Alex Senco")
    planned = world.plan(record_id)
    packs = _by_name(_packs(world, planned), _provider(planned))
    (ring,) = {content.ring for content in packs.values()}
    assert ring == f"Alex Senco, 01709 382121 ({world.senco.teams[0].name})"
    assert {json.loads(content.record_json)["whom_to_ring"] for content in packs.values()} == {ring}
    world.send(record_id)
    answers = {"safeguarding": {"file_exists": "no"}, "day_one_safety": {"information": "Met on arrival."}}
    world.save(record_id, answers, owner="school_safeguarding")
    say(world)
    planned = world.plan(record_id, owner="school_safeguarding")
    packs = _by_name(_packs(world, planned), _provider(planned))
    assert packs["Safeguarding"].ring.startswith("Sam Lead, 01709 382121 (")
    assert packs["Learning support"].ring == "", "as on its page"
