"""Whoever is in the book stays as they were first seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from transition_exchange.sealing import CannotOpen
from transition_exchange.sealing.address_book import AddressBook, RememberedKey, Sighting
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.sealing.people import PersonKeys, PersonPublic

NOW = datetime(2027, 6, 3, 9, 0, tzinfo=UTC)
OWNER, OWNER_ID = KeyPair.generate(), uuid4()


TEAM, OTHER = uuid4(), uuid4()


def _sighting(*, team: UUID = TEAM, public: PersonPublic | None = None, name: str = "Person") -> Sighting:
    return Sighting(team, team == TEAM, public or PersonKeys(KeyPair.generate()).public, name)


def _people(count: int) -> dict[UUID, list[Sighting]]:
    return {uuid4(): [_sighting(name=f"Person {number}")] for number in range(count)}


def test_it_comes_back_as_it_was_sealed_and_to_its_owner_only() -> None:
    book = AddressBook().with_colleagues(_people(3), now=NOW)
    sealed = book.seal(OWNER, principal_id=OWNER_ID)
    assert AddressBook.open(OWNER, sealed, principal_id=OWNER_ID) == book
    for pair, principal_id in ((KeyPair.generate(), OWNER_ID), (OWNER, uuid4())):
        with pytest.raises(CannotOpen):
            AddressBook.open(pair, sealed, principal_id=principal_id)


def test_other_keys_for_somebody_known_are_not_taken() -> None:
    seen = _people(2)
    book = AddressBook().with_colleagues(seen, now=NOW)
    first, second = seen
    swapped = {first: [_sighting(name="Somebody else")], second: seen[second]}
    assert book.public_of(first) == seen[first][0].public
    assert book.with_colleagues(swapped, now=NOW + timedelta(days=1)) is book


def test_somebody_new_is_added_with_the_day_and_nobody_else_changes() -> None:
    seen = _people(1)
    book = AddressBook().with_colleagues(seen, now=NOW)
    later = book.with_colleagues(seen | _people(1), now=NOW + timedelta(days=1))
    assert sorted(colleague.since for colleague in later.colleagues.values()) == [
        "2027-06-03T09:00:00+00:00",
        "2027-06-04T09:00:00+00:00",
    ]


def test_it_keeps_which_teams_said_so_and_since_when() -> None:
    """Whom only another team named gets certain on the day on which a team of one's own says the same."""
    person, public = uuid4(), PersonKeys(KeyPair.generate()).public
    told = AddressBook().with_colleagues(
        {person: [_sighting(team=OTHER, public=public, name="Helena Quarmby")]}, now=NOW
    )
    assert not told.colleagues[person].own_teams
    assert told.colleagues[person].teams == {OTHER}
    own = _sighting(public=public, name="Sam Carter")
    later = told.with_colleagues({person: [own]}, now=NOW + timedelta(days=1))
    met = later.colleagues[person]
    assert (met.name, met.since) == ("Sam Carter", "2027-06-03T09:00:00+00:00")
    assert met.own_teams == {TEAM: "2027-06-04T09:00:00+00:00"}
    assert met.teams == {TEAM, OTHER}
    assert later.with_colleagues({person: [own]}, now=NOW + timedelta(days=2)) is later
    renamed = {person: [_sighting(public=public, name="Somebody Else")]}
    assert later.with_colleagues(renamed, now=NOW + timedelta(days=2)) is later


def test_it_keeps_who_was_first_named_while_somebody_who_had_left_knew_the_key() -> None:
    """Until the team says the same with a key that the leaver does not know. What it said before that stays."""
    made_up, known = uuid4(), uuid4()
    seen = {person: [_sighting()] for person in (made_up, known)}
    book = AddressBook().with_colleagues({known: seen[known]}, now=NOW)
    book = book.with_colleagues(seen, now=NOW, left=[TEAM])
    assert (book.colleagues[made_up].teams, book.colleagues[made_up].sure_teams) == (
        frozenset({TEAM}),
        frozenset(),
    )
    assert book.colleagues[known].sure_teams == {TEAM}
    again = book.with_colleagues(seen, now=NOW, left=[TEAM, OTHER])
    assert again is book
    public = seen[made_up][0].public
    elsewhere = book.with_colleagues({made_up: [_sighting(team=OTHER, public=public)]}, now=NOW)
    assert elsewhere.colleagues[made_up].sure_teams == {OTHER}
    after = book.with_colleagues(seen, now=NOW)
    assert after.colleagues[made_up].sure_teams == {TEAM}
    for kept in (book, elsewhere, after):
        assert AddressBook.open(OWNER, kept.seal(OWNER, principal_id=OWNER_ID), principal_id=OWNER_ID) == kept


