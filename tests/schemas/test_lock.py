"""An agreed version does not change: what it publishes and finds is what the lock file holds."""

from __future__ import annotations

import pytest

from tests.proforma import locking
from transition_exchange.proforma import versions


@pytest.mark.parametrize("name", versions())
def test_an_agreed_version_does_not_change(name: str) -> None:
    held = locking.locked()[name]
    made = locking.digests(name)
    assert made["json_schema"] == held["json_schema"], (
        "an agreed version publishes something else than it did"
    )
    assert made["checks"] == held["checks"], "an agreed version finds something else than it did"
    assert len(held["checks"]) >= 5
