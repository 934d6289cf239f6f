"""What somebody who has left a team writes into the database, with the key that the team had before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tests.exchange.walks.former import Former
from tests.exchange.walks.leaving import COLLEGE
from transition_exchange.exchange.actor import KnownTeam
from transition_exchange.exchange.keys.personal import new_membership
from transition_exchange.exchange.queries.messages import seal_message
from transition_exchange.exchange.records import cards, grants
from transition_exchange.exchange.records.transfers import sign_sent
from transition_exchange.sealing import handovers, pins
from transition_exchange.sealing.keys import KeyPair, RecipientKey, TeamSecret
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.sealing.people import PersonKeys
from transition_exchange.sealing.succession import Succession
from transition_exchange.store.base import Base
from transition_exchange.store.models import (
    Card,
    Ciphertext,
    Grant,
    Handover,
    KeyPin,
    Membership,
    Part,
    Principal,
    Query,
    Record,
    Revision,
    Team,
    TeamKey,
    Transfer,
)

INVENTED, FORGED = "Ivan Invented", "A forged answer"


def newest_key(session: Session, team_id: UUID) -> TeamKey:
    """The newest key of a team, as its rows say."""
    return session.scalars(
        select(TeamKey).where(TeamKey.team_id == team_id).order_by(TeamKey.version.desc()).limit(1)
    ).one()


def next_key(
    former: Former, secret: TeamSecret, *, version: int, removed: list[UUID]
) -> Mapping[str, object]:
    """The columns of a key of theirs that follows the one that they know."""
    statement = Succession(
        team=former.team.id,
        version=version,
        fingerprint=secret.fingerprint.hex(),
        previous=former.team.secret.fingerprint.hex(),
        removed=[str(person) for person in removed],
        at=datetime.now(UTC),
    )
    assert former.actor.person is not None
    return {
        "kem_public": secret.kem.public,
        "signing_public": secret.signing.public,
        "succession": statement.text(),
        "succession_signature": statement.sign(former.team.secret.signing),
        "maker_signature": statement.sign(former.actor.person.signing),
        "created_by": former.actor.principal_id,
        "retirement": None,
        "retirement_signature": None,
    }


def replace_the_newer_key(former: Former, secret: TeamSecret, *, removed: list[UUID]) -> None:
    """Put a key of their own in the place of the newer one, and hand it over to everybody."""
    with former.area.db.write() as session:
        key = newest_key(session, former.team.id)
        for column, value in next_key(former, secret, version=key.version, removed=removed).items():
            setattr(key, column, value)
        session.execute(delete(Handover).where(Handover.team_key_id == key.id))
        _hand_over(session, former, HeldKey(former.team.identity, key.id, secret, key.version))


def take_the_newer_key_away(former: Former) -> None:
    """Put the newer key's row where nobody looks for it, and with it the memberships of those who have it."""
    with former.area.db.write() as session:
        key = newest_key(session, former.team.id)
        team = Team(organisation_id=former.actor.organisation_id, name="Away", purposes=["transition"])
        session.add(team)
        session.flush()
        key.team_id = team.id
        session.execute(delete(Membership).where(Membership.team_key_id == key.id))
        session.execute(delete(Handover).where(Handover.team_key_id == key.id))


def come_back(former: Former) -> None:
    """Put their own account and membership back as they were."""
    tables, me = Base.metadata.tables, former.actor.principal_id
    with former.area.db.write() as session:
        for row in former.copy["principals"]:
            if row["id"] == me:
                session.execute(
                    tables["principals"].update().where(tables["principals"].c.id == me).values(**row)
                )
        for name in ("memberships", "unlocks"):
            session.execute(tables[name].delete().where(tables[name].c.principal_id == me))
            mine = [row for row in former.copy[name] if row["principal_id"] == me]
            session.execute(tables[name].insert(), mine)


def write_in_their_teams_name(former: Former, record_id: UUID) -> None:
    """Everything at once that needs no more than a signature of the older key."""
    with former.area.db.write() as session:
        record = session.get_one(Record, record_id)
        key = newest_key(session, former.team.id)
        key.retirement, key.retirement_signature = None, None
        _put_back_the_draft(session, former, record, key)
        _pin_a_council_of_theirs(session, former)
        _invent_a_member(session, former, key)
        other = session.scalars(
            select(Record).where(Record.id != record_id, Record.organisation_id == record.organisation_id)
        ).first()
        if other is not None:
            session.add(
                sign_sent(
                    team=former.team,
                    record=other,
                    transfer_id=uuid4(),
                    provider_id=former.area.world.places[COLLEGE].id,
                    at=datetime.now(UTC) - timedelta(days=1),
                )
            )
        _ask(session, former, record)
        _card(session, former, record)


