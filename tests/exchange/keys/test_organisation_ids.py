"""The id of an organisation follows from its area and the name under which it was founded."""

from __future__ import annotations

from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from transition_exchange.exchange.keys.organisation_ids import ALIKE, is_founded_as, new_organisation_id

names = st.text(min_size=1, max_size=40)


@given(name=names, other=names)
def test_an_id_tells_under_which_name_it_was_made_and_in_which_area(name: str, other: str) -> None:
    area = uuid4()
    made = new_organisation_id(area, name)
    assert is_founded_as(made, area_id=area, name=name)
    assert is_founded_as(made, area_id=area, name=other) is (name == other)
    assert not is_founded_as(made, area_id=uuid4(), name=name)


def test_one_that_is_founded_under_a_name_that_another_had_gets_an_id_of_its_own() -> None:
    area, made = uuid4(), list[UUID]()
    for _ in range(ALIKE):
        made.append(new_organisation_id(area, "Hill Top School", taken=lambda found: found in made))
    assert len(set(made)) == ALIKE
    assert all(is_founded_as(one, area_id=area, name="Hill Top School") for one in made)
