"""The factories give what they promise."""

from __future__ import annotations

import pytest

from tests import factories


def test_the_factories_give_what_they_promise() -> None:
    assert factories.without_sen()["sen"]["provision"] == "N"
    assert factories.with_sen_support()["sen"]["provision"] == "K"
    assert "ehc_plan" in factories.with_ehc_plan()
    assert "gender" in factories.of_last_year()["enrolment"]
    assert "in_care" in factories.with_flag("in_care").flags
    assert factories.with_child_protection_file().safeguarding["safeguarding"]["file_exists"] == "yes"
    with pytest.raises(LookupError):
        factories.with_flag("no such flag")
