"""The test vectors open, for this package and for a reader written from docs/sealing.md alone.

The second reader uses the primitives of `cryptography`, not its HPKE and nothing of this package: it is what
somebody else would write who has only the document.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import struct
import unicodedata
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from tests.sealing.make_vectors import PATH
from transition_exchange.exchange.joining.bundles import Bundle
from transition_exchange.sealing import (
    hpke,
    keyrings,
    late_saves,
    ledger,
    messages,
    parts,
    passphrases,
    personal,
    unlocks,
)
from transition_exchange.sealing.area_rules import AreaRules
from transition_exchange.sealing.cards import Place, SignedCard
from transition_exchange.sealing.confirmation import Confirmation
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.sealing.manifests import Grant, Manifest
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.sealing.sessions import SessionToken
from transition_exchange.sealing.transfers import RECALLED, SENT, TransferStatement

VECTORS: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))


def raw(text: str) -> bytes:
    return base64.b64decode(text)


# ---- the reader written from the document ---------------------------------------------------------


def frame(label: str, *fields: bytes) -> bytes:
    pieces = (f"transition-exchange/{label}/1".encode(), *fields)
    return b"".join(struct.pack(">I", len(piece)) + piece for piece in pieces)


def unpadded(padded: bytes) -> bytes:
    (length,) = struct.unpack(">I", padded[:4])
    assert set(padded[4 + length :]) <= {0}
    return padded[4 : 4 + length]


def open_symmetric(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    assert sealed[0] == 1
    return AESGCM(key).decrypt(sealed[1:13], sealed[13:], bound)


def hkdf_expand(secret: bytes, info: bytes, length: int) -> bytes:
    out, block, number = b"", b"", 1
    while len(out) < length:
        block = hmac.digest(secret, block + info + bytes([number]), "sha256")
        out, number = out + block, number + 1
    return out[:length]


def open_hpke(seed: bytes, message: bytes, info: bytes) -> bytes:
    """RFC 9180, base mode: MLKEM768-X25519 (0x647a), HKDF-SHA256 (1), AES-256-GCM (2)."""
    assert message[0] == 1
    encapsulated, ciphertext = message[1:1121], message[1121:]
    expanded = hashlib.shake_256(seed).digest(96)
    mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
    x25519 = X25519PrivateKey.from_private_bytes(expanded[64:])
    own = x25519.public_key().public_bytes_raw()
    shared = hashlib.sha3_256(
        mlkem.decapsulate(encapsulated[:1088])
        + x25519.exchange(X25519PublicKey.from_public_bytes(encapsulated[1088:]))
        + encapsulated[1088:]
        + own
        + rb"\.//^"
        + b"\\"
    ).digest()
    suite = b"HPKE" + bytes.fromhex("647a00010002")

    def extract(salt: bytes, label: bytes, material: bytes) -> bytes:
        return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + material, "sha256")

    def expand(secret: bytes, label: bytes, context: bytes, length: int) -> bytes:
        return hkdf_expand(secret, struct.pack(">H", length) + b"HPKE-v1" + suite + label + context, length)

    public = mlkem.public_key().public_bytes_raw() + own
    bound = frame("hpke", info, hashlib.sha256(public).digest())
    context = b"\0" + extract(b"", b"psk_id_hash", b"") + extract(b"", b"info_hash", bound)
    secret = extract(shared, b"secret", b"")
    key, nonce = expand(secret, b"key", context, 32), expand(secret, b"base_nonce", context, 12)
    return AESGCM(key).decrypt(nonce, ciphertext, b"")


def open_keyring(seed: bytes, sealed: bytes, use: str) -> dict[str, bytes]:
    body = unpadded(open_hpke(seed, sealed, b"keyring:" + use.encode()))
    assert body[0] == 1
    (count,), rest, keys = struct.unpack(">H", body[1:3]), body[3:], {}
    for _ in range(count):
        (length,) = struct.unpack(">H", rest[:2])
        keys[rest[2 : 2 + length].decode()] = rest[2 + length : 34 + length]
        rest = rest[34 + length :]
    assert rest == b""
    return keys


def open_unlock(text: str, secret: str, use: str) -> bytes:
    unlock = json.loads(text)
    key = Argon2id(
        salt=raw(unlock["salt"]),
        length=32,
        iterations=unlock["iterations"],
        lanes=unlock["lanes"],
        memory_cost=unlock["memory_kib"],
    ).derive(secret.encode())
    return open_symmetric(key, raw(unlock["sealed"]), frame("unlock", use.encode()))


def check_signature(public: str, signature: str, label: str, *fields: bytes) -> None:
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(
        bytes.fromhex(signature), frame(label, *fields)
    )


def check_statement(kind: str, name: str = "") -> dict[str, Any]:
    """What a signed statement says, once its signature, its digest and its way of writing are right.

    Args:
        name: what the vectors call it; empty if they call it as its kind.
    """
    stored = VECTORS[name or kind]
    text = stored["text"]
    check_signature(VECTORS["grantor"]["signing_public"], stored["signature"], kind, text.encode())
    assert hashlib.sha256(text.encode()).hexdigest() == stored["digest"]
    read: dict[str, Any] = json.loads(text)
    assert text == json.dumps(read, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert (read["format"], read["kind"]) == (1, kind)
    return read


def team_in_vectors() -> dict[str, Any]:
    """Who the college's team is."""
    return {
        field: VECTORS["team"][field]
        for field in ("id", "name", "organisation", "organisation_name", "purposes")
    }


