"""Reading a tagged PDF back: its structure tree as Python, with the text each element holds."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name


@dataclass
class Element:
    """One structure element. ``content`` are the (page, MCID) of what is marked as its own."""

    tag: str
    attributes: dict[str, Any]
    id: str | None
    content: list[tuple[int, int]] = field(default_factory=list)
    kids: list[Element] = field(default_factory=list)

    def walk(self) -> Iterator[Element]:
        """This element and all below it, in reading order."""
        yield self
        for kid in self.kids:
            yield from kid.walk()


@dataclass
class Tagged:
    """What a test asks about a tagged PDF."""

    root: Element
    objects: set[tuple[int, int]]
    """The structure elements reached from the root."""
    all_objects: set[tuple[int, int]]
    """Every structure element in the file."""
    marked: list[list[tuple[str, int | None]]]
    """For each page, the marked content in its stream: tag, and MCID if it has one."""
    unmarked_text: list[int]
    """Pages with text outside any marked content."""
    parent_tree: dict[int, list[Any]]
    ids: set[str]
    """The IDs that the IDTree leads from."""


def read(pdf: bytes) -> Tagged:
    """The structure of a PDF."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        pages = {page.obj.objgen: number for number, page in enumerate(opened.pages)}
        tree = opened.Root.StructTreeRoot
        reached: set[tuple[int, int]] = set()
        (document,) = tree.K
        root = _element(document, pages, reached, None)
        everything = {
            thing.objgen
            for thing in opened.objects
            if isinstance(thing, Dictionary) and thing.get(Name.Type) == Name.StructElem
        }
        numbers = list(tree.ParentTree.Nums)
        marked, unmarked = [], []
        for number, page in enumerate(opened.pages):
            in_stream, outside = _marked(page)
            marked.append(in_stream)
            if outside:
                unmarked.append(number)
        names = [str(name) for name in list(tree.IDTree.Names)[::2]] if Name.IDTree in tree else []
        return Tagged(
            root=root,
            objects=reached,
            all_objects=everything,
            marked=marked,
            unmarked_text=unmarked,
            parent_tree={
                int(numbers[at]): [getattr(owner, "objgen", None) for owner in numbers[at + 1]]
                for at in range(0, len(numbers), 2)
                if isinstance(numbers[at + 1], Array)
            },
            ids=set(names),
        )


def _element(item: Any, pages: dict[Any, int], reached: set[Any], parent: Any) -> Element:
    assert item.objgen not in reached, "an element hangs from two places"
    assert parent is None or item.P.objgen == parent.objgen, "an element names another parent"
    reached.add(item.objgen)
    attributes = {str(key)[1:]: value for key, value in dict(item.get(Name.A, {})).items()}
    plain = {
        key: [str(name) for name in value] if key == "Headers" else str(value)
        for key, value in attributes.items()
    }
    element = Element(str(item.S)[1:], plain, str(item.ID) if Name.ID in item else None)
    page = pages[item.Pg.objgen] if Name.Pg in item else None
    for kid in item.get(Name.K, []):
        if isinstance(kid, int):
            assert page is not None
            element.content.append((page, kid))
        else:
            element.kids.append(_element(kid, pages, reached, item))
    return element


def _marked(page: Any) -> tuple[list[tuple[str, int | None]], bool]:
    marked: list[tuple[str, int | None]] = []
    depth, outside = 0, False
    for instruction in pikepdf.parse_content_stream(page):
        operands, operator = instruction.operands, instruction.operator
        match str(operator):
            case "BDC":
                depth += 1
                number = operands[1].get(Name.MCID)
                marked.append((str(operands[0])[1:], None if number is None else int(number)))
            case "BMC":
                depth += 1
                marked.append((str(operands[0])[1:], None))
            case "EMC":
                depth -= 1
            case "TJ" | "Tj" if depth == 0:
                outside = True
    return marked, outside
