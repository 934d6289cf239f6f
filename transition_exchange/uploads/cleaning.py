"""A PDF written anew without what could do harm, so that its pages look the same.

What a reader sees never changes: what is part of a page and cannot stay (a film, a pinned file, a picture kept
elsewhere) makes the whole file refused. What is not seen is taken out. Writing the file anew keeps only the objects
that the document still uses, so earlier states, objects behind the cross-reference table, and files of another kind
before, behind or between them are gone.

Only `child` calls this while the service runs: a parser of hostile files belongs into a process that can be killed.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from enum import Enum, auto
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, ObjectSet, Pdf, Stream, String
from pikepdf.settings import set_qpdf_limits

from transition_exchange.uploads.actions import clean_slot, is_action, is_web_address, kind_of_loss
from transition_exchange.uploads.answers import LARGEST_ANSWER, Answer, Removed, Verdict
from transition_exchange.uploads.entries import Refusal, cut_down, refuse_by_catalog
from transition_exchange.uploads.names import is_one_of, names, remove
from transition_exchange.uploads.signatures import remove_signatures

UNPACKED_STREAM = 64 * 1024 * 1024
"""The most that one stream may unpack to, in bytes."""

UNPACKED = 96 * 1024 * 1024
"""The most that all streams but pictures may unpack to together, in bytes. Packed twice, a kilobyte holds gigabytes."""

_MEDIA = names(("Movie", "Sound", "Screen", "3D", "RichMedia", "FileAttachment"))
_FILES = names(("EmbeddedFile", "Filespec", "F"))
_SIGNATURES = names(("Sig", "DocTimeStamp"))
_NEVER = {
    **dict.fromkeys(("/AA", "/JS"), Removed.SCRIPTS),
    **dict.fromkeys(("/EF", "/AF", "/RF"), Removed.FILES),
    **dict.fromkeys(("/XFA", "/PieceInfo", "/DestOutputProfileRef", "/SV"), Removed(0)),
}
"""Entries that never stay, and what is lost with them."""

_NEVER_OF_STREAMS = {"/Ref", "/OPI"}
"""Entries that let a picture be taken from another file. Its own picture stands in the stream and stays."""

_MAPS = {
    *("/XObject", "/Font", "/ColorSpace", "/ExtGState", "/Pattern", "/Shading", "/Properties", "/CharProcs"),
    *("/RoleMap", "/ClassMap", "/Dests", "/Colorants", "/Solidities", "/DotGain"),
}
"""Where the keys of a dictionary are names that the document chose: one of them may be called `AA`."""


_SLOTS = {"/A", "/PA"}
"""Where actions stand, but for the catalog's."""

_TELLING = {*_NEVER, *_NEVER_OF_STREAMS, *_SLOTS, "/S", "/Type", "/Subtype", "/F", "/URI"}
"""Entries without any of which an object need not be cleaned."""

_OVER_LIMIT = "memory limit exceeded"
"""What qpdf says of a stream that unpacks to more than `limit_memory` allows."""

_CONTAINERS = (Array, Dictionary, Stream)
_FILE_SPECIFICATIONS = (String, Dictionary)


class _Place(Enum):
    """How the keys of a dictionary are to be read."""

    DEFINED = auto()
    """They mean what the standard says."""
    CHOSEN = auto()
    """The document chose them."""
    LOOKS = auto()
    """They say when a look of an annotation applies (`AP`); below them stand looks by names that were chosen."""


def limit_memory() -> None:
    """Let qpdf unpack no stream beyond `UNPACKED_STREAM`, in this whole process and from now on."""
    set_qpdf_limits(flate_max_memory=UNPACKED_STREAM, run_length_max_memory=UNPACKED_STREAM)


def clean(content: bytes) -> Answer:
    """Write a PDF anew without what could do harm. Call it only in a process that can be killed.

    Args:
        content: the upload.

    Returns:
        The new file and what was taken out, or why the upload is refused.
    """
    try:
        with pikepdf.explicit_conversion():
            return _cleaned(content)
    except Refusal as refusal:
        return Answer(refusal.verdict)
    except pikepdf.PasswordError:
        return Answer(Verdict.LOCKED)
    except pikepdf.PikepdfError as error:
        # Locked for the holders of certain certificates, or in a way that qpdf does not know.
        return Answer(Verdict.LOCKED if "encryption" in str(error) else Verdict.DAMAGED)
    except (MemoryError, RecursionError):
        return Answer(Verdict.HEAVY)


def _cleaned(content: bytes) -> Answer:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        removed = Removed.RESTRICTIONS if pdf.is_encrypted else Removed(0)
        refuse_by_catalog(pdf.Root)
        pages = len(pdf.pages)
        if pages == 0:
            raise Refusal(Verdict.EMPTY)
        streams: list[Any] = []
        removed |= cut_down(pdf) | remove_signatures(pdf) | _sweep(pdf, streams)
        _refuse_lost_objects(content, [str(problem) for problem in pdf.get_warnings()])
        _weigh(streams)
        written = _written(pdf)
    with pikepdf.open(io.BytesIO(written)) as pdf:
        # What was cleaned must be clean: a second look finds nothing to take out.
        if (
            pdf.is_encrypted
            or len(pdf.pages) != pages
            or cut_down(pdf) | remove_signatures(pdf) | _sweep(pdf)
        ):
            raise Refusal(Verdict.DAMAGED)
    return Answer(Verdict.ACCEPTED, pages=pages, removed=removed, content=written)


