"""A school's cards signed anew: nothing on a list rests on the older key, and no card tells more than before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from tests.exchange.chains import events_of
from tests.exchange.coordinators import signed_in
from tests.exchange.renewing.leaver import OFFICE, leave
from tests.exchange.renewing.matters import CARDS, DRAFTS, RELEASES, forget_older_key, retire_older_key
from tests.exchange.team_rows import MadeTeam, confirm_key
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.records import ledgers
from transition_exchange.exchange.renewing import school_cards
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.sealing import hpke, ledger
from transition_exchange.sealing.cards import Place, SignedCard
from transition_exchange.store.models import Card, Ciphertext, Part, Revision, TeamKey

due, renew = CARDS.due, CARDS.renew


def _posted(world: World, team: MadeTeam) -> dict[tuple[UUID, UUID | None], SignedCard]:
    """The cards in a team's post, opened as the team opens them."""
    with world.db.read() as session:
        rows = session.scalars(select(Card).where(Card.team_id == team.row.id, Card.state == "post")).all()
    found = {}
    for row in rows:
        use = Place(row.id, row.record_id, row.transfer_id, row.team_id).use
        body = ledger.unpad(hpke.open(team.secret.kem, row.sealed or b"", info=use))
        found[row.record_id, row.transfer_id] = SignedCard.from_bytes(body)
    return found


def _contents(cards: Mapping[Any, SignedCard]) -> dict[Any, Mapping[str, Any]]:
    return {key: card.content for key, card in cards.items()}


def test_every_list_shows_the_same_once_the_older_key_counts_no_longer(world: World) -> None:
    record_id, transfer_id = world.sent()
    ledgers.open_ledger(db=world.db, actor=world.college_admissions, team=world.college_admissions.teams[0])
    teams = [*world.college.teams.values(), world.places["Ashdown Council"].teams["NEET group"]]
    teams.append(world.school.teams["Safeguarding team"])
    before = {team.identity.name + str(team.row.id): _contents(_posted(world, team)) for team in teams}
    assert sum(map(bool, before.values())) == 5, "one team of the college has moved its card into its ledger"
    leave(world)
    assert due(world) == [record_id]
    assert renew(world) == 0
    assert due(world) == []
    for team in teams:
        posted = _posted(world, team)
        assert _contents(posted) == before[team.identity.name + str(team.row.id)]
        assert {card.key for card in posted.values()} <= {world.school.teams[OFFICE].key_id}
    RELEASES.renew(world)
    retire_older_key(world)
    for actor in (
        world.college_admissions,
        world.college_support,
        world.college_safeguarding,
        world.college_exams,
    ):
        (card,) = ledgers.open_ledger(db=world.db, actor=actor, team=actor.teams[0]).values()
        assert (card.transfer_id, card.content["legal_surname"]) == (transfer_id, "Khan")
        assert ledgers.unchecked(db=world.db, actor=actor) == 0
    for actor in (world.coordinator, world.senco, world.safeguarding_lead):
        assert len(ledgers.open_ledger(db=world.db, actor=actor, team=actor.teams[0])) == 1
        assert ledgers.unchecked(db=world.db, actor=actor) == 0


def test_without_it_lists_would_lack_what_cannot_be_checked(world: World) -> None:
    """The other way round, so that the test above proves something."""
    world.sent()
    leave(world)
    forget_older_key(world, world.school.teams[OFFICE])
    for actor in (world.college_support, world.coordinator, world.safeguarding_lead):
        assert ledgers.unchecked(db=world.db, actor=actor) == 1


def test_the_safeguarding_team_releases_with_the_name_that_the_office_signs_anew(world: World) -> None:
    """It had moved its card into its ledger before, and the card's signature is checked again for the PDF."""
    sent = world.sent()
    lead = world.safeguarding_lead
    ledgers.open_ledger(db=world.db, actor=lead, team=lead.teams[0])
    leave(world)
    RELEASES.renew(world)
    renew(world)
    forget_older_key(world, world.school.teams[OFFICE])
    world.save(sent.record_id, {"safeguarding": {"file_exists": "no"}}, owner="school_safeguarding")
    assert world.send(sent.record_id, owner="school_safeguarding").providers == ("Northway College",)
    assert world.open(sent.transfer_id, world.college_safeguarding).answers["safeguarding"]


