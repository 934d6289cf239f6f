"""Whatever somebody types is text: it neither breaks the page nor fetches, runs or hides anything."""

import http.server
import io
import threading
from collections.abc import Iterator
from pathlib import Path

import pdfplumber
import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from tests.packs.marked_records import NOW, Answers, pack
from tests.packs.structure import read
from tests.packs.test_content import text_of
from tests.proforma.records import ehc_plan
from transition_exchange.packs.markup import to_html
from transition_exchange.packs.rendering import Renderer
from transition_exchange.proforma import load

VERSION = load("core/2027.1")
INJECTION = (
    '</p><script>alert(1)</script><img src="file:///etc/passwd"><style>@page{size:1mm}</style>'
    '<link rel="attachment" href="file:///etc/hostname">{{ 7*7 }}"><h1 onclick=x>&amp;'
)
HOSTILE = {
    "html": INJECTION,
    "a very long word": "Llanfair" * 60,
    "a very long link": "https://example.org/" + "a/b-" * 120,
    "right to left": "اللغة الأولى هي العربية، والأم تقرأ الإنجليزية. עברית גם כן",
    "emoji": "I like 🐕‍🦺 and 🚲 and 👩🏽‍🔧 and zalgo t̷̢̛ë̶́x̸t",
    "other scripts": "Tiếng Việt · ไทย · 中文 · हिन्दी · ქართული · ਪੰਜਾਬੀ",
    "direction overrides": "Allergic to \u202egnihton\u202c and \u2066peanuts\u2069",
    "control characters": "one\x00two\x07three\x1bfour",
    "template marks": "{% for x in y %}{{ config }}{# #}",
    "line breaks": "first\r\n\r\nsecond\n\n\n\nthird",
    "many words": "and then she said that it was all right " * 400,
}


def with_text(words: str) -> Answers:
    """A record with ``words`` as a long answer, a short one, and a cell of a row."""
    answers = ehc_plan()
    answers["own_words"] = {**answers.get("own_words", {}), "admire": words}
    answers["own_words"] |= {
        question.name: words
        for question in VERSION.section("own_words").questions
        if question.kind == "long_text"
    }
    answers["ehc_plan"]["caseworker"] = words
    answers["contacts"]["contacts"][0]["name"] = words
    return answers


def boxes(pdf: bytes) -> Iterator[tuple[float, float]]:
    """The left and right edge of every letter."""
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        for page in opened.pages:
            yield from ((letter["x0"], letter["x1"]) for letter in page.chars if letter["text"].strip())


def assert_whole(pdf: bytes) -> None:
    """No element outside the tree, and nothing drawn that is neither in it nor an artifact."""
    tagged = read(pdf)
    assert tagged.objects == tagged.all_objects
    assert tagged.unmarked_text == []
    drawn = {
        (page, mcid) for page, found in enumerate(tagged.marked) for _, mcid in found if mcid is not None
    }
    assert drawn == {content for each in tagged.root.walk() for content in each.content}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_stays_on_the_page_and_leaves_the_tree_whole(renderer: Renderer, kind: str) -> None:
    pdf = renderer.render(pack(VERSION, with_text(HOSTILE[kind]), learner_name=HOSTILE[kind][:100]))
    left, right = 17 * 72 / 25.4, (210 - 17) * 72 / 25.4
    letters = list(boxes(pdf))
    assert letters
    assert all(left - 1 <= x0 and x1 <= right + 1 for x0, x1 in letters)
    assert_whole(pdf)
    assert len(PdfReader(io.BytesIO(pdf)).pages) < 60


def test_markup_is_printed_as_it_was_typed(renderer: Renderer) -> None:
    pdf = renderer.render(pack(VERSION, with_text(INJECTION)))
    assert "".join(INJECTION.split()) in text_of(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert list(opened.attachments) == ["record.json"]
        assert "/JavaScript" not in opened.Root.get("/Names", {})
        assert all("/Annots" not in page for page in opened.pages)


def test_a_long_word_and_control_characters_lose_no_letter(renderer: Renderer) -> None:
    printed = text_of(renderer.render(pack(VERSION, with_text(HOSTILE["a very long word"]))))
    assert HOSTILE["a very long word"] in printed
    printed = text_of(renderer.render(pack(VERSION, with_text(HOSTILE["control characters"]))))
    assert "onetwothreefour" in printed


def test_a_direction_override_cannot_turn_the_words_after_it() -> None:
    html = to_html(pack(VERSION, with_text(HOSTILE["direction overrides"])))
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(html)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(max_size=300))
def test_any_text_can_be_printed(renderer: Renderer, words: str) -> None:
    pdf = renderer.render(pack(VERSION, with_text(words), learner_name=words or "A"))
    assert_whole(pdf)


def test_nothing_but_the_bundled_files_is_fetched(renderer: Renderer, tmp_path: Path) -> None:
    asked: list[str] = []

    class Listening(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the name the library calls
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    secret = tmp_path / "secret.css"
    secret.write_text("body::after { content: 'Zqsecret' }")
    with http.server.HTTPServer(("127.0.0.1", 0), Listening) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        there = f"http://127.0.0.1:{server.server_port}"
        html = f"""<html lang=en><title>T</title>
            <link rel=stylesheet href="{secret.as_uri()}"><link rel=stylesheet href="{there}/style.css">
            <style>@import url("{there}/import.css"); body {{ background: url("{there}/image.png") }}</style>
            <link rel=attachment href="{secret.as_uri()}"><img src="{there}/img.png" alt=x>
            <img src="fonts/../../../secret.css" alt=x><img src="{secret.as_uri()}" alt=x><p>Words</p>"""
        pdf = renderer.render_html(html, b"{}", NOW)
        server.shutdown()
    assert asked == []
    # Where a picture is refused, its "alt" stands.
    assert text_of(pdf) == "Wordsxxx" + text_of(renderer.render_html("<title>T</title>", b"{}", NOW))
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert list(opened.attachments) == ["record.json"]
