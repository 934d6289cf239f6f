"""What a team signs when it becomes another, and what no honest member signs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from transition_exchange.sealing import BadSignature
from transition_exchange.sealing.acceptance import Acceptance
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.keys import TeamSecret

TEAM = TeamIdentity(
    id=uuid4(),
    name="Exams office",
    organisation_id=uuid4(),
    organisation_name="Northway College",
    purposes=frozenset({"exams", "safeguarding"}),
)
SECRET = TeamSecret.generate()


def _acceptance(after: TeamIdentity, before: TeamIdentity = TEAM) -> Acceptance:
    return Acceptance(
        before=before.plain(),
        after=after.plain(),
        fingerprint=SECRET.fingerprint.hex(),
        accepted_at=datetime(2027, 6, 3, tzinfo=UTC),
    )


def _changed(**wanted: Any) -> TeamIdentity:
    now = {"name": TEAM.name, "organisation_name": TEAM.organisation_name, "purposes": TEAM.purposes}
    return TEAM.changed(**now | wanted)


def test_it_reads_as_it_was_signed() -> None:
    signed = _acceptance(_changed(name="Entries"))
    read = Acceptance.verify(signed.text(), signed.sign(SECRET.signing), SECRET.signing.public)
    assert read == signed
    assert read.identities == (TEAM, replace(TEAM, name="Entries"))


def test_a_purpose_that_is_given_up_is_remembered_until_it_comes_back() -> None:
    lost = _changed(purposes={"exams"})
    assert lost.purposes == {"exams"}
    assert lost.formerly == {"safeguarding"}
    assert lost.signs_for == TEAM.purposes
    assert TeamIdentity.from_plain(lost.plain()) == lost
    assert "formerly" not in TEAM.plain()
    back = lost.changed(name=lost.name, organisation_name=lost.organisation_name, purposes=TEAM.purposes)
    assert back == TEAM


@pytest.mark.parametrize(
    "after",
    [
        replace(TEAM, id=uuid4()),
        replace(TEAM, organisation_id=uuid4()),
        replace(TEAM, formerly=frozenset({"transition"})),
        replace(TEAM, purposes=frozenset({"exams"}), formerly=frozenset({"safeguarding", "transition"})),
        replace(TEAM, purposes=frozenset({"exams", "neet_group"}), formerly=frozenset({"safeguarding"})),
        _changed(purposes=()),
    ],
    ids=["another team", "another organisation", "a past", "more of a past", "a root", "no purpose"],
)
def test_what_is_no_change_of_one_team_is_refused(after: TeamIdentity) -> None:
    with pytest.raises(BadSignature):
        _ = _acceptance(after).identities


def test_a_neet_group_may_be_renamed_and_nothing_else() -> None:
    root = replace(TEAM, purposes=frozenset({"neet_group"}))
    assert _acceptance(replace(root, name="Participation"), root).identities
    for purposes in ({"neet_group", "send"}, {"send"}):
        after = root.changed(name=root.name, organisation_name="Ashdown Council", purposes=purposes)
        with pytest.raises(BadSignature):
            _ = _acceptance(after, root).identities


def test_a_statement_about_no_team_is_refused() -> None:
    with pytest.raises(BadSignature):
        _ = replace(_acceptance(TEAM), before={"name": "Exams office"}).identities