def test_and_without_it_could_not(world: World) -> None:
    sent = world.sent()
    leave(world)
    RELEASES.renew(world)
    forget_older_key(world, world.school.teams[OFFICE])
    world.save(sent.record_id, {"safeguarding": {"file_exists": "no"}}, owner="school_safeguarding")
    with pytest.raises(Tampered):
        world.send(sent.record_id, owner="school_safeguarding")


def test_a_providers_card_holds_what_was_sent_and_nothing_that_was_saved_since(world: World) -> None:
    sent = world.sent()
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    draft_of_name = {"legal_forename": "Aminah", "legal_surname": "Khan", "date_of_birth": "2010-03-14"}
    world.save(sent.record_id, {"learner": draft_of_name})
    admissions = world.college.teams["Admissions"]
    before = _contents(_posted(world, admissions))
    leave(world)
    renew(world)
    after = _contents(_posted(world, admissions))
    assert after == before
    assert after[sent]["legal_forename"] == "Amina"


def test_what_other_places_have_in_their_ledgers_stays_there(world: World) -> None:
    """It was checked when it was moved. To send 30,000 cards again would give the council work for nothing."""
    world.sent()
    for actor in (world.coordinator, world.college_support):
        ledgers.open_ledger(db=world.db, actor=actor, team=actor.teams[0])
    with world.db.read() as session:
        before = {row.id: row.sealed for row in session.scalars(select(Card).where(Card.state == "ledger"))}
    leave(world)
    renew(world)
    own = [team.row.id for team in world.school.teams.values()]
    with world.db.read() as session:
        rows = session.scalars(select(Card).where(Card.id.in_(before), Card.team_id.not_in(own))).all()
        assert len(rows) == 2
        assert all((row.state, row.sealed) == ("ledger", before[row.id]) for row in rows)
    RELEASES.renew(world)
    retire_older_key(world)
    for actor in map(signed_in, (world.coordinator, world.college_support)):
        (card,) = ledgers.open_ledger(db=world.db, actor=actor, team=actor.teams[0]).values()
        assert card.content["legal_surname"] == "Khan", "the key counted when the card was moved there"
        assert ledgers.unchecked(db=world.db, actor=actor) == 0


def test_what_was_not_made_anew_in_the_school_s_own_ledgers_is_counted(world: World) -> None:
    """Who has left the office may still hold the key of another team's ledger."""
    world.sent()
    lead = world.safeguarding_lead
    ledgers.open_ledger(db=world.db, actor=lead, team=lead.teams[0])
    leave(world)
    assert ledgers.unchecked(db=world.db, actor=signed_in(lead)) == 0, "until the older key is retired"
    retire_older_key(world)
    assert ledgers.unchecked(db=world.db, actor=signed_in(lead)) == 1


def test_nor_does_what_lies_in_the_post_count_under_a_retired_key(world: World) -> None:
    world.sent()
    leave(world)
    RELEASES.renew(world)
    retire_older_key(world)
    for actor in map(signed_in, (world.coordinator, world.college_support)):
        assert ledgers.unchecked(db=world.db, actor=actor) == 1


def test_whoever_left_opens_no_card_that_was_made_anew(world: World) -> None:
    world.sent()
    leaver = leave(world)
    assert [use for use in leaver.opens if use.startswith("card ")]
    renew(world)
    assert not [use for use in leaver.opens if use.startswith("card ")]