def _put_back_the_draft(session: Session, former: Former, record: Record, key: TeamKey) -> None:
    """The draft as it was, granted to the team's newest key with the part keys that they know."""
    draft = session.scalars(
        select(Revision).where(
            Revision.record_id == record.id, Revision.owner == "transition", Revision.number == 0
        )
    ).one()
    bodies = {row["id"]: row for row in former.copy["ciphertexts"]}
    for part in session.scalars(select(Part).where(Part.revision_id == draft.id)):
        old = next((row for row in former.copy["parts"] if row["id"] == part.id), None)
        if old is not None:
            part.tag = old["tag"]
            session.execute(update(Ciphertext).where(Ciphertext.id == part.id).values(**bodies[part.id]))
    grantee = KnownTeam(
        **vars(former.team.identity),
        key_id=key.id,
        kem_public=RecipientKey(key.kem_public),
        signing_public=key.signing_public,
    )
    session.execute(delete(Grant).where(Grant.revision_id == draft.id))
    session.add(
        grants.make(
            grantor=former.team,
            grantee=grantee,
            record_id=record.id,
            owner="transition",
            revision_id=draft.id,
            keys=former.draft_keys[draft.id],
            known_to=[grantee.fingerprint],
            digests={},
            now=datetime.now(UTC),
        )
    )


def _pin_a_council_of_theirs(session: Session, former: Former) -> None:
    fingerprint = TeamSecret.generate().fingerprint
    session.add(
        KeyPin(
            team_id=former.team.id,
            pinned_team_id=former.team.id,
            fingerprint=fingerprint.hex(),
            signature=pins.sign(former.team.secret.signing, team_id=former.team.id, fingerprint=fingerprint),
            created_at=datetime.now(UTC),
        )
    )


def _invent_a_member(session: Session, former: Former, newest: TeamKey) -> None:
    """Somebody who does not exist joined while the older key was the newest, and hands a key over to everybody."""
    pair, row = (
        KeyPair.generate(),
        Principal(organisation_id=former.actor.organisation_id, name=INVENTED, email="ivan@school.example"),
    )
    session.add(row)
    session.flush()
    held = HeldKey(former.team.identity, former.team.key_id, former.team.secret, former.team.version)
    for key_id in (held.key_id, newest.id):
        membership = new_membership(
            principal_id=row.id, name=INVENTED, pair=pair, held=held, added_by=None, at=datetime.now(UTC)
        )
        membership.team_key_id = key_id
        session.add(membership)


def _hand_over(session: Session, former: Former, held: HeldKey) -> None:
    assert former.actor.person is not None
    for principal_id, colleague in former.actor.address_book.colleagues.items():
        session.add(
            Handover(
                team_key_id=held.key_id,
                taker_id=principal_id,
                giver_id=former.actor.principal_id,
                sealed=handovers.hand_over(
                    held,
                    giver=PersonKeys(former.actor.person.pair),
                    giver_id=former.actor.principal_id,
                    taker=colleague.public,
                    taker_id=principal_id,
                    at=datetime.now(UTC),
                ),
                created_at=datetime.now(UTC),
            )
        )


def _ask(session: Session, former: Former, record: Record) -> None:
    """An answer to the college in their team's name."""
    query = session.scalars(
        select(Query).join(Transfer, Transfer.id == Query.transfer_id).where(Transfer.record_id == record.id)
    ).first()
    if query is None:
        return
    message, keyrings = seal_message(
        record=record,
        query=query,
        actor=former.actor,
        team=former.team,
        readers=[former.area.actor("nia").teams[0].known],
        text=FORGED,
        now=datetime.now(UTC),
    )
    session.add(message)
    session.flush()
    session.add_all(keyrings)


def _card(session: Session, former: Former, record: Record) -> None:
    """A card of their own for the college's list."""
    row = session.scalars(
        select(Card).where(Card.record_id == record.id, Card.transfer_id.is_not(None)).limit(1)
    ).first()
    if row is None:
        return
    team = former.area.actor("nia").teams[0].known
    forged = cards.seal_card(
        actor=former.actor,
        recipient=cards.Recipient(team.id, "", team),
        record_id=record.id,
        transfer_id=row.transfer_id,
        content={"forename": "Forged"},
        now=datetime.now(UTC) + timedelta(minutes=1),
        card_id=row.id,
    )
    row.state, row.sealed, row.team_key_id, row.changed_at = (
        forged.state,
        forged.sealed,
        forged.key_id,
        forged.changed_at,
    )
