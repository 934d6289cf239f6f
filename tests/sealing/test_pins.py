"""A pin holds for the team, the fingerprint and the signer that it names."""

from __future__ import annotations

from uuid import uuid4

import pytest

from transition_exchange.sealing import BadSignature, pins
from transition_exchange.sealing.keys import SigningKey, TeamSecret

KEY, OTHER = SigningKey.generate(), SigningKey.generate()
TEAM, PRINT = uuid4(), TeamSecret.generate().fingerprint


def test_it_holds_for_its_team_its_key_and_its_signer() -> None:
    signature = pins.sign(KEY, team_id=TEAM, fingerprint=PRINT)
    pins.verify(KEY.public, signature, team_id=str(TEAM), fingerprint=PRINT)
    for public, team, fingerprint in [
        (OTHER.public, TEAM, PRINT),
        (KEY.public, uuid4(), PRINT),
        (KEY.public, TEAM, TeamSecret.generate().fingerprint),
    ]:
        with pytest.raises(BadSignature):
            pins.verify(public, signature, team_id=team, fingerprint=fingerprint)
