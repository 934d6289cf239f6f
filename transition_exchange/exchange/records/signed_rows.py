"""Which versions, grants and transfers are signed, for lists of many. A row alone says nothing of what was released.

A check of a signature takes a tenth of a millisecond, which is much for a list of 400 learners. So a session keeps what
it has checked: a row with the same columns, under a key that is the same team's still, is not checked again. What was
signed of a version or a grant never changes.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, load_only

from transition_exchange.exchange.errors import NotConfirmedYet
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.records import grants, transfers
from transition_exchange.exchange.records.damaged_rows import DAMAGED
from transition_exchange.exchange.records.ledger_memory import CheckedRow, SignersKey
from transition_exchange.exchange.records.released_manifests import signed_manifest
from transition_exchange.store.models import Grant, Record, Revision, TeamKey, Transfer

READ_AT_ONCE = 500
"""How many rows one query names. Databases limit the number of values in a statement."""


class VersionRow(NamedTuple):
    """The columns of a released version that its manifest says too, or that say who signed it."""

    id: UUID
    record_id: UUID
    owner: str
    number: int
    key: UUID | None
    school: UUID


class GrantRow(NamedTuple):
    """The columns of a grant by a transfer that its statement says too, or that say who signed it.

    Attributes:
        team_id: the team to which it was made.
        owner: the sending purpose that released the version.
        number: the number of the version among that owner's versions.
    """

    id: UUID
    record_id: UUID
    revision_id: UUID
    transfer_id: UUID
    team_id: UUID
    owner: str
    number: int
    created_at: datetime
    key: UUID
    school: UUID


class TransferRow(NamedTuple):
    """The columns of a transfer that its statement says too, or that say who signed it; and its state."""

    id: UUID
    record_id: UUID
    provider_id: UUID
    state: str
    statement: str | None
    signature: bytes | None
    key: UUID | None
    school: UUID
    area: UUID


ELSEWHERE = "elsewhere"
"""What stands for the state of a transfer whose row names another provider than what was signed."""

AnyRow = VersionRow | GrantRow | TransferRow


class Found(NamedTuple):
    """Which of some rows are signed.

    Attributes:
        signed: what was signed of those that a team signed which may sign them, by id: the state of a transfer, or
            `ELSEWHERE` if its row names another provider than what was signed; of a version that takes back the ones
            before it, when it was released; else an empty text.
        awaited: the ids of those that name a key which is not confirmed yet. They cannot be checked for now.
    """

    signed: Mapping[UUID, str]
    awaited: frozenset[UUID]

    def __contains__(self, row_id: object) -> bool:
        """Whether a row is signed, or may be once a key is confirmed."""
        return row_id in self.signed or row_id in self.awaited


def surpassed(rows: Iterable[TransferRow], told: Found) -> frozenset[UUID]:
    """The transfers that do not count because something was signed later about the same record and provider.

    Args:
        rows: the transfers of some records, all of these records'.
        told: which of them are signed.
    """
    places: defaultdict[tuple[UUID, str], list[tuple[datetime, UUID]]] = defaultdict(list)
    for row in rows:
        if row.id in told.signed:
            # Whoever checked the signature has checked the fields too, which takes ten times as long as to read them.
            statement = json.loads(row.statement or "")
            place = row.record_id, statement["provider"]
            places[place].append((datetime.fromisoformat(statement["at"]), row.id))
    return frozenset(row_id for signed in places.values() for _, row_id in sorted(signed)[:-1])


STANDING = (or_(Grant.keyring.is_not(None), Grant.kept.is_not(None)), Grant.withdrawn_at.is_(None))
"""The conditions that a grant was not withdrawn."""


@dataclass(frozen=True)
class SignedRows:
    """Checks rows for one session.

    Attributes:
        trust: which keys the session trusts.
        checked: what the session has checked before, by id. What is checked now is put there too.
    """

    session: Session
    trust: Trust
    checked: dict[UUID, CheckedRow]

    def versions(self, *which: ColumnElement[bool]) -> tuple[Sequence[VersionRow], Found]:
        """The released versions with some columns, and which of them a team signed that does their owner's work.

        Returns:
            Their rows, the lowest number first, and the answer.
        """
        columns = self.session.execute(
            select(
                Revision.id,
                Revision.record_id,
                Revision.owner,
                Revision.number,
                Revision.team_key_id,
                Record.organisation_id,
            )
            .join(Record, Record.id == Revision.record_id)
            .where(Revision.number > 0, *which)
            .order_by(Revision.number)
        )
        rows = [VersionRow._make(row) for row in columns]
        return rows, self._found(rows, self._check_versions)

    def grant_rows(self, *which: ColumnElement[bool]) -> Sequence[GrantRow]:
        """The grants of versions by transfers with some columns of theirs, of the version, the transfer or the record.

        Those that were withdrawn are among them, and those whose transfer has no row any more.
        """
        columns = self.session.execute(
            select(
                Grant.id,
                Grant.record_id,
                Grant.revision_id,
                Grant.transfer_id,
                Grant.grantee_team_id,
                Revision.owner,
                Revision.number,
                Grant.created_at,
                Grant.grantor_key_id,
                Record.organisation_id,
            )
            .join(Record, Record.id == Grant.record_id)
            .join(Revision, Revision.id == Grant.revision_id)
            .outerjoin(Transfer, Transfer.id == Grant.transfer_id)
            .where(Revision.number > 0, Grant.transfer_id.is_not(None), *which)
        )
        return [GrantRow._make(row) for row in columns]

    def grants(self, rows: Sequence[GrantRow]) -> Found:
        """Which of some grants a team of the record's school signed that does the owner's work.

        Args:
            rows: out of `grant_rows`.
        """
        return self._found(rows, self._check_grants)

    def transfers(self, *which: ColumnElement[bool]) -> tuple[Sequence[TransferRow], Found]:
        """The transfers with some columns, and which of them a transition team of the record's school signed."""
        columns = self.session.execute(
            select(
                Transfer.id,
                Transfer.record_id,
                Transfer.provider_id,
                Transfer.state,
                Transfer.statement,
                Transfer.signature,
                Transfer.team_key_id,
                Record.organisation_id,
                Record.area_id,
            )
            .join(Record, Record.id == Transfer.record_id)
            .where(*which)
        )
        rows = [TransferRow._make(row) for row in columns]
        return rows, self._found(rows, self._check_transfers)

    def _found(
        self, rows: Sequence[AnyRow], check: Callable[[Sequence[UUID]], Iterator[tuple[UUID, str | None]]]
    ) -> Found:
        keys, held = self._keys({row.key for row in rows})
        by_id = {row.id: row for row in rows}
        signed: dict[UUID, str] = {}
        awaited, unknown = set[UUID](), list[UUID]()
        for row in by_id.values():
            before = self.checked.get(row.id)
            if before is not None and before.row == row and before.key == keys.get(row.key):
                signed[row.id] = before.told
            else:
                unknown.append(row.id)
        for start in range(0, len(unknown), READ_AT_ONCE):
            for row_id, told in check(unknown[start : start + READ_AT_ONCE]):
                if told is None:
                    awaited.add(row_id)
                    continue
                signed[row_id] = told
                row = by_id[row_id]
                if (key := keys.get(row.key)) is not None:
                    self.checked[row_id] = CheckedRow(row, key, told)
        del held
        return Found(signed, frozenset(awaited))

    def _keys(
        self, key_ids: Collection[UUID | None]
    ) -> tuple[Mapping[UUID | None, SignersKey], Sequence[TeamKey]]:
        """Whose some keys are, of those that the session trusts, and their rows.

        While the rows are held, the session asks for none of them again.
        """
        rows = self.session.scalars(select(TeamKey).where(TeamKey.id.in_(key_ids))).all() if key_ids else []
        self.trust.roots.lines.read(self.session, {row.team_id for row in rows})
        known = {row.id: team for row in rows if (team := self.trust.known(self.session, row)) is not None}
        return {
            key_id: SignersKey(team.identity, team.signing_public) for key_id, team in known.items()
        }, rows

    def _held_records(self, kind: type[Revision | Grant | Transfer], ids: Sequence[UUID]) -> Sequence[Record]:
        """The records of some rows. While they are held, the session asks for none of them again."""
        of_rows = select(kind.record_id).where(kind.id.in_(ids))
        return self.session.scalars(select(Record).where(Record.id.in_(of_rows))).all()

    def _check_versions(self, ids: Sequence[UUID]) -> Iterator[tuple[UUID, str | None]]:
        held = self._held_records(Revision, ids)
        for revision in self.session.scalars(select(Revision).where(Revision.id.in_(ids))).all():
            yield from _outcome(revision.id, partial(self._taken_back_at, revision))
        del held

    def _taken_back_at(self, revision: Revision) -> str:
        """When a version was released that takes back those before it; empty for any other."""
        manifest = signed_manifest(self.session, trust=self.trust, revision=revision)
        return str(manifest.released_at) if manifest.withdraws is not None else ""

    def _check_grants(self, ids: Sequence[UUID]) -> Iterator[tuple[UUID, str | None]]:
        of_grants = select(Grant.revision_id).where(Grant.id.in_(ids))
        versions = select(Revision).options(load_only(Revision.owner)).where(Revision.id.in_(of_grants))
        held = [*self._held_records(Grant, ids), *self.session.scalars(versions)]
        # Without the keyrings, which are large and are not opened here.
        columns = load_only(
            Grant.record_id,
            Grant.revision_id,
            Grant.attachment_id,
            Grant.transfer_id,
            Grant.grantor_team_id,
            Grant.grantor_key_id,
            Grant.grantee_team_id,
            Grant.statement,
            Grant.signature,
        )
        for grant in self.session.scalars(select(Grant).options(columns).where(Grant.id.in_(ids))).all():
            yield from _outcome(grant.id, partial(self._is_granted, grant))
        del held

    def _is_granted(self, grant: Grant) -> str:
        grants.statement_of(self.session, trust=self.trust, grant=grant)
        return ""

    def _check_transfers(self, ids: Sequence[UUID]) -> Iterator[tuple[UUID, str | None]]:
        records = {record.id: record for record in self._held_records(Transfer, ids)}
        for transfer in self.session.scalars(select(Transfer).where(Transfer.id.in_(ids))).all():
            record = records.get(transfer.record_id)
            if record is None:
                continue
            statement = transfers.statement_of(
                self.session, trust=self.trust, record=record, transfer=transfer
            )
            if statement is not None:
                here = str(statement.provider) == str(transfer.provider_id)
                yield transfer.id, statement.state if here else ELSEWHERE
            elif transfers.awaited_statement(
                self.session, trust=self.trust, record=record, transfer=transfer
            ):
                yield transfer.id, None


def _outcome(row_id: UUID, check: Callable[[], str]) -> Iterator[tuple[UUID, str | None]]:
    """A row's id with what was signed of it, with None if its key waits; nothing if nobody signed it."""
    try:
        told = check()
    except NotConfirmedYet:
        yield row_id, None
    except DAMAGED:
        return
    else:
        yield row_id, told
