"""What was received before a change of key: it opens as before, and not with the older key."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from tests.exchange.renewing.changed_keys import due, noted, only_newest, renew
from tests.exchange.walks.opened import opened_by
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound, Tampered
from transition_exchange.exchange.receiving.receipts import acknowledge
from transition_exchange.exchange.records.grants import OpenGrant, open_grant
from transition_exchange.exchange.renewing import received
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.exchange.writing import attaching
from transition_exchange.exchange.writing.due_grants import write_due_grants
from transition_exchange.sealing import manifests
from transition_exchange.store.models import Attachment, Grant, Receipt, Revision, Transfer

COLLEGE, SUPPORT = "Northway College", "Learning support"


def _grants(world: World, team_id: UUID) -> list[Grant]:
    with world.db.read() as session:
        return list(session.scalars(select(Grant).where(Grant.grantee_team_id == team_id)))


def _plain(world: World, sent: SentRecord) -> list[object]:
    """The states, times and numbers of a transfer and its receipts."""
    with world.db.read() as session:
        transfer = session.get_one(Transfer, sent.transfer_id)
        receipts = session.scalars(select(Receipt).order_by(Receipt.id)).all()
        return [
            {column.key: getattr(row, column.key) for column in row.__table__.columns}
            for row in (transfer, *receipts)
        ]


def _keyrings_opened(world: World, actor: Actor) -> list[str]:
    return [place for place in opened_by(world, actor.teams[0].secret) if place.startswith("keyring ")]


@pytest.mark.parametrize("read_before", [True, False], ids=["opened before", "not opened before"])
def test_a_college_opens_what_it_received_and_who_left_does_not(
    world: World, sent: SentRecord, read_before: bool
) -> None:
    if read_before:
        world.open(sent.transfer_id)
        acknowledge(db=world.db, actor=world.college_support, transfer_ids=[sent.transfer_id])
    leaver = world.college_support
    assert _keyrings_opened(world, leaver)
    world.new_key(COLLEGE, SUPPORT)
    before = _plain(world, sent)
    assert renew(world, received, world.college_support) == 0
    assert due(world, received, world.college_support) == []
    assert _plain(world, sent) == before, "nobody has looked at anything"
    assert noted(world, world.college_support) == [{"what": "grants", "count": 1}]
    for grant in _grants(world, leaver.teams[0].id):
        assert (grant.keyring, grant.kept_key_id) == (None, world.college_support.teams[0].key_id)
        assert grant.grantee_key_id == leaver.teams[0].key_id, "as its statement says"
    assert _keyrings_opened(world, leaver) == []
    assert len(_keyrings_opened(world, only_newest(world.college_support))) == 1
    with pytest.raises(NotFound):
        world.open(sent.transfer_id, leaver)
    for actor in (world.college_support, only_newest(world.college_support)):
        assert world.open(sent.transfer_id, actor).answers["learner"]["legal_surname"] == "Khan"


def test_a_second_change_keeps_it_once_more(world: World, sent: SentRecord) -> None:
    world.new_key(COLLEGE, SUPPORT)
    assert renew(world, received, world.college_support) == 0
    leaver = world.college_support
    world.new_key(COLLEGE, SUPPORT)
    assert len(due(world, received, world.college_support)) == 1
    assert world.open(sent.transfer_id).answers, "meanwhile the older keys still open it"
    assert renew(world, received, world.college_support) == 0
    assert due(world, received, world.college_support) == []
    with pytest.raises(NotFound):
        world.open(sent.transfer_id, leaver)
    assert world.open(sent.transfer_id, only_newest(world.college_support)).answers


def test_a_new_version_and_a_later_transfer_come_to_the_new_key(world: World, sent: SentRecord) -> None:
    leaver = world.college_support
    world.new_key(COLLEGE, SUPPORT)
    assert renew(world, received, world.college_support) == 0
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(sent.record_id)
    assert due(world, received, world.college_support) == []
    with pytest.raises(NotFound):
        world.open(sent.transfer_id, leaver)
    opened = world.open(sent.transfer_id, only_newest(world.college_support))
    assert opened.answers["known_as"]["preferred_name"] == "Mina"


def test_what_is_interrupted_is_carried_on_and_two_members_may_do_it_at_once(world: World) -> None:
    sent = [world.sent(forename) for forename in ("Amina", "Ben", "Cara")]
    world.new_key(COLLEGE, SUPPORT)
    both = due(world, received, world.college_support)
    assert renew(world, received, world.college_support, both[:1]) == 0
    assert due(world, received, world.college_support) == both[1:], "the oldest come first"
    assert renew(world, received, world.college_support, both) == 0, "a colleague who began before"
    assert due(world, received, world.college_support) == []
    assert [about["count"] for about in noted(world, world.college_support)] == [1, 2]
    for _, transfer_id in sent:
        assert world.open(transfer_id, only_newest(world.college_support)).answers


def test_what_was_taken_back_stays_taken_back(
    world: World, sent: SentRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also if the school takes it back while a step is at work."""
    other = world.sent("Ben", "Adams")
    world.new_key(COLLEGE, SUPPORT)
    recall(db=world.db, actor=world.senco, record_id=other.record_id, transfer_id=other.transfer_id)
    (grant_id,) = due(world, received, world.college_support)

    def open_then_recall(*args: object, **kwargs: object) -> OpenGrant | None:
        opened = open_grant(*args, **kwargs)  # type: ignore[arg-type]
        recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
        return opened

    monkeypatch.setattr("transition_exchange.exchange.renewing.received.open_grant", open_then_recall)
    assert renew(world, received, world.college_support, [grant_id]) == 0
    for grant in _grants(world, world.college_support.teams[0].id):
        assert (grant.keyring, grant.kept, grant.kept_key_id) == (None, None, None)
    assert noted(world, world.college_support) == []


