"""Grants: made for one team, one subject and one transfer; whatever is changed in one is noticed on opening."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.exchange.records.granted import DIGESTS, KEYS, Granted, granted_by
from tests.exchange.team_rows import add_key
from tests.exchange.world import World
from transition_exchange.exchange.errors import Tampered
from transition_exchange.sealing import keyrings, manifests
from transition_exchange.sealing.keys import BadSignature, RecipientKey, TeamSecret
from transition_exchange.store.models import Grant, Revision, Team, TeamKey, Transfer


@pytest.fixture
def granted(world: World) -> Granted:
    """A grant of the school's transition team to the college's learning support."""
    return granted_by(world)


def test_a_grant_opens_for_the_team_it_was_made_for(granted: Granted) -> None:
    opened = granted.open(granted.world.college_support)
    assert opened is not None
    assert opened.id == granted.grant_id
    assert opened.team_id == granted.world.college_support.teams[0].id
    assert (opened.keys, opened.digests, opened.manifest_digest) == (KEYS, DIGESTS, "m" * 64)


def test_it_shows_no_key_in_its_row_nor_in_its_repr(granted: Granted) -> None:
    opened = granted.open(granted.world.college_support)
    assert repr(KEYS["learner"]) not in repr(opened)
    with granted.world.db.read() as session:
        row = session.get_one(Grant, granted.grant_id)
        assert KEYS["learner"] not in (row.keyring or b"")
        assert KEYS["learner"].hex() not in (row.statement or "")


def test_who_is_in_another_team_or_holds_no_such_key_gets_nothing(granted: Granted) -> None:
    world = granted.world
    assert granted.open(world.college_admissions) is None
    assert granted.open(world.senco) is None
    newer = replace(world.college_support.teams[0], key_id=uuid4(), secret=TeamSecret.generate())
    assert granted.open(replace(world.college_support, teams=(newer,))) is None


def test_a_team_whose_key_was_changed_still_opens_what_came_before(granted: Granted) -> None:
    granted.world.new_key("Northway College", "Learning support")
    opened = granted.open(granted.world.college_support)
    assert opened is not None
    assert opened.keys == KEYS


def test_a_withdrawn_keyring_opens_for_nobody(granted: Granted) -> None:
    def withdraw(session: Session, grant: Grant) -> None:
        grant.keyring = None

    granted.change(withdraw)
    assert granted.open(granted.world.college_support) is None


def _flip(name: str) -> Callable[[Session, Grant], None]:
    def flip(session: Session, grant: Grant) -> None:
        body = bytearray(getattr(grant, name))
        body[-1] ^= 1
        setattr(grant, name, bytes(body))

    return flip


def _say(**fields: object) -> Callable[[Session, Grant], None]:
    """Rewrite the statement, and leave the signature of the old one."""

    def say(session: Session, grant: Grant) -> None:
        statement = json.loads(grant.statement or "") | fields
        grant.statement = json.dumps(statement, separators=(",", ":"), sort_keys=True)

    return say


def _no_signature(session: Session, grant: Grant) -> None:
    grant.signature = None


def _no_statement(session: Session, grant: Grant) -> None:
    grant.statement = None


def _other_record(session: Session, grant: Grant) -> None:
    """The row of another learner of the same school."""
    other = session.scalars(select(Revision).where(Revision.record_id != grant.record_id)).first()
    assert other is not None
    grant.record_id = other.record_id


def _other_revision(session: Session, grant: Grant) -> None:
    other = session.scalars(
        select(Revision).where(Revision.record_id == grant.record_id, Revision.id != grant.revision_id)
    ).first()
    assert other is not None
    grant.revision_id = other.id


def _a_transfer(session: Session, grant: Grant) -> None:
    grant.transfer_id = session.scalars(select(Transfer.id)).first()
    assert grant.transfer_id is not None


def _no_subject(session: Session, grant: Grant) -> None:
    grant.revision_id = None


def _other_keyring(session: Session, grant: Grant) -> None:
    """A keyring that somebody else sealed to the same team: anybody has its public key."""
    key = session.get_one(TeamKey, grant.grantee_key_id)
    use = f"keyring {grant.record_id} {grant.revision_id} own"
    grant.keyring = keyrings.seal(RecipientKey(key.kem_public), {"learner": b"x" * 32}, use=use)


def _school_of(session: Session, grant: Grant) -> UUID:
    return session.get_one(Team, grant.grantor_team_id).organisation_id


def _grantor_key(session: Session, grant: Grant) -> None:
    """Another confirmed key of another school's team, named as the one that signed."""
    other = select(Team).where(
        Team.name == "Transition team", Team.organisation_id != _school_of(session, grant)
    )
    team = session.scalars(other).one()
    grant.grantor_team_id = team.id
    grant.grantor_key_id = session.scalars(select(TeamKey.id).where(TeamKey.team_id == team.id)).one()


def _grantor_team(session: Session, grant: Grant) -> None:
    grant.grantor_team_id = session.scalars(select(Team.id).where(Team.name == "Safeguarding team")).all()[0]


