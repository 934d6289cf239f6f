"""No signed statement passes for one of another kind."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from uuid import uuid4

import pytest

from transition_exchange.sealing import BadSignature, confirmation, messages, pins, succession
from transition_exchange.sealing.confirmation import Confirmed
from transition_exchange.sealing.keys import SigningKey, TeamSecret

KEY = SigningKey.generate()
TEAM, PRINT = uuid4(), TeamSecret.generate().fingerprint
ABOUT = Confirmed(TEAM, uuid4(), "Northway College", ["exams"], PRINT)
SIGN: dict[str, Callable[[], bytes]] = {
    "confirmation": lambda: confirmation.sign(KEY, ABOUT),
    "succession": lambda: succession.sign_next(KEY, team_id=TEAM, fingerprint=PRINT),
    "pin": lambda: pins.sign(KEY, team_id=TEAM, fingerprint=PRINT),
    "message": lambda: messages.sign(KEY, query=TEAM, message=TEAM, body=PRINT),
}
VERIFY: dict[str, Callable[[bytes], None]] = {
    "confirmation": lambda signature: confirmation.verify(KEY.public, signature, ABOUT),
    "succession": lambda signature: succession.verify(KEY.public, signature, team_id=TEAM, fingerprint=PRINT),
    "pin": lambda signature: pins.verify(KEY.public, signature, team_id=TEAM, fingerprint=PRINT),
    "message": lambda signature: messages.verify(KEY.public, signature, query=TEAM, message=TEAM, body=PRINT),
}


@pytest.mark.parametrize("kind", SIGN)
def test_each_kind_is_verified_as_itself(kind: str) -> None:
    VERIFY[kind](SIGN[kind]())


@pytest.mark.parametrize(("signed", "read"), list(permutations(SIGN, 2)))
def test_no_kind_passes_for_another(signed: str, read: str) -> None:
    with pytest.raises(BadSignature):
        VERIFY[read](SIGN[signed]())
