"""What WeasyPrint leaves undone in the structure of a tagged PDF, done before the file is written.

Read in WeasyPrint 70's `pdf/tags.py`: running footers get structure elements that hang from no tree, where PDF/UA-1
(ISO 14289-1, 7.8) wants artifacts; header cells have IDs and data cells name them, but there is no IDTree, which
ISO 32000-1 (table 322) requires as soon as an element has an ID; header cells say no Scope. Elements that hang from
no tree are emptied, those of blank lines among them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pydyf  # type: ignore[import-untyped]


def finish(_document: Any, pdf: pydyf.PDF) -> None:
    """Complete the structure tree of a PDF in place. A `finisher` for WeasyPrint's `write_pdf`.

    Args:
        pdf: the PDF before it is written, with a structure tree.
    """
    root = _resolve(pdf, pdf.catalog["StructTreeRoot"])
    reached: dict[int, Any] = {}
    ids: dict[str, bytes] = {}
    for element, parent in _elements(pdf, root):
        reached[element.number] = element
        if element["S"] == "/TH":
            scope = "/Column" if parent["S"] == "/TR" and _in_head(pdf, parent) else "/Row"
            element["A"]["Scope"] = scope
        if "ID" in element:
            ids[element["ID"].string] = element.reference
    if ids:
        names = pydyf.Array()
        for key in sorted(ids):
            names.extend((pydyf.String(key).data, ids[key]))
        root["IDTree"] = pydyf.Dictionary({"Names": names})
    _make_artifacts(pdf, _resolve(pdf, root["ParentTree"]), reached)
    for stray in pdf.objects:
        element = isinstance(stray, pydyf.Dictionary) and stray.get("Type") == "/StructElem"
        if element and stray.number not in reached:
            stray.clear()


def _resolve(pdf: pydyf.PDF, reference: bytes) -> Any:
    return pdf.objects[int(reference.split(b" ", 1)[0])]


def _elements(pdf: pydyf.PDF, parent: Any) -> Iterator[tuple[Any, Any]]:
    """Every structure element below `parent`, with the one above it, in reading order."""
    stack = [(kid, parent) for kid in reversed(parent["K"])]
    while stack:
        kid, above = stack.pop()
        if not isinstance(kid, bytes):
            continue  # content of a page, by number
        element = _resolve(pdf, kid)
        if element.get("Type") == "/StructElem":
            yield element, above
            stack.extend((inner, element) for inner in reversed(element["K"]))


def _in_head(pdf: pydyf.PDF, row: Any) -> bool:
    return bool(_resolve(pdf, row["P"])["S"] == "/THead")


def _make_artifacts(pdf: pydyf.PDF, parent_tree: Any, reached: dict[int, Any]) -> None:
    """Mark content that belongs to no element of the tree as a running artifact."""
    kids = pdf.pages["Kids"][::3]
    numbers = parent_tree["Nums"]
    for position in range(0, len(numbers), 2):
        page, owners = numbers[position], numbers[position + 1]
        if not isinstance(owners, pydyf.Array):
            continue  # an annotation
        strays = {index for index, owner in enumerate(owners) if _number(owner) not in reached}
        if not strays:
            continue
        for index in strays:
            owners[index] = b"null"
        content = _resolve(pdf, pdf.objects[kids[page]]["Contents"]).stream
        for index, item in enumerate(content):
            if isinstance(item, pydyf.Dictionary) and item.get("MCID") in strays:
                content[index - 1] = "/Artifact"
                content[index] = pydyf.Dictionary({"Type": "/Pagination", "Subtype": "/Footer"})


def _number(reference: bytes) -> int:
    return int(reference.split(b" ", 1)[0])
