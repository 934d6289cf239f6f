"""Each use of a person's own key has a name of its own."""

from __future__ import annotations

from uuid import uuid4

from transition_exchange.exchange.keys import personal


def test_each_use_names_what_it_is_for_and_is_no_other() -> None:
    one, other = uuid4(), uuid4()
    uses = [
        personal.unlock_use(one),
        personal.second_factor_use(one),
        personal.invitation_use(one),
        personal.membership_use(one, other),
        personal.membership_use(other, one),
        personal.late_save_use(one, other),
    ]
    assert len(set(uses)) == len(uses)
    assert all(str(one) in use for use in uses)
