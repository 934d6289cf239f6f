"""Whose keys a session believes: its own, those that its roots confirmed, and their successors."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from tests.exchange.team_rows import MadeTeam, add_key, confirm_key
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor, OlderKey
from transition_exchange.exchange.keys import confirming
from transition_exchange.exchange.keys.key_rows import fingerprint_of
from transition_exchange.exchange.keys.seen_keys import newest_keys
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.sealing.address_book import AddressBook, RememberedKey
from transition_exchange.sealing.confirmation import Confirmation
from transition_exchange.sealing.keys import TeamSecret, spoken_fingerprint
from transition_exchange.sealing.succession import Succession
from transition_exchange.store.models import Membership, Organisation, Team, TeamKey


def _believes(world: World, actor: Actor, key_id: UUID) -> bool:
    with world.db.read() as session:
        return trust_of(session, actor).known(session, session.get_one(TeamKey, key_id)) is not None


def _support_key(world: World) -> UUID:
    return world.college.teams["Learning support"].key_id


def test_a_session_believes_its_own_keys_the_older_ones_too(world: World) -> None:
    team = world.school.teams["Transition team"]
    newer = TeamSecret.generate()
    with world.db.write() as session:
        newer_id = add_key(session, team.row.id, newer, version=2).id
    opened = replace(
        team.opened, key_id=newer_id, version=2, secret=newer, older={team.key_id: OlderKey(1, team.secret)}
    )
    member = replace(world.senco, teams=(opened,))
    assert _believes(world, member, team.key_id)
    assert _believes(world, member, newer_id), "though nobody signed it"
    assert not _believes(world, world.other_senco, newer_id)


def test_a_confirmed_key_is_believed_by_every_school_and_an_unconfirmed_one_by_none(world: World) -> None:
    late = world.team("Northway College", "Late team", "exams", confirmed=False)
    for actor in (world.senco, world.other_senco, world.coordinator):
        assert _believes(world, actor, _support_key(world))
        assert not _believes(world, actor, late.key_id)


def test_a_confirmation_counts_only_from_a_root(world: World) -> None:
    """A confirmed team that signs another's key as if it were the NEET group is not believed."""
    late = world.team("Northway College", "Late team", "exams", confirmed=False)
    with world.db.write() as session:
        confirm_key(session, session.get_one(TeamKey, late.key_id), world.college.teams["Admissions"])
    assert not _believes(world, world.senco, late.key_id)


def test_a_confirmation_counts_for_no_other_key(world: World) -> None:
    late = world.team("Northway College", "Late team", "exams", confirmed=False)
    with world.db.write() as session:
        confirmed = session.get_one(TeamKey, _support_key(world))
        row = session.get_one(TeamKey, late.key_id)
        row.confirmation, row.confirmation_key_id = confirmed.confirmation, confirmed.confirmation_key_id
        row.confirmation_signature = confirmed.confirmation_signature
    assert not _believes(world, world.senco, late.key_id)


def test_a_confirmation_for_another_area_counts_for_nothing(world: World) -> None:
    assert world.root is not None
    with world.db.write() as session:
        key = session.get_one(TeamKey, _support_key(world))
        elsewhere = replace(_confirmed(key, world.root), area=str(uuid4()))
        key.confirmation, key.confirmation_signature = (
            elsewhere.text(),
            elsewhere.sign(world.root.secret.signing),
        )
    assert not _believes(world, world.senco, _support_key(world))


def _confirmed(key: TeamKey, root: MadeTeam) -> Confirmation:
    return Confirmation.verify(
        key.confirmation or "", key.confirmation_signature or b"", root.secret.signing.public
    )


@pytest.mark.parametrize("missing", ["confirmation", "confirmation_signature", "confirmation_key_id"])
def test_a_confirmation_without_its_text_signature_or_key_counts_for_nothing(
    world: World, missing: str
) -> None:
    with world.db.write() as session:
        setattr(session.get_one(TeamKey, _support_key(world)), missing, None)
    assert not _believes(world, world.senco, _support_key(world))


def _successors(world: World, *signers: TeamSecret | None) -> list[UUID]:
    """Keys of learning support after its first, each signed by whoever is named, or by nobody."""
    team = world.college.teams["Learning support"]
    with world.db.write() as session:
        return [
            add_key(session, team.row.id, TeamSecret.generate(), version=version, signed_by=signer).id
            for version, signer in enumerate(signers, 2)
        ]


def test_a_key_signed_by_the_one_before_is_believed(world: World) -> None:
    team = world.college.teams["Learning support"]
    (second,) = _successors(world, team.secret)
    assert _believes(world, world.senco, second)


def test_a_whole_line_of_successors_is_believed_and_ends_at_a_gap(world: World) -> None:
    team = world.college.teams["Learning support"]
    second, third = TeamSecret.generate(), TeamSecret.generate()
    with world.db.write() as session:
        add_key(session, team.row.id, second, version=2, signed_by=team.secret)
        third_id = add_key(session, team.row.id, third, version=3, signed_by=second).id
        # The fourth was signed by the second, which is not the one before it.
        fourth_id = add_key(session, team.row.id, TeamSecret.generate(), version=4, signed_by=second).id
    assert _believes(world, world.senco, third_id)
    assert not _believes(world, world.senco, fourth_id)


