"""What is asked of Landlock, for each version of its interface. That it holds is shown in `test_doors.py`."""

from __future__ import annotations

import sys

import pytest

from transition_exchange.uploads import landlock
from transition_exchange.uploads.landlock import ruleset_for


@pytest.mark.parametrize(
    ("version", "files", "network", "scopes", "size"),
    [
        (1, 0x1FFF, 0, 0, 8),
        (2, 0x3FFF, 0, 0, 8),
        (3, 0x7FFF, 0, 0, 8),
        (4, 0x7FFF, 3, 0, 16),
        (5, 0xFFFF, 3, 0, 16),
        (6, 0xFFFF, 3, 3, 24),
        (9, 0xFFFF, 3, 3, 24),
    ],
)
def test_everything_is_forbidden_that_the_kernel_can_forbid_and_nothing_it_does_not_know(
    version: int, files: int, network: int, scopes: int, size: int
) -> None:
    ruleset, length = ruleset_for(version)
    asked = (ruleset.handled_access_fs, ruleset.handled_access_net, ruleset.scoped, length)
    assert asked == (files, network, scopes, size)


def test_other_systems_have_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not landlock.forbid_all()
