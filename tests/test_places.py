"""Schemas and templates are found in the operator's folder, the package or the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from transition_exchange import places


def test_the_checkout_has_schemas() -> None:
    assert any((folder / "core" / "v2027_1.py").is_file() for folder in places.folders("schemas"))


def test_the_operators_folder_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "v2027_1.py").write_text("")
    monkeypatch.setenv("TRANSITION_EXCHANGE_SCHEMAS", str(tmp_path))
    assert places.folders("schemas")[0] == tmp_path
    assert places.find("schemas", "core/v2027_1.py") == tmp_path / "core" / "v2027_1.py"
    assert places.find("schemas", "core/v2026_1.py") is not None, "what it lacks is found further on"


def test_a_folder_that_is_named_and_not_there_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRANSITION_EXCHANGE_TEMPLATES", str(tmp_path / "typo"))
    with pytest.raises(places.NoSuchPlace, match="TRANSITION_EXCHANGE_TEMPLATES"):
        places.folders("templates")


def test_nothing_outside_the_folders_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "secret.py").write_text("")
    monkeypatch.setenv("TRANSITION_EXCHANGE_SCHEMAS", str(tmp_path / "inside"))
    assert places.find("schemas", "../secret.py") is None
