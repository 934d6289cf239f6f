"""What may be refused: each refusal carries the words that a person reads, and nothing of a record."""

from __future__ import annotations

import pytest

from transition_exchange.exchange.errors import (
    Busy,
    Conflict,
    ExchangeError,
    NotAllowed,
    NotFound,
    NotReady,
    ProofNeeded,
    Refused,
    SessionEnded,
    Tampered,
    TooManyTries,
)


@pytest.mark.parametrize(
    "error",
    [
        NotFound(),
        NotAllowed(),
        Tampered(),
        Refused("Wrong."),
        NotReady("Not ready."),
        Conflict(["sen"]),
        Busy(),
        TooManyTries("Wait 2 seconds.", retry_after=2),
        ProofNeeded(),
        SessionEnded(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_every_refusal_is_one_and_says_so_in_a_sentence(error: ExchangeError) -> None:
    assert isinstance(error, ExchangeError)
    assert str(error) == error.message
    assert error.message[0].isupper()
    assert error.message.endswith(".")


def test_what_is_not_there_may_be_said_in_words_of_its_own() -> None:
    assert "could not find" in NotFound().message
    assert NotFound("The link has expired.").message == "The link has expired."


def test_a_refusal_names_the_fields_and_keeps_a_copy() -> None:
    fields = {"email": "Enter an e-mail address"}
    refused = Refused("Something is wrong.", fields)
    fields["name"] = "changed later"
    assert refused.fields == {"email": "Enter an e-mail address"}
    assert Refused("Something is wrong.").fields == {}


def test_what_can_be_tried_again_later_says_after_how_many_seconds() -> None:
    assert TooManyTries("Wait 2 seconds.", retry_after=2).retry_after == 2
    assert Busy().retry_after > 0


def test_a_code_may_be_asked_for_in_particular() -> None:
    assert not ProofNeeded().by_code
    assert ProofNeeded(by_code=True).by_code


def test_a_conflict_names_the_sections_and_nothing_of_what_they_say() -> None:
    conflict = Conflict(["sen", "needs"])
    assert conflict.sections == ("sen", "needs")
    assert "sen" not in conflict.message


def test_whoever_meets_a_changed_record_hears_whom_to_tell() -> None:
    assert "council" in Tampered().message
    assert Tampered("Ring the council.").message == "Ring the council."
