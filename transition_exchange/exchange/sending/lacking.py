"""Which teams of a record's providers lack its newest version, for the page of what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotConfirmedYet
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records.ownership import own_record
from transition_exchange.exchange.records.signed_rows import SignedRows, VersionRow
from transition_exchange.exchange.records.standings import standings
from transition_exchange.exchange.sending.delivered import teams_granted
from transition_exchange.exchange.sending.readers import provider_teams
from transition_exchange.exchange.sending.storing import SENT_EVENT
from transition_exchange.proforma import UnknownVersion, load
from transition_exchange.purposes import OPENS_FIRST
from transition_exchange.store import chain
from transition_exchange.store.database import Database
from transition_exchange.store.models import Event, Record, Revision, Transfer


@dataclass(frozen=True)
class Lacking:
    """A team that was not granted the newest version of an owner's sections, though it reads something of them.

    Attributes:
        team: its name, as it was confirmed; else as its row says, with "(not confirmed)" after it.
        owner: the sending purpose that released the version.
        number: the number of the version.
    """

    team: str
    owner: str
    number: int


def lacking(*, db: Database, actor: Actor, record_id: UUID) -> Mapping[UUID, tuple[Lacking, ...]]:
    """The teams that lack the newest version, by the transfer by which their provider holds the record.

    A provider that was not sent a newer version on purpose, because it is no longer a destination, is not among them.
    That it was sent one tells a grant to one of its teams, or the school's log if all of these are gone.
    The safeguarding team's part follows everywhere. What the family holds back is not known here, so a team may be
    among them for which nothing of the version is left.

    Raises:
        NotFound: the record is unknown or belongs to another organisation.
    """
    with db.read() as session:
        record, trust = own_record(session, actor, record_id), trust_of(session, actor)
        versions, signed = SignedRows(session, trust, {}).versions(Revision.record_id == record_id)
        sent = _sent_in_chain(session, record)
        last = {row.owner: row for row in versions if row.id in signed.signed}
        newest = {owner: row for owner, row in last.items() if not signed.signed[row.id]}
        held = [
            (standing.transfer, standing.provider_id)
            for standing in standings(session, trust=trust, record=record)
            if standing.counts
        ]
        found: dict[UUID, list[Lacking]] = {}
        for version in newest.values():
            with suppress(UnknownVersion):
                _add(session, trust, record, held, version, sent, found)
        return {transfer_id: tuple(teams) for transfer_id, teams in found.items()}


def _add(
    session: Session,
    trust: Trust,
    record: Record,
    held: list[tuple[Transfer, UUID]],
    version: VersionRow,
    sent: frozenset[tuple[str, str]],
    found: dict[UUID, list[Lacking]],
) -> None:
    teams = provider_teams(
        session,
        trust=trust,
        school_id=record.organisation_id,
        owner=version.owner,
        provider_ids={provider_id for _, provider_id in held},
    )
    for transfer, provider_id in held:
        with suppress(NotConfirmedYet):
            granted = teams_granted(
                session, trust=trust, transfer=transfer, provider_id=provider_id, revision_id=version.id
            )
            reading = [team for team, _ in teams[provider_id].reading(load(record.version), {})]
            went_out = (str(transfer.id), str(version.id)) in sent or any(
                team.id in granted for team in reading
            )
            if went_out or version.owner in OPENS_FIRST:
                found.setdefault(transfer.id, []).extend(
                    Lacking(team.name, version.owner, version.number)
                    for team in reading
                    if team.id not in granted
                )


def _sent_in_chain(session: Session, record: Record) -> frozenset[tuple[str, str]]:
    """The transfers of a record and the versions that went out by them, as the events of its school say."""
    of_record = and_(
        Event.body.contains(f'"kind":"{SENT_EVENT}"'), Event.body.contains(f'"record":"{record.id}"')
    )
    return frozenset(
        (str(value), str(action.about.get("revision")))
        for action in chain.told(session, record.organisation_id, of_record)
        if action.kind == SENT_EVENT and action.about.get("record") == str(record.id)
        for name, value in action.about.items()
        if name.startswith("transfer")
    )
