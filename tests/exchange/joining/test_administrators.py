"""A new administrator where the old one is lost: in no team, so that it opens nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.exchange.team_rows import add_key
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotAllowed, NotFound, Refused
from transition_exchange.exchange.joining.accepting import accept
from transition_exchange.exchange.joining.administrators import Added, add_administrator, invite_administrator
from transition_exchange.sealing.keys import TeamSecret, spoken_fingerprint
from transition_exchange.store.models import Area, Event, Membership, Organisation, OutboxMail, Principal

QUICK = 8
EMAIL = "head@ashdown.example"
PASSPHRASE = "seven brown otters swim upstream"


@pytest.fixture
def lead(world: World) -> Actor:
    return world.person("lead", "Ashdown Council", "NEET group", administrator=True, signs=True)


def number(world: World) -> str:
    assert world.root is not None
    return spoken_fingerprint(world.root.secret.fingerprint)


@pytest.mark.parametrize("place", ["Ashdown School", "Northway College", "Ashdown Council"])
def test_the_operators_invitation_makes_an_administrator_in_no_team(world: World, place: str) -> None:
    added = add_administrator(
        db=world.db, organisation=place, name="N. Head", email=EMAIL, number=number(world), memory_kib=QUICK
    )
    accept(
        db=world.db,
        token=added.link_token,
        spoken_code=added.spoken_code,
        name="N. Head",
        passphrase=PASSPHRASE,
        memory_kib=QUICK,
    )
    with world.db.read() as session:
        person = session.scalars(select(Principal).where(Principal.email == EMAIL)).one()
        held = session.scalars(select(Membership).where(Membership.principal_id == person.id)).all()
        told = session.scalars(select(Event.body).where(Event.body.contains("administrator.added"))).all()
        mails = session.scalars(select(OutboxMail).where(OutboxMail.to_address == EMAIL)).all()
    assert (person.administrator, person.organisation_id) == (True, world.places[place].id)
    assert (held, mails) == ([], [])
    assert len(told) == 1


def test_a_key_that_nobody_has_read_out_is_not_taken_for_the_councils(world: World) -> None:
    for wrong in ("", "12345", number(world)[:-1]):
        with pytest.raises(Refused, match="not the security number"):
            add_administrator(
                db=world.db,
                organisation="Ashdown School",
                name="N",
                email=EMAIL,
                number=wrong,
                memory_kib=QUICK,
            )


def test_a_row_with_a_higher_number_that_nobody_signed_is_not_taken_for_the_councils(world: World) -> None:
    assert world.root is not None
    stranger = TeamSecret.generate()
    with world.db.write() as session:
        add_key(session, world.root.row.id, stranger, version=2)

    def added(number: str) -> Added:
        return add_administrator(
            db=world.db, organisation="Ashdown School", name="N", email=EMAIL, number=number, memory_kib=QUICK
        )

    with pytest.raises(Refused, match="not the security number"):
        added(spoken_fingerprint(stranger.fingerprint))
    assert added(number(world)).spoken_code


def test_the_council_invites_one_into_its_organisations(world: World, lead: Actor) -> None:
    invited = invite_administrator(
        db=world.db,
        actor=lead,
        organisation_id=world.school.id,
        name="N. Head",
        email=EMAIL,
        memory_kib=QUICK,
    )
    assert invited.spoken_code is not None
    with world.db.read() as session:
        (mail,) = session.scalars(select(OutboxMail).where(OutboxMail.to_address == EMAIL)).all()
    assert (mail.template, mail.invitation_id) == ("invitation", invited.invitation_id)
    with pytest.raises(Refused, match="invited there already"):
        invite_administrator(
            db=world.db, actor=lead, organisation_id=world.school.id, name="N", email=EMAIL, memory_kib=QUICK
        )


def test_nobody_else_does_and_nowhere_else(world: World, lead: Actor) -> None:
    head = world.person("head", "Ashdown School", administrator=True, signs=True)
    for actor in (world.coordinator, head, world.senco):
        with pytest.raises(NotAllowed):
            invite_administrator(
                db=world.db,
                actor=actor,
                organisation_id=world.school.id,
                name="N",
                email=EMAIL,
                memory_kib=QUICK,
            )
    with world.db.write() as session:
        area = Area(name="Elsewhere")
        session.add(area)
        session.flush()
        session.get_one(Organisation, world.school.id).area_id = area.id
    with pytest.raises(NotFound):
        invite_administrator(
            db=world.db, actor=lead, organisation_id=world.school.id, name="N", email=EMAIL, memory_kib=QUICK
        )
