"""Manifests and grants: whatever one of them says is in its digest."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sealing.signed import GRANT, MANIFEST


@given(name=st.sampled_from(["area", "record", "revision", "owner", "version", "previous"]), value=st.text())
def test_manifests_that_differ_have_different_digests(name: str, value: str) -> None:
    changed: dict[str, Any] = {name: value}
    assert replace(MANIFEST, **changed).digest() != MANIFEST.digest()


@pytest.mark.parametrize(
    "name", [name for name in json.loads(GRANT.text()) if name not in ("format", "kind")]
)
def test_grants_that_differ_have_different_digests(name: str) -> None:
    changed: dict[str, Any] = {name: {"learner": "0"} if name == "parts" else str(uuid4())}
    assert replace(GRANT, **changed).digest() != GRANT.digest()


def test_a_grant_names_who_grants_and_who_receives_by_team_and_by_key() -> None:
    read = json.loads(GRANT.text())
    assert (read["grantor_team"], read["grantor_fingerprint"]) == (str(GRANT.grantor_team), "cd" * 32)
    assert (read["recipient_team"], read["recipient_fingerprint"]) == (str(GRANT.recipient_team), "ab" * 32)
