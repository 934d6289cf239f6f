"""Which drafts a team can open, and what it is told where its key was confirmed after they were written."""

from __future__ import annotations

from sqlalchemy import Exists, exists, false, or_, select
from sqlalchemy.orm import Session

from transition_exchange.english import listed
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records.kept_keyrings import opened_with
from transition_exchange.exchange.records.ownership import owner_teams
from transition_exchange.exchange.records.transfers import SIGNED_BY
from transition_exchange.purposes import SENDING
from transition_exchange.store.database import Database
from transition_exchange.store.models import Card, Grant, Record, Revision


def opened_by(actor: Actor, owner: str, *, formerly: bool = False) -> Exists:
    """The condition that the actor's teams can open an owner's draft of the `Record` that a query is about.

    Args:
        owner: the sending purpose that writes the sections.
        formerly: whether teams count too that gave that work up. They open drafts as they were then.
    """
    keys = [
        key
        for team in actor.teams
        if owner in (team.signs_for if formerly else team.purposes)
        for key in (team.key_id, *team.older)
    ]
    return exists().where(
        Revision.record_id == Record.id,
        Revision.owner == owner,
        Revision.number == 0,
        Grant.revision_id == Revision.id,
        opened_with(keys),
    )


def openable(owner: str) -> Exists:
    """The condition that some team can open an owner's draft of the `Record` that a query is about.

    Args:
        owner: the sending purpose that writes the sections.
    """
    return exists().where(
        Revision.record_id == Record.id,
        Revision.owner == owner,
        Revision.number == 0,
        Grant.revision_id == Revision.id,
        Grant.keyring.is_not(None),
        Grant.withdrawn_at.is_(None),
    )


def waiting(*, db: Database, actor: Actor) -> str:
    """What the lists of a team say while it cannot open some of its school's drafts or of what was sent, or waits for
    those who make its lists; empty if it can open all and all are listed.

    A draft that does not exist yet is not waited for: the first look makes it.
    """
    with db.read() as session:
        trust = trust_of(session, actor)
        for owner in SENDING:
            if actor.team_for(owner) is None:
                continue
            written = exists().where(
                Revision.record_id == Record.id, Revision.owner == owner, Revision.number == 0
            )
            late = select(Record.id).where(
                Record.organisation_id == actor.organisation_id, written, ~opened_by(actor, owner)
            )
            if session.scalar(late.limit(1)) is not None:
                who = others(session, actor=actor, trust=trust, owner=owner)
                if session.scalar(late.where(~openable(owner)).limit(1)) is not None:
                    return (
                        "Some learners cannot be opened: what opens them is missing from the database. "
                        "Tell the council’s NEET group."
                    )
                return (
                    f"Waiting for {who}. Some learners were added before your team did this work or was confirmed. "
                    "They open for you after one of them has signed in and opened the list of learners."
                )
            if _was_sent_without(session, actor=actor, trust=trust, owner=owner):
                who = others(session, actor=actor, trust=trust, owner=owner)
                return (
                    f"Waiting for {who}. Some learners were sent before your team did this work or was confirmed. "
                    "What was sent opens for you after one of them has signed in and opened the list of learners."
                )
        if _is_unlisted(session, actor):
            who = others(session, actor=actor, trust=trust, owner=SIGNED_BY)
            return (
                f"Waiting for {who}. Some learners were added before your team did this work or was confirmed. "
                "They come onto your list after one of them has signed in and opened the list of learners."
            )
    return ""


def _was_sent_without(session: Session, *, actor: Actor, trust: Trust, owner: str) -> bool:
    """Whether another team that writes an owner's sections can open a version that the actor's teams cannot."""
    own = [team for team in actor.teams if owner in team.purposes]
    writing = owner_teams(session, actor=actor, trust=trust, owner=owner)
    further = [team.id for team in writing if actor.team(team.id) is None]
    if not further:
        return False
    released = (Grant.revision_id == Revision.id, Grant.transfer_id.is_(None), Grant.withdrawn_at.is_(None))
    keys = [key for team in own for key in (team.key_id, *team.older)]
    versions = (
        select(Revision.id)
        .join(Record, Record.id == Revision.record_id)
        .where(
            Record.organisation_id == actor.organisation_id,
            Revision.owner == owner,
            Revision.number > 0,
            ~exists().where(*released, opened_with(keys)),
            exists().where(
                *released,
                Grant.grantee_team_id.in_(further),
                or_(Grant.keyring.is_not(None), Grant.kept.is_not(None)),
            ),
        )
    )
    return session.scalar(versions.limit(1)) is not None


def _is_unlisted(session: Session, actor: Actor) -> bool:
    """Whether a list of the actor's teams lacks a learner of the school, because other teams are still to add them."""
    if actor.team_for(SIGNED_BY) is not None:
        return False  # the steps of their own list add them
    lacking = [
        ~exists().where(
            Card.record_id == Record.id,
            Card.team_id == team.id,
            Card.transfer_id.is_(None),
            Card.state != "due",
        )
        for team in actor.teams
        if team.confirmed and not team.purposes.isdisjoint(SENDING)
    ]
    of_school = select(Record.id).where(
        Record.organisation_id == actor.organisation_id, or_(false(), *lacking)
    )
    return session.scalar(of_school.limit(1)) is not None


def others(session: Session, *, actor: Actor, trust: Trust, owner: str) -> str:
    """The names of the teams that write the same sections as a team of the actor's, for a sentence.

    Args:
        trust: which keys the session trusts.
        owner: the sending purpose that writes the sections.
    """
    names = [
        team.name
        for team in owner_teams(session, actor=actor, trust=trust, owner=owner)
        if actor.team(team.id) is None
    ]
    return listed(names) if names else "a member of a team that can open it"
