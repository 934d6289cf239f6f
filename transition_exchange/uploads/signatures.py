"""Digital signatures of a PDF: what shows on the page stays, the signature goes.

A signature covers the bytes of the file, so it does not hold for one that was written anew, and a reader would call it
invalid, as if somebody had tampered with the document. What shows on the page becomes an ordinary stamp.
"""

from __future__ import annotations

from typing import Any

from pikepdf import Array, Dictionary, Name, ObjectSet, Pdf

from transition_exchange.uploads.answers import Removed

_DEEPEST_FIELD = 50
_OF_A_FIELD = (
    "/FT",
    "/V",
    "/DV",
    "/T",
    "/TU",
    "/TM",
    "/Ff",
    "/Parent",
    "/Kids",
    "/MK",
    "/DA",
    "/SV",
    "/Lock",
)


def remove_signatures(pdf: Pdf) -> Removed:
    """Turn signatures into stamps, and remove their fields.

    Returns:
        Whether there were any.
    """
    found = False
    for page in pdf.pages:
        annotations: Any = page.obj.get("/Annots")
        if isinstance(annotations, Array) and any(_is_signed(item) for item in annotations):
            found = True
            shown = [item for item in annotations if not _is_signed(item) or _shows(item)]
            signed = [item for item in shown if _is_signed(item)]
            page.obj["/Annots"] = Array(shown)
            for annotation in signed:
                _make_stamp(annotation)
    form: Any = pdf.Root.get("/AcroForm")
    if isinstance(form, Dictionary):
        found |= _remove_fields(form)
        if found and "/SigFlags" in form:
            del form["/SigFlags"]
    return Removed.SIGNATURE if found else Removed(0)


def _is_signed(widget: Any) -> bool:
    """Whether an annotation belongs to a signature field that holds a signature; a field inherits from its parents."""
    if not isinstance(widget, Dictionary) or widget.get("/Subtype") != Name.Widget:
        return False
    node: Any = widget
    kind = value = None
    for _ in range(_DEEPEST_FIELD):
        if not isinstance(node, Dictionary):
            break
        kind = node.get("/FT") if kind is None else kind
        value = node.get("/V") if value is None else value
        node = node.get("/Parent")
    return kind == Name.Sig and value is not None


def _shows(widget: Any) -> bool:
    """Whether there is something to see: a signature may be invisible."""
    looks = widget.get("/AP")
    return isinstance(looks, Dictionary) and looks.get("/N") is not None


def _make_stamp(widget: Any) -> None:
    for key in _OF_A_FIELD:
        if key in widget:
            del widget[key]
    widget["/Subtype"] = Name.Stamp


def _remove_fields(form: Any) -> bool:
    """Remove signed fields and those that became stamps from the tree of fields. Returns whether there were any."""
    found = False
    seen, waiting = ObjectSet(), [(form, "/Fields", False)]
    while waiting:
        holder, key, inherited = waiting.pop()
        nodes = holder.get(key)
        if not isinstance(nodes, Array) or not seen.add(nodes):
            continue
        kept = []
        for node in nodes:
            signs = (
                isinstance(node, Dictionary) and node.get("/FT", Name.Sig if inherited else None) == Name.Sig
            )
            stamp = isinstance(node, Dictionary) and node.get("/Subtype") == Name.Stamp
            if stamp or (signs and "/V" in node):
                found = True
                continue
            kept.append(node)
            if isinstance(node, Dictionary):
                waiting.append((node, "/Kids", signs))
        if len(kept) < len(nodes):
            holder[key] = Array(kept)
    return found