def test_it_keeps_the_newest_key_while_which_a_member_of_an_own_team_was_there() -> None:
    member, elsewhere = uuid4(), uuid4()
    seen = {member: [_sighting()], elsewhere: [_sighting(team=OTHER)]}
    book = AddressBook().with_colleagues(seen, now=NOW)
    people = [member, elsewhere, uuid4()]
    second = book.with_members(TEAM, people, number=2)
    assert {person: known.newest for person, known in second.colleagues.items()} == {
        member: {TEAM: 2},
        elsewhere: {},
    }
    for number in (1, 2):
        assert second.with_members(TEAM, people, number=number) is second, "it never goes down"
    third = second.with_members(TEAM, people, number=3)
    assert third.colleagues[member].newest == {TEAM: 3}
    assert AddressBook.open(OWNER, third.seal(OWNER, principal_id=OWNER_ID), principal_id=OWNER_ID) == third


def test_where_two_teams_name_different_keys_nothing_is_chosen() -> None:
    person, seen = uuid4(), [_sighting(), _sighting(team=OTHER)]
    assert AddressBook().with_colleagues({person: seen}, now=NOW) == AddressBook()
    told = AddressBook().with_colleagues({person: seen[1:]}, now=NOW)
    assert told.with_colleagues({person: seen}, now=NOW) is told
    assert told.with_colleagues({person: []}, now=NOW) is told


def test_a_newer_key_of_a_team_is_never_exchanged_for_an_older_one() -> None:
    team = uuid4()
    second = RememberedKey(2, "b" * 64)
    book = AddressBook().with_team_keys({team: second})
    for other in (
        RememberedKey(1, "a" * 64),
        RememberedKey(2, "c" * 64),
        RememberedKey(2, "c" * 64, counts_from=2),
    ):
        assert book.with_team_keys({team: other}) is book
    retired = book.with_team_keys({team: RememberedKey(2, "b" * 64, counts_from=2)})
    assert retired.team_keys[team].counts_from == 2
    assert retired.with_team_keys({team: second}) is retired


def test_what_was_retired_stays_retired_whatever_key_is_seen_next() -> None:
    """Somebody takes the retirement out of the database before the next key is seen, or when it is."""
    team = uuid4()
    book = AddressBook().with_team_keys({team: RememberedKey(2, "b" * 64, counts_from=2)})
    newer = book.with_team_keys({team: RememberedKey(3, "d" * 64)})
    assert newer.team_keys[team] == RememberedKey(3, "d" * 64, counts_from=2, before=((2, "b" * 64),))
    assert newer.with_team_keys({team: RememberedKey(3, "d" * 64)}) is newer
    assert newer.with_team_keys({team: RememberedKey(2, "b" * 64, counts_from=2)}) is newer


def test_keys_that_were_seen_before_the_newest_are_kept_and_none_takes_their_place() -> None:
    team = uuid4()
    first, third = (
        RememberedKey(1, "a" * 64),
        RememberedKey(3, "d" * 64, before=((1, "f" * 64), (2, "b" * 64))),
    )
    book = AddressBook().with_team_keys({team: first}).with_team_keys({team: third})
    known = book.team_keys[team]
    assert known.before == ((1, "a" * 64), (2, "b" * 64))
    assert known.names(3, "d" * 64)
    assert known.names(2, "b" * 64)
    assert not known.names(1, "f" * 64)
    assert not known.names(2, "d" * 64)
