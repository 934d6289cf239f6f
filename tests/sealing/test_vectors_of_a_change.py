"""The test vectors of changing a team's key open for a reader written from docs/sealing.md alone."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.sealing.second_reader import (
    VECTORS,
    canonical,
    check_signature,
    check_statement,
    derived,
    digest_of_keys,
    frame,
    open_hpke,
    open_kept,
    open_keyring,
    open_personal,
    raw,
    team_in_vectors,
    unpadded,
)

SEED = bytes.fromhex(VECTORS["unlock"]["seed"])
TEAM = VECTORS["team"]


def signing_public(seed: bytes) -> str:
    """The public key of a person's own signatures."""
    key = Ed25519PrivateKey.from_private_bytes(derived(seed, "person-signing"))
    return key.public_key().public_bytes_raw().hex()


def test_a_reader_with_the_document_alone_checks_a_succession_and_who_made_the_key() -> None:
    succession = VECTORS["succession"]
    text = succession["text"].encode()
    check_signature(succession["signing_public"], succession["signature"], "succession", text)
    assert succession["maker_public"] == signing_public(SEED)
    check_signature(succession["maker_public"], succession["maker_signature"], "succession", text)
    said = json.loads(text)
    assert text.decode() == canonical(said)
    assert set(said) == {"format", "kind", "team", "version", "fingerprint", "previous", "removed", "at"}
    assert (said["team"], said["version"], said["fingerprint"], said["previous"], said["removed"]) == (
        TEAM["id"],
        2,
        TEAM["fingerprint"],
        succession["previous"],
        succession["removed"],
    )


def test_a_reader_with_the_document_alone_checks_a_voucher_and_a_retirement() -> None:
    voucher, succession = VECTORS["voucher"], json.loads(VECTORS["succession"]["text"])
    said = check_statement(voucher, "voucher", voucher)
    assert set(said) == {"format", "kind", "team", "fingerprint", "removed", "by_team", "at"}
    assert (said["team"], said["fingerprint"]) == (succession["team"], succession["fingerprint"])
    assert set(said["removed"]) >= set(succession["removed"])
    assert said["by_team"] == voucher["by_team"]
    retired = check_statement(VECTORS["retirement"], "retirement", TEAM)
    assert set(retired) == {"format", "kind", "team", "fingerprint", "retired", "at"}
    assert (retired["team"], retired["fingerprint"], retired["retired"]) == (
        TEAM["id"],
        TEAM["fingerprint"],
        succession["previous"],
    )


def test_a_reader_with_the_document_alone_knows_a_colleague() -> None:
    member = VECTORS["member"]
    said = check_statement(member, "member", TEAM)
    assert set(said) == {"format", "kind", "team", "principal", "name", "kem", "signing", "joined_at"}
    assert (said["team"], said["principal"]) == (TEAM["id"], VECTORS["handover"]["giver"])
    assert raw(said["signing"]).hex() == signing_public(SEED) == member["signing"]
    keys = frame("person", raw(said["kem"]), raw(said["signing"]))
    assert hashlib.sha256(keys).hexdigest() == member["fingerprint"]


def test_a_reader_with_the_document_alone_opens_what_a_person_remembers() -> None:
    stored = VECTORS["address_book"]
    opened = open_personal(SEED, raw(stored["sealed"]), stored["use"]).decode()
    book = json.loads(opened)
    assert opened == canonical(book)
    assert (set(book), book["format"]) == ({"format", "colleagues", "team_keys", "second", "second_key"}, 1)
    colleague = book["colleagues"][stored["colleague"]]
    assert set(colleague) == {
        "kem",
        "signing",
        "name",
        "since",
        "own_teams",
        "other_teams",
        "newest",
        "while_left",
    }
    assert (set(colleague["own_teams"]), len(colleague["other_teams"])) == ({TEAM["id"]}, 1)
    assert colleague["newest"] == {TEAM["id"]: 2}
    assert colleague["while_left"] == colleague["other_teams"]
    assert raw(colleague["signing"]).hex() == signing_public(bytes.fromhex(VECTORS["handover"]["taker_seed"]))
    assert book["team_keys"] == {
        TEAM["id"]: {
            "version": 2,
            "fingerprint": TEAM["fingerprint"],
            "counts_from": 2,
            "root": False,
            "before": {"1": VECTORS["succession"]["previous"]},
        }
    }
    assert set(book["second"]) == {"team", "fingerprint", "since", "version"}
    assert book["second_key"]["version"] == 1


def handed_over() -> dict[str, Any]:
    stored = VECTORS["handover"]
    seed = bytes.fromhex(stored["taker_seed"])
    opened = unpadded(open_hpke(seed, raw(stored["sealed"]), stored["use"].encode())).decode()
    content: dict[str, Any] = json.loads(opened)
    assert opened == canonical(content)
    return content


def test_a_reader_with_the_document_alone_takes_a_key_that_was_handed_over() -> None:
    stored, content = VECTORS["handover"], handed_over()
    assert stored["use"] == f"handover {stored['taker']}"
    assert (set(content), content["format"]) == ({"format", "held", "statement", "signature"}, 1)
    giver = VECTORS["member"]["signing"]
    text, signature = content["statement"], raw(content["signature"]).hex()
    check_signature(giver, signature, "handover", text.encode())
    said, held = json.loads(text), json.loads(raw(content["held"]))
    assert text == canonical(said)
    assert set(said) == {"format", "kind", "team", "key", "fingerprint", "giver", "taker", "at"}
    assert (said["giver"], said["taker"]) == (stored["giver"], stored["taker"])
    assert (said["team"], said["key"], said["fingerprint"]) == (TEAM["id"], held["key"], TEAM["fingerprint"])
    assert held == {
        "format": 1,
        "key": TEAM["key"],
        "secret": base64.b64encode(bytes.fromhex(TEAM["secret"])).decode(),
        "team": team_in_vectors(),
        "version": 2,
    }


def test_a_reader_with_the_document_alone_opens_what_a_team_kept_of_a_grant() -> None:
    kept, grant = VECTORS["kept"], json.loads(VECTORS["grant"]["text"])
    secret = bytes.fromhex(TEAM["secret"])
    assert derived(secret[1:33], "kept-key").hex() == TEAM["kept_key"]
    where = (kept["id"], grant["record"], grant["revision"], grant["transfer"] or "own")
    whose = (grant["recipient_team"], grant["recipient_fingerprint"], grant["keyring_digest"])
    assert kept["use"] == " ".join((*where, *whose))
    keys = open_kept(bytes.fromhex(TEAM["kept_key"]), raw(kept["sealed"]), kept["use"])
    ring = VECTORS["keyring"]
    assert keys == open_keyring(secret[1:33], raw(ring["sealed"]), ring["use"])
    assert digest_of_keys(keys) == grant["keys_digest"], (
        "what was kept is compared with what the grantor signed"
    )
    with pytest.raises(InvalidTag):
        open_kept(
            bytes.fromhex(TEAM["kept_key"]), raw(kept["sealed"]), kept["use"].replace(kept["id"], TEAM["id"])
        )
