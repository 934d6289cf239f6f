"""The test vectors of a team that becomes another, and of the second confirmer without which nobody believes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from tests.sealing.invented import AREA, COLLEGE, NEET_GROUP, PERSON, PRINCIPAL, SCHOOL, VERSION, signed
from transition_exchange.exchange.keys.personal import membership_use
from transition_exchange.sealing import personal
from transition_exchange.sealing.acceptance import Acceptance
from transition_exchange.sealing.area_rules import AreaRules
from transition_exchange.sealing.confirmation import Confirmation
from transition_exchange.sealing.encoding import to_base64
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.second_confirmer import SecondConfirmation, SecondConfirmer

ACCEPTED, CONFIRMED = datetime(2027, 9, 6, 8, 0, tzinfo=UTC), datetime(2027, 9, 7, 8, 0, tzinfo=UTC)
SECOND = SecondConfirmer(SCHOOL.team, SCHOOL.secret.fingerprint.hex(), date(2027, 9, 6))


def of_a_change() -> dict[str, Any]:
    """A team takes another name and gives work up, then takes a third name; both confirm what it is after that."""
    renamed = COLLEGE.team.changed(
        name="Learning support",
        organisation_name=COLLEGE.team.organisation_name,
        purposes={"learning_support"},
    )
    after = renamed.changed(
        name="Équipe d’accueil",
        organisation_name=renamed.organisation_name,
        purposes=renamed.purposes,
    )
    first = _accepted(COLLEGE.team, renamed, previous=None)
    following = _accepted(renamed, after, previous=first.digest())
    rules = AreaRules(
        area=AREA,
        send_at="accepted",
        versions={"2027": VERSION},
        signed_at=ACCEPTED,
        previous=None,
        second_confirmer=SECOND.plain(),
    )
    about: dict[str, Any] = {
        "area": AREA,
        "team": after.plain(),
        "version": COLLEGE.version,
        "fingerprint": COLLEGE.secret.fingerprint.hex(),
        "confirmed_at": CONFIRMED,
    }
    held = replace(COLLEGE, team=after, change=following.digest(), second=SECOND)
    use = membership_use(UUID(PRINCIPAL), COLLEGE.key_id)
    council = replace(NEET_GROUP, second=SECOND, rules=rules)
    council_use = membership_use(UUID(PRINCIPAL), NEET_GROUP.key_id)
    return {
        "acceptance": signed(first, COLLEGE),
        "acceptance_after": signed(following, COLLEGE),
        "changed_confirmation": signed(Confirmation(**about), NEET_GROUP),
        "second_confirmation": signed(SecondConfirmation(**about), SCHOOL),
        "second_rules": signed(rules, NEET_GROUP),
        "changed_membership": {
            "use": use,
            "sealed": to_base64(personal.seal(PERSON, held.to_bytes(), use=use)),
        },
        "council_membership": {
            "use": council_use,
            "sealed": to_base64(personal.seal(PERSON, council.to_bytes(), use=council_use)),
        },
    }


def _accepted(before: TeamIdentity, after: TeamIdentity, *, previous: str | None) -> Acceptance:
    return Acceptance(
        before=before.plain(),
        after=after.plain(),
        fingerprint=COLLEGE.secret.fingerprint.hex(),
        accepted_at=ACCEPTED,
        previous=previous,
    )
