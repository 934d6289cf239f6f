"""Who knows a draft's keys is signed when they are made: no row that is deleted or put back changes who reads it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, make_transient

from tests.exchange.changing import change, member, session_of
from tests.exchange.renewing.leaver import Leaver, knows, leave
from tests.exchange.renewing.matters import DRAFTS, RECEIVED
from tests.exchange.team_rows import MadeTeam, confirm_key
from tests.exchange.world import World
from tests.exchange.writing.late import pass_on
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotConfirmedYet, NotReady, Tampered
from transition_exchange.exchange.records import parts
from transition_exchange.exchange.records.kept_keyrings import keeping_use
from transition_exchange.exchange.renewing import progress
from transition_exchange.exchange.writing.due_grants import write_due_grants
from transition_exchange.exchange.writing.late_teams import waiting
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.sealing import keyrings, manifests
from transition_exchange.store.ciphertexts import ciphertexts_of
from transition_exchange.store.models import Grant, Part, Revision, TeamKey

SCHOOL, SECOND, OWNER = "Ashdown School", "Sixth form safeguarding", "school_safeguarding"
NO_FILE = {"safeguarding": {"file_exists": "no"}}
A_FILE = {"safeguarding": {"file_exists": "yes"}}


@pytest.fixture
def record_id(world: World) -> UUID:
    """A record whose safeguarding sections two teams write."""
    world.team(SCHOOL, SECOND, OWNER)
    world.person("bo", SCHOOL, SECOND)
    world.person("zoe", SCHOOL, SECOND)
    record_id = world.add()
    world.save(record_id, NO_FILE, owner=OWNER)
    return record_id


def _second(world: World) -> MadeTeam:
    return world.school.teams[SECOND]


def _bo_leaves(world: World, *, confirmed: bool = True) -> Leaver:
    """Bo leaves the second team, whose key is changed. The first team believes the new key once it is confirmed."""
    bo = knows(world, world.people["bo"])
    world.new_key(SCHOOL, SECOND, removed=[world.people["bo"].principal_id])
    if confirmed:
        _confirm(world)
    return bo


def _confirm(world: World) -> None:
    assert world.root is not None
    with world.db.write() as session:
        confirm_key(session, session.get_one(TeamKey, _second(world).key_id), world.root)


def _draft_id(session: Session, record_id: UUID, owner: str = OWNER) -> UUID:
    return session.scalars(
        select(Revision.id).where(
            Revision.record_id == record_id, Revision.owner == owner, Revision.number == 0
        )
    ).one()


def _reads(leaver: Leaver, record_id: UUID) -> bool:
    with leaver.world.db.read() as session:
        return (_draft_id(session, record_id), "safeguarding") in leaver.reads()


def _delete_grants(world: World, record_id: UUID, team: MadeTeam) -> None:
    with world.db.write() as session:
        deleted = session.execute(
            delete(Grant)
            .where(Grant.revision_id == _draft_id(session, record_id), Grant.grantee_team_id == team.row.id)
            .returning(Grant.id)
        )
        assert len(deleted.all()) == 1


def _opens(world: World, actor: Actor, record_id: UUID, answers: dict[str, dict[str, str]] = A_FILE) -> None:
    draft = open_draft(db=world.db, actor=actor, record_id=record_id, owner=OWNER)
    assert not draft.outdated
    assert draft.answers["safeguarding"] == answers["safeguarding"]


@pytest.mark.parametrize("deleted", [False, True])
def test_a_save_by_the_other_team_is_not_for_whoever_left_a_team(
    world: World, record_id: UUID, deleted: bool
) -> None:
    """It comes before their own team has made anything anew, which finds nothing to do if they deleted its grant."""
    bo = _bo_leaves(world)
    if deleted:
        _delete_grants(world, record_id, _second(world))
    assert _reads(bo, record_id), "else the test proves nothing"
    lead = world.safeguarding_lead
    assert open_draft(db=world.db, actor=lead, record_id=record_id, owner=OWNER).outdated
    world.save(record_id, A_FILE, owner=OWNER)
    assert not _reads(bo, record_id)
    for actor in (lead, world.people["zoe"]):
        _opens(world, actor, record_id)


def test_keys_that_a_leaver_knows_are_not_passed_on_though_their_teams_grant_is_gone(
    world: World, record_id: UUID
) -> None:
    bo, lead, zoe = _bo_leaves(world), world.safeguarding_lead, world.people["zoe"]
    _delete_grants(world, record_id, _second(world))
    assert DRAFTS.due(world, zoe) == []
    while progress.carry_on(db=world.db, actor=zoe).left:
        pass
    assert _reads(bo, record_id), "their team has finished and found nothing"
    with world.db.read() as session:
        assert DRAFTS.due(world, lead) == [_draft_id(session, record_id)]
    assert pass_on(world, lead) == 0
    assert not _reads(bo, record_id)
    world.save(record_id, A_FILE, owner=OWNER, actor=zoe)
    assert not _reads(bo, record_id)
    for actor in (lead, zoe):
        _opens(world, actor, record_id)
        assert DRAFTS.due(world, actor) == []


def test_a_team_whose_new_key_is_not_believed_yet_waits_and_gets_the_draft_afterwards(
    world: World, record_id: UUID
) -> None:
    bo, lead, zoe = _bo_leaves(world, confirmed=False), world.safeguarding_lead, world.people["zoe"]
    world.save(record_id, A_FILE, owner=OWNER)
    assert not _reads(bo, record_id)
    _opens(world, lead, record_id)
    assert waiting(db=world.db, actor=zoe).startswith("Waiting for Safeguarding team.")
    with pytest.raises(NotReady, match="Waiting for Safeguarding team"):
        open_draft(db=world.db, actor=zoe, record_id=record_id, owner=OWNER)
    assert pass_on(world, lead) == 0, "there is nothing to do before the key is confirmed"
    with pytest.raises(NotReady):
        open_draft(db=world.db, actor=zoe, record_id=record_id, owner=OWNER)
    _confirm(world)
    assert pass_on(world, lead) == 0
    for actor in (lead, zoe):
        _opens(world, actor, record_id)
    assert waiting(db=world.db, actor=zoe) == ""
    world.save(record_id, NO_FILE, owner=OWNER, actor=zoe)
    assert not _reads(bo, record_id)


def test_what_the_team_itself_made_anew_waits_for_the_other_until_its_key_is_believed(
    world: World, record_id: UUID
) -> None:
    bo, lead, zoe = _bo_leaves(world, confirmed=False), world.safeguarding_lead, world.people["zoe"]
    assert DRAFTS.renew(world, zoe) == 0
    with pytest.raises(NotConfirmedYet):
        open_draft(db=world.db, actor=lead, record_id=record_id, owner=OWNER)
    _confirm(world)
    world.save(record_id, A_FILE, owner=OWNER)
    for actor in (lead, zoe):
        _opens(world, actor, record_id)
    assert not _reads(bo, record_id)


def test_a_team_that_gave_the_work_up_reads_no_later_save_though_it_deleted_its_grant(world: World) -> None:
    world.team(SCHOOL, "Both", "transition", OWNER)
    record_id = world.add()
    world.save(record_id, NO_FILE, owner=OWNER)
    team, lead = world.school.teams["Both"], world.safeguarding_lead
    bo = session_of(world, member(world, "Bo", team))
    known = knows(world, bo)
    change(world, team, bo, purposes=("transition",))
    _delete_grants(world, record_id, team)
    with world.db.read() as session:
        assert DRAFTS.due(world, lead) == [_draft_id(session, record_id)]
    assert _reads(known, record_id), "else the test proves nothing"
    world.save(record_id, A_FILE, owner=OWNER)
    assert not _reads(known, record_id)
    assert DRAFTS.due(world, lead) == []


def test_what_a_team_wrote_before_it_gave_the_work_up_opens_after_its_key_was_changed_too(
    world: World,
) -> None:
    """The team that writes it now has not signed in meanwhile."""
    world.team(SCHOOL, "Both", "transition", OWNER)
    team, lead = world.school.teams["Both"], world.safeguarding_lead
    person = member(world, "Bo", team)
    bo, record_id = session_of(world, person), world.add()
    world.save(record_id, A_FILE, owner=OWNER, actor=bo)
    known = knows(world, bo)
    change(world, team, bo, purposes=("transition",))
    (own,) = session_of(world, person).teams
    world.new_key(SCHOOL, "Both")
    newer = replace(
        own, key_id=team.key_id, secret=team.secret, version=team.version, older=team.opened.older
    )
    for _ in range(8):
        if not progress.carry_on(db=world.db, actor=replace(bo, teams=(newer,))).left:
            break
    assert _retired(world, team)
    opened = open_draft(db=world.db, actor=lead, record_id=record_id, owner=OWNER)
    assert opened.answers["safeguarding"]["file_exists"] == "yes"
    with world.db.read() as session:
        assert DRAFTS.due(world, lead) == [_draft_id(session, record_id)], "the other team knows its keys"
    world.save(record_id, NO_FILE, owner=OWNER)
    assert not _reads(known, record_id)


def _retired(world: World, team: MadeTeam) -> bool:
    with world.db.read() as session:
        return session.get_one(TeamKey, team.key_id).retirement is not None


@pytest.mark.parametrize("to", ["Safeguarding team", SECOND])
def test_an_older_draft_that_was_put_back_shows_who_knew_its_keys(
    world: World, record_id: UUID, to: str
) -> None:
    """With one team's grant alone, as the other's would show an older key in its columns."""
    with world.db.read() as session:
        draft_id = _draft_id(session, record_id)
        rows = [*session.scalars(select(Part).where(Part.revision_id == draft_id))]
        bodies = ciphertexts_of(session).get(session, [row.id for row in rows])
        grant = session.scalars(
            select(Grant).where(
                Grant.revision_id == draft_id, Grant.grantee_team_id == world.school.teams[to].row.id
            )
        ).one()
        make_transient(grant)
    bo, lead, zoe = _bo_leaves(world), world.safeguarding_lead, world.people["zoe"]
    assert DRAFTS.renew(world, zoe) == 0
    assert not _reads(bo, record_id)
    with world.db.write() as session:
        session.execute(delete(Grant).where(Grant.revision_id == draft_id))
        session.add(grant)
        for part_id, body in bodies.items():
            parts.replace(session, {part_id: body})
    assert _reads(bo, record_id)
    reader = lead if to == "Safeguarding team" else zoe
    assert DRAFTS.due(world, reader) == [draft_id]
    world.save(record_id, A_FILE, owner=OWNER, actor=reader)
    assert not _reads(bo, record_id)
    for actor in (lead, zoe):
        _opens(world, actor, record_id)


def _transition_grant(session: Session, record_id: UUID) -> Grant:
    draft_id = _draft_id(session, record_id, "transition")
    return session.scalars(select(Grant).where(Grant.revision_id == draft_id)).one()


@pytest.mark.parametrize("same", [False, True])
def test_keys_that_a_leaver_kept_for_the_team_are_refused(world: World, same: bool) -> None:
    """After everything was made anew they keep keys of their choice, under the older key that they know.

    The keys of a draft are never kept, even if they are the right ones.
    """
    record_id = world.add()
    leaver = leave(world)
    assert DRAFTS.renew(world) == 0
    draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    chosen = draft.keys if same else {name: bytes([7]) * 32 for name in draft.part_ids}
    with world.db.write() as session:
        grant = _transition_grant(session, record_id)
        use = keeping_use(grant.id, manifests.Grant.read(grant.statement or ""))
        grant.kept = keyrings.keep(leaver.secret.kept_key, chosen, use=use)
        grant.kept_key_id = leaver.actor.teams[0].key_id
        for name, key in chosen.items():
            body = parts.reseal(binding=draft.binding, name=name, key=key, plaintext=draft.plaintexts[name])
            parts.replace(session, {draft.part_ids[name]: body})
    with pytest.raises(Tampered):
        open_draft(db=world.db, actor=world.senco, record_id=record_id)


def test_a_draft_that_is_called_a_version_is_neither_passed_on_nor_kept(
    world: World, record_id: UUID
) -> None:
    """Either would give its keys to a key to which they were not sealed."""
    with world.db.write() as session:
        draft_id = _draft_id(session, record_id)
        session.execute(update(Revision).where(Revision.id == draft_id).values(number=77))
    third = world.team(SCHOOL, "Third leads", OWNER)
    failed: list[UUID] = []
    write_due_grants(db=world.db, actor=world.safeguarding_lead, failed=failed)
    assert failed == [record_id]
    world.new_key(SCHOOL, SECOND)
    zoe = world.people["zoe"]
    assert len(RECEIVED.due(world, zoe)) == RECEIVED.renew(world, zoe) == 1
    with world.db.read() as session:
        rows = session.scalars(select(Grant).where(Grant.revision_id == draft_id)).all()
        assert third.row.id not in {row.grantee_team_id for row in rows}
        assert {row.kept for row in rows} == {None}


def test_a_new_key_of_another_team_makes_a_draft_due_also_if_nobody_left(
    world: World, record_id: UUID
) -> None:
    lead = world.safeguarding_lead
    assert DRAFTS.due(world, lead) == []
    world.new_key(SCHOOL, SECOND)
    assert len(DRAFTS.due(world, lead)) == 1
    assert pass_on(world, lead) == 0
    for actor in (lead, world.people["zoe"]):
        _opens(world, actor, record_id, NO_FILE)
