"""The words by which sealed bytes and signatures are told apart, read from the code.

These are the labels of framed fields, the uses for which something is sealed, and the names of formats. What is
written in the code in a way that this cannot read is an error, so no word stays unseen.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

Function = ast.FunctionDef | ast.AsyncFunctionDef

VARIES = "*"
"""What stands in a use in place of an id."""
_PASSED_ON = ("use", "info", "bound")
"""What a parameter is called that carries a use, or the associated data with it."""
_GIVES_A_USE = re.compile(r"_?(use|info|bound)|\w+_use|_use_of_\w+")
"""What functions and properties are called that make one."""
_FORMAT = re.compile(r"transition-exchange[ /][a-z][^\n]*")


class Unreadable(Exception):
    """A label or a use is made in a way that cannot be read from the code."""


@dataclass(frozen=True)
class Module:
    """One module of the code."""

    path: Path
    tree: ast.Module

    @cached_property
    def constants(self) -> dict[str, ast.expr]:
        """What is given a name in the module itself."""
        named: dict[str, ast.expr] = {}
        for node in self.tree.body:
            if isinstance(node, ast.Assign):
                named |= {target.id: node.value for target in node.targets if isinstance(target, ast.Name)}
            elif isinstance(node, ast.AnnAssign) and node.value and isinstance(node.target, ast.Name):
                named[node.target.id] = node.value
        return named

    @cached_property
    def functions(self) -> list[Function]:
        """Every function and method."""
        return [node for node in ast.walk(self.tree) if isinstance(node, Function)]

    @cached_property
    def calls(self) -> list[tuple[Function | None, ast.Call]]:
        """Every call, with the innermost function in which it stands."""
        found: list[tuple[Function | None, ast.Call]] = []
        waiting: list[tuple[Function | None, ast.AST]] = [(None, self.tree)]
        while waiting:
            function, node = waiting.pop()
            if isinstance(node, ast.Call):
                found.append((function, node))
            inside = node if isinstance(node, Function) else function
            waiting += [(inside, child) for child in ast.iter_child_nodes(node)]
        return found

    def unreadable(self, node: ast.AST) -> Unreadable:
        """The error for something that cannot be read."""
        return Unreadable(f"{self.path}:{getattr(node, 'lineno', '?')}: {ast.unparse(node)}")


@dataclass(frozen=True)
class Code:
    """The code of a package."""

    modules: tuple[Module, ...]

    @classmethod
    def under(cls, folder: Path) -> Code:
        """All modules below a folder."""
        paths = sorted(folder.rglob("*.py"))
        return cls(tuple(Module(path, ast.parse(path.read_text(encoding="utf-8"))) for path in paths))

    def labels(self) -> set[str]:
        """The labels of all framed fields.

        Raises:
            Unreadable: one is neither a text nor the kind of a statement.
        """
        found = {kind for module in self.modules for kind in _kinds(module)}
        for module in self.modules:
            for _, call in module.calls:
                if _called(call) == "framed":
                    label = call.args[0]
                    if isinstance(label, ast.Constant) and isinstance(label.value, str):
                        found.add(label.value)
                    elif not (isinstance(label, ast.Attribute) and label.attr == "kind"):
                        raise module.unreadable(call)
        return found

    def uses(self) -> set[str]:
        """Everything for which something is sealed, with `VARIES` in place of ids.

        Raises:
            Unreadable: one is made in a way that this does not know.
        """
        found: set[str] = set()
        positions = self._positions()
        for module in self.modules:
            for function in module.functions:
                if _GIVES_A_USE.fullmatch(function.name):
                    for node in ast.walk(function):
                        if isinstance(node, ast.Return) and node.value is not None:
                            found |= _read(module, function, node.value)
                found |= _defaults(module, function)
            for function_around, call in module.calls:
                for argument in _uses_in(call, positions):
                    found |= _read(module, function_around, argument)
        return found

    def formats(self) -> set[str]:
        """The names of formats that are texts of their own."""
        return {
            match.group()
            for module in self.modules
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            if (match := _FORMAT.match(node.value))
        }

    def _positions(self) -> dict[str, int]:
        """Where the use stands among the arguments of functions that take it by position, by `module.function`."""
        return {
            f"{module.path.stem}.{function.name}": position
            for module in self.modules
            for function in module.tree.body
            if isinstance(function, Function)
            for position, parameter in enumerate(function.args.args)
            if parameter.arg in _PASSED_ON
        }


def _kinds(module: Module) -> Iterator[str]:
    """The kinds of the signed statements in a module."""
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.AnnAssign) or ast.unparse(node.target) != "kind":
            continue
        if "ClassVar" in ast.unparse(node.annotation) and isinstance(node.value, ast.Constant):
            yield str(node.value.value)


def _called(call: ast.Call) -> str:
    """What is called, such as `framed` or `ledger.seal`; empty if that has no name."""
    match call.func:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=ast.Name(id=owner), attr=name):
            return f"{owner}.{name}"
        case ast.Attribute(attr=name):
            return name
    return ""


def _uses_in(call: ast.Call, positions: dict[str, int]) -> Iterator[ast.expr]:
    """The arguments of a call that carry a use."""
    if _called(call) == "TypeVar":
        return  # its bound is a type
    yield from (keyword.value for keyword in call.keywords if keyword.arg in _PASSED_ON)
    position = positions.get(_called(call))
    if position is not None and position < len(call.args):
        yield call.args[position]


def _defaults(module: Module, function: Function) -> set[str]:
    """The uses that parameters have if none is given."""
    given = zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
    return {
        use
        for parameter, default in given
        if parameter.arg in _PASSED_ON and default is not None
        for use in _read(module, function, default)
    }


def _read(module: Module, function: Function | None, node: ast.expr) -> set[str]:
    """The uses that an expression gives; none if it hands on what is read elsewhere.

    Raises:
        Unreadable: it is none of the ways that this knows.
    """
    match node:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.JoinedStr():
            return {"".join(_piece(piece) for piece in node.values)}
        case ast.Call() if _called(node) == "framed" or _GIVES_A_USE.fullmatch(_called(node).split(".")[-1]):
            return set()  # a label, or a function whose results are read where it is defined
        case ast.Attribute(attr=name) if _GIVES_A_USE.fullmatch(name):
            return set()
        case ast.Subscript(value=ast.Name(id=name)) if isinstance(module.constants.get(name), ast.Dict):
            words = module.constants[name]
            assert isinstance(words, ast.Dict)
            return {use for value in words.values for use in _read(module, function, value)}
        case ast.Name(id=name) if name in module.constants:
            return _read(module, function, module.constants[name])
        case ast.Name(id=name) if function is not None:
            if name in _parameters(function):
                return set()  # read where the function is called
            assigned = list(_assigned(function, name))
            if assigned:
                return {use for value in assigned for use in _read(module, function, value)}
    raise module.unreadable(node)


def _piece(piece: ast.expr) -> str:
    return str(piece.value) if isinstance(piece, ast.Constant) else VARIES


def _parameters(function: Function) -> set[str]:
    arguments = function.args
    return {parameter.arg for parameter in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}


def _assigned(function: Function, name: str) -> Iterator[ast.expr]:
    """What a function gives to a name of its own."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name) and target.id == name:
                    yield node.value
                elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    for one, value in zip(target.elts, node.value.elts, strict=True):
                        if isinstance(one, ast.Name) and one.id == name:
                            yield value
