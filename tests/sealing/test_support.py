"""Start-up on a machine whose OpenSSL cannot do what sealing needs."""

from __future__ import annotations

import pytest
from cryptography.exceptions import UnsupportedAlgorithm

from transition_exchange.sealing import MissingMLKEM, hpke, require_mlkem


def test_this_machine_can_seal() -> None:
    require_mlkem()


def test_without_ml_kem_start_up_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> bytes:
        raise UnsupportedAlgorithm("ML-KEM-768 is not supported by this backend.")

    monkeypatch.setattr(hpke, "seal", refuse)
    with pytest.raises(MissingMLKEM, match=r"OpenSSL 3\.5 or later is needed"):
        require_mlkem()
