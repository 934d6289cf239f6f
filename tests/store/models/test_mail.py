"""What a mail in the outbox can hold."""

from __future__ import annotations

import pytest

from transition_exchange.store.models import OutboxMail


@pytest.mark.parametrize("figure", ["Ada Lovelace", 1.5, True, None])
def test_only_whole_numbers_can_be_put_into_a_mail(figure: object) -> None:
    with pytest.raises(ValueError, match="whole number"):
        OutboxMail(to_address="senco@ashdown.example", template="packs_waiting", figures={"count": figure})
