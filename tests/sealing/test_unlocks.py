"""Seeds wrapped under what a person knows, through Argon2id."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from hypothesis import given, settings
from hypothesis import strategies as st

from transition_exchange.sealing import UnknownFormat, unlocks
from transition_exchange.sealing.unlocks import Cost, WrongSecret

QUICK = Cost(memory_kib=64, iterations=1, lanes=1)
WRAPPED = unlocks.wrap(b"a seed", "Käfer tractor", cost=QUICK, use="principal 1")


@settings(deadline=None)
@given(st.binary(max_size=200), st.text(max_size=60))
def test_what_was_wrapped_comes_back(seed: bytes, secret: str) -> None:
    assert unlocks.unwrap(unlocks.wrap(seed, secret, cost=QUICK, use="x"), secret, use="x") == seed


@pytest.mark.parametrize("secret", ["", "käfer tractor", "Käfer tractor ", "Käfer tracto"])
def test_another_secret_opens_nothing(secret: str) -> None:
    with pytest.raises(WrongSecret):
        unlocks.unwrap(WRAPPED, secret, use="principal 1")


def test_another_person_s_unlock_opens_nothing_in_this_one_s_place() -> None:
    with pytest.raises(WrongSecret):
        unlocks.unwrap(WRAPPED, "Käfer tractor", use="principal 2")


def test_a_letter_with_its_mark_typed_apart_is_the_same_letter() -> None:
    assert unlocks.unwrap(WRAPPED, "Ka\u0308fer tractor", use="principal 1") == b"a seed"


def test_the_standard_cost_is_128_mib() -> None:
    wrapped = json.loads(unlocks.wrap(b"a seed", "secret", use="x"))
    assert (wrapped["memory_kib"], wrapped["iterations"], wrapped["lanes"]) == (131072, 3, 1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("memory_kib", 128),
        ("iterations", 2),
        ("memory_kib", 10**9),
        ("memory_kib", 1),
        ("memory_kib", "64"),
        ("iterations", True),
        ("iterations", 0),
        ("lanes", 10**6),
        ("salt", "AAAA"),
        ("salt", None),
        ("sealed", "!"),
        ("sealed", "AQ=="),
    ],
)
def test_any_changed_field_is_noticed_before_it_costs_much(name: str, value: object) -> None:
    changed = json.dumps({**json.loads(WRAPPED), name: value})
    with pytest.raises(unlocks.CannotOpen):
        unlocks.unwrap(changed, "Käfer tractor", use="principal 1")


@pytest.mark.parametrize(("name", "value"), [("memory_kib", 262145), ("iterations", 4), ("lanes", 5)])
def test_what_no_release_has_written_is_refused_before_anything_is_computed(
    name: str, value: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = json.dumps({**json.loads(WRAPPED), "memory_kib": 262144, name: value})
    monkeypatch.setattr(unlocks, "_derive", lambda *_: pytest.fail("it was computed"))
    for refuse in (
        lambda: unlocks.unwrap(changed, "Käfer tractor", use="x"),
        lambda: unlocks.cost_of(changed),
    ):
        with pytest.raises(WrongSecret):
            refuse()


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "{}", '{"format":2,"kdf":"argon2id"}', '{"format":1,"kdf":"x"}']
)
def test_an_unknown_format_is_refused_by_name(text: str) -> None:
    with pytest.raises(UnknownFormat, match="unlock"):
        unlocks.unwrap(text, "secret", use="x")


@pytest.mark.parametrize("lanes", [1, 4])
def test_many_people_unlock_their_keys_at_once(lanes: int) -> None:
    """OpenSSL's own threads are few; nobody is refused because others use them."""
    cost = Cost(memory_kib=256, iterations=1, lanes=lanes)
    wrapped = unlocks.wrap(b"a seed", "secret", cost=cost, use="x")
    with ThreadPoolExecutor(12) as pool:
        opened = list(pool.map(lambda _: unlocks.unwrap(wrapped, "secret", use="x"), range(60)))
    assert set(opened) == {b"a seed"}


@pytest.mark.parametrize("cost", [QUICK, Cost(memory_kib=128, iterations=2, lanes=2)])
def test_wasting_time_does_the_work_that_unwrapping_does(cost: Cost, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of a loaded machine proves nothing; what `cryptography` is asked to compute does."""
    work: list[tuple[dict[str, object], int]] = []

    class Counted:
        def __init__(self, *, salt: bytes, **parameters: object) -> None:
            self._parameters = {"salt": len(salt), **parameters}
            self._real = Argon2id(salt=salt, **parameters)  # type: ignore[arg-type]

        def derive(self, secret: bytes) -> bytes:
            work.append((self._parameters, len(secret)))
            return self._real.derive(secret)

    wrapped = unlocks.wrap(b"a seed", "secret", cost=cost, use="x")
    monkeypatch.setattr(unlocks, "Argon2id", Counted)
    unlocks.unwrap(wrapped, "secret", use="x")
    unlocks.waste("secret", cost=cost)
    unwrapping, wasting = work
    assert wasting == unwrapping
    assert wasting[0]["memory_cost"] == cost.memory_kib