def test_it_goes_in_steps_is_carried_on_and_says_how_many(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for surname in ("Adams", "Brown", "Clark"):
        world.add(surname=surname)
    leave(world)
    renew(world, ids=due(world)[:1])
    assert len(due(world)) == 2

    def interrupted(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Actor, "note", interrupted)
        with pytest.raises(KeyboardInterrupt):
            renew(world)
    assert len(due(world)) == 2
    renew(world)
    assert due(world) == []
    noted = [event.about for event in events_of(world.db, world.school.id) if event.kind == "key.renewed"]
    assert noted == [{"what": "cards", "count": 1}, {"what": "cards", "count": 2}]


def _meanwhile(monkeypatch: pytest.MonkeyPatch, do: Any) -> None:
    """Do something once, after a step has made the cards and before it stores them."""
    made, once = school_cards._renewed, list[bool]()

    def renewed(**kwargs: Any) -> Any:
        result = made(**kwargs)
        if not once:
            once.append(True)
            do()
        return result

    monkeypatch.setattr(school_cards, "_renewed", renewed)


def test_a_newer_card_is_not_replaced(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    record_id = world.add()
    leave(world)
    name = {"legal_forename": "Aminah", "legal_surname": "Khan", "date_of_birth": "2010-03-14"}
    _meanwhile(monkeypatch, lambda: world.save(record_id, {"learner": name}))
    assert renew(world) == 0
    (card,) = ledgers.open_ledger(db=world.db, actor=world.senco, team=world.senco.teams[0]).values()
    assert card.content["legal_forename"] == "Aminah"


def test_a_card_that_was_taken_back_does_not_come_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = world.sent()
    leave(world)
    _meanwhile(
        monkeypatch,
        lambda: recall(
            db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id
        ),
    )
    renew(world)
    with world.db.read() as session:
        assert session.scalars(select(Card).where(Card.transfer_id == sent.transfer_id)).all() == []


def test_two_members_at_once_make_them_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    record_id = world.add()
    leave(world)
    _meanwhile(monkeypatch, lambda: renew(world, ids=[record_id]))
    assert renew(world) == 0
    assert [event.kind for event in events_of(world.db, world.school.id)].count("key.renewed") == 1


@pytest.mark.parametrize("damage", ["draft", "version"])
def test_a_damaged_record_is_counted_and_keeps_no_other_waiting(world: World, damage: str) -> None:
    bad, good = world.sent(surname="Adams"), world.sent(surname="Brown")
    leave(world)
    with world.db.write() as session:
        revision_id = session.scalars(
            select(Revision.id).where(
                Revision.record_id == bad.record_id,
                Revision.owner == "transition",
                Revision.number == (0 if damage == "draft" else 1),
            )
        ).one()
        part_ids = select(Part.id).where(Part.revision_id == revision_id)
        session.execute(update(Ciphertext).where(Ciphertext.id.in_(part_ids)).values(body=b"another"))
    assert due(world) == [bad.record_id, good.record_id]
    assert renew(world) == 1
    assert due(world) == [bad.record_id]
    assert renew(world) == 1
    posted = _posted(world, world.college.teams["Admissions"])
    signed = {record_id: card.key for (record_id, _), card in posted.items()}
    newest = world.school.teams[OFFICE].key_id
    assert signed[good.record_id] == newest
    assert (signed[bad.record_id] == newest) == (damage == "draft"), "what can be made is made"


def test_it_does_not_matter_whether_the_drafts_are_made_anew_before(world: World) -> None:
    world.sent()
    leave(world)
    DRAFTS.renew(world)
    assert renew(world) == 0
    assert due(world) == []


def test_what_a_new_key_says_was_sent_waits_on_the_provider_s_list_until_the_key_is_confirmed(
    world: World,
) -> None:
    """The list does not lose it silently: it says whose key is to be confirmed."""
    world.sent()
    reader = signed_in(world.college_support)
    assert len(ledgers.open_ledger(db=world.db, actor=reader, team=reader.teams[0])) == 1
    world.new_key("Ashdown School", OFFICE, removed=[world.safeguarding_lead.principal_id])
    assert RELEASES.renew(world) == 0
    assert ledgers.open_ledger(db=world.db, actor=reader, team=reader.teams[0]) == {}
    assert list(ledgers.waiting(db=world.db, actor=reader).values()) == [1]
    assert world.root is not None
    with world.db.write() as session:
        confirm_key(session, session.get_one(TeamKey, world.school.teams[OFFICE].key_id), world.root)
    assert len(ledgers.open_ledger(db=world.db, actor=reader, team=reader.teams[0])) == 1
    assert ledgers.unchecked(db=world.db, actor=reader) == 0
