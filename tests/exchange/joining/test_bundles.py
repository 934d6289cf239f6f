"""What an invitation carries under the spoken code."""

from __future__ import annotations

import json
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import delete, update

from tests.exchange.people import Accounts
from tests.exchange.team_rows import add_key
from tests.exchange.world import World
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.joining.bundles import Bundle, bundle_for
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.models import KeyPin, Team, TeamKey


def test_a_team_key_swapped_in_the_database_is_noticed_on_joining(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    invited = accounts.invite(sam, "Alex Aide", "SEND and transition")
    forged = TeamSecret.generate()
    with accounts.db.write() as session:
        row = session.get_one(TeamKey, accounts.actor(sam).teams[0].key_id)
        row.kem_public = forged.kem.public
    with pytest.raises(Tampered):
        accounts.accept(accounts.link(invited.invitation_id), invited.spoken_code or "")


def test_a_bundle_comes_back_as_it_was() -> None:
    team, old, new, council = uuid4(), uuid4(), uuid4(), uuid4()
    bundle = Bundle(
        teams={team: {old: TeamSecret.generate(), new: TeamSecret.generate()}},
        pins={council: TeamSecret.generate().fingerprint},
    )
    assert Bundle.from_bytes(bundle.to_bytes()) == bundle
    assert Bundle.from_bytes(Bundle().to_bytes()) == Bundle()


def test_a_bundle_of_another_version_is_not_read() -> None:
    raw = json.loads(Bundle().to_bytes()) | {"format": 2}
    with pytest.raises(Tampered, match="another version"):
        Bundle.from_bytes(json.dumps(raw).encode())


def test_no_secret_shows_in_its_repr() -> None:
    secret = TeamSecret.generate()
    assert repr(secret.kem_seed) not in repr(Bundle(teams={uuid4(): {uuid4(): secret}}))


def test_a_member_gives_every_key_of_their_team_and_the_councils_fingerprint(world: World) -> None:
    team, newer = world.school.teams["Transition team"], TeamSecret.generate()
    assert world.root is not None
    with world.db.write() as session:
        newer_id = add_key(session, team.row.id, newer, version=2, signed_by=team.secret).id
    opened = replace(team.opened, key_id=newer_id, secret=newer, older={team.key_id: team.secret})
    with world.db.read() as session:
        bundle = bundle_for(session, actor=replace(world.senco, teams=(opened,)), team_ids=[team.row.id])
        assert bundle is not None
        bundle.check(session)
    assert bundle.teams == {team.row.id: {team.key_id: team.secret, newer_id: newer}}
    assert bundle.pins == {world.root.row.id: world.root.secret.fingerprint}


def test_who_does_not_hold_a_teams_current_key_gives_nothing(world: World) -> None:
    transition, safeguarding = (world.school.teams[name] for name in ("Transition team", "Safeguarding team"))
    with world.db.write() as session:
        assert bundle_for(session, actor=world.senco, team_ids=[safeguarding.row.id]) is None
        ids = [transition.row.id, safeguarding.row.id]
        assert bundle_for(session, actor=world.senco, team_ids=ids) is None
        add_key(session, transition.row.id, TeamSecret.generate(), version=2, signed_by=transition.secret)
        assert bundle_for(session, actor=world.senco, team_ids=[transition.row.id]) is None


def test_a_team_without_a_key_needs_no_secret_and_a_council_to_believe(world: World) -> None:
    assert world.root is not None
    with world.db.write() as session:
        empty = Team(organisation_id=world.school.id, name="Empty", purposes=["transition"])
        session.add(empty)
        session.flush()
        bundle = bundle_for(session, actor=world.senco, team_ids=[empty.id])
        assert bundle == Bundle(pins={world.root.row.id: world.root.secret.fingerprint})
        own = bundle_for(session, actor=world.coordinator, team_ids=[])
        assert own == Bundle(pins={world.root.row.id: world.root.secret.fingerprint})
        session.execute(delete(KeyPin))
        assert bundle_for(session, actor=world.senco, team_ids=[empty.id]) is None


def test_a_pin_that_the_team_did_not_sign_is_handed_on_to_nobody(world: World) -> None:
    with world.db.write() as session:
        session.execute(update(KeyPin).values(fingerprint=TeamSecret.generate().fingerprint.hex()))
        assert bundle_for(session, actor=world.senco, team_ids=[]) is None


@pytest.mark.parametrize("how", ["swapped", "gone"])
def test_a_published_key_that_is_not_the_one_in_the_bundle_is_noticed(world: World, how: str) -> None:
    team = world.school.teams["Transition team"]
    key_id = team.key_id if how == "swapped" else uuid4()
    bundle = Bundle(teams={team.row.id: {key_id: TeamSecret.generate()}})
    with world.db.read() as session:
        with pytest.raises(Tampered):
            bundle.check(session)
        Bundle(teams={team.row.id: {team.key_id: team.secret}}).check(session)
