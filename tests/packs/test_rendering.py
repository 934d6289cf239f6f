"""Rendering goes on whatever one document does, and leaves nothing behind."""

from __future__ import annotations

import io
import threading
import time
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.packs.marked_records import NOW, pack
from tests.packs.reading import text_of
from tests.proforma.records import without_sen
from transition_exchange.packs.content import PackContent
from transition_exchange.packs.rendering import LARGEST_HTML, Renderer, RenderingFailed
from transition_exchange.proforma import load

ENDLESS = "<title>T</title>" + "<p>secretword <b>and</b> more" * 60_000
"""Far more than anybody's record: minutes of work."""


def content(name: str = "Amina Testlearner") -> PackContent:
    return pack(load("core/2027.1"), without_sen(), learner_name=name)


def test_a_render_that_hangs_is_killed_and_the_pool_goes_on() -> None:
    with Renderer(workers=1, time_limit=2.0) as renderer:
        renderer.warm()
        started = time.monotonic()
        with pytest.raises(RenderingFailed, match="took too long") as refused:
            renderer.render_html(ENDLESS, b"{}", NOW)
        assert time.monotonic() - started < 10
        assert "secretword" not in str(refused.value)
        assert refused.value.__cause__ is None
        assert "AminaTestlearner" in text_of(renderer.render(content()))


def test_a_hanging_render_does_not_hold_up_another_process() -> None:
    with Renderer(workers=2, time_limit=4.0) as renderer:
        renderer.warm()

        def hang() -> None:
            with pytest.raises(RenderingFailed):
                renderer.render_html(ENDLESS, b"", NOW)

        stuck = threading.Thread(target=hang)
        stuck.start()
        time.sleep(0.2)
        started = time.monotonic()
        renderer.render(content())
        assert time.monotonic() - started < 3.5
        stuck.join()


def test_many_packs_come_in_their_order(renderer: Renderer) -> None:
    names = [f"Learner {word}" for word in ("one", "two", "three", "four")]
    pdfs = list(renderer.render_many([content(name) for name in names]))
    titles = [str(dict(PdfReader(io.BytesIO(pdf)).metadata or {})["/Title"]) for pdf in pdfs]
    assert titles == [f"Transition record: {name}" for name in names]


def test_too_long_a_page_is_refused_before_it_is_tried(renderer: Renderer) -> None:
    with pytest.raises(RenderingFailed, match="too long"):
        renderer.render_html("x" * (LARGEST_HTML + 1), b"{}", NOW)


def test_what_goes_wrong_inside_says_nothing_of_the_record(
    renderer: Renderer, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(RenderingFailed) as refused:
        renderer.render_html(None, b"{}", NOW)  # type: ignore[arg-type]
    renderer.render_html(
        "<style>Zqsecret{Zqsecret:Zqsecret}</style><p lang=Zqsecret><img src=Zqsecret>", b"", NOW
    )
    assert "Zqsecret" not in "".join(capfd.readouterr())
    assert refused.value.__cause__ is None


def test_closing_removes_the_fonts_and_a_later_render_starts_anew(own_scratch: Path) -> None:
    renderer = Renderer(workers=1)
    first = renderer.render(content())
    renderer.close()
    assert not list(own_scratch.glob("transition-exchange-fonts-*"))
    assert text_of(renderer.render(content())) == text_of(first)
    renderer.close()
    renderer.close()


def test_a_renderer_that_renders_nothing_starts_nothing(own_scratch: Path) -> None:
    with Renderer():
        assert not list(own_scratch.glob("transition-exchange-fonts-*"))