def test_a_school_takes_back_what_a_college_has_kept(world: World, sent: SentRecord) -> None:
    world.new_key(COLLEGE, SUPPORT)
    assert renew(world, received, world.college_support) == 0
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    for grant in _grants(world, world.college_support.teams[0].id):
        assert (grant.keyring, grant.kept, grant.kept_key_id) == (None, None, None)
        assert grant.withdrawn_at is not None
    assert due(world, received, world.college_support) == []
    with pytest.raises(NotFound):
        world.open(sent.transfer_id)


def test_a_damaged_grant_is_counted_left_and_holds_up_no_other(world: World, sent: SentRecord) -> None:
    other = world.sent("Ben", "Adams")
    world.new_key(COLLEGE, SUPPORT)
    team_id = world.college_support.teams[0].id
    with world.db.write() as session:
        session.execute(
            update(Grant)
            .where(Grant.transfer_id == sent.transfer_id, Grant.grantee_team_id == team_id)
            .values(keyring=b"x" * 3000)
        )
    assert renew(world, received, world.college_support) == 1
    assert len(due(world, received, world.college_support)) == 1
    assert world.open(other.transfer_id, only_newest(world.college_support)).answers


def test_what_was_kept_opens_in_its_own_place_and_with_its_own_statement_only(
    world: World, sent: SentRecord
) -> None:
    """Whoever writes to the database can move what was kept, and knows the older key. It opens nowhere else."""
    other = world.sent("Ben", "Adams")
    leaver = world.college_support
    world.new_key(COLLEGE, SUPPORT)
    assert renew(world, received, world.college_support) == 0
    team_id, key_id = leaver.teams[0].id, world.college_support.teams[0].key_id
    first, second = sorted(_grants(world, team_id), key=lambda grant: grant.transfer_id != sent.transfer_id)
    assert (first.transfer_id, second.transfer_id) == (sent.transfer_id, other.transfer_id)
    for changed in (
        {"kept": second.kept},
        {"statement": second.statement, "signature": second.signature},
        {"kept": first.kept, "kept_key_id": leaver.teams[0].key_id},
    ):
        with world.db.write() as session:
            session.execute(update(Grant).where(Grant.id == first.id).values(**changed))
        with pytest.raises(Tampered):
            world.open(sent.transfer_id)
        with world.db.write() as session:
            session.execute(
                update(Grant)
                .where(Grant.id == first.id)
                .values(
                    kept=first.kept,
                    kept_key_id=key_id,
                    statement=first.statement,
                    signature=first.signature,
                )
            )
        assert world.open(sent.transfer_id).answers


def test_a_grant_that_its_school_signs_anew_still_opens(world: World, sent: SentRecord) -> None:
    """The school's own key may be changed as well. Then it signs the same statement with its new fingerprint."""
    world.new_key(COLLEGE, SUPPORT)
    assert renew(world, received, world.college_support) == 0
    world.new_key("Ashdown School", "Transition team")
    team = world.senco.teams[0]
    with world.db.write() as session:
        for grant in session.scalars(
            select(Grant).where(Grant.grantee_team_id == world.college_support.teams[0].id)
        ):
            before = manifests.Grant.verify(
                grant.statement or "",
                grant.signature or b"",
                team.older[grant.grantor_key_id].secret.signing.public,
            )
            again = replace(before, grantor_fingerprint=team.known.fingerprint)
            grant.statement, grant.signature = again.text(), again.sign(team.secret.signing)
            grant.grantor_key_id = team.key_id
    assert world.open(sent.transfer_id, only_newest(world.college_support)).answers


