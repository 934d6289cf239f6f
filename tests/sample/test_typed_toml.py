"""A TOML file is read into its dataclass whole, or refused with the place where it does not fit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from transition_exchange.sample.typed_toml import DoesNotFit, read, read_beside


@dataclass(frozen=True)
class Course:
    """A table within another."""

    name: str
    hours: float
    level: Literal["entry", "1"] = "entry"


@dataclass(frozen=True)
class College:
    """A table with every kind of field there is."""

    name: str
    open: bool
    size: int
    courses: tuple[Course, ...]
    kinds: frozenset[str]
    rooms: dict[str, tuple[str, ...]]
    best: Course | None = None


WHOLE = """
name = \"\"\"A college with
  a long name\"\"\"
open = true
size = 3
kinds = ["a", "b"]
[rooms]
second = ["2.1"]
first = ["1.1", "1.2"]
[[courses]]
name = "Baking"
hours = 2
[[courses]]
name = "Boxing"
hours = 1.5
level = "1"
"""


def written(folder: Path, text: str) -> Path:
    """A file with this text."""
    path = folder / "college.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_that_fits_is_read_whole_and_in_its_order(tmp_path: Path) -> None:
    college = read(College, written(tmp_path, WHOLE))
    assert college == College(
        name="A college with a long name",
        open=True,
        size=3,
        courses=(Course("Baking", 2), Course("Boxing", 1.5, "1")),
        kinds=frozenset({"a", "b"}),
        rooms={"second": ("2.1",), "first": ("1.1", "1.2")},
    )
    assert list(college.rooms) == ["second", "first"]
    assert type(college.courses[0].hours) is int


def test_a_field_that_may_be_none_is_read_when_it_is_there(tmp_path: Path) -> None:
    path = written(tmp_path, WHOLE + '[best]\nname = "Baking"\nhours = 2\n')
    assert read(College, path).best == Course("Baking", 2)


def test_a_file_of_named_tables_becomes_a_dictionary(tmp_path: Path) -> None:
    path = written(tmp_path, '[b]\nname = "Baking"\nhours = 2\n[a]\nname = "Boxing"\nhours = 1\n')
    assert list(read(dict[str, Course], path).items()) == [
        ("b", Course("Baking", 2)),
        ("a", Course("Boxing", 1)),
    ]


def test_the_file_beside_a_module_bears_its_name(tmp_path: Path) -> None:
    path = written(tmp_path, WHOLE)
    assert read_beside(College, str(path.with_suffix(".py"))) == read(College, path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("size = 3\n", "", "college.toml: missing key size"),
        ("size = 3", "size = 3\nsise = 4", "college.toml: unknown key sise"),
        ("size = 3", "size = true", "college.toml: size: bool instead of int"),
        ("size = 3", 'size = "3"', "college.toml: size: str instead of int"),
        ("open = true", "open = 1", "college.toml: open: int instead of bool"),
        ('name = "Baking"', 'name = ""', r"college.toml: courses\[0\]: name: the text is empty"),
        ('name = "Boxing"', 'nam = "Boxing"', r"college.toml: courses\[1\]: unknown key nam"),
        ('level = "1"', 'level = "9"', r"college.toml: courses\[1\]: level: '9' is none of entry, 1"),
        ('["2.1"]', '"2.1"', "college.toml: rooms: second: str instead of list"),
        ('["a", "b"]', '["a", 2]', r"college.toml: kinds\[1\]: int instead of str"),
        ("[[courses]]", "[[course]]", "unknown key course"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_with_the_place(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    path = written(tmp_path, WHOLE.replace(old, new))
    with pytest.raises(DoesNotFit, match=message):
        read(College, path)
