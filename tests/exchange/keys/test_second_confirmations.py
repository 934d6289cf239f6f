"""Whose keys confirm as the second confirmer: the one that was named, and those of the line that it began."""

from __future__ import annotations

from tests.exchange.world import World
from transition_exchange.exchange.keys.second_confirmations import continues
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.renewing import retiring
from transition_exchange.sealing.address_book import RememberedKey
from transition_exchange.sealing.second_confirmer import SecondConfirmer
from transition_exchange.store.base import utc_now
from transition_exchange.store.models import TeamKey

COLLEGE, TEAM = "Northway College", "Admissions"


def _named(world: World, team: str = TEAM) -> SecondConfirmer:
    made = world.college.teams[team]
    return SecondConfirmer(
        team=made.identity,
        fingerprint=made.secret.fingerprint.hex(),
        since=world.today,
        version=made.version,
    )


def _continues(
    world: World, second: SecondConfirmer, *, back: int = 0, remembered: RememberedKey | None = None
) -> bool:
    """Whether the newest key, or one before it, is the second confirmer's."""
    team = world.college.teams[TEAM]
    key_id = [*team.older, team.key_id][-1 - back]
    with world.db.read() as session:
        return continues(session, session.get_one(TeamKey, key_id), second, remembered=remembered)


def test_a_line_of_keys_continues_whether_or_not_somebody_leaves(world: World) -> None:
    second = _named(world)
    assert _continues(world, second)
    world.new_key(COLLEGE, TEAM)
    assert _continues(world, second)
    world.new_key(COLLEGE, TEAM, removed=[world.college_admissions.principal_id])
    assert _continues(world, second)


def test_a_key_that_does_not_follow_the_one_that_was_named_is_none(world: World) -> None:
    world.new_key(COLLEGE, TEAM)
    second = _named(world)
    assert _continues(world, second)
    assert not _continues(world, second, back=1), "the line begins with the key that was named"
    with world.db.write() as session:
        team = world.college.teams[TEAM]
        session.get_one(TeamKey, team.key_id).succession_signature = b"x" * 64
    first = SecondConfirmer(team.identity, next(iter(team.older.values())).fingerprint.hex(), world.today)
    assert not _continues(world, first)


def test_a_retired_key_is_none_any_more(world: World) -> None:
    second = _named(world)
    world.new_key(COLLEGE, TEAM, removed=[world.college_admissions.principal_id])
    assert _continues(world, second, back=1)
    actor = world.college_admissions
    with world.db.read() as session:
        ids = retiring.due(session, actor=actor, trust=trust_of(session, actor))
    retiring.retire(db=world.db, actor=actor, ids=ids, now=utc_now())
    assert not _continues(world, second, back=1)
    assert _continues(world, second)
    world.new_key(COLLEGE, TEAM)
    assert not _continues(world, second, back=2), "whatever came after it"


def test_what_the_person_has_seen_goes_before_what_stands_there(world: World) -> None:
    second = _named(world)
    world.new_key(COLLEGE, TEAM, removed=[world.college_admissions.principal_id])
    seen = world.college.teams[TEAM].secret.fingerprint.hex()

    def remembered(fingerprint: str, *, alone: bool) -> RememberedKey:
        return RememberedKey(2, fingerprint, counts_from=2 if alone else 1, before=((1, second.fingerprint),))

    assert _continues(world, second, remembered=remembered(seen, alone=True))
    assert not _continues(world, second, remembered=remembered("0" * 64, alone=False))
    assert _continues(world, second, back=1, remembered=remembered(seen, alone=False))
    assert not _continues(world, second, back=1, remembered=remembered(seen, alone=True)), (
        "its retirement was taken out of the database again"
    )


def test_another_teams_key_is_not_the_second_confirmers(world: World) -> None:
    assert not _continues(world, _named(world, "Exams office"))
