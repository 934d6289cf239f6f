"""The test vectors of what people know and keep open for a reader written from docs/sealing.md alone."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.sealing.second_reader import (
    VECTORS,
    canonical,
    check_signature,
    code,
    derived,
    frame,
    open_hpke,
    open_personal,
    open_symmetric,
    open_unlock,
    raw,
    team_in_vectors,
    totp,
    unpadded,
)

SEED = bytes.fromhex(VECTORS["unlock"]["seed"])


def token_of(session: dict[str, Any]) -> bytes:
    return base64.urlsafe_b64decode(session["cookie"] + "=")


def open_session(session: dict[str, Any], sealed: str, use: str) -> bytes:
    token = token_of(session)
    assert hashlib.sha256(frame("session-id", token)).hexdigest() == session["id"]
    return open_symmetric(derived(token, "session-key"), raw(sealed), frame("session", use.encode()))


@pytest.mark.parametrize("written", ["code", "typed"])
def test_a_reader_with_the_document_alone_opens_the_key_with_the_recovery_code(written: str) -> None:
    recovery = VECTORS["recovery"]
    assert recovery["use"] == f"unlock {VECTORS['late_save']['principal']}" == VECTORS["unlock"]["use"]
    assert open_unlock(recovery["text"], code(recovery[written]), recovery["use"]) == SEED


def test_a_reader_with_the_document_alone_opens_an_invitation_with_the_spoken_code() -> None:
    invitation = VECTORS["invitation"]
    opened = open_unlock(invitation["text"], code(invitation["spoken_code"]), invitation["use"])
    bundle = json.loads(opened)
    assert opened.decode() == canonical(bundle)
    assert bundle == {
        "format": 1,
        "organisation": invitation["organisation"],
        "held": [
            {
                "key": VECTORS["membership"]["key"],
                "secret": base64.b64encode(bytes.fromhex(VECTORS["team"]["secret"])).decode(),
                "team": team_in_vectors(),
                "version": 1,
            }
        ],
        "keyless": [invitation["keyless"]],
        "councils": invitation["councils"],
        "asked": invitation["asked"],
    }
    council = {
        "version": 1,
        "fingerprint": VECTORS["neet_group"]["fingerprint"],
        "counts_from": 1,
        "root": True,
        "before": {},
    }
    assert invitation["councils"] == {VECTORS["neet_group"]["id"]: council}
    assert hashlib.sha256(invitation["link_token"].encode()).hexdigest() == invitation["link_digest"]


def test_a_reader_with_the_document_alone_checks_who_made_an_invitation_and_that_it_was_not_changed() -> None:
    invitation, statement = VECTORS["invitation"], VECTORS["invitation"]["statement"]
    maker = Ed25519PrivateKey.from_private_bytes(derived(SEED, "person-signing")).public_key()
    assert statement["maker_public"] == maker.public_bytes_raw().hex()
    text = statement["text"]
    check_signature(statement["maker_public"], statement["signature"], "invitation", text.encode())
    said = json.loads(text)
    assert text == canonical(said)
    assert set(said) == {
        *("format", "kind", "invitation", "organisation", "email"),
        *("name", "teams", "administrator", "maker", "at"),
    }
    assert (said["format"], said["kind"], said["teams"]) == (
        1,
        "invitation",
        sorted(said["teams"], key=lambda team: team["id"]),
    )
    for team in said["teams"]:
        assert set(team) == {"id", "name", "organisation_name", "purposes", "ukprn"}
        assert team["purposes"] == sorted(team["purposes"])
    assert invitation["use"] == f"invitation {said['invitation']}"
    assert f"unlock {said['maker']}" == VECTORS["unlock"]["use"]
    row = {name: said[name] for name in ("organisation", "email", "name", "administrator")}
    row |= {"id": said["invitation"], "teams": [team["id"] for team in said["teams"]], "statement": text}
    assert hashlib.sha256(canonical(row).encode()).hexdigest() == invitation["asked"]


def test_a_reader_with_the_document_alone_gives_the_code_of_the_second_factor() -> None:
    factor = VECTORS["second_factor"]
    opened = json.loads(open_personal(SEED, raw(factor["sealed"]), factor["use"]))
    assert opened == {"format": 1, "secret": factor["secret"], "backup_codes": factor["backup_codes"]}
    assert int(datetime.fromisoformat(factor["at"]).timestamp()) // 30 == factor["step"]
    assert totp(raw(factor["secret"]), factor["step"]) == factor["code"]


def test_a_second_factor_that_is_not_confirmed_yet_opens_for_its_own_use_only() -> None:
    factor, following = VECTORS["second_factor"], VECTORS["second_factor"]["next"]
    opened = json.loads(open_personal(SEED, raw(following["sealed"]), following["use"]))
    assert opened == {"format": 1, "secret": following["secret"], "backup_codes": []}
    with pytest.raises(InvalidTag):
        open_personal(SEED, raw(following["sealed"]), factor["use"])


def test_a_reader_with_the_document_alone_opens_the_session() -> None:
    session, half = VECTORS["session"], VECTORS["half_session"]
    assert open_session(session, session["wrapped"], f"full {session['began']}") == SEED
    assert open_session(half, half["wrapped"], f"code {half['began']}") == SEED
    for use in (f"full {half['began']}", "code 2027-06-03T09:31:00+00:00"):
        with pytest.raises(InvalidTag):
            open_session(half, half["wrapped"], use)


def test_a_reader_with_the_document_alone_opens_what_came_after_the_sessions_end() -> None:
    session, late = VECTORS["session"], VECTORS["late_save"]
    sealed, use = raw(late["sealed"]), late["use"].encode()
    kept, rest = (
        sealed[2 : 2 + int.from_bytes(sealed[:2], "big")],
        sealed[2 + int.from_bytes(sealed[:2], "big") :],
    )
    key = open_personal(SEED, kept, f"late key {late['principal']}")
    message = open_symmetric(key, rest, frame("late-save", use))
    assert json.loads(unpadded(open_hpke(SEED, message, use))) == late["typed"]
    assert set(late["typed"]) == {"path", "form"}

    text = open_session(session, session["late_keys"], "late save").decode()
    given = json.loads(text)
    assert text == canonical(given)
    assert set(given) == {"format", "principal", "public", "session_key", "kept"}
    assert (given["format"], given["principal"]) == (1, late["principal"])
    assert (raw(given["kept"]), raw(given["session_key"])) == (kept, key)
    assert len(raw(given["public"])) == 1216
