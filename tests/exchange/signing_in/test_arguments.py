"""What somebody types to sign in, to recover, and to change how they sign in."""

from __future__ import annotations

from uuid import uuid4

import pytest

from transition_exchange.exchange.arguments import Arguments, read, read_wanted
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.signing_in.arguments import (
    ChoosePassphrase,
    PutBack,
    Recover,
    SecondStep,
    SignIn,
    TypedCode,
)

TYPED = "  lantern Muddle  quilt "


@pytest.mark.parametrize(
    ("schema", "secret"),
    [
        (SignIn(), "passphrase"),
        (Recover(), "code"),
        (SecondStep(), "code"),
        (TypedCode(), "code"),
        (ChoosePassphrase(), "passphrase"),
        (ChoosePassphrase(), "current_passphrase"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_secret_stays_just_as_it_was_typed(schema: Arguments, secret: str) -> None:
    assert read(schema, {secret: TYPED})[secret] == TYPED


@pytest.mark.parametrize(
    ("schema", "nothing"),
    [
        (SignIn(), {"email": "", "passphrase": ""}),
        (Recover(), {"email": "", "code": ""}),
        (SecondStep(), {"code": "", "remember": False}),
        (TypedCode(), {"code": ""}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_empty_form_is_read_like_any_other_and_left_to_the_action(
    schema: Arguments, nothing: dict[str, object]
) -> None:
    """A message of its own for an empty field would tell more than "wrong" does."""
    assert read(schema, {}) == read(schema, dict.fromkeys(nothing, "")) == nothing


def test_a_device_is_remembered_only_where_that_is_ticked() -> None:
    assert read(SecondStep(), {"code": "123456", "remember": "yes"}) == {"code": "123456", "remember": True}
    assert read(SecondStep(), {"code": "123456"})["remember"] is False


def test_no_present_passphrase_is_none_and_not_an_empty_one() -> None:
    """None is what lets somebody choose a new one who came in with a recovery code."""
    new = {"passphrase": "copper lantern"}
    assert read(ChoosePassphrase(), new) == {**new, "current_passphrase": None}
    assert read(ChoosePassphrase(), new | {"current_passphrase": ""})["current_passphrase"] is None


def test_no_secret_is_in_an_exception() -> None:
    with pytest.raises(Refused) as refused:
        read(SignIn(), {"email": "sam@school.example", "passphrase": [TYPED], "pass": TYPED})
    assert list(refused.value.fields) == ["passphrase", "pass"]
    assert "lantern" not in f"{refused.value} {refused.value.fields}"
    assert refused.value.__cause__ is None


def test_the_usual_form_puts_no_late_save_back() -> None:
    late_saves = [uuid4(), uuid4()]
    wanted = read_wanted(PutBack(), {"late_save": [str(late_save) for late_save in late_saves]})
    assert wanted == {"late_save": late_saves}
    assert read_wanted(PutBack(), {}) == read_wanted(PutBack(), {"late_save": ["x"]}) == {"late_save": []}
