"""What somebody in no team has seen counts as for anybody else: the second confirmer, and the council's key."""

from __future__ import annotations

import pytest

from tests.exchange.chains import events_of
from tests.exchange.claims import OFFICE
from tests.exchange.keys.office import confirm_only
from tests.exchange.people import Accounts, Person
from tests.exchange.planted import bundle_of, join_as_told, planted_team
from tests.exchange.walks.changes_of_keys import Area
from transition_exchange.exchange.errors import NotAllowed
from transition_exchange.exchange.joining import accepting
from transition_exchange.exchange.organisations import second_confirmer, teams
from transition_exchange.exchange.renewing import council_key
from transition_exchange.exchange.renewing.duties import duties
from transition_exchange.exchange.writing.adding import add_learner
from transition_exchange.sealing.confirmation import Confirmation
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.store.models import Organisation, Principal, TeamKey


@pytest.fixture
def area(accounts: Accounts, cora: Person, sam: Person) -> Area:
    return Area.build(accounts, cora, sam)


@pytest.fixture
def adi(area: Area) -> Person:
    """An administrator who is in no team."""
    adi = area.accounts.colleague(area.sam, "Adi Admin", administrator=True)
    area.accounts.sign_in_later(adi)
    return adi


def _join_office(area: Area, person: Person) -> None:
    accounts = area.accounts
    invited = accounts.invite(area.sam, person.name, OFFICE)
    assert invited.spoken_code is not None
    accepting.join_more(
        db=accounts.db,
        cookie=person.cookie,
        token=accounts.link(invited.invitation_id),
        spoken_code=invited.spoken_code,
        now=accounts.clock.now,
    )


def _planted(area: Area, by: HeldKey) -> HeldKey:
    """A transition team that somebody put into the school, confirmed with a key of the NEET group and nobody else's."""
    planted = planted_team(area.accounts, area.sam, "transition")
    with area.accounts.db.write() as session:
        key = session.get_one(TeamKey, planted.key_id)
        statement = Confirmation(
            area=session.get_one(Organisation, planted.team.organisation_id).area_id,
            team=planted.team.plain(),
            version=1,
            fingerprint=planted.secret.fingerprint.hex(),
            confirmed_at=area.accounts.clock.now,
        )
        key.confirmation, key.confirmation_signature = statement.text(), statement.sign(by.secret.signing)
        key.confirmation_key_id, key.confirmed_at = by.key_id, area.accounts.clock.now
    return planted


def _types_the_words(area: Area, person: Person, planted: HeldKey) -> None:
    """Somebody accepts an invitation into the planted team, and nothing that they write is sealed to it."""
    accounts = area.accounts
    bundle = bundle_of(accounts, area.sam, held=[planted.for_others()])
    join_as_told(accounts, area.sam, person, bundle, [planted.team.id])
    accounts.sign_in_later(person)
    actor = accounts.actor(person)
    assert ([team.name for team in actor.teams], [team.name for team in actor.set_aside]) == ([], ["Records"])
    with pytest.raises(NotAllowed):
        add_learner(db=accounts.db, actor=actor, answers={})


def test_they_keep_the_second_confirmer_and_a_team_that_the_council_alone_confirmed_is_set_aside(
    area: Area, adi: Person
) -> None:
    """The council also runs the database, and plants a team of its own."""
    accounts = area.accounts
    area.require_second_of_a_college()
    accounts.sign_in_later(adi)
    second = accounts.actor(area.sam).second
    assert second is not None
    assert accounts.actor(adi).second == second
    _types_the_words(area, adi, _planted(area, accounts.actor(area.cora).teams[0].held))


def test_what_they_sign_in_to_counts_in_that_very_session(area: Area, adi: Person) -> None:
    """They had not signed in while it was required, and the rules that stand there require it."""
    planted = _planted(area, area.accounts.actor(area.cora).teams[0].held)
    area.require_second(area.college())
    _types_the_words(area, adi, planted)


def test_they_are_told_that_it_was_dropped_and_what_they_accept_is_kept(area: Area, adi: Person) -> None:
    accounts = area.accounts
    area.require_second_of_a_college()
    accounts.sign_in_later(adi)
    held = accounts.actor(adi).second
    area.drop_second()
    accounts.sign_in_later(adi)
    standing = second_confirmer.standing(db=accounts.db, actor=accounts.actor(adi))
    assert (standing.held, standing.differs) == (held, True)
    area.accept(adi)
    accounts.sign_in_later(adi)
    standing = second_confirmer.standing(db=accounts.db, actor=accounts.actor(adi))
    assert (standing.held, standing.differs) == (None, False)
    area.accept(area.sam)
    _join_office(area, adi)
    assert area.teams(adi) == [(OFFICE, 1, True)]


