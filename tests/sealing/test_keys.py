"""Key pairs, signing keys, team secrets and fingerprints."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transition_exchange.sealing import CannotOpen, UnknownFormat, keys
from transition_exchange.sealing.keys import BadSignature, KeyPair, SigningKey, TeamSecret

SEEDS = st.binary(min_size=32, max_size=32)


@given(SEEDS)
def test_a_seed_always_gives_the_same_key_pair(seed: bytes) -> None:
    assert KeyPair.from_seed(seed).public == KeyPair.from_seed(seed).public
    assert len(KeyPair.from_seed(seed).public) == keys.PUBLIC_SIZE


def test_the_first_test_vector_of_x_wing_gives_its_public_key() -> None:
    """draft-connolly-cfrg-xwing-kem, appendix C: the beginning and end of the first public key."""
    seed = bytes.fromhex("7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26")
    public = KeyPair.from_seed(seed).public.hex()
    # pragma: allowlist nextline secret
    assert public.startswith("e2236b35a8c24b39b10aa1323a96a919a2ced88400633a7b07131713fc14b2b5b19cfc3d")
    # pragma: allowlist nextline secret
    assert public.endswith("859edb06eff389b27dce59844570216223593d4ba32d9abac8cd049040ef6534")


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_seed_of_another_length_is_refused(size: int) -> None:
    with pytest.raises(CannotOpen):
        KeyPair.from_seed(bytes(size))
    with pytest.raises(CannotOpen):
        SigningKey.from_seed(bytes(size))


@pytest.mark.parametrize("public", [b"", bytes(1215), b"\xff" * 1216])
def test_what_is_no_public_key_is_refused(public: bytes) -> None:
    with pytest.raises(CannotOpen):
        keys.public_key(public)


@given(SEEDS, st.binary(max_size=200), st.binary(min_size=1, max_size=20))
def test_a_signature_holds_for_its_message_only(seed: bytes, message: bytes, more: bytes) -> None:
    key = SigningKey.from_seed(seed)
    keys.verify(key.public, key.sign(message), message)
    with pytest.raises(BadSignature):
        keys.verify(key.public, key.sign(message), message + more)
    with pytest.raises(BadSignature):
        keys.verify(SigningKey.generate().public, key.sign(message), message)


@pytest.mark.parametrize(("public", "signature"), [(b"", b""), (bytes(31), bytes(64)), (bytes(32), b"")])
def test_broken_keys_and_signatures_are_bad_signatures(public: bytes, signature: bytes) -> None:
    with pytest.raises(BadSignature):
        keys.verify(public, signature, b"message")


def test_a_team_secret_comes_back_from_its_bytes() -> None:
    secret = TeamSecret.generate()
    again = TeamSecret.from_bytes(secret.to_bytes())
    assert again == secret
    assert (again.kem.public, again.signing.public) == (secret.kem.public, secret.signing.public)
    assert (again.ledger_key, again.fingerprint) == (secret.ledger_key, secret.fingerprint)
    assert again.kept_key == secret.kept_key != secret.ledger_key


def test_a_team_secret_of_an_unknown_version_is_refused_by_name() -> None:
    raw = b"\x02" + TeamSecret.generate().to_bytes()[1:]
    with pytest.raises(UnknownFormat, match="Unknown format version of a team secret: 2"):
        TeamSecret.from_bytes(raw)
    with pytest.raises(CannotOpen):
        TeamSecret.from_bytes(TeamSecret.generate().to_bytes()[:-1])


def test_no_secret_shows_when_a_key_is_printed() -> None:
    secret = TeamSecret.generate()
    shown = repr(secret) + repr(secret.kem) + repr(secret.signing)
    assert secret.kem_seed.hex() not in shown
    assert repr(secret.kem_seed)[2:-1] not in shown


def test_both_public_keys_make_the_fingerprint() -> None:
    one, other = TeamSecret.generate(), TeamSecret.generate()
    assert one.fingerprint != keys.fingerprint(one.kem.public, other.signing.public)
    assert one.fingerprint != keys.fingerprint(other.kem.public, one.signing.public)
    assert len(one.fingerprint) == 32


@given(SEEDS)
def test_a_spoken_fingerprint_is_six_groups_of_five_digits(raw: bytes) -> None:
    assert re.fullmatch(r"\d{5}( \d{5}){5}", keys.spoken_fingerprint(raw))


def test_a_spoken_fingerprint_depends_on_the_fingerprint() -> None:
    spoken = {keys.spoken_fingerprint(TeamSecret.generate().fingerprint) for _ in range(20)}
    assert len(spoken) == 20
