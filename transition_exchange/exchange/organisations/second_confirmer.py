"""The second confirmer to which a person holds, in a team or in none, and giving it up where the rules changed."""

from __future__ import annotations

from datetime import datetime

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotReady, Refused
from transition_exchange.exchange.keys import seconds
from transition_exchange.exchange.keys.area_rules import UNSIGNED
from transition_exchange.exchange.keys.remembering import remember_accepted
from transition_exchange.exchange.keys.seconds import Standing
from transition_exchange.exchange.signing_in import sessions
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Principal


def standing(*, db: Database, actor: Actor) -> Standing:
    """What the actor holds to, and what the area's rules say now."""
    with db.read() as session:
        return seconds.standing(session, actor)


def accept_rules(*, db: Database, cookie: str, actor: Actor, seen: str, now: datetime | None = None) -> None:
    """Take what the area's rules say now about a second confirmer, in place of what the actor holds to.

    It counts for this person only: every other member keeps what they have seen until they accept it too.

    Args:
        cookie: the cookie of the actor's session, whose key seals what they hold to.
        seen: `Standing.seen` of the page on which it was read.

    Raises:
        NotReady: the rules cannot be checked.
        Refused: the rules have changed since the page was opened.
        ProofNeeded: the actor has to give their passphrase or a code again.
        NotAllowed: the session has ended.
    """
    now = now or utc_now()
    with db.read() as session:
        rules = seconds.rules_of(session, actor)
        current = sessions.open_session(session, cookie=cookie, now=now, stages=("full",))
    if rules is None:
        raise NotReady(UNSIGNED)
    if rules.digest() != seen:
        raise Refused("The area’s rules have changed since this page was opened. Read it again.")
    actor.require_proof(now)
    with db.write() as session:
        principal = session.get_one(Principal, actor.principal_id)
        remember_accepted(session, principal=principal, pair=current.pair, second=rules.second, now=now)
        actor.note(session, "second_confirmer.accepted", team=rules.second.team.id if rules.second else None)
