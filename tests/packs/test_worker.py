"""Inside a rendering process: memory does not grow, nothing is fetched, and nothing is written."""

from __future__ import annotations

import http.server
import io
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pikepdf

from tests.packs.child_processes import children, resident_mib
from tests.packs.marked_records import NOW, answers_of, pack, sample
from tests.packs.reading import text_of
from tests.proforma.records import without_sen
from transition_exchange.packs.markup import to_html
from transition_exchange.packs.rendering import Renderer
from transition_exchange.proforma import load

MOST_GROWTH = 20
"""MiB over forty packs. Without collecting garbage it was more than a hundred and fifty."""


def test_forty_packs_leave_the_memory_as_it_was(own_scratch: Path) -> None:
    learner = sample("core/2027.1", "K")
    content = pack(load(learner.version), answers_of(learner))
    before = children()
    with Renderer(workers=1) as renderer:
        renderer.warm()
        (pid,) = children() - before
        for _ in range(10):
            renderer.render(content)
        warm = resident_mib(pid)
        for _ in range(40):
            renderer.render(content)
        assert resident_mib(pid) - warm < MOST_GROWTH
        assert children() - before == {pid}


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


def test_nothing_of_a_record_is_written_to_disk(tmp_path: Path) -> None:
    """A child process renders with every place for temporary files, caches and core dumps inside `tmp_path`."""
    page = tmp_path / "in.json"
    html = to_html(pack(load("core/2027.1"), without_sen(), learner_name="Zqsecret Learner"))
    program = """
import json, os, sys
from datetime import datetime
from transition_exchange.packs.rendering import Renderer
if __name__ == "__main__":
    html, sent_at = json.load(sys.stdin)
    with Renderer(workers=2) as renderer:
        for _ in range(4):
            assert renderer.render_html(html, b'{"a": "Zqsecret"}', datetime.fromisoformat(sent_at))
        print(sorted(os.path.join(at, name) for at, _, names in os.walk(os.environ["HOME"]) for name in names))
        for at, _, names in os.walk(os.environ["HOME"]):
            for name in names:
                with open(os.path.join(at, name), "rb") as file:
                    assert b"Zqsecret" not in file.read(), name
"""
    script = tmp_path / "render_it.py"
    script.write_text(program)
    home = tmp_path / "home"
    home.mkdir()
    places = dict.fromkeys(("HOME", "TMPDIR", "TMP", "TEMP", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"), str(home))
    done = subprocess.run(
        [sys.executable, str(script)],
        input=json.dumps([html, NOW.isoformat()]),
        env={**os.environ, **places},
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "Zqsecret" not in done.stdout + done.stderr
    left = [path for path in home.rglob("*") if path.is_file() and "fontconfig" not in str(path)]
    assert left == []
    assert not page.exists()
