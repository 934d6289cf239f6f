"""What may stand at the top of a PDF: in its trailer, its catalog, its form and its pages.

These lists say what may stay, so that what nobody thought of goes. Everything that decides what a page shows, and what
assistive software and search need, is on them (ISO 32000-2, tables 29, 31, 32 and 224).
"""

from __future__ import annotations

from typing import Any

from pikepdf import Array, Dictionary, Name, ObjectSet, Pdf, Stream, String

from transition_exchange.uploads.actions import clean_open_action
from transition_exchange.uploads.answers import Removed, Verdict
from transition_exchange.uploads.names import remove

_TRAILER = {"/Root", "/Info", "/ID", "/Size"}
_CATALOG = {
    *("/Type", "/Version", "/Extensions", "/Pages", "/PageLabels", "/Names", "/Dests", "/ViewerPreferences"),
    *("/PageLayout", "/PageMode", "/Outlines", "/OpenAction", "/AcroForm", "/Metadata", "/StructTreeRoot"),
    *("/MarkInfo", "/Lang", "/OutputIntents", "/OCProperties"),
}
_NAME_TREES = {"/Dests"}
_FORM = {"/Fields", "/NeedAppearances", "/SigFlags", "/DR", "/DA", "/Q"}
_PAGE_TREE = {"/Type", "/Parent", "/Kids", "/Count", "/Resources", "/MediaBox", "/CropBox", "/Rotate"}
_PAGE = {
    *("/Type", "/Parent", "/LastModified", "/Resources", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox"),
    *("/ArtBox", "/BoxColorInfo", "/Contents", "/Rotate", "/Group", "/Annots", "/Metadata", "/StructParents"),
    *("/ID", "/PZ", "/SeparationInfo", "/Tabs", "/UserUnit", "/OutputIntents"),
}
_LOST_WITH_A_PAGE = {"/AA": Removed.SCRIPTS, "/AF": Removed.FILES}
"""Entries of a page that may not stay and that a reader could miss."""

_PACK_DATA = "This record as data, for software"
"""How a pack of this program describes the data that is attached to it (`packs/worker.py`)."""


class Refusal(Exception):
    """A file is not accepted."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.name)
        self.verdict = verdict


def refuse_by_catalog(catalog: Any) -> None:
    """Refuse a document whose pages are not all there is to see.

    Raises:
        Refusal: it is a folder of several files, or a program makes its pages.
    """
    if "/Collection" in catalog:
        raise Refusal(Verdict.PORTFOLIO)
    form = catalog.get("/AcroForm")
    has_program = isinstance(form, Dictionary) and "/XFA" in form
    if has_program or "/NeedsRendering" in catalog:
        raise Refusal(Verdict.XFA)


def cut_down(pdf: Pdf) -> Removed:
    """Leave nothing at the top of a document but what may stand there.

    Returns:
        What was removed, if a reader of the document could miss it.

    Raises:
        Refusal: a page's content is missing.
    """
    catalog: Any = pdf.Root
    removed = _losses(catalog)
    _keep(pdf.trailer, _TRAILER)
    _keep_scalars(pdf.trailer)
    removed |= clean_open_action(catalog)
    _keep(catalog, _CATALOG)
    _keep_inner(catalog, "/Names", _NAME_TREES)
    _keep_inner(catalog, "/AcroForm", _FORM)
    if catalog.get("/PageMode") == Name.UseAttachments:
        del catalog["/PageMode"]
    _cut_down_page_tree(catalog.get("/Pages"))
    for page in pdf.pages:
        _refuse_missing_content(page.obj)
        for key, lost in _LOST_WITH_A_PAGE.items():
            removed |= lost if key in page.obj else Removed(0)
        _keep(page.obj, _PAGE)
    return removed


def _losses(catalog: Any) -> Removed:
    """What of the catalog's entries a reader of the document could miss."""
    removed = Removed(0)
    names = catalog.get("/Names")
    if "/AA" in catalog or (isinstance(names, Dictionary) and "/JavaScript" in names):
        removed |= Removed.SCRIPTS
    if "/Perms" in catalog:
        removed |= Removed.SIGNATURE
    files = _attached(names) if isinstance(names, Dictionary) else []
    if files or "/AF" in catalog:
        described = [str(file["/Desc"]) for file in files if isinstance(file.get("/Desc"), String)]
        is_pack = len(files) == 1 and described == [_PACK_DATA]
        removed |= Removed.PACK_DATA if is_pack else Removed.FILES
    return removed


def _attached(names: Any) -> list[Any]:
    """The specifications of the files attached to a document, from the leaves of their name tree."""
    files: list[Any] = []
    seen, waiting = ObjectSet(), [names.get("/EmbeddedFiles")]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, Dictionary) or not seen.add(node):
            continue
        leaves, kids = node.get("/Names"), node.get("/Kids")
        if isinstance(leaves, Array):
            files += [leaf for leaf in leaves if isinstance(leaf, Dictionary)]
        if isinstance(kids, Array):
            waiting += list(kids)
    return files


def _cut_down_page_tree(tree: Any) -> None:
    seen, waiting = ObjectSet(), [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Dictionary) and isinstance(node.get("/Kids"), Array) and seen.add(node):
            _keep(node, _PAGE_TREE)
            waiting += list(node["/Kids"])


def _refuse_missing_content(page: Any) -> None:
    """Refuse a page that has lost what it shows, as those at the end of a file that was cut off."""
    contents = page.get("/Contents")
    if contents is None and "/Contents" not in page:
        return
    pieces = list(contents) if isinstance(contents, Array) else [contents]
    if not all(isinstance(piece, Stream) for piece in pieces):
        raise Refusal(Verdict.DAMAGED)


def _keep(holder: Any, allowed: set[str]) -> None:
    for key in list(holder.keys()):
        if key not in allowed:
            remove(holder, key)


def _keep_inner(holder: Any, key: str, allowed: set[str]) -> None:
    """Keep the allowed entries of a dictionary inside another; whatever else stands there goes."""
    inner = holder.get(key)
    if isinstance(inner, Dictionary):
        _keep(inner, allowed)
    elif key in holder:
        del holder[key]


def _keep_scalars(trailer: Any) -> None:
    """Keep title, author and dates of a document, which are plain values, and nothing larger beside them."""
    about = trailer.get("/Info")
    if isinstance(about, Dictionary):
        for key, value in list(about.items()):
            if isinstance(value, Dictionary | Stream | Array):
                remove(about, key)
    elif "/Info" in trailer:
        del trailer["/Info"]
