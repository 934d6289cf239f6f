"""Drafts under new keys: the members go on, and whoever has left reads nothing of what is written from now on."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select, update

from tests.exchange.chains import events_of
from tests.exchange.renewing.leaver import LEADS, Leaver, leave
from tests.exchange.renewing.matters import DRAFTS
from tests.exchange.world import World
from tests.exchange.writing.late import add_late_teams, confirm
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Conflict, NotReady, Tampered
from transition_exchange.exchange.records import parts
from transition_exchange.exchange.writing.due_grants import write_due_grants
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.store.models import Ciphertext, Grant, Part, Revision

KNOWN_AS = {"known_as": {"preferred_name": "Mina"}}
NO_FILE = {"safeguarding": {"file_exists": "no"}}


due, renew = DRAFTS.due, DRAFTS.renew


def draft_ids(world: World, owner: str = "transition") -> list[UUID]:
    with world.db.read() as session:
        return list(session.scalars(select(Revision.id).where(Revision.owner == owner, Revision.number == 0)))


def _read_of(leaver: Leaver, revision_id: UUID) -> set[str]:
    return {name for subject, name in leaver.reads() if subject == revision_id}


def test_whoever_left_reads_no_later_save_and_the_members_read_everything(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    before = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    leaver = leave(world)
    assert _read_of(leaver, before.revision_id) == set(before.part_ids), "else the test proves nothing"
    assert renew(world) == 0
    assert due(world) == []
    after = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    assert (after.answers, after.revision_id) == (before.answers, before.revision_id)
    assert _read_of(leaver, before.revision_id) == set()
    world.save(record_id, KNOWN_AS)
    assert _read_of(leaver, before.revision_id) == set()
    assert f"keyring {record_id} {before.revision_id} own" not in leaver.opens
    with pytest.raises((NotReady, Tampered)):
        open_draft(db=world.db, actor=leaver.actor, record_id=record_id)
    assert set(after.keys.values()).isdisjoint(before.keys.values()), "no section keeps its key"


def test_sizes_and_numbers_stay_and_one_event_says_how_many(world: World) -> None:
    for surname in ("Adams", "Brown"):
        world.fill(world.add(surname=surname))
    with world.db.read() as session:
        sizes = dict(session.execute(select(Part.id, Part.size)).all())
    leave(world)
    renew(world)
    with world.db.read() as session:
        assert dict(session.execute(select(Part.id, Part.size)).all()) == sizes
    event = events_of(world.db, world.school.id)[-1]
    assert (event.kind, event.about) == ("key.renewed", {"what": "drafts", "count": 2})


def test_nothing_is_due_without_an_older_key_nor_for_others(world: World) -> None:
    world.add()
    assert due(world) == []
    leaver = leave(world)
    assert len(due(world)) == 1
    for actor in (world.safeguarding_lead, world.other_senco, world.college_support, leaver.actor):
        assert due(world, actor) == []
        assert renew(world, actor, ids=due(world)) == 0
    assert len(due(world)) == 1


def test_each_owners_team_makes_its_own_drafts_anew(world: World) -> None:
    record_id = world.add()
    world.save(record_id, NO_FILE, owner="school_safeguarding")
    leaver = leave(world, "safeguarding_lead", LEADS)
    assert due(world, world.safeguarding_lead) == draft_ids(world, "school_safeguarding")
    assert renew(world, world.safeguarding_lead) == 0
    world.save(record_id, {"safeguarding": {"file_exists": "yes"}}, owner="school_safeguarding")
    assert _read_of(leaver, draft_ids(world, "school_safeguarding")[0]) == set()
    assert open_draft(db=world.db, actor=world.senco, record_id=record_id).answers["learner"]


def test_every_team_that_writes_it_gets_the_new_keys(world: World) -> None:
    late = add_late_teams(world)
    confirm(world, late.office)
    record_id = world.add()
    leaver = leave(world)
    renew(world)
    for actor in (world.senco, late.clerk):
        assert open_draft(db=world.db, actor=actor, record_id=record_id).answers["learner"]
    world.save(record_id, KNOWN_AS, actor=late.clerk)
    assert _read_of(leaver, draft_ids(world)[0]) == set()
    with world.db.read() as session:
        assert len(session.scalars(select(Grant).where(Grant.revision_id.in_(draft_ids(world)))).all()) == 2
    assert write_due_grants(db=world.db, actor=late.clerk) == 0


def test_a_second_change_makes_them_anew_again(world: World) -> None:
    record_id = world.add()
    first = leave(world)
    renew(world)
    second = leave(world)
    assert _read_of(second, draft_ids(world)[0])
    renew(world)
    world.save(record_id, KNOWN_AS)
    for leaver in (first, second):
        assert _read_of(leaver, draft_ids(world)[0]) == set()


def test_it_goes_in_steps_and_an_interrupted_one_is_carried_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [world.add(surname=name) for name in ("Adams", "Brown", "Clark")]
    leave(world)
    renew(world, ids=due(world)[:1])
    assert len(due(world)) == 2

    def interrupted(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Actor, "note", interrupted)
        with pytest.raises(KeyboardInterrupt):
            renew(world)
    assert len(due(world)) == 2, "a step is stored whole or not at all"
    for record_id in ids:
        assert open_draft(db=world.db, actor=world.senco, record_id=record_id).answers["learner"]
    assert renew(world) == 0
    assert due(world) == []


def test_two_members_at_once_make_each_draft_anew_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    record_id = world.add()
    leave(world)
    ids, opened = due(world), parts.rows_of
    once: list[bool] = []

    def read_and_wait(*args: object, **kwargs: object) -> object:
        rows = opened(*args, **kwargs)  # type: ignore[arg-type]
        if not once:
            once.append(True)
            renew(world, ids=ids)
        return rows

    with monkeypatch.context() as patch:
        patch.setattr(parts, "rows_of", read_and_wait)
        assert renew(world, ids=ids) == 0
    assert [event.kind for event in events_of(world.db, world.school.id)].count("key.renewed") == 1
    draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    assert draft.answers["learner"]["legal_forename"] == "Amina"
    with world.db.read() as session:
        assert len(session.scalars(select(Grant).where(Grant.revision_id.in_(ids))).all()) == 1
    assert renew(world, ids=ids) == 0


def test_a_save_at_the_same_time_is_not_lost_and_not_sealed_with_the_older_keys(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It reads the draft, then the keys change, then it stores: it begins again and says so."""
    record_id = world.add()
    leaver = leave(world)
    reseal, once = parts.reseal, list[bool]()

    def meanwhile(**kwargs: object) -> bytes:
        if not once:
            once.append(True)
            renew(world)
        return reseal(**kwargs)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(parts, "reseal", meanwhile)
        with pytest.raises(Conflict):
            world.save(record_id, KNOWN_AS)
    world.save(record_id, KNOWN_AS)
    assert open_draft(db=world.db, actor=world.senco, record_id=record_id).answers["known_as"]
    assert _read_of(leaver, draft_ids(world)[0]) == set()


