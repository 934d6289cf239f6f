"""Confirmations, successions and pins: one key speaking about another."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from uuid import uuid4

import pytest

from transition_exchange.sealing import confirmation, pins, succession
from transition_exchange.sealing.keys import BadSignature, SigningKey, TeamSecret

Sign = Callable[..., bytes]
KINDS: list[tuple[ModuleType, Sign]] = [
    (confirmation, confirmation.sign),
    (succession, succession.sign_next),
    (pins, pins.sign),
]
EACH = pytest.mark.parametrize(("kind", "sign"), KINDS, ids=["confirmation", "succession", "pin"])
KEY, OTHER = SigningKey.generate(), SigningKey.generate()
TEAM, PRINT = uuid4(), TeamSecret.generate().fingerprint


@EACH
def test_it_holds_for_its_team_its_key_and_its_signer(kind: ModuleType, sign: Sign) -> None:
    signature = sign(KEY, team_id=TEAM, fingerprint=PRINT)
    kind.verify(KEY.public, signature, team_id=str(TEAM), fingerprint=PRINT)
    for public, team, fingerprint in [
        (OTHER.public, TEAM, PRINT),
        (KEY.public, uuid4(), PRINT),
        (KEY.public, TEAM, TeamSecret.generate().fingerprint),
    ]:
        with pytest.raises(BadSignature):
            kind.verify(public, signature, team_id=team, fingerprint=fingerprint)


@EACH
def test_no_kind_passes_for_another(kind: ModuleType, sign: Sign) -> None:
    signature = sign(KEY, team_id=TEAM, fingerprint=PRINT)
    for other, _ in KINDS:
        if other is not kind:
            with pytest.raises(BadSignature):
                other.verify(KEY.public, signature, team_id=TEAM, fingerprint=PRINT)
