"""The test vectors of a team's change and of the second confirmer, for a reader written from docs/sealing.md alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature

from tests.sealing.second_reader import (
    VECTORS,
    canonical,
    check_signature,
    check_statement,
    open_personal,
    raw,
    team_in_vectors,
)

SEED = bytes.fromhex(VECTORS["unlock"]["seed"])
TEAM, SECOND, NEET_GROUP = (VECTORS[name] for name in ("team", "grantor", "neet_group"))
FIELDS = {"format", "kind", "before", "after", "fingerprint", "accepted_at", "previous"}


def acceptances() -> tuple[dict[str, Any], dict[str, Any]]:
    """What both acceptances say, the older first."""
    older, newer = (
        check_statement(VECTORS[name], "acceptance", TEAM) for name in ("acceptance", "acceptance_after")
    )
    return older, newer


def is_sound(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether one team becomes another as the document allows it."""
    did = {*before["purposes"], *before.get("formerly", [])}
    formerly = sorted(did - set(after["purposes"]))
    return (
        (before["id"], before["organisation"]) == (after["id"], after["organisation"])
        and after.get("formerly", []) in (formerly, [])
        and "neet_group" not in {*did, *after["purposes"]}
    )


def test_a_reader_with_the_document_alone_checks_what_a_team_accepted() -> None:
    older, newer = acceptances()
    for statement in (older, newer):
        assert set(statement) == FIELDS
        assert statement["fingerprint"] == TEAM["fingerprint"]
        assert is_sound(statement["before"], statement["after"])
    assert older["before"] == team_in_vectors()
    assert older["after"]["formerly"] == ["exams"]
    assert older["previous"] is None
    assert newer["previous"] == VECTORS["acceptance"]["digest"]
    assert newer["before"] == older["after"]


def test_a_reader_with_the_document_alone_goes_from_acceptance_to_acceptance() -> None:
    """As a session does whose membership still says what the team was before."""
    confirmed = check_statement(VECTORS["changed_confirmation"], "confirmation", NEET_GROUP)["team"]
    following = {statement["previous"]: statement for statement in acceptances()}
    digests = {VECTORS[name]["text"]: VECTORS[name]["digest"] for name in ("acceptance", "acceptance_after")}
    team, change = team_in_vectors(), None
    while (statement := following.get(change)) is not None:
        assert statement["before"] == team
        team, change = statement["after"], digests[canonical(statement)]
    assert team == confirmed
    held = json.loads(
        open_personal(
            SEED, raw(VECTORS["changed_membership"]["sealed"]), VECTORS["changed_membership"]["use"]
        )
    )
    assert (held["team"], held["change"], held["key"]) == (confirmed, change, TEAM["key"])


def test_a_reader_with_the_document_alone_asks_for_the_second_confirmation_that_the_rules_require() -> None:
    rules = check_statement(VECTORS["second_rules"], "area rules", NEET_GROUP)
    required = rules["second_confirmer"]
    assert set(required) == {"team", "fingerprint", "since", "version"}
    assert required["team"] == team_in_vectors("grantor")
    assert required["fingerprint"] == SECOND["fingerprint"]
    confirmed = check_statement(VECTORS["changed_confirmation"], "confirmation", NEET_GROUP)
    second = check_statement(VECTORS["second_confirmation"], "second confirmation", SECOND)
    assert set(second) == set(confirmed)
    for field in ("area", "team", "version", "fingerprint"):
        assert second[field] == confirmed[field]
    held = open_personal(
        SEED, raw(VECTORS["changed_membership"]["sealed"]), VECTORS["changed_membership"]["use"]
    )
    assert json.loads(held)["second"] == required


def test_a_member_of_the_neet_group_keeps_the_newest_rules_that_they_have_seen() -> None:
    membership = VECTORS["council_membership"]
    held = json.loads(open_personal(SEED, raw(membership["sealed"]), membership["use"]))
    assert held["team"]["purposes"] == ["neet_group"]
    assert held["rules"] == VECTORS["second_rules"]["text"]
    assert held["second"] == json.loads(held["rules"])["second_confirmer"]


def test_the_councils_confirmation_does_not_pass_for_the_second_one() -> None:
    confirmation = VECTORS["changed_confirmation"]
    for signer, label in ((SECOND, "second confirmation"), (NEET_GROUP, "second confirmation")):
        with pytest.raises(InvalidSignature):
            check_signature(
                signer["signing_public"], confirmation["signature"], label, confirmation["text"].encode()
            )
