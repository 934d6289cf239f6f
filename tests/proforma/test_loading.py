"""Versions are found in the folders an operator names, in the package and in the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.proforma.records import V2026, V2027
from transition_exchange import places
from transition_exchange.proforma import (
    BadVersion,
    ProformaError,
    UnknownVersion,
    load,
    version_for,
    versions,
)
from transition_exchange.proforma.loading import load as load_again


def test_the_version_for_a_leaver_is_the_newest_agreed_for_that_year() -> None:
    assert versions() == (V2026, V2027)
    assert version_for(2027) == version_for(2031) == V2027
    assert version_for(2026) == version_for(2019) == V2026


@pytest.mark.parametrize(
    "name", ["core/2099.1", "core", "../etc/passwd", "core/2027.1.py", "", "CORE/2027.1"]
)
def test_an_unknown_version_is_named_as_such(name: str) -> None:
    with pytest.raises(UnknownVersion):
        load(name)


def test_a_version_is_read_once() -> None:
    assert load(V2027) is load_again(V2027)


OWN_VERSION = '''"""A version of an area's own, which asks one thing more."""
from dataclasses import replace
from transition_exchange.proforma import load

CORE = load("core/2027.1")
VERSION = replace(CORE, name="{name}", title="Our own")
'''


def test_an_area_may_have_a_version_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ourtown").mkdir()
    (tmp_path / "ourtown" / "v2027_1.py").write_text(OWN_VERSION.format(name="ourtown/2027.1"))
    monkeypatch.setenv("TRANSITION_EXCHANGE_SCHEMAS", str(tmp_path))
    assert load("ourtown/2027.1").title == "Our own"
    assert versions() == (V2026, V2027, "ourtown/2027.1")
    assert version_for(2027, family="ourtown") == "ourtown/2027.1"
    assert version_for(2027) == V2027


BUILT_VERSION = '''"""A version of an area's own, built from core pieces and one section of its own."""
from transition_exchange.proforma.building import build
from transition_exchange.proforma.fields import SectionSchema, text
from transition_exchange.proforma.model import AboutSection, Page
from schemas.core import audiences, lawful_bases
from schemas.core.sections import learner

class Local(SectionSchema):
    about = AboutSection("local", "Local", "transition", audiences.SUPPORT, lawful_bases.PUBLIC_TASK, 500)
    mentor = text("Mentor")

VERSION = build(name="ourtown/2028.1", year=2028, title="Our own", schemas=(learner.Learner, Local),
    pages=(Page("a", "A", "transition", ("learner", "local")),), attachment_kinds=())
'''


def test_an_areas_version_may_use_the_pieces_of_the_core(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ourtown").mkdir()
    (tmp_path / "ourtown" / "v2028_1.py").write_text(BUILT_VERSION)
    monkeypatch.setenv("TRANSITION_EXCHANGE_SCHEMAS", str(tmp_path))
    version = load("ourtown/2028.1")
    assert version.question("local.mentor").label == "Mentor"
    assert version.question("learner.legal_surname").everybody


def test_a_file_that_holds_another_version_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ourtown").mkdir()
    (tmp_path / "ourtown" / "v2027_1.py").write_text(OWN_VERSION.format(name="core/2027.1"))
    monkeypatch.setenv("TRANSITION_EXCHANGE_SCHEMAS", str(tmp_path))
    with pytest.raises(ProformaError):
        load("ourtown/2027.1")


LEAKING = '''"""A question of the transition team that looks into the safeguarding team's answers."""
from transition_exchange.proforma.building import build
from transition_exchange.proforma.conditions import Is
from transition_exchange.proforma.fields import SectionSchema, text, yes_no
from transition_exchange.proforma.model import AboutSection, Page

def about(name, owner):
    return AboutSection(name, name, owner, frozenset({"safeguarding"}), "UK GDPR Art. 6", 1)

class Secret(SectionSchema):
    about = about("secret", "school_safeguarding")
    known = yes_no("Known?")

class Open(SectionSchema):
    about = about("open", "transition")
    why = text("Why", asked=Is("secret.known", (True,), "known"))

VERSION = build(name="ourtown/2027.1", year=2027, title="Leaking", schemas=(Secret, Open),
    pages=(Page("a", "A", "transition", ("open",)), Page("b", "B", "school_safeguarding", ("secret",))),
    attachment_kinds=())
'''


def test_a_version_whose_condition_reads_another_owners_answers_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ourtown").mkdir()
    (tmp_path / "ourtown" / "v2027_1.py").write_text(LEAKING)
    monkeypatch.setenv("TRANSITION_EXCHANGE_SCHEMAS", str(tmp_path))
    with pytest.raises(BadVersion, match="another owner"):
        load("ourtown/2027.1")


def test_a_file_of_the_operators_hides_the_packaged_one_of_its_name_and_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = load(V2027)
    (tmp_path / "core" / "sections").mkdir(parents=True)
    (tmp_path / "core" / "pages.py").write_text(
        "from transition_exchange.proforma.model import Page\n\n\ndef pages(**sections):\n    return ()\n"
    )
    monkeypatch.setenv("TRANSITION_EXCHANGE_SCHEMAS", str(tmp_path))
    with pytest.raises(BadVersion, match="must stand on one page"):
        load(V2027)
    monkeypatch.delenv("TRANSITION_EXCHANGE_SCHEMAS")
    assert load(V2027) is before


def test_no_folder_of_version_files_keeps_an_operators_own_folder_from_adding_to_it() -> None:
    for folder in places.folders("schemas"):
        assert not list(folder.rglob("__init__.py")), "it would make Python look in one folder only"
