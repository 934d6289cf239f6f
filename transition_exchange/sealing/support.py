"""A check at start-up that this machine's OpenSSL can do what sealing needs."""

from __future__ import annotations

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.backends.openssl import backend

from transition_exchange.sealing import hpke
from transition_exchange.sealing.errors import MissingMLKEM
from transition_exchange.sealing.keys import KeyPair


def require_mlkem() -> None:
    """Seal and open a message, to prove that it works here.

    Raises:
        MissingMLKEM: the OpenSSL that `cryptography` uses has no ML-KEM; the message says what to install.
    """
    pair = KeyPair.generate()
    try:
        opened = hpke.open(pair, hpke.seal(pair.public, b"ready", info="start-up"), info="start-up")
    except UnsupportedAlgorithm as error:
        raise MissingMLKEM(_message()) from error
    if opened != b"ready":  # pragma: no cover - the cipher itself would be broken
        raise MissingMLKEM(_message())


def _message() -> str:
    return (
        "Transition Exchange cannot start: the cryptography package here has no ML-KEM. "
        f"It uses {backend.openssl_version_text()}; OpenSSL 3.5 or later is needed. "
        "Install the wheels of cryptography, which bring their own, or build it against a newer one."
    )
