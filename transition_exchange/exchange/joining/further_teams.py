"""A further invitation for somebody who has an account: what they hold already goes before what it says.

Whoever completes an invitation can put anything into it, and can have written the invitation into the database. For a
newcomer that is all they have to go by. Somebody with an account knows better: their council, their second confirmer,
and the keys of the teams that they are in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.errors import NotReady, Tampered
from transition_exchange.exchange.joining.bundles import Bundle
from transition_exchange.exchange.joining.named_teams import ANOTHER_TEAM
from transition_exchange.exchange.keys.changes import followed
from transition_exchange.exchange.keys.held_keys import (
    FIRST,
    follows,
    is_as_confirmed,
    keys_of_memberships,
    settled,
    waits_for,
)
from transition_exchange.exchange.keys.opening import open_actor
from transition_exchange.exchange.keys.roots import is_said_to_be_council
from transition_exchange.exchange.keys.seen_keys import newest_councils
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.signing_in.sessions import OpenSession
from transition_exchange.sealing.acceptance import ROOT
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.store.models import TeamKey

ANOTHER_COUNCIL = (
    "This invitation names another council than the one that you know. "
    "Nothing has been changed. Ring your council."
)
ANOTHER_KEY = (
    "This invitation holds a key of your own team that your team’s key has not signed. "
    "Nothing has been changed. Ring your council."
)


def for_account(session: Session, *, bundle: Bundle, current: OpenSession) -> Bundle:
    """What a bundle means to somebody who has an account.

    Args:
        bundle: what the invitation holds.
        current: their session.

    Returns:
        The bundle with the council and the second confirmer that they hold to, and of their own teams only newer keys.
        Other teams wait for the council.

    Raises:
        NotReady: it holds a key of a team of theirs that has become another, and something has to be done before their
            session can tell.
        Tampered: it names another council, makes another team a NEET group, holds a key of a team of theirs that does
            not follow on theirs, or a team under another name or for other work than was confirmed; or the account
            fails its safety check.
    """
    actor = open_actor(session, principal=current.principal, pair=current.pair)
    own = keys_of_memberships(session, principal_id=current.principal.id, pair=current.pair)
    trust = trust_of(session, actor)
    councils = newest_councils(session, trust=trust)
    named = {team.id for team in bundle.keyless if ROOT in team.purposes or team.id in councils}
    named |= {key.team.id for key in bundle.held if _is_no_council_of(session, key, trust)}
    if councils and (named or not bundle.councils.keys() <= councils.keys()):
        raise Tampered(ANOTHER_COUNCIL)
    newest = {key.team.id: key for key in sorted(bundle.held, key=lambda key: key.version)}
    if not all(_is_as_confirmed(session, key, trust) for key in newest.values()):
        raise Tampered(ANOTHER_TEAM)
    held = [replace(key, second=actor.second) for key in _new_to(session, actor, own, bundle.held, trust)]
    return replace(bundle, held=held, councils=councils or bundle.councils, second=actor.second)


def _is_no_council_of(session: Session, held: HeldKey, trust: Trust) -> bool:
    """Whether a key is said to be a NEET group's, or a NEET group's team something else, against what one knows."""
    if ROOT not in held.team.purposes and held.team.id not in trust.council_ids:
        return False
    row = session.get(TeamKey, held.key_id)
    return not is_said_to_be_council(held.team) or row is None or not trust.is_root(session, row)


def _is_as_confirmed(session: Session, held: HeldKey, trust: Trust) -> bool:
    """Whether a key is said to be the team's as which it was confirmed, or which has accepted to become that since.

    What nobody has confirmed yet waits for the council, and is compared then.
    """
    row = session.get(TeamKey, held.key_id)
    confirmed = trust.known(session, row) if row is not None else None
    if confirmed is None or held.team == confirmed.identity:
        return True
    team = OpenTeam(**vars(held.team), key_id=held.key_id, secret=held.secret, change=held.change)
    return followed(session, team, confirmed.identity).identity == confirmed.identity


def _new_to(
    session: Session, actor: Actor, own: Sequence[HeldKey], offered: Iterable[HeldKey], trust: Trust
) -> Iterator[HeldKey]:
    """The keys of other teams, and those of a team of theirs that come after the newest one that they hold."""
    newest = {key.team.id: key for key in sorted(own, key=lambda key: key.version)}
    counting = {key.team.id for key in settled(own)}
    lines: defaultdict[UUID, list[HeldKey]] = defaultdict(list)
    for key in offered:
        lines[key.team.id].append(key)
    for team_id, line in lines.items():
        before = newest.get(team_id)
        for key in sorted(line, key=lambda key: key.version):
            if before is not None:
                if key.version <= before.version:
                    continue
                if not follows(session, key, before):
                    raise Tampered(ANOTHER_KEY)
                if not is_as_confirmed(session, key, before, trust=trust):
                    raise NotReady(FIRST[waits_for(session, actor=actor, trust=trust)])
                before = key
            yield replace(key, awaits_council=team_id not in counting)
