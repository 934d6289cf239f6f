"""A wheel carries everything: installed somewhere else, it serves a page, checks a form and finds its templates."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVE = """
import sys
from werkzeug.serving import make_server
from transition_exchange.config import Config
from transition_exchange.store.database import Database
from transition_exchange.web import create_app
import transition_exchange
assert "site-packages" in transition_exchange.__file__, transition_exchange.__file__
database = Database("sqlite:///exchange.db")
database.create()
app = create_app(Config(sample=True, secret_key="w" * 40), database)
server = make_server("localhost", int(sys.argv[1]), app)
print("ready", flush=True)
server.serve_forever()
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of the project as it stands."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A fresh environment elsewhere with the wheel in it.

    Its dependencies are those of this environment, seen through a path file: what is tested is what the wheel itself
    carries, and no registry is asked.
    """
    home = tmp_path_factory.mktemp("elsewhere")
    venv.create(home / "env", with_pip=False, symlinks=True)
    python = home / "env" / "bin" / "python"
    uv = [
        sys.executable,
        "-m",
        "uv",
        "pip",
        "install",
        "--quiet",
        "--offline",
        "--no-deps",
        "--python",
        str(python),
    ]
    subprocess.run([*uv, str(wheel)], check=True, cwd=home)
    (site,) = (home / "env").glob("lib/python*/site-packages")
    here = next(Path(folder) for folder in sys.path if folder.endswith("site-packages"))
    # Only the libraries, not this environment's own editable copy of the project: that stands in a .pth file.
    (site / "libraries.pth").write_text(f"{here}\n")
    yield home
    shutil.rmtree(home, ignore_errors=True)


def test_a_wheel_carries_forms_templates_styles_and_migrations(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for wanted in (
        "transition_exchange/_templates/base.html",
        "transition_exchange/_templates/email/invitation.txt",
        "transition_exchange/web/static/govuk-frontend.css",
        "transition_exchange/web/static/app.js",
        "transition_exchange/py.typed",
    ):
        assert wanted in names, wanted
    for path in (ROOT / "transition_exchange").rglob("*.toml"):
        assert path.relative_to(ROOT).as_posix() in names, path
    for folder in ("_schemas/", "_templates/pack/", "store/migrations/versions/"):
        assert any(name.startswith(f"transition_exchange/{folder}") for name in names), folder
    assert not [
        name for name in names if "__pycache__" in name or name.startswith(("tests/", "node_modules/"))
    ]


def test_a_page_can_be_fetched_from_where_it_was_installed(installed: Path) -> None:
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    python = installed / "env" / "bin" / "python"
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "TRANSITION"))
    }
    server = subprocess.Popen(
        [python, "-c", SERVE, str(port)], cwd=installed, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        assert server.stdout.readline() == "ready\n"
        assert "Transition Exchange" in fetch(port, "/")
        assert "Sign in" in fetch(port, "/account/sign-in")
        assert "govuk-button" in fetch(port, "/static/govuk-frontend.css")
    finally:
        server.terminate()
        server.communicate(timeout=10)


def fetch(port: int, path: str) -> str:
    """A page's source."""
    for _ in range(20):
        try:
            with urllib.request.urlopen(f"http://localhost:{port}{path}") as answer:
                return str(answer.read().decode())
        except ConnectionRefusedError:
            time.sleep(0.1)
    raise AssertionError("the server never answered")


def test_the_command_line_works_where_it_was_installed(installed: Path) -> None:
    command = [str(installed / "env" / "bin" / "transition-exchange"), "proforma", "list"]
    said = subprocess.run(command, cwd=installed, capture_output=True, text=True, check=True).stdout
    assert "core/2027.1" in said


def test_the_sample_area_has_its_texts_where_it_was_installed(installed: Path) -> None:
    code = "from transition_exchange.sample.young_people.learners import learners; print(len(learners()))"
    command = [str(installed / "env" / "bin" / "python"), "-c", code]
    printed = subprocess.run(command, cwd=installed, capture_output=True, text=True, check=True).stdout
    assert printed == "300\n"
