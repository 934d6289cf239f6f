"""What an organisation's people did, in plain words: its own events, the newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.confirmed_names import confirmed_names
from transition_exchange.exchange.keys.team_identities import seen_teams
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.paging import ON_A_PAGE
from transition_exchange.store import events
from transition_exchange.store.database import Database
from transition_exchange.store.models import Organisation, Principal
from transition_exchange.store.newest_events import stretch

WORDS: Mapping[str, str] = {
    "account.locked": "entered too many wrong passphrases or codes",
    "administrator.named": "made somebody an administrator",
    "administrator.unnamed": "removed an administrator’s rights",
    "area.changed": "changed the area’s settings",
    "administrator.added": "made an invitation for an administrator, on the server",
    "administrator.invited": "invited an administrator into an organisation",
    "area.founded": "set up the area",
    "attachment.added": "attached a document",
    "attachment.downloaded": "downloaded a document",
    "attachment.removed": "removed a document",
    "browser.forgotten": "made a browser ask for a code again",
    "change.accepted": "accepted a change of a team’s name or work",
    "change.made": "changed the name or work of a team that nobody had joined",
    "change.proposed": "proposed a change of a name or of a team’s work",
    "change.refused": "refused a change of a team’s name or work",
    "change.withdrawn": "withdrew a change of a team’s name or work",
    "inbox.exported": "downloaded records as a table, without opening them",
    "invitation.cancelled": "cancelled an invitation",
    "invitation.completed": "finished an invitation",
    "invitation.locked": "entered too many wrong invitation codes",
    "invitation.readdressed": "sent an invitation to another address",
    "invitation.sent_again": "sent an invitation again",
    "council_key.compared": "compared the council’s new security number by phone",
    "key.changed": "changed a team’s key",
    "key.confirmed": "confirmed a team’s security number by phone",
    "key.published": "made a team’s security number",
    "key.retired": "finished the change of a team’s key, so that the key before counts no longer",
    "key.taken": "took their team’s new key",
    "key.vouched": "confirmed the new key of another team here",
    "key.renewed": "sealed or signed something anew, because a team or its key changed",
    "key.seconded": "confirmed a team’s security number by phone, besides the council",
    "late_save.dropped": "discarded unsaved work",
    "late_save.kept": "had work kept that could not be saved",
    "learner.added": "added a learner",
    "learner.removed": "removed a learner who had been added by mistake",
    "learners.exported": "downloaded a list of learners",
    "member.removed": "removed somebody from a team",
    "organisation.invited": "invited an organisation",
    "pack.downloaded": "downloaded a record",
    "passphrase.chosen": "chose a new passphrase",
    "person.invited": "invited somebody",
    "person.joined": "joined",
    "member.joined": "joined a team",
    "person.removed": "removed somebody",
    "person.signed_out": "signed somebody out everywhere",
    "query.answered": "answered a question",
    "query.asked": "asked a question",
    "query.closed": "closed a question",
    "record.deleted": "deleted records that were due for deletion",
    "record.released": "made a new version ready",
    "record.saved": "saved a form",
    "safeguarding.taken_back": "took a safeguarding answer back",
    "record.typed": "typed in a form, which saved itself",
    "record.sent": "sent a record",
    "recovery_code.made": "made a recovery code",
    "recovery_code.proven": "typed a recovery code back",
    "second_confirmer.accepted": "accepted what the area’s rules say about a second confirmer",
    "second_factor.another_begun": "began to change to another code app",
    "second_factor.begun": "began to set up a code app",
    "second_factor.confirmed": "set up a code app",
    "second_factor.replaced": "changed to another code app",
    "session.confirmed": "gave their passphrase or a code again",
    "session.ended": "ended a session of theirs in another browser",
    "session.signed_in": "signed in",
    "session.signed_out": "signed out",
    "team.contact_set": "said whom to ring about what a team sent",
    "team.notices_set": "set where a team’s notices go",
    "person.notices_set": "chose when to get notices of their own",
    "team.reminded": "reminded a school’s team by e-mail",
    "transfer.deleted": "said that what was kept of a record that was taken back is deleted",
    "transfer.acknowledged": "acknowledged records",
    "transfer.kept": "decided that a record stays with a provider",
    "transfer.opened": "opened a record",
    "transfer.recalled": "took a record back",
    "year.closed": "closed a leaving year",
    "year.reopened": "opened a closed leaving year again",
    "version.held_back": "left a provider with the version of a record that it has",
}
"""What each kind of event says on a page. A kind that is missing here says its own words."""


@dataclass(frozen=True)
class Action:
    """One thing that was done.

    Attributes:
        seq: its number in the organisation's chain of events.
        who: the name of the person; empty if the service did it by itself.
        what: what was done, in words that follow the name.
        about: the names of the team and the organisation that it concerned; empty if it names none. A team of another
            organisation stands with the organisation's name.
        count: how many records, learners or packs it concerned; None if it gives no number.
    """

    seq: int
    at: datetime
    who: str
    what: str
    about: str
    count: int | None


@dataclass(frozen=True)
class Actions:
    """A page of actions, the newest first.

    Attributes:
        older: the `before` of the next page; None on the last page.
        whole: whether the chain says that none of them was changed and none between them is missing.
    """

    actions: tuple[Action, ...]
    older: int | None
    whole: bool = True


def words_for(kind: str) -> str:
    """What a kind of event says on a page."""
    return WORDS.get(kind, kind.replace(".", " ").replace("_", " "))


def activity(*, db: Database, actor: Actor, before: int | None = None) -> Actions:
    """What the people of the actor's organisation did, the newest first. What failed its check is left out.

    Args:
        before: only actions that are older than the one with this number.
    """
    with db.read() as session:
        newest = stretch(session, actor.organisation_id, before=before, most=ON_A_PAGE)
        logged = [entry.action for entry in newest.entries if entry.action]
        person_ids = {event.principal_id for event in logged if event.principal_id}
        people = _names(session, select(Principal.id, Principal.name).where(Principal.id.in_(person_ids)))
        teams = seen_teams(session, actor=actor, team_ids=_ids(logged, "team"))
        at = {id: team.identity.organisation_id for id, team in teams.items()}
        ids = {*_ids(logged, "organisation"), *at.values()}
        subjects = {
            **_names(session, select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids))),
            **confirmed_names(session, trust=trust_of(session, actor), organisation_ids=ids),
            **{id: team.identity.name for id, team in teams.items()},
        }
    elsewhere = {id: place for id, place in at.items() if place != actor.organisation_id}
    return Actions(
        actions=tuple(_action(event, people, subjects, elsewhere) for event in logged),
        older=newest.entries[-1].seq if newest.goes_on else None,
        whole=newest.whole,
    )


def _names(session: Session, query: Select[UUID, str]) -> dict[UUID, str]:
    return {row[0]: row[1] for row in session.execute(query)}


def _ids(logged: Sequence[events.Action], name: str) -> set[UUID]:
    return {subject_id for event in logged if (subject_id := _id(event.about.get(name)))}


def _id(value: object) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None


def _action(
    event: events.Action,
    people: Mapping[UUID, str],
    subjects: Mapping[UUID, str],
    elsewhere: Mapping[UUID, UUID],
) -> Action:
    team_id, organisation_id = (_id(event.about.get(name)) for name in ("team", "organisation"))
    if organisation_id is None and team_id is not None:
        organisation_id = elsewhere.get(team_id)
    about = [subjects[id] for id in (team_id, organisation_id) if id is not None and id in subjects]
    numbers = [event.about.get(name) for name in ("records", "transfers", "learners")]
    counts = [number for number in numbers if isinstance(number, int) and number]
    return Action(
        seq=event.seq,
        at=event.at,
        who=people.get(event.principal_id, "") if event.principal_id else "",
        what=words_for(event.kind),
        about=", ".join(about),
        count=counts[0] if counts else None,
    )