@pytest.mark.parametrize(
    "change",
    [
        _flip("keyring"),
        _flip("signature"),
        _no_signature,
        _no_statement,
        _say(manifest_digest="0" * 64),
        _say(parts={"destination/x": "1" * 64}),
        _say(granted_at="2020-01-01T00:00:00.000000+00:00"),
        _say(recipient_fingerprint="0" * 64),
        _other_record,
        _other_revision,
        _a_transfer,
        _no_subject,
        _other_keyring,
        _grantor_key,
        _grantor_team,
    ],
    ids=[
        "keyring",
        "signature",
        "no signature",
        "no statement",
        "manifest",
        "parts",
        "time",
        "recipient",
        "record",
        "revision",
        "transfer",
        "no subject",
        "another keyring",
        "another school's key",
        "the grantor's team",
    ],
)
def test_whatever_is_changed_in_a_grant_is_noticed(
    world: World, granted: Granted, change: Callable[[Session, Grant], None]
) -> None:
    world.sent("Ben", "Stone")
    granted.change(change)
    with pytest.raises(Tampered):
        granted.open(world.college_support)


@pytest.mark.parametrize(
    "field",
    ["grantor_team", "grantor_fingerprint", "record", "revision", "owner", "transfer", "recipient_team"],
)
def test_a_statement_signed_anew_must_still_fit_its_row(world: World, granted: Granted, field: str) -> None:
    """Even the school's own key signs no statement that belongs to another row."""
    _changed(world, granted, **{field: str(uuid4())})
    with pytest.raises(Tampered):
        granted.open(world.college_support)


def _changed(world: World, granted: Granted, **values: object) -> None:
    """Change what a grant says, and sign it with the school's own key."""
    secret = world.school.teams["Transition team"].secret

    def sign_anew(session: Session, grant: Grant) -> None:
        read = json.loads(grant.statement or "") | values
        fields = {name: value for name, value in read.items() if name not in ("format", "kind")}
        statement = manifests.Grant(**fields)
        grant.statement, grant.signature = statement.text(), statement.sign(secret.signing)

    granted.change(sign_anew)


def test_it_opens_no_other_keys_than_those_that_were_signed(world: World, granted: Granted) -> None:
    _changed(world, granted, keys_digest=keyrings.digest_of(KEYS))
    opened = granted.open(world.college_support)
    assert opened is not None
    assert not opened.draft
    assert opened.known_to == {world.college_support.teams[0].known.fingerprint}
    _changed(world, granted, keys_digest=keyrings.digest_of(dict.fromkeys(KEYS, bytes(32))))
    with pytest.raises(Tampered):
        granted.open(world.college_support)


@pytest.mark.parametrize("draft", [False, True])
def test_a_draft_says_who_knows_its_keys_and_nothing_else_does(
    world: World, granted: Granted, draft: bool
) -> None:
    own = world.college_support.teams[0].known.fingerprint
    digest = "" if draft else "m" * 64
    said: tuple[list[str] | None, ...] = (None, ["ab" * 32], ["ab" * 32, own])
    for known_to in said:
        _changed(world, granted, manifest_digest=digest, known_to=known_to)
        if known_to == (said[-1] if draft else None):
            opened = granted.open(world.college_support)
            assert opened is not None
            assert (opened.draft, opened.known_to) == (draft, frozenset(known_to or [own]))
        else:
            with pytest.raises(Tampered):
                granted.open(world.college_support)


def test_what_a_draft_says_has_one_form(world: World) -> None:
    granted_by(world)
    with world.db.read() as session:
        text = session.scalars(
            select(Grant.statement).where(Grant.statement.contains('"known_to":["'))
        ).first()
    assert text is not None
    (known,) = json.loads(text)["known_to"]
    assert manifests.Grant.read(text).known_to == (known,)
    for other in (f'["{known}","{known}"]', f'["{known}","{"0" * 64}"]', f'"{known}"', "0", '[["0"]]'):
        with pytest.raises(BadSignature):
            manifests.Grant.read(text.replace(f'["{known}"]', other))


def test_only_a_sending_team_of_the_records_own_school_grants(world: World) -> None:
    """Every confirmed team has a key that is believed. Few may speak for this school, each for its own part."""
    for place, team in (
        ("Beech Lane School", "Transition team"),
        ("Northway College", "Admissions"),
        ("Ashdown Council", "NEET group"),
    ):
        forged = granted_by(world, world.places[place].teams[team])
        with pytest.raises(Tampered):
            forged.open(world.college_support)
    forged = granted_by(world, world.school.teams["Safeguarding team"])
    with pytest.raises(Tampered):
        forged.open(world.college_support)


def test_a_grant_by_a_key_that_is_not_believed_is_noticed(world: World) -> None:
    late = world.team("Ashdown School", "Late team", "transition", confirmed=False)
    forged = granted_by(world, late)
    with pytest.raises(Tampered):
        forged.open(world.college_support)
    with world.db.write() as session:
        unsigned = add_key(session, late.row.id, TeamSecret.generate(), version=2).id
        session.get_one(Grant, forged.grant_id).grantor_key_id = unsigned
    with pytest.raises(Tampered):
        forged.open(world.college_support)
