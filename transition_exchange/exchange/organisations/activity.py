"""What an organisation's people did, in plain words: its own events, newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.paging import ON_A_PAGE
from transition_exchange.store import events
from transition_exchange.store.database import Database
from transition_exchange.store.models import Event, Organisation, Principal, Team

WORDS: Mapping[str, str] = {
    "account.locked": "entered too many wrong passphrases or codes",
    "administrator.named": "made somebody an administrator",
    "administrator.unnamed": "took an administrator’s rights back",
    "area.changed": "changed the area’s settings",
    "area.founded": "set up the area",
    "attachment.added": "attached a document",
    "attachment.downloaded": "downloaded a document",
    "attachment.removed": "removed a document",
    "inbox.exported": "downloaded a list of records",
    "invitation.cancelled": "cancelled an invitation",
    "invitation.completed": "finished an invitation",
    "invitation.locked": "entered too many wrong invitation codes",
    "invitation.sent_again": "sent an invitation again",
    "key.confirmed": "confirmed a team’s security number by phone",
    "key.published": "made a team’s security number",
    "late_save.dropped": "threw unsaved work away",
    "late_save.kept": "had unsaved work kept after their session ended",
    "learner.added": "added a learner",
    "learners.exported": "downloaded a list of learners",
    "member.removed": "took somebody out of a team",
    "organisation.invited": "invited an organisation",
    "pack.downloaded": "downloaded a pack",
    "passphrase.chosen": "chose a new passphrase",
    "person.invited": "invited somebody",
    "person.joined": "joined",
    "person.removed": "removed somebody",
    "query.answered": "answered a question",
    "query.asked": "asked a question",
    "query.closed": "closed a question",
    "record.deleted": "deleted records whose day had come",
    "record.released": "made a new version ready",
    "record.saved": "saved a form",
    "record.sent": "sent a record",
    "recovery_code.made": "made a recovery code",
    "recovery_code.proven": "typed a recovery code back",
    "second_factor.begun": "began to set up a code app",
    "second_factor.confirmed": "set up a code app",
    "second_factor.replaced": "changed to another code app",
    "session.signed_in": "signed in",
    "session.signed_out": "signed out",
    "team.reminded": "reminded a school’s team by e-mail",
    "transfer.acknowledged": "acknowledged records",
    "transfer.opened": "opened a record",
    "transfer.recalled": "took a record back",
}
"""Kinds of events as people read them; one that is not here is read as its own words."""


@dataclass(frozen=True)
class Deed:
    """One thing that was done.

    Attributes:
        who: the person; empty where the service did it by itself.
        about: the organisation or team it was about, where it names one.
        count: how many records, learners or packs it was about, where it says.
    """

    seq: int
    at: datetime
    who: str
    what: str
    about: str
    count: int | None


@dataclass(frozen=True)
class Deeds:
    """A page of deeds, newest first; `older` is where the next page starts, if there is one."""

    deeds: tuple[Deed, ...]
    older: int | None


def words_for(kind: str) -> str:
    """What a kind of event says on a page."""
    return WORDS.get(kind, kind.replace(".", " ").replace("_", " "))


def activity(*, db: Database, actor: Actor, before: int | None = None) -> Deeds:
    """What the people of the actor's organisation did, newest first.

    Args:
        before: only deeds older than the one of this number.
    """
    with db.read() as session:
        query = select(Event).where(Event.organisation_id == actor.organisation_id)
        if before is not None:
            query = query.where(Event.seq < before)
        rows = session.scalars(query.order_by(Event.seq.desc()).limit(ON_A_PAGE + 1)).all()
        read = [events.read(row) for row in rows[:ON_A_PAGE]]
        who = {each.principal_id for each in read if each.principal_id}
        people = _names(session, select(Principal.id, Principal.name).where(Principal.id.in_(who)))
        places = select(Organisation.id, Organisation.name).where(
            Organisation.id.in_(_ids(read, "organisation"))
        )
        teams = select(Team.id, Team.name).where(Team.id.in_(_ids(read, "team")))
        things = _names(session, places) | _names(session, teams)
    return Deeds(
        deeds=tuple(_deed(each, people, things) for each in read),
        older=read[-1].seq if len(rows) > ON_A_PAGE else None,
    )


def _names(session: Session, query: Select[UUID, str]) -> dict[UUID, str]:
    return {row[0]: row[1] for row in session.execute(query)}


def _ids(read: Sequence[events.Action], name: str) -> set[UUID]:
    return {UUID(str(each.about[name])) for each in read if each.about.get(name)}


def _deed(deed: events.Action, people: Mapping[UUID, str], things: Mapping[UUID, str]) -> Deed:
    about = [
        things[UUID(str(found))]
        for name in ("team", "organisation")
        if (found := deed.about.get(name)) and UUID(str(found)) in things
    ]
    counts = [int(found) for name in ("records", "transfers", "learners") if (found := deed.about.get(name))]
    return Deed(
        seq=deed.seq,
        at=deed.at,
        who=people.get(deed.principal_id, "") if deed.principal_id else "",
        what=words_for(deed.kind),
        about=", ".join(about),
        count=counts[0] if counts else None,
    )