def test_what_they_accept_counts_for_a_team_that_is_set_aside(area: Area, adi: Person) -> None:
    """They were invited into it before, and its membership names the second confirmer too."""
    accounts = area.accounts
    area.require_second(area.college())
    accounts.sign_in_later(adi)
    _join_office(area, adi)
    assert [team.name for team in accounts.actor(adi).set_aside] == [OFFICE], "nobody else confirmed it"
    assert duties(db=accounts.db, actor=accounts.actor(adi)).aside_for == "confirmation"
    area.drop_second()
    accounts.sign_in_later(adi)
    assert duties(db=accounts.db, actor=accounts.actor(adi)).aside_for == "rules"
    area.accept(adi)
    assert area.teams(adi) == [(OFFICE, 1, True)]
    assert not second_confirmer.standing(db=accounts.db, actor=accounts.actor(adi)).differs


def test_they_compare_the_councils_number_once_and_can_work_in_a_confirmed_team_then(
    area: Area, adi: Person
) -> None:
    accounts = area.accounts
    area.change_council()
    area.compare(area.sam, adi)
    event = events_of(accounts.db, accounts.actor(adi).organisation_id)[-1]
    assert event.kind == "council_key.compared"
    accounts.sign_in_later(area.sam, adi)
    assert council_key.key_to_compare(db=accounts.db, actor=accounts.actor(adi)) is None
    assert duties(db=accounts.db, actor=accounts.actor(adi)).headline == ""
    _join_office(area, adi)
    assert area.teams(adi) == [(OFFICE, 1, True)]


def test_what_the_key_before_confirms_counts_no_longer_for_whoever_has_compared(
    area: Area, adi: Person
) -> None:
    """Kit has left the council, kept its key, and writes rows."""
    before = area.accounts.actor(area.kit).teams[0].held
    area.change_council()
    area.compare(area.sam, adi)
    area.accounts.sign_in_later(area.sam, adi)
    _types_the_words(area, adi, _planted(area, before))


def test_whoever_signs_in_first_since_it_is_required_takes_no_key_that_the_council_alone_confirmed(
    area: Area,
) -> None:
    """Lou has left the office, Sam has changed its key, and only the council has confirmed the new one."""
    accounts = area.accounts
    kim, dee, lou = (
        accounts.colleague(area.sam, name, OFFICE) for name in ("Kim Fox", "Dee Lead", "Lou Left")
    )
    accounts.sign_in_later(area.sam, kim, dee, lou)
    accounts.sign_in_later(area.sam, kim, dee)
    area.require_second_of_a_college()
    accounts.sign_in_later(dee)
    teams.remove_from_team(
        db=accounts.db,
        actor=accounts.proven(area.sam),
        principal_id=accounts.row(lou).id,
        team_id=area.office_id,
        now=accounts.clock.wait(minutes=1),
    )
    accounts.clock.wait(minutes=1)
    accounts.change_key(area.sam, area.office_id)
    confirm_only(accounts, area.cora, area.office_id)
    for person in (
        dee,
        kim,
        kim,
    ):  # Kim in the session of before, which meets the rules with the key, and then anew
        assert (area.offer(person).held.version, area.offer(person).waits_for) == (2, None), person.name
        accounts.sign_in_later(person)


def test_an_older_address_book_takes_nothing_from_whoever_lacks_their_teams_key(area: Area) -> None:
    """Their membership holds what they have seen while they had no open team."""
    accounts = area.accounts
    kim = accounts.colleague(area.sam, "Kim Fox", OFFICE)
    accounts.sign_in_later(area.sam, kim)
    area.change_office()
    accounts.sign_in_later(kim)
    older = accounts.row(kim).address_book
    area.require_second_of_a_college()
    area.change_council()
    area.compare(kim)
    second = accounts.actor(kim).second
    assert (accounts.actor(kim).teams, second is not None) == ((), True)
    with accounts.db.write() as session:
        session.get_one(Principal, accounts.row(kim).id).address_book = older
    assert accounts.actor(kim).second == second
    assert council_key.key_to_compare(db=accounts.db, actor=accounts.actor(kim)) is None
