"""A second reader of the sealed formats, written from docs/sealing.md alone.

It uses the primitives of `cryptography`, not its HPKE, and nothing of this package: it is what somebody else would
write who has only the document. A test holds that it stays so.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import struct
import unicodedata
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

DOCS = Path(__file__).parents[2] / "docs"
VECTORS: dict[str, Any] = json.loads((DOCS / "sealing-vectors.json").read_text(encoding="utf-8"))


def raw(text: str) -> bytes:
    return base64.b64decode(text)


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
    return _part_keys(open_hpke(seed, sealed, b"keyring:" + use.encode()))


def open_kept(key: bytes, sealed: bytes, use: str) -> dict[str, bytes]:
    """What a team kept of a keyring."""
    return _part_keys(open_symmetric(key, sealed, frame("kept", use.encode())))


def digest_of_keys(keys: dict[str, bytes]) -> str:
    """The digest of part keys that a grant names."""
    body = struct.pack(">BH", 1, len(keys))
    for name, key in sorted(keys.items()):
        body += struct.pack(">H", len(name.encode())) + name.encode() + key
    return hashlib.sha256(frame("part-keys", body)).hexdigest()


def _part_keys(padded: bytes) -> dict[str, bytes]:
    body = unpadded(padded)
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


def canonical(value: dict[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def check_statement(stored: dict[str, Any], kind: str, signer: dict[str, Any]) -> dict[str, Any]:
    """What a signed statement says, once its signature, its digest and its way of writing are right."""
    text = stored["text"]
    check_signature(signer["signing_public"], stored["signature"], kind, text.encode())
    assert hashlib.sha256(text.encode()).hexdigest() == stored["digest"]
    read: dict[str, Any] = json.loads(text)
    assert text == canonical(read)
    assert (read["format"], read["kind"]) == (1, kind)
    return read


def team_in_vectors(name: str = "team") -> dict[str, Any]:
    """Who a team is; the college's, unless another is named."""
    fields = (
        "id",
        "name",
        "organisation",
        "organisation_name",
        "purposes",
        "formerly",
        "ukprn",
        "school_urn",
    )
    return {field: VECTORS[name][field] for field in fields if field in VECTORS[name]}


def derived(secret: bytes, label: str) -> bytes:
    """A key of 32 bytes that comes from a seed or a token."""
    return hkdf_expand(hmac.digest(bytes(32), secret, "sha256"), frame(label), 32)


def open_personal(seed: bytes, sealed: bytes, use: str) -> bytes:
    return open_symmetric(derived(seed, "personal-key"), sealed, frame("personal", use.encode()))


def passphrase(typed: str) -> str:
    return unicodedata.normalize("NFKC", typed)


def code(typed: str) -> str:
    """A spoken code, a recovery code or a backup code, as it is compared."""
    kept = re.sub("[^a-z0-9]", "", typed.lower())
    return kept.replace("o", "0").replace("i", "1").replace("l", "1")


def totp(secret: bytes, step: int) -> str:
    """RFC 6238 with SHA-1 and six digits."""
    mac = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    start = mac[-1] & 15
    return f"{(int.from_bytes(mac[start : start + 4], 'big') & 0x7FFFFFFF) % 10**6:06d}"
