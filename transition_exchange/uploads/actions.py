"""Actions of a PDF: which may stay, and what of them.

An action is found by where it stands: `A` and `PA` of an annotation or a bookmark, `OpenAction` of the catalog
(ISO 32000-2, 12.6). Only three kinds may stay, and each is cut down to the entries that it needs. `AA`, which starts
actions by itself, never stays.
"""

from __future__ import annotations

import re
from typing import Any

from pikepdf import Array, Dictionary, Name, Stream, String

from transition_exchange.uploads.answers import Removed
from transition_exchange.uploads.names import is_one_of, names, remove

DANGEROUS = names(
    (
        *("JavaScript", "Launch", "SubmitForm", "ImportData", "GoToE", "GoToR", "Rendition", "Movie"),
        *("Sound", "RichMediaExecute", "GoTo3DView", "Thread", "Hide", "SetOCGState", "ResetForm"),
    )
)
"""Kinds of actions that are removed wherever they stand, even where no reader looks for an action."""

_LINKS = names(("URI", "GoToR", "GoToE", "Launch", "Thread"))
_NAMED = names(("NextPage", "PrevPage", "FirstPage", "LastPage"))
_WEB = re.compile(rb"https?://[A-Za-z0-9\[][^\x00-\x20\x7f\\]*", re.IGNORECASE)
"""A web address with a host. Without spaces and backslashes, which readers understand in different ways."""


def clean_slot(holder: Any, key: str) -> Removed:
    """Cut down the action at `holder[key]` to what may stay, or remove it.

    Returns:
        What was removed, if a reader of the document could miss it.
    """
    action = holder.get(key)
    if isinstance(action, Array):
        if any(is_action(item) for item in action):  # attributes of a structure element have no S
            del holder[key]
            return Removed.SCRIPTS
        return Removed(0)
    if not isinstance(action, Dictionary | Stream) or "/S" not in action:
        return Removed(0)
    kept = _entries_to_keep(action)
    if not kept:
        lost = kind_of_loss(action)
        del holder[key]
        return lost
    lost = Removed.SCRIPTS if "/Next" in action else Removed(0)
    for entry in list(action.keys()):
        if entry not in kept:
            remove(action, entry)
    return lost


def clean_open_action(catalog: Any) -> Removed:
    """Keep what a document does when it is opened only if it goes to a place in itself."""
    opens = catalog.get("/OpenAction")
    if opens is None or isinstance(opens, Array):
        return Removed(0)  # a destination
    if isinstance(opens, Dictionary) and opens.get("/S") == Name.GoTo:
        return clean_slot(catalog, "/OpenAction")
    del catalog["/OpenAction"]
    return Removed.SCRIPTS


def is_action(item: Any) -> bool:
    """Whether an object is an action that is removed wherever it stands.

    An element of the structure tree also has an `S`, which a document may choose freely, and always a parent `P`.
    """
    return isinstance(item, Dictionary | Stream) and is_one_of(item.get("/S"), DANGEROUS) and "/P" not in item


def kind_of_loss(action: Any) -> Removed:
    """What is lost with an action, in the words of an answer."""
    return Removed.LINKS if is_one_of(action.get("/S"), _LINKS) else Removed.SCRIPTS


def is_web_address(address: bytes) -> bool:
    """Whether a link may lead there: `http` or `https` and a host."""
    return _WEB.fullmatch(address) is not None


def _entries_to_keep(action: Any) -> set[str]:
    """The entries of an action that may stay; none if it may not stay at all."""
    kind = action.get("/S")
    if isinstance(action, Stream) or not isinstance(kind, Name):
        return set()
    if kind == Name.GoTo and isinstance(action.get("/D"), Array | Name | String):
        return {"/Type", "/S", "/D", "/SD"}
    if kind == Name.URI and isinstance(action.get("/URI"), String) and is_web_address(bytes(action["/URI"])):
        return {"/Type", "/S", "/URI", "/IsMap"}
    if kind == Name.Named and is_one_of(action.get("/N"), _NAMED):
        return {"/Type", "/S", "/N"}
    return set()
