"""The test vectors of a record open for a reader written from docs/sealing.md alone (`second_reader`).

`test_vectors_of_people` does the same for what people know and keep, `test_vectors_of_this_package` opens all of them
with this package.
"""

from __future__ import annotations

import ast
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tests.sealing.second_reader import (
    VECTORS,
    canonical,
    check_signature,
    check_statement,
    derived,
    digest_of_keys,
    frame,
    open_hpke,
    open_keyring,
    open_personal,
    open_symmetric,
    open_unlock,
    passphrase,
    raw,
    team_in_vectors,
    unpadded,
)

FOLDER = Path(__file__).parent
GRANT = {
    *("format", "kind", "grantor_team", "grantor_fingerprint", "manifest_digest", "record", "revision"),
    *("owner", "empty"),
    *("transfer", "recipient_team", "recipient_fingerprint", "keyring_digest", "granted_at", "parts"),
    *("keys_digest", "known_to"),
}


@pytest.mark.parametrize("name", ["second_reader.py", "test_vectors.py", "test_vectors_of_people.py"])
def test_the_second_reader_uses_nothing_of_this_package(name: str) -> None:
    """Neither the package nor what makes the vectors; of HPKE it does every step itself."""
    imported = set()
    for node in ast.walk(ast.parse((FOLDER / name).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            imported.add(node.module or "")
        elif isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
    ours = {module for module in imported if module.split(".")[0] in ("transition_exchange", "tests")}
    assert ours <= {"tests.sealing.second_reader"}
    assert not [module for module in imported if "hpke" in module]


def secret_of(team: str) -> bytes:
    return bytes.fromhex(VECTORS[team]["secret"])


def seed_of(team: str) -> bytes:
    return secret_of(team)[1:33]


def check_grant(given: dict[str, Any], *, recipient: str) -> dict[str, Any]:
    """What a grant says, once its keyring, its grantor and its recipient are right."""
    grant = check_statement(given["grant"], "grant", VECTORS["grantor"])
    assert set(grant) == GRANT
    assert (grant["owner"], grant["empty"]) == ("transition", False)
    assert grant["keyring_digest"] == hashlib.sha256(raw(given["keyring"]["sealed"])).hexdigest()
    for role, team in (("grantor", VECTORS["grantor"]), ("recipient", VECTORS[recipient])):
        assert grant[f"{role}_team"] == team["id"]
        assert grant[f"{role}_fingerprint"] == team["fingerprint"]
    use = f"keyring {grant['record']} {grant['revision']} {grant['transfer'] or 'own'}"
    assert given["keyring"]["use"] == use
    return grant


def open_part(part: dict[str, Any], key: bytes) -> str:
    name = [part[field].encode() for field in ("area", "record", "revision", "part", "version")]
    return unpadded(open_symmetric(key, raw(part["sealed"]), frame("part", *name))).decode()


def digest_of(part: dict[str, Any]) -> str:
    return hashlib.sha256(raw(part["sealed"])).hexdigest()


def test_a_reader_with_the_document_alone_opens_the_record_from_the_passphrase_on() -> None:
    unlock = VECTORS["unlock"]
    seed = open_unlock(unlock["text"], passphrase(unlock["passphrase"]), unlock["use"])
    assert seed.hex() == VECTORS["unlock"]["seed"]

    membership = VECTORS["membership"]
    held = json.loads(open_personal(seed, raw(membership["sealed"]), membership["use"]))
    parts = {"councils", "format", "key", "remembers", "secret", "team", "version"}
    assert (set(held), held["format"], held["remembers"]) == (parts, 1, True)
    assert held["councils"] == VECTORS["invitation"]["councils"]
    secret = raw(held["secret"])
    assert secret == secret_of("team")
    assert (secret[0], len(secret)) == (1, 65)
    assert held["key"] == membership["use"].split(" ")[2]
    assert held["team"] == team_in_vectors()

    grant = check_grant(VECTORS, recipient="team")
    manifest = check_statement(VECTORS["manifest"], "manifest", VECTORS["grantor"])
    assert grant["manifest_digest"] == VECTORS["manifest"]["digest"]
    assert set(grant["parts"]).isdisjoint(manifest["parts"])

    ring = open_keyring(secret[1:33], raw(VECTORS["keyring"]["sealed"]), VECTORS["keyring"]["use"])
    assert set(ring) == {part["part"] for part in VECTORS["parts"]}
    assert grant["keys_digest"] == digest_of_keys(ring)
    for part in VECTORS["parts"]:
        assert (grant["parts"] | manifest["parts"])[part["part"]] == digest_of(part)
        assert open_part(part, ring[part["part"]]) == part["plaintext"]


def test_parts_made_for_a_transfer_stand_in_the_grant_and_all_others_in_the_manifest() -> None:
    transfer = json.loads(VECTORS["grant"]["text"])["transfer"]
    readers = "+".join(sorted(VECTORS["team"]["purposes"]))
    own = {f"destination/{transfer}", f"pdf/{transfer}/{readers}", f"data/{transfer}/{readers}"}
    assert set(json.loads(VECTORS["grant"]["text"])["parts"]) == own
    attached = {f"attachment/{VECTORS['attachment']['id']}/{piece}" for piece in ("about", "content")}
    assert set(json.loads(VECTORS["manifest"]["text"])["parts"]) == {"learner", "support", *attached}


def test_a_reader_with_the_document_alone_opens_an_attachment_by_the_schools_own_grant() -> None:
    attachment = VECTORS["attachment"]
    grant = check_grant(attachment, recipient="grantor")
    assert (grant["manifest_digest"], grant["transfer"], grant["revision"]) == ("", None, attachment["id"])
    keyring = attachment["keyring"]
    ring = open_keyring(seed_of("grantor"), raw(keyring["sealed"]), keyring["use"])
    pieces = {f"attachment/{attachment['id']}/{piece}" for piece in ("about", "content")}
    assert set(ring) == set(grant["parts"]) == pieces
    opened = {}
    for part in VECTORS["parts"]:
        if part["part"] in pieces:
            assert part["revision"] == attachment["id"], "not the revision's with which it is granted"
            assert grant["parts"][part["part"]] == digest_of(part)
            opened[part["part"].split("/")[2]] = open_part(part, ring[part["part"]])
    label = json.loads(opened["about"])
    assert set(label) == {"document", "kind", "name", "dated", "pages", "size", "added", "removed"}
    assert label == attachment["label"]
    assert label["size"] == len(opened["content"].encode())
    assert opened["content"].startswith("%PDF-")


def test_a_reader_with_the_document_alone_sees_who_knows_a_drafts_keys() -> None:
    given = VECTORS["draft"]
    draft = check_grant(given, recipient="grantor")
    keys = open_keyring(seed_of("grantor"), raw(given["keyring"]["sealed"]), given["keyring"]["use"])
    assert draft["keys_digest"] == digest_of_keys(keys)
    assert draft["known_to"] == sorted(VECTORS[team]["fingerprint"] for team in ("team", "grantor"))
    assert (draft["manifest_digest"], draft["transfer"], draft["parts"]) == ("", None, {})
    for other in (VECTORS, VECTORS["attachment"]):
        assert json.loads(other["grant"]["text"])["known_to"] is None


def test_an_attachment_opens_under_no_revision() -> None:
    part = next(part for part in VECTORS["parts"] if part["part"].startswith("attachment/"))
    moved = part | {"revision": json.loads(VECTORS["manifest"]["text"])["revision"]}
    with pytest.raises(InvalidTag):
        open_part(moved, bytes.fromhex(part["key"]))


@pytest.mark.parametrize("name", ["team", "grantor", "neet_group"])
def test_a_reader_with_the_document_alone_checks_the_team_s_keys(name: str) -> None:
    team, secret = VECTORS[name], secret_of(name)
    signing = Ed25519PrivateKey.from_private_bytes(secret[33:]).public_key().public_bytes_raw()
    assert signing.hex() == team["signing_public"]
    fingerprint = hashlib.sha256(frame("fingerprint", raw(team["kem_public"]), signing)).digest()
    assert fingerprint.hex() == team["fingerprint"]
    digits = f"{int.from_bytes(fingerprint, 'big') % 10**30:030d}"
    assert team["spoken_fingerprint"] == " ".join(digits[start : start + 5] for start in range(0, 30, 5))


def test_a_reader_with_the_document_alone_comes_from_its_own_key_to_the_grantors() -> None:
    pin, neet_group = VECTORS["pin"], VECTORS["neet_group"]
    pinned = (pin["team"].encode(), bytes.fromhex(pin["fingerprint"]))
    check_signature(VECTORS["team"]["signing_public"], pin["signature"], "pin", *pinned)
    assert (pin["team"], pin["fingerprint"]) == (neet_group["id"], neet_group["fingerprint"])
    for name, team in (("grantor_confirmation", "grantor"), ("confirmation", "team")):
        confirmation = check_statement(VECTORS[name], "confirmation", neet_group)
        assert set(confirmation) == {
            "format",
            "kind",
            "area",
            "team",
            "version",
            "fingerprint",
            "confirmed_at",
        }
        assert confirmation["team"] == team_in_vectors(team)
        assert confirmation["version"] == 1
        assert confirmation["fingerprint"] == VECTORS[team]["fingerprint"]
        assert confirmation["area"] == VECTORS["parts"][0]["area"]


def test_a_reader_with_the_document_alone_checks_a_transfer_and_its_recall() -> None:
    school = VECTORS["grantor"]
    sent, recall = (check_statement(VECTORS[name], "transfer", school) for name in ("transfer", "recall"))
    grant, about = json.loads(VECTORS["grant"]["text"]), VECTORS["parts"][0]
    fields = {"format", "kind", "area", "record", "transfer", "provider", "state", "at", "previous"}
    for statement in (sent, recall):
        assert set(statement) == fields
        assert statement["provider"] == VECTORS["team"]["organisation"]
        assert (statement["area"], statement["record"]) == (about["area"], about["record"])
        assert statement["transfer"] == grant["transfer"]
    assert (sent["state"], sent["previous"]) == ("sent", None)
    assert (recall["state"], recall["previous"]) == ("recalled", VECTORS["transfer"]["digest"])


def test_a_reader_with_the_document_alone_checks_what_was_signed_once_more() -> None:
    kept = check_statement(VECTORS["transfer_kept"], "transfer", VECTORS["grantor"])
    assert (kept["state"], kept["previous"]) == ("sent", VECTORS["transfer"]["digest"])
    assert kept["overrules"] == [hashlib.sha256(b"an event that nobody caused").hexdigest()]


def test_a_reader_with_the_document_alone_checks_an_areas_rules() -> None:
    rules = check_statement(VECTORS["area_rules"], "area rules", VECTORS["neet_group"])
    assert set(rules) == {"format", "kind", "area", "send_at", "versions", "signed_at", "previous"}
    assert rules["area"] == VECTORS["parts"][0]["area"]
    assert (rules["send_at"], rules["versions"]) == ("conditional", {"2027": "core/2027.1"})
    assert len(bytes.fromhex(rules["previous"])) == 32


def test_a_reader_with_the_document_alone_opens_the_team_s_card() -> None:
    key = derived(seed_of("team"), "ledger-key")
    assert key.hex() == VECTORS["team"]["ledger_key"]
    card = VECTORS["card"]
    use = f"card {card['id']} {card['record']} {card['transfer']}".encode()
    text = unpadded(open_symmetric(key, raw(card["sealed"]), frame("card", use)))
    assert unpadded(open_hpke(seed_of("team"), raw(card["posted"]), use)) == text
    read = json.loads(text)
    assert set(read) == {"content", "school", "key", "made_at", "signature"}
    assert {name: read[name] for name in ("content", "school", "key", "made_at")} == {
        name: card[name] for name in ("content", "school", "key", "made_at")
    }
    statement = {
        "format": 1,
        "kind": "card",
        "card": card["id"],
        "record": card["record"],
        "transfer": card["transfer"],
        "recipient": card["recipient"],
        "school": read["school"],
        "made_at": read["made_at"],
        "content": hashlib.sha256(canonical(read["content"]).encode()).hexdigest(),
    }
    signature = raw(read["signature"]).hex()
    school = VECTORS["grantor"]
    assert (read["key"], read["school"]) == (school["key"], school["organisation"])
    check_signature(school["signing_public"], signature, "card", canonical(statement).encode())


def test_a_reader_with_the_document_alone_opens_a_question_and_knows_who_asked_it() -> None:
    message = VECTORS["message"]
    use = f"query {message['query']} {message['id']}"
    assert message["keyring"]["use"] == use
    ring = open_keyring(seed_of("team"), raw(message["keyring"]["sealed"]), use)
    assert set(ring) == {"message"}
    place = {field: message[field] for field in ("area", "record", "version", "sealed")}
    held = json.loads(open_part(place | {"revision": message["id"], "part": "message"}, ring["message"]))
    assert set(held) == {"body", "key", "signature"}
    assert held["key"] == VECTORS["membership"]["key"]
    fields = (message["query"].encode(), message["id"].encode(), held["body"].encode())
    check_signature(VECTORS["team"]["signing_public"], held["signature"], "message", *fields)
    body = json.loads(held["body"])
    assert held["body"] == canonical(body)
    assert body == {"asking_team": VECTORS["team"]["id"]} | {
        field: message[field]
        for field in ("record", "transfer", "school", "owner", "text", "section", "sent_at")
    }


def test_a_reader_with_the_document_alone_follows_a_chain_to_its_signed_head() -> None:
    chain = VECTORS["chain"]
    previous = "0" * 64
    for seq, event in enumerate(chain["events"], start=1):
        assert event["hash"] == hashlib.sha256(event["body"].encode()).hexdigest()
        read = json.loads(event["body"])
        assert set(read) == {"about", "at", "event", "kind", "organisation", "previous", "principal", "seq"}
        assert (read["event"], read["organisation"]) == (event["id"], chain["organisation"])
        assert (read["seq"], read["previous"]) == (seq, previous)
        previous = event["hash"]
    head = chain["signed_head"]
    assert (head["seq"], head["hash"]) == (len(chain["events"]), previous)
    lines = (
        "transition-exchange head 1",
        chain["organisation"],
        head["seq"],
        head["hash"],
        head["signed_at"],
    )
    message = "".join(f"{line}\n" for line in lines)
    installation = Ed25519PublicKey.from_public_bytes(bytes.fromhex(chain["public_key"]))
    installation.verify(bytes.fromhex(head["signature"]), message.encode())
    assert json.loads(chain["checkpoint"]) == {
        "format": "transition-exchange checkpoint 1",
        "public_key": chain["public_key"],
        "heads": [{"organisation": chain["organisation"], **head}],
    }
