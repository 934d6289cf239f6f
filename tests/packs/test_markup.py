"""The page says what goes into a pack; whatever somebody types is text and breaks, runs and hides nothing."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pdfplumber
import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from tests.packs.marked_records import Answers, pack
from tests.packs.reading import text_of
from tests.packs.structure import read
from tests.proforma.records import ehc_plan
from transition_exchange.packs.content import MissingAnswer, PackAttachment
from transition_exchange.packs.markup import GIVEN_LATER, page, to_html
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
    """A record with `words` as a long answer, a short one, and a cell of a row."""
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
    assert drawn == {content for element in tagged.root.walk() for content in element.content}


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


def test_the_gaps_of_a_section_share_a_line() -> None:
    content = replace(
        pack(VERSION, ehc_plan()),
        missing=(
            MissingAnswer("Attendance", "Sessions possible", "waiting for a report"),
            MissingAnswer("Exams", "Entries"),
            MissingAnswer("Attendance", "Sessions missed"),
        ),
    )
    assert page(content).missing == (
        ("Attendance", "Sessions possible (waiting for a report); Sessions missed"),
        ("Exams", "Entries"),
    )


def test_nothing_missing_is_said_in_words() -> None:
    complete = replace(pack(VERSION, ehc_plan()), missing=())
    assert "Nothing that the minimum standard asks for" in to_html(complete)
    assert "Nothing that the minimum standard asks for" not in to_html(
        replace(complete, missing=(MissingAnswer("Exams", "Entries"),))
    )


def test_documents_say_their_date_and_whether_they_are_old() -> None:
    documents = (
        PackAttachment("EHC plan", date(2025, 6, 3), 34, old=True),
        PackAttachment("Form 9", date(2027, 6, 3), 4),
        PackAttachment("Letter", None, None),
    )
    assert page(replace(pack(VERSION, ehc_plan()), attachments=documents)).attachments == (
        ("EHC plan", "3 June 2025, over a year old", "34"),
        ("Form 9", "3 June 2027", "4"),
        ("Letter", "No date", ""),
    )


def test_the_foot_of_each_page_has_two_lines_however_long_the_names_are() -> None:
    content = replace(
        pack(VERSION, ehc_plan()),
        learner_name="Amina " * 30,
        from_school="Thornfield Academy " * 10,
        readers=("Learning support", "Exams office", "Admissions", "A team with a very long name of its own"),
    )
    running = page(content).running.split("\n")
    assert len(running) == 2
    assert all(len(line) < 170 for line in running)
    assert running[0].startswith("Only for: Learning support, Exams office, Admissions and A team")
    assert running[1].endswith("… · Version 2, sent 3 June 2027")
    assert dict(page(content).cover)["Transfer reference"] == GIVEN_LATER
    assert dict(page(replace(content, reference="1A2B-3C4D")).cover)["Transfer reference"] == "1A2B-3C4D"
    assert "Whom to ring there" not in dict(page(content).cover)
    ring = "Kerry Wadsworth, 01632 960143 (Transition)"
    assert dict(page(replace(content, ring=ring)).cover)["Whom to ring there"] == ring
    assert dict(page(content).cover)["Who can read this"].endswith("a very long name of its own")


def test_a_title_that_takes_more_lines_gets_their_room() -> None:
    content = pack(VERSION, ehc_plan())
    (long, short) = content.sections[:2]
    sections = (replace(long, title="Support that helps " * 3), replace(short, title="Exams"))
    assert [section.tall for section in page(replace(content, sections=sections)).sections] == [3, 0]
