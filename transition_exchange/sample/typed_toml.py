"""Read a TOML file into the dataclass that describes it, and refuse a file that does not fit.

The sample's prose, names and organisations stand in TOML files beside the modules that use them. A key that is
missing or unknown, an empty text or a value of another type is an error when the module is imported, so that a
slip of the pen never turns into a learner with half an answer.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


class DoesNotFit(Exception):
    """A TOML file does not fit its dataclass; the message names the file, the place in it and what is wrong."""


def read(kind: type[T], path: Path) -> T:
    """Read a TOML file into a dataclass, or into a dictionary of dataclasses.

    A line break in a text counts as a space, so that prose can be wrapped in the file.

    Args:
        kind: a dataclass, or `dict[str, <dataclass>]`. Its fields may be `str`, `int`, `float`, `bool`, a
            `Literal` of texts, another dataclass, `tuple[X, ...]`, `frozenset[X]`, `dict[str, X]` or `X | None`.
            A field with a default may be left out of the file.
        path: the file.

    Returns:
        What the file holds, in the file's own order.

    Raises:
        DoesNotFit: the file and the dataclass differ.
    """
    with path.open("rb") as file:
        table = tomllib.load(file)
    value: T = _value(kind, table, path.name)
    return value


def read_beside(kind: type[T], module: str) -> T:
    """Read the TOML file that lies beside a module and bears its name.

    Args:
        kind: as for `read`.
        module: the module's `__file__`.

    Raises:
        DoesNotFit: the file and the dataclass differ.
    """
    return read(kind, Path(module).with_suffix(".toml"))


def _value(kind: Any, value: object, where: str) -> Any:
    """The value as its type wants it; `where` is the place named when it does not fit."""
    origin, arguments = get_origin(kind), get_args(kind)
    if is_dataclass(kind):
        return _instance(kind, _checked(value, dict, where), where)
    if origin is dict:
        table = _checked(value, dict, where)
        return {key: _value(arguments[1], item, f"{where}: {key}") for key, item in table.items()}
    if origin in (tuple, frozenset):
        items = _checked(value, list, where)
        return origin(_value(arguments[0], item, f"{where}[{index}]") for index, item in enumerate(items))
    if origin is UnionType:
        (kind,) = (argument for argument in arguments if argument is not NoneType)
        return _value(kind, value, where)
    if origin is Literal:
        if value not in arguments:
            raise DoesNotFit(f"{where}: {value!r} is none of {', '.join(arguments)}")
        return value
    if kind is float and type(value) is int:
        return value
    if kind is str and not value:
        raise DoesNotFit(f"{where}: the text is empty")
    checked = _checked(value, kind, where)
    return " ".join(checked.split()) if kind is str else checked


def _checked(value: object, kind: type, where: str) -> Any:
    """The value itself, which has exactly this type: `True` is no number."""
    if type(value) is not kind:
        raise DoesNotFit(f"{where}: {type(value).__name__} instead of {kind.__name__}")
    return value


def _instance(kind: Any, table: Mapping[str, object], where: str) -> Any:
    """An instance of a dataclass from a table with its fields' names."""
    hints = get_type_hints(kind)
    needed = {
        field.name
        for field in fields(kind)
        if field.default is MISSING and field.default_factory is MISSING and field.init
    }
    if unknown := table.keys() - {field.name for field in fields(kind)}:
        raise DoesNotFit(f"{where}: unknown key {', '.join(sorted(unknown))}")
    if missing := needed - table.keys():
        raise DoesNotFit(f"{where}: missing key {', '.join(sorted(missing))}")
    return kind(**{key: _value(hints[key], item, f"{where}: {key}") for key, item in table.items()})
