"""Each list says how many entries could not be checked, instead of being silently shorter; records stay open."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.exchange.renewing.matters import CARDS
from tests.exchange.world import World
from tests.web.visitor import Page, Visitor
from transition_exchange.exchange.writing.learner_name import UNCHECKED
from transition_exchange.sealing import hpke, ledger
from transition_exchange.sealing.cards import Place, SignedCard
from transition_exchange.sealing.keys import RecipientKey, TeamSecret
from transition_exchange.store.models import Card, TeamKey

LISTS = (
    ("senco", "/learners"),
    ("safeguarding_lead", "/learners/safeguarding"),
    ("coordinator", "/area/learners"),
    ("college_support", "/received"),
)


@pytest.fixture
def two(app: Flask, world: World) -> tuple[UUID, UUID]:
    """Two learners on every list."""
    app.extensions["renderer"] = world.renderer
    return world.sent("Amina", "Khan").record_id, world.sent("Ben", "Adams").record_id


def _warnings(page: Page) -> list[str]:
    return [" ".join(text.split()) for text in page.texts(".govuk-warning-text__text")]


def _forge(world: World, record_id: UUID) -> None:
    """Put cards in place of a record's own as somebody can who knows public keys alone."""
    signer = TeamSecret.generate()
    with world.db.write() as session:
        for row in session.scalars(select(Card).where(Card.record_id == record_id)):
            place = Place(row.id, row.record_id, row.transfer_id, row.team_id)
            card = SignedCard.sign(
                signer.signing,
                place=place,
                school=world.school.id,
                key=world.school.teams["Transition team"].key_id,
                content={"legal_forename": "Nobody", "legal_surname": "Atall", "date_of_birth": "2011-01-01"},
                made_at=row.changed_at,
            )
            key = session.scalars(select(TeamKey).where(TeamKey.team_id == row.team_id)).one()
            row.state, row.team_key_id = "post", key.id
            row.sealed = hpke.seal(RecipientKey(key.kem_public), ledger.pad(card.to_bytes()), info=place.use)


@pytest.mark.parametrize(("person", "path"), LISTS)
def test_a_list_on_which_everything_could_be_checked_warns_of_nothing(
    app: Flask, world: World, two: tuple[UUID, UUID], person: str, path: str
) -> None:
    page = Visitor(app, world.people[person]).get(path)
    assert "Khan" in page.text
    assert "Adams" in page.text
    assert _warnings(page) == []


@pytest.mark.parametrize(("person", "path"), LISTS)
def test_a_forged_card_is_not_listed_and_is_counted(
    app: Flask, world: World, two: tuple[UUID, UUID], person: str, path: str
) -> None:
    _forge(world, two[0])
    page = Visitor(app, world.people[person]).get(path)
    assert "Atall" not in page.text
    assert "Khan" not in page.text
    assert "Adams" in page.text
    [warning] = _warnings(page)
    assert "1 entry could not be checked and is not on this list." in warning


@pytest.mark.parametrize(("person", "path"), LISTS)
def test_damaged_cards_are_counted(
    app: Flask, world: World, two: tuple[UUID, UUID], person: str, path: str
) -> None:
    with world.db.write() as session:
        session.execute(update(Card).values(sealed=b"x" * 2100))
    page = Visitor(app, world.people[person]).get(path)
    assert page.status == 200
    [warning] = _warnings(page)
    assert "2 entries could not be checked and are not on this list." in warning


def _changed_key(world: World) -> None:
    """Somebody has left the school's transition team. It makes its cards anew with a key that nobody has confirmed."""
    world.new_key("Ashdown School", "Transition team", removed=[world.senco.principal_id])
    assert CARDS.renew(world) == 0


def test_a_schools_own_lead_reads_for_what_the_list_waits(
    app: Flask, world: World, two: tuple[UUID, UUID]
) -> None:
    _changed_key(world)
    page = Visitor(app, world.safeguarding_lead).get("/learners/safeguarding")
    assert _warnings(page) == []
    assert "The new key of Transition team is not confirmed yet" in page.text
    assert "2 entries are not on this list. Nothing is lost." in page.text
    assert "ring the school" not in page.text
    by = "The new key of Transition team can be confirmed only by the council’s NEET group by phone."
    assert f"{by} Ask somebody to ring it." in page.text, "no key has signed who is in the other team"
    with world.db.write() as session:
        session.execute(update(Card).where(Card.record_id == two[0]).values(sealed=b"x" * 2100))
    page = Visitor(app, world.safeguarding_lead).get("/learners/safeguarding")
    assert "1 entry is not on this list. Nothing is lost." in page.text
    [warning] = _warnings(page)
    assert "1 entry could not be checked" in warning
    assert "ring the school" not in warning


@pytest.mark.parametrize(("person", "path"), LISTS[2:])
def test_others_read_which_school_they_wait_for(
    app: Flask, world: World, two: tuple[UUID, UUID], person: str, path: str
) -> None:
    """The college had nothing in its ledger yet."""
    _changed_key(world)
    page = Visitor(app, world.people[person]).get(path)
    assert "The new key of Transition team at Ashdown School is not confirmed yet" in page.text
    assert "2 entries are not on this list. Nothing is lost, and you have nothing to do." in page.text
    assert _warnings(page) == []


def test_a_records_own_pages_stay_open_for_the_school(
    app: Flask, world: World, two: tuple[UUID, UUID]
) -> None:
    record_id, transfer_id = two[0], world.transfer_of(two[0])
    _forge(world, record_id)
    senco, lead = Visitor(app, world.senco), Visitor(app, world.safeguarding_lead)
    here = f"/learners/{record_id}"
    for path in (
        "",
        "/sent",
        "/check/transition",
        "/send/transition",
        "/pages/learner",
        "/documents",
        "/destinations",
        f"/sent/{transfer_id}/recall",
    ):
        page = senco.get(here + path)
        assert page.status == 200, path
        assert "Amina Khan" in page.text, path
        assert "Atall" not in page.text
    for path in ("", "/sent", "/check/school_safeguarding", "/pages/safeguarding"):
        page = lead.get(here + path)
        assert page.status == 200, path
        assert UNCHECKED in page.text, path
        assert "Atall" not in page.text


def test_saving_once_more_puts_it_back_on_every_list(
    app: Flask, world: World, two: tuple[UUID, UUID]
) -> None:
    _forge(world, two[0])
    world.save(two[0], {"known_as": {"preferred_name": "Mina"}})
    for person, path in LISTS[:3]:
        page = Visitor(app, world.people[person]).get(path)
        assert "Khan" in page.text
        assert _warnings(page) == []