def test_what_is_saved_meanwhile_stays_and_is_sealed_anew_already(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_id = world.add()
    leaver = leave(world)
    seal, once = parts.seal, list[bool]()

    def meanwhile(**kwargs: object) -> parts.SealedPart:
        if not once:
            once.append(True)
            world.save(record_id, KNOWN_AS)
        return seal(**kwargs)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(parts, "seal", meanwhile)
        assert renew(world) == 0
    assert due(world) == []
    assert open_draft(db=world.db, actor=world.senco, record_id=record_id).answers["known_as"]
    assert _read_of(leaver, draft_ids(world)[0]) == set()


def test_keys_from_before_are_not_passed_on_and_the_new_ones_are(world: World) -> None:
    late = add_late_teams(world)
    record_id = world.add()
    confirm(world, late.office)
    leave(world)
    write_due_grants(db=world.db, actor=world.senco)
    with pytest.raises(NotReady):
        open_draft(db=world.db, actor=late.clerk, record_id=record_id)
    renew(world)
    write_due_grants(db=world.db, actor=world.senco)
    assert open_draft(db=world.db, actor=late.clerk, record_id=record_id).answers["learner"]
    with world.db.read() as session:
        made = session.scalars(select(Grant.grantee_team_id).where(Grant.revision_id.in_(draft_ids(world))))
        assert sorted(made) == sorted((world.senco.teams[0].id, late.office.row.id)), (
            "one each, of the new keys"
        )


@pytest.mark.parametrize("damage", ["signature", "ciphertext", "gone"])
def test_a_damaged_draft_is_counted_and_keeps_no_other_waiting(world: World, damage: str) -> None:
    for surname in ("Adams", "Brown", "Clark"):
        world.add(surname=surname)
    leave(world)
    bad, *good = due(world)
    with world.db.write() as session:
        part_id = session.scalars(select(Part.id).where(Part.revision_id == bad).limit(1)).one()
        if damage == "signature":
            session.execute(update(Grant).where(Grant.revision_id == bad).values(signature=bytes(64)))
        elif damage == "ciphertext":
            session.get_one(Ciphertext, part_id).body += b"\0"
        else:
            session.delete(session.get_one(Ciphertext, part_id))
    assert renew(world) == 1
    assert due(world) == [bad]
    assert good
    assert renew(world) == 1


def test_what_the_session_cannot_open_is_not_due(world: World) -> None:
    world.add()
    leave(world)
    with world.db.write() as session:
        session.execute(update(Grant).values(keyring=None))
    assert due(world) == []
