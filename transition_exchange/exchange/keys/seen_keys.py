"""What a person remembers of teams' keys once they have seen them: the newest, those before it, what was retired."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.key_rows import fingerprint_of, keys_by_version, retirement_in
from transition_exchange.exchange.keys.second_confirmations import is_of_line
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.sealing.address_book import RememberedKey
from transition_exchange.sealing.second_confirmer import SecondConfirmer
from transition_exchange.store.models import Organisation, Team, TeamKey


def newest_keys(session: Session, *, actor: Actor, trust: Trust) -> dict[UUID, RememberedKey]:
    """The newest trusted keys of the NEET group and of the area's teams that have had more than one."""
    councils = trust.council_ids
    changed = session.scalars(
        select(TeamKey.team_id)
        .join(Team, Team.id == TeamKey.team_id)
        .join(Organisation, Organisation.id == Team.organisation_id)
        .where(
            TeamKey.version > 1,
            Organisation.area_id
            == select(Organisation.area_id).where(Organisation.id == actor.organisation_id).scalar_subquery(),
        )
        .distinct()
    )
    newest: dict[UUID, RememberedKey] = {}
    for team_id, line in keys_by_version(session, {*changed, *councils}).items():
        root = team_id in councils
        for version in sorted(line, reverse=True):
            key = line[version]
            if trust.is_root(session, key) if root else trust.known(session, key) is not None:
                newest[team_id] = _seen_of(session, trust, key, root=root)
                break
    return newest


def newest_councils(session: Session, *, trust: Trust) -> dict[UUID, RememberedKey]:
    """The newest key of each NEET group that counts in this session, for newcomers and for a team's next key.

    A pin says which key follows. Somebody who has left may have signed another while the key that they know was
    still the newest one.

    Args:
        trust: which keys the session trusts.
    """
    newest = {team_id: key for team_id, key in trust.roots.remembered.items() if key.root}
    for team_id in trust.council_ids:
        for key in trust.roots.lines.of(session, team_id).values():
            if trust.is_root(session, key):
                newest[team_id] = _seen_of(session, trust, key, root=True)
    return newest


def key_to_compare(session: Session, *, actor: Actor, trust: Trust) -> TeamKey | None:
    """The newest key of a NEET group that follows on one the session goes by, and whose number is not compared yet.

    A row that follows on none is passed over, whatever number it has: anybody could have put it there.

    Members of the NEET group compare it with the colleague who handed it over, when they take it.

    Args:
        actor: whose session it is.
        trust: which keys the session trusts.
    """
    theirs = {team.id for team in actor.teams} | {offer.held.team.id for offer in actor.offers}
    for team_id in sorted(trust.council_ids - theirs):
        line = trust.roots.lines.of(session, team_id)
        for version in sorted(line, reverse=True):
            if trust.is_root(session, line[version]):
                break  # compared already, and nothing newer follows on it
            if trust.roots.lead_to(session, line[version]):
                return line[version]
    return None


def council_as_compared(session: Session, *, trust: Trust, key: TeamKey) -> RememberedKey:
    """What a person remembers of a NEET group once they have compared the number of its new key.

    It is not this key if the person has seen another one in its place before.

    Args:
        trust: which keys the session trusts.
        key: the key.
    """
    line = trust.roots.lines.of(session, key.team_id).values()
    seen = _seen(
        [*(row for row in line if trust.roots.hold(session, row)), key],
        newest=key,
        root=True,
    )
    return _after(trust.roots.remembered.get(key.team_id), seen)


def second_key(
    session: Session, *, trust: Trust, second: SecondConfirmer, remembered: RememberedKey | None
) -> RememberedKey | None:
    """What a person remembers of a second confirmer's keys now; None if nothing.

    Somebody who has left can sign a next key as well. So only those are remembered that the council confirmed or that
    this session trusts, and a confirmed one takes the place of what was remembered.

    Args:
        trust: which keys the session trusts.
        second: the second confirmer.
        remembered: what they remembered before.
    """
    lines, confirmed = trust.roots.lines, trust.is_confirmed(session)
    rows = [
        key
        for key in lines.of(session, second.team.id).values()
        if is_of_line(session, key, second, lines=lines, remembered=remembered, confirmed=confirmed)
        and (confirmed(key) or trust.known(session, key) is not None)
    ]
    if not rows:
        return remembered
    return _after(remembered, _seen(rows, newest=max(rows, key=lambda key: key.version)))


def _seen_of(session: Session, trust: Trust, key: TeamKey, *, root: bool) -> RememberedKey:
    """What the person remembers of a team once they have seen a key of it that counts, with what they knew before."""
    line = trust.roots.lines.of(session, key.team_id).values()
    is_theirs = trust.roots.hold if root else trust.is_of_team
    seen = _seen([row for row in line if is_theirs(session, row)], newest=key, root=root)
    return _after(trust.roots.remembered.get(key.team_id), seen)


def _after(remembered: RememberedKey | None, seen: RememberedKey) -> RememberedKey:
    return remembered.after(seen) if remembered else seen


def _seen(team_keys: Iterable[TeamKey], *, newest: TeamKey, root: bool = False) -> RememberedKey:
    """What a person remembers who sees the keys of a team.

    Args:
        team_keys: those of its stored keys that are the team's.
        newest: the last of them that counts.
        root: whether the team is the NEET group.
    """
    seen = [key for key in team_keys if key.version <= newest.version]
    return RememberedKey(
        newest.version,
        fingerprint_of(newest).hex(),
        max((key.version for key in seen if retirement_in(key) is not None), default=1),
        root,
        tuple(
            sorted((key.version, fingerprint_of(key).hex()) for key in seen if key.version < newest.version)
        ),
    )
