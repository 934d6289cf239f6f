"""The pack's bundled files: the operator's copy first, and an error that names what is missing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from transition_exchange.packs.files import FETCHED, FONTS, PackFileMissing, path, read, template_folders
from transition_exchange.places import VARIABLES


@pytest.fixture
def own_templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The pack's folder among the templates that the operator names."""
    folder = tmp_path / "pack"
    folder.mkdir()
    monkeypatch.setenv(VARIABLES["templates"], str(tmp_path))
    return folder


def test_everything_that_the_style_refers_to_is_bundled_and_may_be_fetched() -> None:
    style = read("pack.css").decode()
    assert set(re.findall(r'url\("([^"]+)"\)', style)) == set(FONTS)
    assert all(read(name) for name in FETCHED)


def test_the_operators_copy_hides_the_bundled_one(own_templates: Path) -> None:
    (own_templates / "pack.css").write_text("body { color: black }")
    assert read("pack.css") == b"body { color: black }"
    assert path(FONTS[0]).is_file()
    assert template_folders()[0] == own_templates
    assert (template_folders()[-1] / "pack.html").is_file()


@pytest.mark.parametrize(
    "name", ["no-such-file.css", "../email/packs_waiting.txt/..", "../../pyproject.toml"]
)
def test_a_file_that_is_missing_or_outside_the_folders_is_named(name: str) -> None:
    with pytest.raises(PackFileMissing, match=re.escape(name)):
        path(name)
