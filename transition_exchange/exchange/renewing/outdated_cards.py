"""Which of a school's cards are to be made anew, and by whom.

Which key signed a card stands inside what is sealed. But every card that is older than the newest key was signed by
another one. When that key was made says the statement that the key before signed about it.

A team that gave this work up makes cards anew too, as far as it can open what they are made of. The teams that do the
work make anew whatever is older than the day on which that team gave it up, or than its newest key. They also make anew
the cards for a team that gets work: nobody kept these while it did not do it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, KnownTeam, OpenTeam
from transition_exchange.exchange.keys import changes
from transition_exchange.exchange.keys.key_rows import fingerprint_of, keys_by_version, succession_of
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.records.kept_keyrings import opened_with
from transition_exchange.exchange.records.ownership import former_owner_teams, teams_of
from transition_exchange.exchange.records.transfers import SIGNED_BY
from transition_exchange.exchange.renewing.signers import counts_since, waiting_teams
from transition_exchange.exchange.writing.late_teams import opened_by
from transition_exchange.exchange.writing.school_cards import own_and_coordinating
from transition_exchange.purposes import COORDINATING, SENDING
from transition_exchange.store.base import utc_now
from transition_exchange.store.models import Card, Grant, Organisation, Record, Revision, Team


def can_be_made_by(actor: Actor) -> ColumnElement[bool]:
    """The condition that the actor's teams hold what a card is made of.

    They make no card of a transfer of which only another team of the school was granted what was sent: that team sent
    the record, or has not passed it on yet. Where none was, it is lost, and those that write the form count it.
    """
    teams = [team for team in actor.teams if SIGNED_BY in team.signs_for]
    theirs = and_(
        Grant.grantee_team_id.in_([team.id for team in teams]),
        opened_with([key_id for team in teams for key_id in (team.key_id, *team.older)]),
    )
    of_school = Grant.grantee_team_id.in_(
        select(Team.id).where(Team.organisation_id == actor.organisation_id)
    )
    lost = and_(opened_by(actor, SIGNED_BY), ~_was_granted(of_school))
    return or_(
        and_(
            Card.transfer_id.is_(None),
            or_(opened_by(actor, SIGNED_BY), opened_by(actor, SIGNED_BY, formerly=True)),
        ),
        and_(Card.transfer_id.is_not(None), or_(_was_granted(theirs), lost)),
    )


def _was_granted(to: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition that what was sent by a card's transfer was granted to some teams."""
    return (
        select(Grant.id)
        .join(Revision, Revision.id == Grant.revision_id)
        .where(
            Grant.record_id == Card.record_id,
            Grant.transfer_id == Card.transfer_id,
            Revision.owner == SIGNED_BY,
            Grant.withdrawn_at.is_(None),
            to,
        )
        .exists()
    )


def outdated(session: Session, *, actor: Actor, trust: Trust) -> ColumnElement[bool] | None:
    """The condition that a card is to be made anew; None if there can be none."""
    return _any_of(_older(session, actor, trust), of_others(session, actor=actor, trust=trust))


def of_others(session: Session, *, actor: Actor, trust: Trust) -> ColumnElement[bool] | None:
    """As `outdated`, but only of cards that do not rest on an own older key."""
    return _any_of(
        _awaited(session, actor=actor, trust=trust),
        _of_former_teams(session, actor=actor, trust=trust),
        _of_waiting_teams(session, actor=actor, trust=trust),
        _of_teams_with_more_work(session, actor=actor, trust=trust),
    )


def _any_of(*conditions: ColumnElement[bool] | None) -> ColumnElement[bool] | None:
    asked = [condition for condition in conditions if condition is not None]
    return or_(*asked) if asked else None


def _awaited(session: Session, *, actor: Actor, trust: Trust) -> ColumnElement[bool] | None:
    """The condition that a transfer's card is due and can be made now; None if there is none, or none for the actor."""
    if not any(SIGNED_BY in team.signs_for for team in actor.teams):
        return None
    due = and_(Card.state == "due", Card.transfer_id.is_not(None))
    waiting = select(Card.team_id).join(Record, Record.id == Card.record_id)
    team_ids = session.scalars(
        waiting.where(Record.organisation_id == actor.organisation_id, due).distinct()
    ).all()
    trusted = trust.current(session, team_ids)
    return and_(due, Card.team_id.in_(trusted)) if trusted else None


def _older(session: Session, actor: Actor, trust: Trust) -> ColumnElement[bool] | None:
    """The condition that a card is older than the newest key; None if the teams that make cards never had another."""
    made = max((at for team in actor.teams if (at := _made_at(session, team)) is not None), default=None)
    if made is None:
        return None
    return and_(Card.changed_at < made, _rests_on_signer(session, actor, trust))