@pytest.mark.parametrize("signed", [True, False])
def test_a_successor_signed_by_a_stranger_or_by_nobody_is_not_believed(world: World, signed: bool) -> None:
    (second,) = _successors(world, TeamSecret.generate() if signed else None)
    assert not _believes(world, world.senco, second)


def test_a_successor_of_a_key_that_nobody_believes_is_not_believed(world: World) -> None:
    late = world.team("Northway College", "Late team", "exams", confirmed=False)
    with world.db.write() as session:
        second = add_key(session, late.row.id, TeamSecret.generate(), version=2, signed_by=late.secret).id
    assert not _believes(world, world.senco, second)


def test_a_first_key_needs_a_confirmation_and_no_succession(world: World) -> None:
    """A key put in the first one's place cannot be its own successor."""
    late = world.team("Northway College", "Late team", "exams", confirmed=False)
    with world.db.write() as session:
        row = session.get_one(TeamKey, late.key_id)
        fingerprint = late.secret.fingerprint.hex()
        statement = Succession(
            team=late.row.id,
            version=1,
            fingerprint=fingerprint,
            previous=fingerprint,
            removed=(),
            at=datetime.now(UTC),
        )
        row.succession = statement.text()
        row.succession_signature = statement.sign(late.secret.signing)
    assert not _believes(world, world.senco, late.key_id)


def test_a_team_key_once_seen_is_not_exchanged_for_an_older_or_another_one(world: World) -> None:
    support = world.college.teams["Learning support"]
    world.new_key("Northway College", "Learning support")
    seen = RememberedKey(2, support.secret.fingerprint.hex())
    senco = replace(world.senco, address_book=AddressBook(team_keys={support.row.id: seen}))

    def sealed_to(actor: Actor) -> bytes | None:
        with world.db.read() as session:
            team = trust_of(session, actor).current(session, [support.row.id]).get(support.row.id)
            return team.kem_public if team else None

    assert sealed_to(senco) == support.secret.kem.public
    with world.db.write() as session:
        row = session.get_one(TeamKey, support.key_id)
        other = TeamSecret.generate()
        statement = Succession(
            team=support.row.id,
            version=2,
            fingerprint=other.fingerprint.hex(),
            previous=next(iter(support.older.values())).fingerprint.hex(),
            removed=(),
            at=datetime.now(UTC),
        )
        row.kem_public, row.signing_public = other.kem.public, other.signing.public
        row.succession = statement.text()
        row.succession_signature = statement.sign(next(iter(support.older.values())).signing)
    assert sealed_to(world.senco) == other.kem.public, (
        "a former member could give this to who never saw the real one"
    )
    assert sealed_to(senco) is None
    with world.db.write() as session:
        session.delete(session.get_one(TeamKey, support.key_id))
        session.execute(delete(Membership).where(Membership.team_key_id == support.key_id))
    assert sealed_to(senco) is None, "the key before does not come back"


def test_a_verdict_is_reached_once_a_session_and_anew_in_the_next(world: World) -> None:
    with world.db.read() as session:
        trust = trust_of(session, world.senco)
        assert trust.known(session, session.get_one(TeamKey, _support_key(world)))
    with world.db.write() as session:
        session.get_one(TeamKey, _support_key(world)).confirmation = None
    with world.db.read() as session:
        assert trust.known(session, session.get_one(TeamKey, _support_key(world)))
    assert not _believes(world, world.senco, _support_key(world))


def _sealed_to(world: World, team: MadeTeam) -> list[UUID]:
    """The key of a team that a session of the school seals to; none if the team waits."""
    with world.db.read() as session:
        trust = trust_of(session, world.senco)
        return [known.key_id for known in trust.current(session, [team.row.id]).values()]


def test_only_the_newest_key_is_sealed_to_and_only_if_it_is_believed(world: World) -> None:
    support = world.college.teams["Learning support"]
    assert _sealed_to(world, support) == [support.key_id]
    with world.db.write() as session:
        add_key(
            session,
            support.row.id,
            TeamSecret.generate(),
            version=2,
            signed_by=support.secret,
            removed=[uuid4()],
        )
    assert _sealed_to(world, support) == [], "it waits until somebody else vouches for the new key"


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_row_above_the_newest_key_that_no_key_signed_neither_shuts_the_team_out_nor_is_shown_as_its_own(
    world: World, confirmed: bool
) -> None:
    """Planted in the next place, further up, or as a line of its own."""
    made = world.college.teams["Learning support"]
    team = made if confirmed else world.team("Northway College", "Late team", "exams", confirmed=False)
    planted = TeamSecret.generate()
    with world.db.write() as session:
        add_key(session, team.row.id, planted, version=2)
        add_key(session, team.row.id, TeamSecret.generate(), version=3, signed_by=planted)
        add_key(session, team.row.id, TeamSecret.generate(), version=9)
    assert _sealed_to(world, team) == ([team.key_id] if confirmed else [])
    shown = confirming.number_of(db=world.db, actor=world.coordinator, team_id=team.row.id)
    assert shown.spoken == spoken_fingerprint(team.secret.fingerprint)