def test_what_another_team_of_the_school_released_is_kept_and_drafts_are_not(world: World) -> None:
    """A draft's own keys are changed instead: otherwise who left would open later saves."""
    office = world.team("Ashdown School", "Office", "transition")
    clerk = world.person("clerk", "Ashdown School", "Office")
    sent = world.sent()
    world.attach(sent.record_id)
    world.new_key("Ashdown School", "Office")
    ids = due(world, received, world.clerk)
    with world.db.read() as session:
        rows = [session.get_one(Grant, grant_id) for grant_id in ids]
        assert {row.grantor_team_id for row in rows} == {world.senco.teams[0].id}
        assert len(rows) == 2, "its own grant of the version, and what was made for the transfer"
        assert all(row.attachment_id is None for row in rows)
    assert renew(world, received, world.clerk) == 0
    assert due(world, received, world.clerk) == []
    left = [grant for grant in _grants(world, office.row.id) if grant.keyring is not None]
    assert len(left) == 2, "the draft and the document in use"
    assert clerk.teams[0].key_id in {grant.grantee_key_id for grant in left}


def test_a_document_that_only_versions_hold_needs_no_grant_of_its_own(world: World) -> None:
    """The version holds its keys."""
    record_id = world.add()
    world.fill(record_id)
    attachment_id = world.attach(record_id)
    world.send(record_id)
    attaching.remove(db=world.db, actor=world.senco, record_id=record_id, attachment_id=attachment_id)
    world.new_key("Ashdown School", "Transition team")
    assert renew(world, received, world.senco) == 0
    with world.db.read() as session:
        assert session.get_one(Attachment, attachment_id).removed_at is not None
        (grant,) = session.scalars(select(Grant).where(Grant.attachment_id == attachment_id))
        assert (grant.keyring, grant.kept) == (None, None)
        assert grant.withdrawn_at is not None


def test_a_team_passes_on_what_it_has_kept_and_nothing_twice(world: World) -> None:
    """A team that is confirmed later gets what a colleague's team has only kept."""
    world.team("Ashdown School", "Office", "transition")
    world.person("clerk", "Ashdown School", "Office")
    world.sent()
    world.new_key("Ashdown School", "Office")
    assert renew(world, received, world.clerk) == 0
    late = world.team("Ashdown School", "Late team", "transition")
    assert write_due_grants(db=world.db, actor=only_newest(world.clerk)) == 0
    passed = [grant for grant in _grants(world, late.row.id) if grant.revision_id is not None]
    assert len(passed) == 2, "the version and the transfer; the draft is not kept"
    before = len(_grants(world, late.row.id))
    assert write_due_grants(db=world.db, actor=only_newest(world.clerk)) == 0
    assert len(_grants(world, late.row.id)) == before


def test_a_colleagues_team_is_not_granted_again_what_it_has_kept(world: World) -> None:
    office = world.team("Ashdown School", "Office", "transition")
    world.person("clerk", "Ashdown School", "Office")
    world.sent()
    world.new_key("Ashdown School", "Office")
    assert renew(world, received, world.clerk) == 0

    def released() -> list[UUID]:
        """The grants of what was released, which is never changed again."""
        with world.db.read() as session:
            query = (
                select(Grant.id)
                .join(Revision, Revision.id == Grant.revision_id)
                .where(Grant.grantee_team_id == office.row.id, Revision.number > 0)
            )
            return sorted(session.scalars(query))

    before = released()
    assert len(before) == 2
    assert write_due_grants(db=world.db, actor=world.senco) == 0
    assert released() == before


def test_nothing_is_due_for_somebody_who_holds_only_the_new_key(world: World, sent: SentRecord) -> None:
    assert due(world, received, world.college_support) == []
    world.new_key(COLLEGE, SUPPORT)
    assert due(world, received, only_newest(world.college_support)) == []
    ids = due(world, received, world.college_support)
    assert renew(world, received, world.college_admissions, ids) == 0
    assert renew(world, received, world.college_support, [uuid4()]) == 0
    assert len(due(world, received, world.college_support)) == 1
