"""Actions of a PDF: three kinds stay, cut down to what they need; all others go."""

from __future__ import annotations

from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from tests.uploads.samples import action
from transition_exchange.uploads.actions import (
    DANGEROUS,
    clean_open_action,
    clean_slot,
    is_action,
    is_web_address,
    kind_of_loss,
)
from transition_exchange.uploads.answers import Removed


@pytest.mark.parametrize(
    "address",
    [
        *(
            b"http://example.org",
            b"https://example.org/a?b=c&d#e",
            b"HTTPS://EXAMPLE.ORG:8443/",
            b"http://[::1]/",
        ),
        *(b"https://user@example.org/", "https://example.org/é".encode()),
    ],
)
def test_web_addresses_stay(address: bytes) -> None:
    assert is_web_address(address)


@pytest.mark.parametrize(
    "address",
    [
        *(
            b"",
            b"example.org",
            b"/a",
            b"#a",
            b"?a",
            b"//example.org",
            b"file:///etc/passwd",
            b"\\\\server\\share",
        ),
        *(
            b"javascript:alert(1)",
            b"mailto:a@example.org",
            b"tel:1",
            b"data:text/html,x",
            b"ftp://example.org",
        ),
        *(
            b"http:",
            b"http://",
            b"http:///a",
            b"https:\\\\server",
            b"https://a\\b",
            b"https://a b",
            b"https://a\nb",
        ),
        *(b" https://a", b"https://a\x00", b"java\nscript:x", b"http s://a", "https://a".encode("utf-16")),
    ],
)
def test_other_addresses_go(address: bytes) -> None:
    assert not is_web_address(address)


def _held(made: Any, key: str = "/A") -> Dictionary:
    holder = Dictionary()
    holder[key] = made
    return holder


@pytest.mark.parametrize("kind", sorted(map(str, DANGEROUS)))
def test_every_other_kind_of_action_goes(kind: str) -> None:
    holder = _held(action(kind[1:], D=Array([0]), URI=String("https://a.example"), N=Name.NextPage))
    with pikepdf.explicit_conversion():
        assert clean_slot(holder, "/A") != Removed(0)
    assert "/A" not in holder


def test_what_stays_of_an_action_is_what_it_needs() -> None:
    extra = {"JS": String("x"), "F": String("file"), "Next": Array([action("JavaScript")])}
    for made, kept in (
        (action("GoTo", D=Array([0, Name.Fit]), **extra), {"/Type", "/S", "/D"}),
        (
            action("URI", URI=String("https://a.example"), IsMap=False, **extra),
            {"/Type", "/S", "/URI", "/IsMap"},
        ),
        (action("Named", N=Name.PrevPage, **extra), {"/Type", "/S", "/N"}),
    ):
        holder = _held(made)
        with pikepdf.explicit_conversion():
            assert clean_slot(holder, "/A") == Removed.SCRIPTS
        assert set(holder["/A"].keys()) == kept


@pytest.mark.parametrize(
    "made",
    [
        action("GoTo"),
        action("GoTo", D=7),
        action("GoTo", D=Dictionary(F=String("other.pdf"))),
        action("URI"),
        action("URI", URI=Name("/https://a.example")),
        action("Named", N=String("NextPage")),
        Dictionary(S=String("GoTo"), D=Array([0])),
        Array([1, action("Launch", F=String("x"))]),
    ],
    ids=str,
)
def test_an_action_with_entries_of_another_type_goes(made: Any) -> None:
    holder = _held(made)
    with pikepdf.explicit_conversion():
        clean_slot(holder, "/A")
    assert "/A" not in holder


def test_attributes_of_the_structure_are_no_actions() -> None:
    for made in (
        Dictionary(O=Name.Layout, Placement=Name.Block),
        Array([Dictionary(O=Name.Table), 0]),
        Name.X,
    ):
        holder = _held(made)
        with pikepdf.explicit_conversion():
            assert clean_slot(holder, "/A") == Removed(0)
        assert "/A" in holder


def test_a_document_opens_at_a_place_or_as_it_is() -> None:
    for stays in (Array([0, Name.Fit]), action("GoTo", D=String("chapter"))):
        catalog = _held(stays, "/OpenAction")
        with pikepdf.explicit_conversion():
            assert clean_open_action(catalog) == Removed(0)
        assert "/OpenAction" in catalog
    for goes in (
        action("URI", URI=String("https://a.example")),
        action("Named", N=Name.NextPage),
        String("x"),
    ):
        catalog = _held(goes, "/OpenAction")
        with pikepdf.explicit_conversion():
            assert clean_open_action(catalog) == Removed.SCRIPTS
        assert "/OpenAction" not in catalog


def test_an_element_of_the_structure_may_be_called_like_an_action() -> None:
    assert is_action(Dictionary(S=Name.Sound))
    assert not is_action(Dictionary(S=Name.Sound, P=Dictionary()))
    assert not is_action(Dictionary(S=Name.GoTo))
    assert not is_action(Name.Sound)


def test_links_and_scripts_are_told_apart() -> None:
    assert kind_of_loss(action("GoToR")) == Removed.LINKS
    assert kind_of_loss(action("JavaScript")) == Removed.SCRIPTS