def test_a_team_is_left_out_if_its_newest_key_is_older_than_the_one_that_is_remembered(world: World) -> None:
    support = world.college.teams["Learning support"]
    (second,) = _successors(world, support.secret)
    senco = world.senco
    with world.db.read() as session:
        seen = newest_keys(session, actor=senco, trust=trust_of(session, senco))
    assert seen[support.row.id].version == 2
    book = replace(senco.address_book, team_keys={**senco.address_book.team_keys, **seen})
    world.people["senco"] = replace(senco, address_book=book)
    assert _sealed_to(world, support) == [second]
    with world.db.write() as session:
        session.delete(session.get_one(TeamKey, second))
    assert _sealed_to(world, support) == []


def _copy_of(session: Session, key_id: UUID, team_id: UUID) -> TeamKey:
    """A row that publishes the same public keys for another team."""
    key = session.get_one(TeamKey, key_id)
    copied = TeamKey(
        id=uuid4(),
        team_id=team_id,
        version=2,
        kem_public=key.kem_public,
        signing_public=key.signing_public,
    )
    session.add(copied)
    session.flush()
    return copied


def test_an_own_key_counts_for_its_own_team_alone(world: World) -> None:
    """The same key under another team's name would let that team's rows pass for the own ones."""
    own, other = (world.school.teams[name] for name in ("Transition team", "Safeguarding team"))
    with world.db.write() as session:
        copied = _copy_of(session, own.key_id, other.row.id).id
    assert _believes(world, world.senco, own.key_id)
    assert not _believes(world, world.senco, copied)


def test_a_confirmation_counts_for_no_other_team(world: World) -> None:
    """Somebody in the exams office puts its key, with its confirmation, into the safeguarding team's row."""
    exams, safeguarding = (world.college.teams[name] for name in ("Exams office", "Safeguarding"))
    with world.db.write() as session:
        source, key = (session.get_one(TeamKey, team.key_id) for team in (exams, safeguarding))
        for column in ("kem_public", "signing_public", "confirmation", "confirmation_signature"):
            setattr(key, column, getattr(source, column))
    for name in ("senco", "other_senco", "coordinator"):
        assert not _believes(world, world.people[name], safeguarding.key_id)


def test_who_a_team_is_comes_from_its_confirmation_and_from_no_row(world: World) -> None:
    support = world.college.teams["Learning support"]
    with world.db.write() as session:
        row = session.get_one(Team, support.row.id)
        row.name, row.purposes, row.organisation_id = "Safeguarding", ["safeguarding"], world.school.id
        session.get_one(Organisation, world.college.id).name = "Southway College"
    with world.db.read() as session:
        known = trust_of(session, world.senco).current(session, [support.row.id])[support.row.id]
    assert known.identity == support.identity
    assert (known.key_id, known.fingerprint) == (support.key_id, support.secret.fingerprint.hex())


def test_the_neet_group_is_a_neet_group_alone_whatever_its_row_says(world: World) -> None:
    assert world.root is not None
    with world.db.write() as session:
        session.get_one(Team, world.root.row.id).purposes = ["safeguarding", "transition", "neet_group"]
    with world.db.read() as session:
        known = trust_of(session, world.senco).known(session, session.get_one(TeamKey, world.root.key_id))
    assert known is not None
    assert known.purposes == {"neet_group"}


def test_a_fingerprint_covers_both_halves_of_a_key(world: World) -> None:
    secret, other = TeamSecret.generate(), TeamSecret.generate()
    with world.db.write() as session:
        key = session.get_one(TeamKey, _support_key(world))
        key.kem_public, key.signing_public = secret.kem.public, secret.signing.public
        assert fingerprint_of(key) == secret.fingerprint
        key.signing_public = other.signing.public
        assert fingerprint_of(key) not in (secret.fingerprint, other.fingerprint)


@pytest.mark.parametrize("name", ["senco", "coordinator"])
def test_the_neet_groups_key_counts_for_its_own_team_alone(world: World, name: str) -> None:
    """Neither is another team believed that carries the key, nor what seems to be confirmed by it."""
    assert world.root is not None
    late = world.team("Northway College", "Late team", "exams", confirmed=False)
    exams = world.college.teams["Exams office"]
    with world.db.write() as session:
        copied = _copy_of(session, world.root.key_id, exams.row.id).id
        key = session.get_one(TeamKey, late.key_id)
        confirm_key(session, key, replace(world.root, key_id=copied))
    assert not _believes(world, world.people[name], copied)
    assert not _believes(world, world.people[name], late.key_id)
    with world.db.write() as session:
        session.get_one(TeamKey, late.key_id).confirmation_key_id = world.root.key_id
    assert _believes(world, world.people[name], late.key_id)
