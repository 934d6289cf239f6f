"""Rules of an area that cannot be read, or are older than those seen: what is signed in their place, and who says so.

Somebody who can write to the database can damage the rules or put older ones back. The settings are the page on which
the NEET group signs them anew. So that nothing that was agreed is dropped on the way, the page first names what it
could not read and what is signed instead, and what is signed is what the page named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.area_rules import KnownRules
from transition_exchange.sealing.encoding import canonical
from transition_exchange.sealing.second_confirmer import SecondConfirmer
from transition_exchange.sealing.statements import digest_of

READ_AGAIN = "What is signed in place of the rules has changed since this page was opened. Read it again."
TICK = "Tick this after you have asked your colleagues, or let one of them save who has seen the rules"


@dataclass(frozen=True)
class Doubt:
    """Why the rules that stand there are not those that count, and what is signed in their place.

    Attributes:
        put_back: when those were signed that stand there, if they are older than those seen; None if they are damaged
            or missing.
        seen_of: when the newest rules were signed that the actor has seen; None if they have seen none. Then nobody can
            tell this page what was agreed, but for a second confirmer to whom the actor's team holds.
        second: the second confirmer that the new rules name; None for none.
        versions: the versions of the form that they name unless others are chosen, by leaving year.
    """

    put_back: datetime | None
    seen_of: datetime | None
    second: SecondConfirmer | None
    versions: Mapping[int, str]

    @property
    def seen(self) -> str:
        """What the page carries, so that nothing is signed but what it named."""
        named = {
            "put_back": self.put_back.isoformat() if self.put_back else None,
            "seen_of": self.seen_of.isoformat() if self.seen_of else None,
            "second": self.second.plain() if self.second else None,
            "versions": {str(year): name for year, name in self.versions.items()},
        }
        return digest_of(canonical(named))

    def problem(self, instead: str) -> dict[str, str]:
        """What is wrong with signing rules in place of the others, by the name of the field on the page.

        Args:
            instead: `seen` of the page that was sent; empty if it named nothing, or the box was not ticked.
        """
        if instead == self.seen:
            return {}
        return {"instead": READ_AGAIN if instead or self.seen_of else TICK}


def doubt_about(rules: KnownRules, *, actor: Actor) -> Doubt | None:
    """Why an area's rules are in doubt; None if they are not, or the actor is not in the NEET group, which signs them.

    Args:
        rules: the rules as the actor knows them.
    """
    team = actor.team_for("neet_group")
    if rules.certain or team is None:
        return None
    newest, put_back = rules.newest, rules.stored
    return Doubt(
        put_back=datetime.fromisoformat(str(put_back.signed_at)) if put_back else None,
        seen_of=datetime.fromisoformat(str(newest.signed_at)) if newest else None,
        second=newest.second if newest else team.second,
        versions={int(year): name for year, name in newest.versions.items()} if newest else {},
    )
