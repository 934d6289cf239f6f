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
    form: Any = pdf.Root.get("/AcroForm")
    fields = _fields(form)
    found = False
    for page in pdf.pages:
        annotations: Any = page.obj.get("/Annots")
        if not isinstance(annotations, Array):
            continue
        signed = [item for item in annotations if _is_signed(item)]
        if signed:
            found = True
            unseen = ObjectSet(item for item in signed if not _shows(item))
            page.obj["/Annots"] = Array([item for item in annotations if not _is_in(item, unseen)])
            for annotation in signed:
                _make_stamp(annotation, of_a_form=annotation in fields)
    if isinstance(form, Dictionary):
        found |= _remove_fields(form)
        if found and "/SigFlags" in form:
            del form["/SigFlags"]
    return Removed.SIGNATURE if found else Removed(0)


def _fields(form: Any) -> ObjectSet:
    """All fields of a form and the annotations that show them."""
    fields = ObjectSet()
    waiting = [form.get("/Fields")] if isinstance(form, Dictionary) else []
    while waiting:
        nodes = waiting.pop()
        if isinstance(nodes, Array):
            waiting += [
                node.get("/Kids") for node in nodes if isinstance(node, Dictionary) and fields.add(node)
            ]
    return fields


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


def _is_in(item: Any, objects: ObjectSet) -> bool:
    return isinstance(item, Dictionary) and item in objects


def _make_stamp(widget: Any, *, of_a_form: bool) -> None:
    """Leave of a widget what it shows. One that no form names is not drawn by all readers, and stays a widget."""
    for key in _OF_A_FIELD:
        if key in widget:
            del widget[key]
    if of_a_form:
        widget["/Subtype"] = Name.Stamp


def _remove_fields(form: Any) -> bool:
    """Remove signed fields and those that became stamps from the tree of fields. Returns whether there were any."""
    found = False
    seen = ObjectSet()
    waiting: list[tuple[Any, str, bool]] = [(form, "/Fields", False)]
    while waiting:
        holder, key, signature = waiting.pop()
        nodes = holder.get(key)
        if not isinstance(nodes, Array) or not seen.add(nodes):
            continue
        kept = []
        for node in nodes:
            if not isinstance(node, Dictionary):
                continue
            signs = node.get("/FT", Name.Sig if signature else None) == Name.Sig
            if node.get("/Subtype") == Name.Stamp or (signs and "/V" in node):
                found = True
                continue
            kept.append(node)
            waiting.append((node, "/Kids", signs))
        if len(kept) < len(nodes):
            holder[key] = Array(kept)
    return found
