"""Digital signatures: whatever shape their fields have, what shows stays and the signature goes."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from tests.uploads.reading import everything, pictures
from tests.uploads.samples import PAYLOAD, annotated, drawn
from transition_exchange.uploads.answers import Removed
from transition_exchange.uploads.cleaning import clean


def _signature() -> Dictionary:
    return Dictionary(Type=Name.Sig, ByteRange=Array([0, 1, 2, 3]), Contents=String(PAYLOAD.decode()))


def _parent_with_widget(document: pikepdf.Pdf) -> None:
    annotated("Widget")(document)
    widget = document.pages[0].obj.Annots[0]
    field = Dictionary(FT=Name.Sig, T=String("s"), V=_signature(), Kids=Array([widget]))
    widget.Parent = document.make_indirect(field)
    document.Root.AcroForm = Dictionary(Fields=Array([widget.Parent]), SigFlags=3)


def _without_a_form(document: pikepdf.Pdf) -> None:
    annotated("Widget", FT=Name.Sig, V=_signature())(document)


def _on_no_page(document: pikepdf.Pdf) -> None:
    field = document.make_indirect(Dictionary(FT=Name.Sig, T=String("s"), V=_signature()))
    document.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)


def _invisible(document: pikepdf.Pdf) -> None:
    annotated("Widget", FT=Name.Sig, V=_signature())(document)
    del document.pages[0].obj.Annots[0].AP


def _beside_a_field(document: pikepdf.Pdf) -> None:
    _parent_with_widget(document)
    text = Dictionary(FT=Name.Tx, T=String("text"), V=String("7"))
    document.Root.AcroForm.Fields.append(document.make_indirect(text))


SHAPES: dict[str, Any] = {
    "a field above its widget": _parent_with_widget,
    "a widget that no form names": _without_a_form,
    "a field on no page": _on_no_page,
    "a signature that shows nothing": _invisible,
    "a signature beside a text": _beside_a_field,
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_signature_goes_and_what_shows_stays(shape: str) -> None:
    content = drawn(SHAPES[shape])
    answer = clean(content)
    assert answer.removed == Removed.SIGNATURE
    assert pictures(answer.content) == pictures(content)
    assert PAYLOAD not in everything(answer.content)
    assert b"ByteRange" not in everything(answer.content)


def test_another_field_of_the_form_keeps_its_value() -> None:
    with pikepdf.open(io.BytesIO(clean(drawn(_beside_a_field)).content)) as document:
        (field,) = document.Root.AcroForm.Fields
        assert str(field.V) == "7"


def test_fields_that_run_in_a_circle_come_to_an_end() -> None:
    def change(document: pikepdf.Pdf) -> None:
        _parent_with_widget(document)
        field = document.Root.AcroForm.Fields[0]
        del field["/V"]
        field.Parent, field.Kids = field, Array([field, document.pages[0].obj.Annots[0]])

    assert clean(drawn(change)).pages == 1
