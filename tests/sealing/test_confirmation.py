"""A confirmation says whose key it is, of which organisation and for what."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from transition_exchange.sealing import BadSignature, confirmation
from transition_exchange.sealing.confirmation import Confirmed
from transition_exchange.sealing.keys import SigningKey, TeamSecret

KEY = SigningKey.generate()
TEAM, PRINT = uuid4(), TeamSecret.generate().fingerprint


@pytest.mark.parametrize(
    "changed",
    [
        {"team": uuid4()},
        {"fingerprint": TeamSecret.generate().fingerprint},
        {"organisation": uuid4()},
        {"organisation_name": "Southway College"},
        {"purposes": ["exams", "safeguarding"]},
        {"purposes": []},
    ],
)
def test_a_confirmation_says_whose_team_it_is_and_what_for(changed: dict[str, object]) -> None:
    about = Confirmed(TEAM, uuid4(), "Northway College", ["safeguarding", "learning_support"], PRINT)
    signature = confirmation.sign(KEY, about)
    confirmation.verify(KEY.public, signature, replace(about, purposes=["learning_support", "safeguarding"]))
    with pytest.raises(BadSignature):
        confirmation.verify(KEY.public, signature, replace(about, **changed))  # type: ignore[arg-type]