def _rests_on_signer(session: Session, actor: Actor, trust: Trust) -> ColumnElement[bool]:
    """The condition that a card counts only as long as the key that signed it does.

    That is what lies in the post, and the cards of records in the ledgers of the school's own teams. Who does no work
    for which it gets cards of records has no list of these (`records.ledgers`).
    """
    own = [row.id for row in teams_of(session, actor.organisation_id)]
    return or_(
        and_(Card.state == "post", Card.transfer_id.is_not(None)),
        and_(
            or_(Card.state == "post", and_(Card.state == "ledger", Card.team_id.in_(own))),
            Card.transfer_id.is_(None),
            Card.team_id.in_(_getting(session, actor, trust)),
        ),
    )


def _getting(session: Session, actor: Actor, trust: Trust) -> list[UUID]:
    """The teams that get a card of every record of the actor's school."""
    area_id = session.get_one(Organisation, actor.organisation_id).area_id
    recipients = own_and_coordinating(
        session, area_id=area_id, organisation_id=actor.organisation_id, trust=trust
    )
    return [recipient.team_id for recipient in recipients]


def _of_former_teams(session: Session, *, actor: Actor, trust: Trust) -> ColumnElement[bool] | None:
    """The condition that a card may be by a team that gave the work up; None if none did, or the actor does not do it.

    Such a card is older than what the council last confirmed of that team, or than its newest key. Which one of the
    school's teams made it cannot be seen.
    """
    if actor.team_for(SIGNED_BY) is None:
        return None
    former = former_owner_teams(session, actor=actor, trust=trust, owner=SIGNED_BY)
    at = max((at for team in former if (at := _gave_up_at(session, trust, team)) is not None), default=None)
    if at is None:
        return None
    return and_(Card.changed_at < at, _rests_on_signer(session, actor, trust))


def _of_waiting_teams(session: Session, *, actor: Actor, trust: Trust) -> ColumnElement[bool] | None:
    """The condition that a card may be by a team of the actor's whose key waits; None if there is none to make anew.

    While no key of theirs counted, any of them signed. Now one counts, and makes anew what is older.
    """
    if not any(SIGNED_BY in team.signs_for for team in waiting_teams(actor, SIGNED_BY)):
        return None
    first = actor.teams_for(SIGNED_BY)[0]
    at = counts_since(session, trust, first) if first.confirmed else None
    if at is None:
        return None
    return and_(Card.changed_at < at, _rests_on_signer(session, actor, trust))


def _of_teams_with_more_work(session: Session, *, actor: Actor, trust: Trust) -> ColumnElement[bool] | None:
    """The condition that a card of a record is older than the day on which its team got the work for which it has it.

    While the team did not do it, nobody brought the card up to date or made it anew after a change of a key. None if
    the actor's teams make no cards, or no team got such work.
    """
    if actor.team_for(SIGNED_BY) is None:
        return None
    return older_than_work(session, _getting(session, actor, trust))


def older_than_work(session: Session, team_ids: Sequence[UUID]) -> ColumnElement[bool] | None:
    """The condition that a card of a record is older than the work for which its team has it; None if none can be.

    Args:
        team_ids: the teams whose cards are meant.
    """
    since = changes.more_work(session, team_ids, (*SENDING, *COORDINATING))
    if not since:
        return None
    return and_(
        Card.state != "due",
        Card.transfer_id.is_(None),
        or_(*(and_(Card.team_id == team_id, Card.changed_at < at) for team_id, at in since.items())),
    )


def _gave_up_at(session: Session, trust: Trust, team: KnownTeam) -> datetime | None:
    """Until when a team that gave work up can have made something that rests on a key of its own: not after today."""
    line = keys_by_version(session, [team.id])[team.id]
    newest = next((key for key in line.values() if key.id == team.key_id), None)
    basis = trust.basis(session, newest) if newest else None
    if newest is None or basis is None:
        return None
    before = line.get(newest.version - 1)
    statement = succession_of(newest, before) if before else None
    moments = [basis[1].confirmed_at, *([statement.at] if statement else [])]
    return min(utc_now(), max(datetime.fromisoformat(str(at)) for at in moments))


def _made_at(session: Session, team: OpenTeam) -> datetime | None:
    """When the newest key of a team that makes cards, or made them, was made, as the team's key before signed it.

    Returns:
        The time; None for a team that never made cards or has no older key. None too if that statement is not there any
        more: then nobody else follows to the new key, and cards signed with it would be believed by nobody.
    """
    if SIGNED_BY not in team.signs_for or not team.older:
        return None
    line = keys_by_version(session, [team.id])[team.id]
    newest, before = line.get(team.version), line.get(team.version - 1)
    if newest is None or before is None or fingerprint_of(newest) != team.secret.fingerprint:
        return None
    held = team.secret_of(before.id)
    is_own = held is not None and held.fingerprint == fingerprint_of(before)
    statement = succession_of(newest, before) if is_own else None
    return None if statement is None else datetime.fromisoformat(str(statement.at))
