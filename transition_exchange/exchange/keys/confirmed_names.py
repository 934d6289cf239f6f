"""What organisations are called in what their teams' confirmations say, whatever their rows are called."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.keys.key_rows import keys_by_version
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.proforma.values import composed
from transition_exchange.sealing.confirmation import Confirmation
from transition_exchange.store.models import TeamChange, TeamKey

Found = TypeVar("Found")

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

NOT_CONFIRMED = "An organisation whose name could not be checked"
"""What stands for the name of an organisation of which no team is confirmed, where its row is not to be believed."""


@dataclass(frozen=True)
class OtherName:
    """That something sealed names an organisation otherwise than the NEET group confirmed it.

    Attributes:
        sealed: the name in what was sealed; empty if it has none.
        confirmed: the name that was confirmed.
        renamed: whether the sealed name had been confirmed before, so that the organisation was renamed since.
    """

    sealed: str
    confirmed: str
    renamed: bool = False

    @property
    def words(self) -> str:
        """What pages say about it where the sealed name stands in a destination."""
        if self.renamed:
            return f"This provider has been renamed: “{self.sealed}” is called “{self.confirmed}” now."
        if not self.sealed:
            return f"The destination has no name, but the provider is confirmed as “{self.confirmed}”."
        return f"The destination says “{self.sealed}”, but the provider is confirmed as “{self.confirmed}”."

    @property
    def beside(self) -> str:
        """What a list puts after the sealed name."""
        return f"now {self.confirmed}" if self.renamed else f"confirmed as {self.confirmed}"


@dataclass(frozen=True)
class ConfirmedName:
    """What an organisation is called by the NEET group.

    Attributes:
        name: the name in the newest confirmation of one of its teams.
        earlier: other names in older confirmations, as far as they are still there.
    """

    name: str
    earlier: frozenset[str] = frozenset()

    def unlike(self, sealed: str) -> OtherName | None:
        """How a sealed name differs from the confirmed one; None if it is the same."""
        if same_name(sealed, self.name):
            return None
        renamed = _plain(sealed) in {_plain(name) for name in self.earlier}
        return OtherName(sealed=sealed, confirmed=self.name, renamed=renamed)


def names_to_show(
    session: Session, *, trust: Trust, organisation_ids: Collection[UUID]
) -> Mapping[UUID, str]:
    """The confirmed names of some organisations, by id, with `NOT_CONFIRMED` for every other."""
    names = confirmed_names(session, trust=trust, organisation_ids=organisation_ids)
    return defaultdict(lambda: NOT_CONFIRMED, names)


def confirmed_names(session: Session, *, trust: Trust, organisation_ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of some organisations as the NEET group confirmed them, by id.

    Confirmations are searched and not rows of teams, which could be moved to another organisation.

    Args:
        trust: which keys the session trusts.
        organisation_ids: the organisations.

    Returns:
        The name in the newest confirmation of one of its teams, or what the session holds of its own teams. An
        organisation without a confirmed team is missing.
    """
    statements = _of_keys(session, trust, frozenset(organisation_ids))
    return {id: history.name for id, history in _histories(trust, organisation_ids, statements).items()}


def names_with_earlier_ones(
    session: Session, *, trust: Trust, organisation_ids: Collection[UUID]
) -> dict[UUID, ConfirmedName]:
    """As `confirmed_names`, with the names that were confirmed before.

    An earlier name is known from a team that keeps it, from a key that the team had then, and from the change by which
    the team took the new one. Whoever can write to the database can remove those, but makes no name that was never
    confirmed of this organisation.
    """
    wanted = frozenset(organisation_ids)
    statements = [*_of_keys(session, trust, wanted), *_of_changes(session, trust, wanted)]
    return _histories(trust, wanted, statements)


def _histories(
    trust: Trust, organisation_ids: Collection[UUID], statements: Collection[Confirmation]
) -> dict[UUID, ConfirmedName]:
    newest: dict[UUID, tuple[str, str]] = {}
    every: defaultdict[UUID, set[str]] = defaultdict(set)
    for statement in statements:
        identity = statement.identity
        confirmed = (str(statement.confirmed_at), identity.organisation_name)
        newest[identity.organisation_id] = max(newest.get(identity.organisation_id, ("", "")), confirmed)
        every[identity.organisation_id].add(identity.organisation_name)
    names = {organisation_id: name for organisation_id, (_, name) in newest.items()}
    for team in trust.own.values():
        if team.organisation_id in organisation_ids:
            names[team.organisation_id] = team.organisation_name
    return {
        organisation_id: ConfirmedName(name, frozenset(every[organisation_id] - {name}))
        for organisation_id, name in names.items()
    }


def _of_keys(session: Session, trust: Trust, wanted: Collection[UUID]) -> list[Confirmation]:
    """What counts today of the teams of some organisations."""
    texts = select(TeamKey.id, TeamKey.confirmation).where(TeamKey.confirmation.is_not(None))
    about = _naming(((key_id, text) for key_id, text in session.execute(texts)), wanted)
    statements = []
    for key in session.scalars(select(TeamKey).where(TeamKey.id.in_(about))):
        statement = trust.confirmation(session, key)
        if statement is None or statement.identity.organisation_id not in wanted:
            continue
        if trust.seconded(session, key, statement):
            statements.append(statement)
    return statements


def _of_changes(session: Session, trust: Trust, wanted: Collection[UUID]) -> Iterator[Confirmation]:
    """What was confirmed of teams of some organisations before they became what they are.

    Where a second confirmer is required, nothing: only the NEET group's signature is kept with a change.
    """
    if trust.seconds:
        return
    done = select(TeamChange).where(TeamChange.outcome == "done", TeamChange.confirmation.is_not(None))
    changes = _naming(((change, change.confirmation) for change in session.scalars(done)), wanted)
    lines = keys_by_version(session, [change.team_id for change in changes])
    for change in changes:
        for key in lines[change.team_id].values():
            statement = trust.confirmation_in(session, change, key)
            if statement is not None and statement.identity.organisation_id in wanted:
                yield statement


def _naming(texts: Iterable[tuple[Found, str | None]], wanted: Collection[UUID]) -> list[Found]:
    """Those whose statement has the id of one of some organisations, before any signature is checked."""
    ids = {str(organisation_id) for organisation_id in wanted}
    return [found for found, text in texts if not ids.isdisjoint(_UUID.findall(text or ""))]


def same_name(one: str, other: str) -> bool:
    """Whether two names of organisations are the same to a reader."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    """A name as a form stores it: composed (NFC), with single spaces."""
    return " ".join(composed(name).split())
