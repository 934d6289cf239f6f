"""`transition-exchange demo`: a sample area in a fresh database, served on this machine."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from transition_exchange.commands.serving import gunicorn, require_servable
from transition_exchange.commands.setup import NotReady
from transition_exchange.config import INSTALLATION_KEY, Config, make_keys
from transition_exchange.english import plural
from transition_exchange.security_log import write_logs_to
from transition_exchange.store.database import Database
from transition_exchange.store.tokens import invitation_link

if TYPE_CHECKING:
    from transition_exchange.sample.area.accounts import SampleAccount
    from transition_exchange.sample.area.area import BuiltArea, Progress
    from transition_exchange.sample.area.to_try import ToTry

DATABASE, WHO = "sample.sqlite3", "who-can-sign-in.txt"
"""The files of a sample area that is kept: its database, and what the demo said when it had built it."""
ADDRESS = "{address}"
"""What stands in the second for the address, which is another with each port."""


@click.command()
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65_535), help="Where to listen."
)
@click.option("--learners", default=300, show_default=True, type=click.IntRange(1, 300), help="How many.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the sample area in this folder, which must be empty; one that is kept there already is served as it "
    "was left. Without a folder it is gone when the demo ends.",
)
@click.option("--build-only", is_flag=True, help="Build the sample area and don't serve it.")
def demo(port: int, learners: int, folder: Path | None, build_only: bool) -> None:
    """Build a sample area of invented people in a fresh database, and serve it; or serve one that was kept."""
    # When it is told to end while it builds, it must also leave nothing behind. The server has its own handler.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    kept = folder is not None and _is_kept(folder)
    with _own_folder(folder, kept=kept) as instance:
        config = _config(instance, port)
        require_servable(config)
        if kept:
            _open_again(config)
        else:
            built = _build(config, learners)
            said = [*_accounts(built.accounts), *_to_try(config, built.to_try)]
            if folder is not None:
                _keep(config, said)
            click.echo("\n".join(said))
        click.echo(f"\nOpen {config.public_url} (Ctrl+C ends the demo)\n")
        if not build_only:
            write_logs_to()
            gunicorn(config, bind=f"127.0.0.1:{port}").run()


def _is_kept(folder: Path) -> bool:
    """Whether a folder holds a whole sample area that this command has built."""
    return all((folder / name).is_file() for name in (DATABASE, INSTALLATION_KEY, WHO))


def _open_again(config: Config) -> None:
    """Bring a sample area that was kept up to date, and say again who can sign in."""
    click.echo(f"The sample area in {config.instance} is served as it was left.", err=True)
    db = Database(config.database_url)
    try:
        db.upgrade()
    finally:
        db.dispose()
    click.echo(
        (config.instance / WHO).read_text(encoding="utf-8").replace(ADDRESS, config.public_url), nl=False
    )


def _keep(config: Config, said: Sequence[str]) -> None:
    """Write down who can sign in, for the next time, readable by the owner only. It says that the area is whole."""
    path = config.instance / WHO
    path.touch(mode=0o600)
    text = click.unstyle("\n".join(said)).replace(config.public_url, ADDRESS)
    path.write_text(f"{text}\n", encoding="utf-8")


@contextmanager
def _own_folder(folder: Path | None, *, kept: bool) -> Iterator[Path]:
    if folder is None:
        temporary, owner = tempfile.mkdtemp(prefix="transition-exchange-demo-"), os.getpid()
        try:
            yield Path(temporary)
        finally:
            # The server's worker processes leave through here too, while the others still need the database.
            if os.getpid() == owner:
                shutil.rmtree(temporary, ignore_errors=True)
        return
    if not kept and folder.exists() and any(folder.iterdir()):
        what = (
            "holds a sample area that was not finished, or that an older version made. Remove it, or name another"
            if (folder / DATABASE).exists()
            else "is not empty, and holds no sample area. Name an empty folder or a new one"
        )
        raise NotReady(f"{folder} {what}.")
    yield folder


def _config(instance: Path, port: int) -> Config:
    make_keys(instance)
    return Config(
        database_url=f"sqlite:///{instance / DATABASE}",
        public_url=f"http://localhost:{port}",
        secret_key=secrets.token_hex(32),
        installation_key=instance / INSTALLATION_KEY,
        sample=True,
        demo=True,
        instance=instance,
    )


def _build(config: Config, learners: int) -> BuiltArea:
    from transition_exchange.sample.area.area import build

    db = Database(config.database_url)
    click.echo(f"Building a sample area with {plural(learners, 'learner')} in {config.instance}.", err=True)
    try:
        db.create()
        with _progress() as progress:
            return build(db, count=learners, progress=progress)
    finally:
        db.dispose()


@contextmanager
def _progress() -> Iterator[Progress]:
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:  # in a log, bars would stand there once, when all is done
        yield _lines()
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description:<16}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=console) as bars:
        tasks = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield show


def _lines() -> Progress:
    """Progress as lines of a log: the first and the last of each kind of work, and one for every tenth between."""
    tenths: dict[str, int] = {}

    def show(what: str, done: int, total: int) -> None:
        tenth = done * 10 // total
        if tenths.get(what) != tenth:
            tenths[what] = tenth
            click.echo(f"{what}: {done} of {total}", err=True)

    return show


def _accounts(accounts: Sequence[SampleAccount]) -> Iterator[str]:
    """Who can sign in, line by line."""
    yield "\nEverybody here is invented. Who can sign in:\n"
    by_organisation: dict[str, list[SampleAccount]] = {}
    for account in accounts:
        by_organisation.setdefault(account.organisation, []).append(account)
    for organisation, people in by_organisation.items():
        yield click.style(organisation, bold=True)
        for person in people:
            yield f"  {person.email:<44} {person.name}, {person.does}"
    passphrases = {account.passphrase for account in accounts}
    if len(passphrases) == 1:
        yield f"\nThe passphrase of everybody: {passphrases.pop()}"
    else:
        for account in accounts:
            yield f"  {account.email}: {account.passphrase}"


def _to_try(config: Config, to_try: ToTry) -> Iterator[str]:
    """What else can be tried, line by line."""
    invitation, key = to_try.invitation, to_try.key
    yield "\nWho is invited and has not joined yet: open the link, and type the five words.\n"
    yield click.style(invitation.organisation, bold=True)
    yield f"  {invitation.name}, {invitation.team}"
    yield f"  Link: {invitation_link(config.public_url, invitation.token)}"
    yield f"  Five words: {invitation.spoken_code.replace('-', ' ')}"
    yield f"\nWho has a new key of {key.team} to take: {key.taker}. {key.maker} made it."