def test_a_reader_with_the_document_alone_opens_the_record_from_the_passphrase_on() -> None:
    unlock = VECTORS["unlock"]
    seed = open_unlock(unlock["text"], unicodedata.normalize("NFKC", unlock["passphrase"]), unlock["use"])
    assert seed.hex() == VECTORS["unlock"]["seed"]

    membership = VECTORS["membership"]
    own = hkdf_expand(hmac.digest(bytes(32), seed, "sha256"), frame("personal-key"), 32)
    held = json.loads(
        open_symmetric(own, raw(membership["sealed"]), frame("personal", membership["use"].encode()))
    )
    assert (set(held), held["format"]) == ({"format", "key", "secret", "team"}, 1)
    secret = raw(held["secret"])
    assert secret.hex() == VECTORS["team"]["secret"]
    assert (secret[0], len(secret)) == (1, 65)
    assert held["key"] == membership["use"].split(" ")[2]
    assert held["team"] == team_in_vectors()

    grant, manifest = json.loads(VECTORS["grant"]["text"]), json.loads(VECTORS["manifest"]["text"])
    for kind in ("grant", "manifest"):
        check_statement(kind)
    sealed_ring = raw(VECTORS["keyring"]["sealed"])
    assert grant["manifest_digest"] == VECTORS["manifest"]["digest"]
    assert grant["keyring_digest"] == hashlib.sha256(sealed_ring).hexdigest()
    assert grant["recipient_fingerprint"] == VECTORS["team"]["fingerprint"]
    assert grant["recipient_team"] == VECTORS["team"]["id"]
    assert grant["grantor_team"] == VECTORS["grantor"]["team"]
    assert grant["grantor_fingerprint"] == VECTORS["grantor"]["fingerprint"]

    ring = open_keyring(secret[1:33], sealed_ring, VECTORS["keyring"]["use"])
    for part in VECTORS["parts"]:
        sealed = raw(part["sealed"])
        assert manifest["parts"][part["part"]] == hashlib.sha256(sealed).hexdigest()
        name = [part[key].encode() for key in ("area", "record", "revision", "part", "version")]
        text = unpadded(open_symmetric(ring[part["part"]], sealed, frame("part", *name)))
        assert text.decode() == part["plaintext"]


def test_a_reader_with_the_document_alone_checks_the_team_s_keys() -> None:
    team = VECTORS["team"]
    secret = bytes.fromhex(team["secret"])
    signing = Ed25519PrivateKey.from_private_bytes(secret[33:]).public_key().public_bytes_raw()
    assert signing.hex() == team["signing_public"]
    fingerprint = hashlib.sha256(frame("fingerprint", raw(team["kem_public"]), signing)).digest()
    assert fingerprint.hex() == team["fingerprint"]
    digits = f"{int.from_bytes(fingerprint, 'big') % 10**30:030d}"
    assert team["spoken_fingerprint"] == " ".join(digits[start : start + 5] for start in range(0, 30, 5))
    for label, signature in VECTORS["statements"].items():
        said = (team["id"].encode(), fingerprint)
        check_signature(VECTORS["grantor"]["signing_public"], signature, label, *said)
    confirmation = check_statement("confirmation")
    assert set(confirmation) == {"format", "kind", "area", "team", "fingerprint", "confirmed_at"}
    assert confirmation["team"] == team_in_vectors()
    assert confirmation["fingerprint"] == team["fingerprint"]
    assert confirmation["area"] == VECTORS["parts"][0]["area"]


def test_a_reader_with_the_document_alone_checks_a_transfer_and_its_recall() -> None:
    sent, recall = check_statement("transfer"), check_statement("transfer", "recall")
    grant, about = json.loads(VECTORS["grant"]["text"]), VECTORS["parts"][0]
    fields = {"format", "kind", "area", "record", "transfer", "provider", "state", "at", "previous"}
    for statement in (sent, recall):
        assert set(statement) == fields
        assert statement["provider"] == VECTORS["team"]["organisation"]
        assert (statement["area"], statement["record"]) == (about["area"], about["record"])
        assert statement["transfer"] == grant["transfer"]
    assert (sent["state"], sent["previous"]) == ("sent", None)
    assert (recall["state"], recall["previous"]) == ("recalled", VECTORS["transfer"]["digest"])


