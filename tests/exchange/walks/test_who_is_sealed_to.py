"""Nothing is sealed to a database row as it stands: what vouches for a key is written in few places, found here.

The type checker does the rest. What seals to a public key takes a `RecipientKey`, which every key pair gives of itself,
and a grant, a card or a message takes a `KnownTeam`.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from transition_exchange.exchange.queries.messages import seal_message
from transition_exchange.exchange.records import cards, grants
from transition_exchange.exchange.writing.new_drafts import new_draft
from transition_exchange.sealing import hpke, keyrings

PACKAGE = Path(inspect.getfile(grants)).parents[2]
VOUCHING = {
    "KnownTeam": {"exchange/actor.py", "exchange/keys/trust.py"},
    "RecipientKey": {
        "sealing/keys.py",
        "exchange/keys/trust.py",
        "sealing/late_saves.py",
        "sealing/people.py",
        "sealing/address_book.py",
    },
}
"""Where a type that vouches for a key may be made. The last three are people's own keys: a person's own, a colleague's
that the team's key signed, and a colleague's that somebody remembers, sealed to themselves."""


def _trees() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the package, by its path."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def _called(node: ast.AST) -> str:
    """The name that a call ends with; empty if the node is none."""
    if not isinstance(node, ast.Call):
        return ""
    return ast.unparse(node.func)


def _makes(tree: ast.Module, name: str) -> bool:
    """Whether a module makes an object of a type, lets another name stand for the type, or inherits from it."""
    for node in ast.walk(tree):
        if _called(node).split(".")[-1] == name:
            return True
        if isinstance(node, ast.alias) and node.name == name and node.asname:
            return True
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base).endswith(name) for base in node.bases):
            return True
        if isinstance(node, ast.Assign) and ast.unparse(node.value).split(".")[-1] == name:
            return True
        if _called(node).split(".")[-1] in ("cast", "map", "partial", "__new__") and name in ast.unparse(
            node
        ):
            return True
    return False


@pytest.mark.parametrize("name", VOUCHING)
def test_only_few_places_vouch_for_a_key(name: str) -> None:
    assert {path for path, tree in _trees() if _makes(tree, name)} == VOUCHING[name]


def test_no_vouched_key_is_exchanged_for_another() -> None:
    """`replace` would make a known team with the bytes of a row."""
    wrong = [
        (path, ast.unparse(node))
        for path, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and _called(node).split(".")[-1] in ("replace", "setattr", "__setattr__", "__replace__")
        and ("kem_public" in ast.unparse(node) or "known" in ast.unparse(node))
    ]
    assert wrong == []


def test_what_seals_to_a_public_key_takes_one_that_is_vouched_for() -> None:
    for seal in (hpke.seal, keyrings.seal):
        first = next(iter(inspect.signature(seal).parameters.values()))
        assert first.annotation == "RecipientKey", seal.__module__
    assert inspect.signature(grants.make).parameters["grantee"].annotation == "KnownTeam"
    assert inspect.signature(new_draft).parameters["grantees"].annotation == "Sequence[KnownTeam]"
    assert inspect.signature(cards.Recipient).parameters["team"].annotation == "KnownTeam | None"
    assert inspect.signature(seal_message).parameters["readers"].annotation == "Sequence[KnownTeam]"


def test_whoever_seals_hands_on_a_vouched_key_and_silences_no_checker() -> None:
    """Every call of what seals to a public key, by what it is given. A new one has to be looked at, and added here."""
    given = {
        (path, ast.unparse(node.args[0]))
        for path, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _called(node) in ("hpke.seal", "keyrings.seal")
    }
    assert given == {
        ("exchange/records/cards.py", "team.kem_public"),
        ("exchange/records/grants.py", "grantee.kem_public"),
        ("exchange/queries/messages.py", "reader.kem_public"),
        ("sealing/handovers.py", "taker.kem"),
        ("sealing/keyrings.py", "recipient_public"),
        ("sealing/late_saves.py", "self.public"),
        ("sealing/support.py", "pair.public"),
    }
    for path, _ in given:
        assert "type: ignore" not in (PACKAGE / path).read_text(encoding="utf-8"), path


def test_nothing_but_the_sealing_package_encrypts_to_a_public_key() -> None:
    users = {
        path
        for path, tree in _trees()
        for node in ast.walk(tree)
        if (
            isinstance(node, ast.ImportFrom)
            and node.module
            in ("cryptography.hazmat.primitives.hpke", "cryptography.hazmat.primitives.asymmetric.mlkem")
        )
        or (_called(node).split(".")[-1] == "public_key" and "sealing" in path)
    }
    assert users == {"sealing/hpke.py", "sealing/keys.py"}
