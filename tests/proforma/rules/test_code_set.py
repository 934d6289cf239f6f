"""Every code set has each code once and a label for it, whatever it is about."""

from __future__ import annotations

import pytest

from transition_exchange.proforma.rules import (
    circumstance_codes,
    destination_codes,
    exam_codes,
    learner_codes,
    local_authorities,
    needs_codes,
    neet_risk,
)
from transition_exchange.proforma.rules.code_set import CodeSet

MODULES = (
    circumstance_codes,
    destination_codes,
    exam_codes,
    learner_codes,
    local_authorities,
    needs_codes,
    neet_risk,
)
SETS = {
    f"{module.__name__.rsplit('.', 1)[1]}.{name}": value
    for module in MODULES
    for name, value in vars(module).items()
    if name.isupper()
    and not name.startswith("_")
    and isinstance(value, tuple)
    and value
    and isinstance(value[0], tuple)
    and isinstance(value[0][1], str)
}


def test_all_of_them_are_looked_at() -> None:
    assert len(SETS) > 25


@pytest.mark.parametrize("name", sorted(SETS))
def test_a_code_set_has_each_code_once_and_a_label_for_it(name: str) -> None:
    entries: CodeSet = SETS[name]
    codes = [entry[0] for entry in entries]
    assert len(codes) == len(set(codes))
    assert all(code and code == code.strip() for code in codes)
    assert all(entry[1].strip() for entry in entries)