def test_a_reader_with_the_document_alone_checks_an_areas_rules() -> None:
    rules = check_statement("area rules", "area_rules")
    assert set(rules) == {"format", "kind", "area", "send_at", "versions", "signed_at", "previous"}
    assert rules["area"] == VECTORS["parts"][0]["area"]
    assert (rules["send_at"], rules["versions"]) == ("conditional", {"2027": "core/2027.1"})
    assert len(bytes.fromhex(rules["previous"])) == 32


def test_a_reader_with_the_document_alone_opens_an_invitation_with_the_spoken_code() -> None:
    invitation = VECTORS["invitation"]
    code = "".join(letter for letter in invitation["spoken_code"].lower() if letter.isalnum())
    code = code.replace("o", "0").replace("i", "1").replace("l", "1")
    opened = open_unlock(invitation["text"], code, invitation["use"])
    bundle = json.loads(opened)
    assert opened.decode() == json.dumps(bundle, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert bundle == {
        "format": 1,
        "organisation": invitation["organisation"],
        "held": [
            {
                "key": VECTORS["membership"]["key"],
                "secret": base64.b64encode(bytes.fromhex(VECTORS["team"]["secret"])).decode(),
                "team": team_in_vectors(),
            }
        ],
        "keyless": [invitation["keyless"]],
        "pins": invitation["pins"],
    }


def test_a_reader_with_the_document_alone_opens_the_team_s_card() -> None:
    seed = bytes.fromhex(VECTORS["team"]["secret"])[1:33]
    key = hkdf_expand(hmac.digest(bytes(32), seed, "sha256"), frame("ledger-key"), 32)
    assert key.hex() == VECTORS["team"]["ledger_key"]
    card = VECTORS["card"]
    use = f"card {card['id']} {card['record']} {card['transfer']}".encode()
    text = unpadded(open_symmetric(key, raw(card["sealed"]), frame("card", use)))
    assert unpadded(open_hpke(seed, raw(card["posted"]), use)) == text
    read = json.loads(text)
    assert set(read) == {"content", "school", "key", "made_at", "signature"}
    assert {name: read[name] for name in ("content", "school", "key", "made_at")} == {
        name: card[name] for name in ("content", "school", "key", "made_at")
    }
    content = json.dumps(read["content"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    statement = {
        "format": 1,
        "kind": "card",
        "card": card["id"],
        "record": card["record"],
        "transfer": card["transfer"],
        "recipient": card["recipient"],
        "school": read["school"],
        "made_at": read["made_at"],
        "content": hashlib.sha256(content.encode()).hexdigest(),
    }
    said = json.dumps(statement, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    check_signature(VECTORS["grantor"]["signing_public"], raw(read["signature"]).hex(), "card", said.encode())


def test_a_reader_with_the_document_alone_opens_a_question_and_knows_who_asked_it() -> None:
    message = VECTORS["message"]
    seed = bytes.fromhex(VECTORS["team"]["secret"])[1:33]
    use = f"query {message['query']} {message['id']}"
    assert message["keyring"]["use"] == use
    ring = open_keyring(seed, raw(message["keyring"]["sealed"]), use)
    assert set(ring) == {"message"}
    place = (message["area"], message["record"], message["id"], "message", message["version"])
    part = frame("part", *(field.encode() for field in place))
    held = json.loads(unpadded(open_symmetric(ring["message"], raw(message["sealed"]), part)))
    assert set(held) == {"body", "key", "signature"}
    assert held["key"] == VECTORS["membership"]["key"]
    fields = (message["query"].encode(), message["id"].encode(), held["body"].encode())
    check_signature(VECTORS["team"]["signing_public"], held["signature"], "message", *fields)
    body = json.loads(held["body"])
    assert held["body"] == json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert body == {"asking_team": VECTORS["team"]["id"]} | {
        field: message[field] for field in ("record", "transfer", "owner", "text", "section", "sent_at")
    }


def test_a_reader_with_the_document_alone_opens_the_session() -> None:
    session = VECTORS["session"]
    token = base64.urlsafe_b64decode(session["cookie"] + "=")
    assert hashlib.sha256(frame("session-id", token)).hexdigest() == session["id"]
    key = hkdf_expand(hmac.digest(bytes(32), token, "sha256"), frame("session-key"), 32)
    seed = open_symmetric(key, raw(session["wrapped"]), frame("session", b"full"))
    assert seed.hex() == VECTORS["unlock"]["seed"]
    late = VECTORS["late_save"]
    sealed, use = raw(late["sealed"]), late["use"].encode()
    end = 2 + int.from_bytes(sealed[:2], "big")
    own = hkdf_expand(hmac.digest(bytes(32), seed, "sha256"), frame("personal-key"), 32)
    key_use = f"late key {late['principal']}".encode()
    session_key = open_symmetric(own, sealed[2:end], frame("personal", key_use))
    message = open_symmetric(session_key, sealed[end:], frame("late-save", use))
    assert unpadded(open_hpke(seed, message, use)).decode() == late["plaintext"]


# ---- this package ---------------------------------------------------------------------------------


def test_this_package_opens_what_was_sealed_before() -> None:
    unlock = VECTORS["unlock"]
    seed = unlocks.unwrap(unlock["text"], unlock["passphrase"], use=unlock["use"])
    person = KeyPair.from_seed(seed)
    membership = VECTORS["membership"]
    held = HeldKey.from_bytes(personal.open(person, raw(membership["sealed"]), use=membership["use"]))
    team = held.secret
    assert held.team.plain() == team_in_vectors()
    invitation = VECTORS["invitation"]
    bundle = Bundle.from_bytes(
        unlocks.unwrap(
            invitation["text"], passphrases.normalise(invitation["spoken_code"]), use=invitation["use"]
        )
    )
    assert (list(bundle.held), str(bundle.organisation_id)) == ([held], invitation["organisation"])
    assert [keyless.plain() for keyless in bundle.keyless] == [invitation["keyless"]]
    public = bytes.fromhex(VECTORS["grantor"]["signing_public"])
    grant = Grant.verify(VECTORS["grant"]["text"], bytes.fromhex(VECTORS["grant"]["signature"]), public)
    confirmation = Confirmation.verify(
        VECTORS["confirmation"]["text"], bytes.fromhex(VECTORS["confirmation"]["signature"]), public
    )
    assert (confirmation.identity, confirmation.fingerprint) == (held.team, team.fingerprint.hex())
    manifest = Manifest.verify(
        VECTORS["manifest"]["text"], bytes.fromhex(VECTORS["manifest"]["signature"]), public
    )
    sent, recall = (
        TransferStatement.verify(VECTORS[name]["text"], bytes.fromhex(VECTORS[name]["signature"]), public)
        for name in ("transfer", "recall")
    )
    assert (sent.state, recall.state, recall.previous) == (SENT, RECALLED, sent.digest())
    rules = VECTORS["area_rules"]
    assert AreaRules.verify(rules["text"], bytes.fromhex(rules["signature"]), public).send_at == "conditional"
    sealed_ring = raw(VECTORS["keyring"]["sealed"])
    assert grant.keyring_digest == parts.digest(sealed_ring)
    ring = keyrings.open(team.kem, sealed_ring, use=VECTORS["keyring"]["use"])
    for part in VECTORS["parts"]:
        assert manifest.parts[part["part"]] == parts.digest(raw(part["sealed"]))
        name = parts.PartName(part["area"], part["record"], part["revision"], part["part"], part["version"])
        assert parts.open(ring[part["part"]], name, raw(part["sealed"])).decode() == part["plaintext"]
    card = VECTORS["card"]
    place = Place(*(UUID(card[name]) for name in ("id", "record", "transfer", "recipient")))
    body = ledger.open(team.ledger_key, place.use, raw(card["sealed"]))
    assert ledger.unpad(hpke.open(team.kem, raw(card["posted"]), info=place.use)) == body
    signed_card = SignedCard.from_bytes(body)
    signed_card.check(public, place=place)
    assert signed_card.content == card["content"]
    late = VECTORS["late_save"]
    typed = late_saves.open(
        person, raw(late["sealed"]), principal_id=UUID(late["principal"]), use=late["use"]
    )
    assert typed.decode() == late["plaintext"]
    asked = VECTORS["message"]
    (key,) = keyrings.open(team.kem, raw(asked["keyring"]["sealed"]), use=asked["keyring"]["use"]).values()
    name = parts.PartName(asked["area"], asked["record"], asked["id"], "message", asked["version"])
    signed = json.loads(parts.open(key, name, raw(asked["sealed"])))
    messages.verify(
        team.signing.public,
        bytes.fromhex(signed["signature"]),
        query=asked["query"],
        message=asked["id"],
        body=signed["body"].encode(),
    )
    session = SessionToken.from_cookie(VECTORS["session"]["cookie"])
    assert session.unwrap(raw(VECTORS["session"]["wrapped"])) == seed


@pytest.mark.parametrize(
    "label",
    [
        "part",
        "personal",
        "hpke",
        "fingerprint",
        "unlock",
        "card",
        "manifest",
        "grant",
        "confirmation",
        "transfer",
        "area rules",
        "succession",
        "pin",
        "message",
        "late-save",
        "kept",
        "kept-key",
    ],
)
def test_the_document_names_every_label(label: str) -> None:
    assert f"`{label}`" in (PATH.parent / "sealing.md").read_text(encoding="utf-8")
