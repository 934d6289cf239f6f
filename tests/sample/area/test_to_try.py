"""What waits in the sample area: an invitation that can be accepted, and a new key that can be taken."""

from __future__ import annotations

import pytest

from transition_exchange.exchange.joining import accepting
from transition_exchange.exchange.keys import confirming, readiness
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.renewing import progress, taking
from transition_exchange.exchange.signing_in import sessions
from transition_exchange.sample.area.accounts import PEOPLE, Area
from transition_exchange.sample.area.to_try import CHANGED, ToTry, leave_to_try


@pytest.fixture
def to_try(area: Area) -> ToTry:
    return leave_to_try(area, memory_kib=64)


def test_whoever_is_invited_joins_with_the_link_and_the_five_words(area: Area, to_try: ToTry) -> None:
    invitation = to_try.invitation
    welcome = accepting.look_up(db=area.db, token=invitation.token)
    assert (welcome.name, welcome.organisation_name) == (invitation.name, invitation.organisation)
    assert welcome.completed
    assert invitation.name not in {person.name for person in PEOPLE}
    assert len(invitation.spoken_code.split("-")) == 5
    signed_in = accepting.accept(
        db=area.db,
        token=invitation.token,
        spoken_code=invitation.spoken_code.replace("-", " "),
        name=invitation.name,
        passphrase="saddle orchard velvet tunnel cabbage",
        demo=True,
        memory_kib=64,
    )
    resumed = sessions.resume(db=area.db, cookie=signed_in.cookie)
    assert resumed is not None
    assert resumed.actor is not None
    assert [(team.name, team.confirmed) for team in resumed.actor.teams] == [(invitation.team, True)]


def test_a_colleague_takes_the_new_key_with_the_number_that_its_maker_sees(area: Area, to_try: ToTry) -> None:
    key, maker_name, team_name, taker_name = CHANGED
    maker, taker = area.actors[key, maker_name], area.actors[key, taker_name]
    team = next(team for team in maker.teams if team.name == team_name)
    (offer,) = taker.offers
    assert (offer.giver_name, offer.held.team.name) == (to_try.key.maker, to_try.key.team)
    assert offer.spoken == confirming.own_number(actor=maker, team_id=team.id)
    assert progress.progress(db=area.db, actor=maker).left == 0, "nothing else is left to be done"
    taking.take(db=area.db, actor=taker, offer_id=offer.id, seen=offer.seen)
    area.resume_all()
    assert not area.actors[key, taker_name].offers
    assert {team.name for team in area.actors[key, taker_name].teams} == {"Learning support", "Exams"}


def test_the_team_is_ready_all_the_same(area: Area, to_try: ToTry) -> None:
    maker = area.actors["three_rivers", to_try.key.maker]
    team = next(team for team in maker.teams if team.name == to_try.key.team)
    with area.db.read() as session:
        assert readiness.readiness_of(session, team.id, trust=trust_of(session, maker)).ready


def test_no_secret_is_printed_with_what_waits(to_try: ToTry) -> None:
    assert to_try.invitation.token not in repr(to_try)
    assert to_try.invitation.spoken_code not in repr(to_try)
