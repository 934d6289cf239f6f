"""Which rows are signed, for lists of many; what a session has checked is not checked again."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import update

from tests.exchange.renewing.matters import RELEASES
from tests.exchange.rows_put_there import SAFEGUARDING, put_version_there
from tests.exchange.statements import counted
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records.ledger_memory import CheckedRow
from transition_exchange.exchange.records.signed_rows import ELSEWHERE, STANDING, Found, SignedRows
from transition_exchange.store.models import Grant, Revision, TeamKey, Transfer

Checked = dict[UUID, CheckedRow]


def _versions(world: World, checked: Checked, actor: Actor | None = None) -> dict[str, bool]:
    """Whether the newest version of each owner is signed."""
    with world.db.read() as session:
        trust = trust_of(session, actor or world.senco)
        rows, found = SignedRows(session, trust, checked).versions()
        return {row.owner: row.id in found.signed for row in rows}


def _transfers(world: World, actor: Actor | None = None) -> Found:
    with world.db.read() as session:
        return SignedRows(session, trust_of(session, actor or world.senco), {}).transfers()[1]


def test_a_version_counts_if_its_owners_team_signed_it(world: World, sent: SentRecord) -> None:
    put_version_there(world, sent.record_id)
    assert _versions(world, {}) == {"transition": True, SAFEGUARDING: False}
    for actor in (world.safeguarding_lead, world.coordinator, world.college_support):
        assert _versions(world, {}, actor) == {"transition": True, SAFEGUARDING: False}


def test_what_was_checked_is_not_checked_again_while_row_and_key_are_the_same(
    world: World, sent: SentRecord
) -> None:
    checked: Checked = {}
    assert _versions(world, checked) == {"transition": True}
    with world.db.write() as session:
        session.execute(update(Revision).where(Revision.number > 0).values(signature=b"x" * 64))
    assert _versions(world, checked) == {"transition": True}, "that it was signed is known, and stays true"
    assert _versions(world, {}) == {"transition": False}
    with world.db.write() as session:
        session.execute(update(Revision).where(Revision.number > 0).values(number=2))
    assert _versions(world, checked) == {"transition": False}, "another number was never checked"


def test_a_key_that_the_session_no_longer_believes_takes_its_versions_along(
    world: World, sent: SentRecord
) -> None:
    checked: Checked = {}
    assert _versions(world, checked, world.college_support) == {"transition": True}
    with world.db.write() as session:
        key_id = world.school.teams["Transition team"].key_id
        session.execute(update(TeamKey).where(TeamKey.id == key_id).values(confirmation_signature=b"x" * 64))
    assert _versions(world, checked, world.college_support) == {"transition": False}


def test_what_a_key_signed_that_is_not_confirmed_yet_waits(world: World, sent: SentRecord) -> None:
    world.new_key("Ashdown School", "Transition team", removed=[uuid4()])
    assert RELEASES.renew(world) == 0
    assert _transfers(world).signed == {sent.transfer_id: "sent"}, "the team itself holds the key"
    found = _transfers(world, world.safeguarding_lead)
    assert found.signed == {}
    assert found.awaited == {sent.transfer_id}
    assert sent.transfer_id in found
    assert _versions(world, {}, world.safeguarding_lead) == {"transition": False}


def test_a_grant_counts_for_the_team_and_the_transfer_that_it_names(world: World, sent: SentRecord) -> None:
    def signed() -> set[UUID]:
        with world.db.read() as session:
            rows = SignedRows(session, trust_of(session, world.college_support), {})
            grants = rows.grant_rows(Grant.transfer_id == sent.transfer_id, *STANDING)
            found = rows.grants(grants)
            return {grant.team_id for grant in grants if grant.id in found}

    admissions = world.college.teams["Admissions"].row.id
    exams = world.college.teams["Exams office"].row.id
    assert {admissions, exams} <= signed()
    with world.db.write() as session:
        session.execute(
            update(Grant).where(Grant.grantee_team_id == exams).values(grantee_team_id=admissions)
        )
    assert exams not in signed()
    with world.db.write() as session:
        session.execute(update(Grant).values(transfer_id=None))
    assert signed() == set()


def test_a_transfer_tells_what_was_signed_last(world: World, sent: SentRecord) -> None:
    assert _transfers(world).signed == {sent.transfer_id: "sent"}
    with world.db.write() as session:
        session.execute(update(Transfer).values(provider_id=world.places["Riverside Boxing"].id))
    assert _transfers(world).signed == {sent.transfer_id: ELSEWHERE}, "the row names another provider"
    with world.db.write() as session:
        session.execute(update(Transfer).values(statement=None))
    assert _transfers(world).signed == {}


def test_many_take_no_query_each(world: World) -> None:
    """Keys, records and versions are read together."""
    for number in range(6):
        world.sent("Amina", f"Khan{number}")
    counts = []
    for _ in range(2):
        with world.db.read() as session, counted(world.db) as asked:
            rows = SignedRows(session, trust_of(session, world.senco), {})
            rows.versions()
            rows.grants(rows.grant_rows())
            rows.transfers()
        counts.append(len(asked))
        world.sent("Ben", "Khan")
        world.sent("Cara", "Khan")
    assert counts[0] == counts[1]