def _refuse_lost_objects(content: bytes, problems: list[str]) -> None:
    """Refuse a file that qpdf could read only by leaving objects out: pages may have lost what they show.

    A wrong cross-reference table alone loses nothing, because qpdf finds all objects without it, unless the file was
    cut off.
    """
    if any(_OVER_LIMIT in problem for problem in problems):
        raise Refusal(Verdict.SWOLLEN)
    cut_off = content.rfind(b"%%EOF") < content.rfind(b"endobj")
    for problem in problems:
        if "error decoding stream" in problem or (cut_off and "Attempting to reconstruct" in problem):
            raise Refusal(Verdict.DAMAGED)


def _written(pdf: Pdf) -> bytes:
    """The document as a file that holds only what the document uses, not encrypted."""
    buffer = io.BytesIO()
    with warnings.catch_warnings(
        action="ignore", category=pikepdf.PageCopyWarning
    ):  # a field that no form names
        pdf.save(
            buffer,
            encryption=False,
            fix_metadata_version=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            deterministic_id=True,
        )
    if buffer.tell() > LARGEST_ANSWER:
        raise Refusal(Verdict.HEAVY)
    return buffer.getvalue()


def _sweep(pdf: Pdf, streams: list[Any] | None = None) -> Removed:
    """Go through every object that the document uses, and take out what must not stay.

    Args:
        pdf: the document.
        streams: is filled with the streams that the document uses.

    Returns:
        What was removed, if a reader of the document could miss it.

    Raises:
        Refusal: something that must not stay is part of a page.
    """
    removed = Removed(0)
    seen = {place: ObjectSet() for place in _Place}
    waiting: list[tuple[Any, _Place]] = [(pdf.trailer, _Place.DEFINED)]
    while waiting:
        item, place = waiting.pop()
        if not seen[place].add(item):
            continue
        if isinstance(item, Array):
            waiting += [(inner, _Place.DEFINED) for inner in item if isinstance(inner, _CONTAINERS)]
            continue
        if streams is not None and isinstance(item, Stream):
            streams.append(item)
        keys = item.keys()
        if not keys.isdisjoint(_TELLING):
            removed |= _clean(item, keys, place)
        waiting += _below(item, place)
    return removed


def _weigh(streams: list[Any]) -> None:
    """Refuse a document that unpacks to more than any reader should be given, as soon as that much was unpacked."""
    left = UNPACKED
    for stream in streams:
        left -= _unpacked_size(stream)
        if left < 0:
            raise Refusal(Verdict.SWOLLEN)


def _unpacked_size(stream: Any) -> int:
    """How many bytes a stream unpacks to.

    Pictures that are packed once are left out: their size is bounded by what they say of their width and height.

    Raises:
        Refusal: it is more than `UNPACKED_STREAM`.
    """
    packed = stream.get("/Filter")
    packed_once = not isinstance(packed, Array) or len(packed) < 2
    if packed is None or (stream.get("/Subtype") == Name.Image and packed_once):
        return 0
    try:
        return len(memoryview(stream.get_stream_buffer(pikepdf.StreamDecodeLevel.generalized)))
    except pikepdf.PikepdfError as error:
        if _OVER_LIMIT in str(error):
            raise Refusal(Verdict.SWOLLEN) from None
        # Otherwise it is packed in a way that needs no look, or damaged; readers show what they can of it.
        return 0


def _below(item: Any, place: _Place) -> Iterator[tuple[Any, _Place]]:
    """The arrays, dictionaries and streams directly inside a dictionary or a stream."""
    for key, inner in item.items():
        if not isinstance(inner, _CONTAINERS):
            continue
        chosen = place is _Place.LOOKS or (place is _Place.DEFINED and key in _MAPS)
        if chosen and isinstance(inner, Dictionary):
            yield inner, _Place.CHOSEN
        elif key == "/AP" and place is _Place.DEFINED:
            yield inner, _Place.LOOKS
        else:
            yield inner, _Place.DEFINED


def _clean(item: Any, keys: set[str], place: _Place) -> Removed:
    """Clean one dictionary or stream that has some of the keys that tell what it is."""
    lost = _loss(item)
    if lost is not None:
        # It is emptied and not unlinked, because any number of others may refer to it.
        if isinstance(item, Stream):
            item.write(b"")
        for key in item.keys() - {"/Length"}:
            remove(item, key)
        return lost
    removed = Removed(0)
    if place is _Place.DEFINED:
        _refuse_part_of_a_page(item)
        for key in keys & _NEVER.keys():
            del item[key]
            removed |= _NEVER[key]
        if isinstance(item, Stream):
            for key in keys & _NEVER_OF_STREAMS:
                del item[key]
        for key in keys & _SLOTS:
            removed |= clean_slot(item, key)
        address = item.get("/URI")
        if address is not None and not (isinstance(address, String) and is_web_address(bytes(address))):
            del item["/URI"]
            removed |= Removed.LINKS
    return removed


def _loss(item: Any) -> Removed | None:
    """What is lost with an object that must not stay wherever it stands; None if it may stay."""
    if is_action(item):
        return kind_of_loss(item)
    if is_one_of(item.get("/Type"), _FILES):
        return Removed.FILES
    if is_one_of(item.get("/Type"), _SIGNATURES) and "/ByteRange" in item:
        return Removed.SIGNATURE
    return None


def _refuse_part_of_a_page(item: Any) -> None:
    """Refuse what cannot be taken out without a change to what a page shows."""
    if is_one_of(item.get("/Subtype"), _MEDIA):
        raise Refusal(Verdict.MEDIA)
    if isinstance(item, Stream) and isinstance(item.get("/F"), _FILE_SPECIFICATIONS):
        raise Refusal(Verdict.EXTERNAL)
