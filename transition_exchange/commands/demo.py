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


@click.command()
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65_535), help="Where to listen."
)
@click.option("--learners", default=300, show_default=True, type=click.IntRange(1, 300), help="How many.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the sample area in this folder, which must be empty; else it is gone when the demo ends.",
)
@click.option("--build-only", is_flag=True, help="Build the sample area and don't serve it.")
def demo(port: int, learners: int, folder: Path | None, build_only: bool) -> None:
    """Build a sample area of invented people in a fresh database, and serve it."""
    # When it is told to end while it builds, it must also leave nothing behind. The server has its own handler.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with _fresh_folder(folder) as instance:
        config = _config(instance, port)
        require_servable(config)
        built = _build(config, learners)
        _print_accounts(built.accounts)
        _print_to_try(config, built.to_try)
        click.echo(f"\nOpen {config.public_url} (Ctrl+C ends the demo)\n")
        if not build_only:
            write_logs_to()
            gunicorn(config, bind=f"127.0.0.1:{port}").run()


@contextmanager
def _fresh_folder(folder: Path | None) -> Iterator[Path]:
    if folder is None:
        temporary, owner = tempfile.mkdtemp(prefix="transition-exchange-demo-"), os.getpid()
        try:
            yield Path(temporary)
        finally:
            # The server's worker processes leave through here too, while the others still need the database.
            if os.getpid() == owner:
                shutil.rmtree(temporary, ignore_errors=True)
        return
    if folder.exists() and any(folder.iterdir()):
        raise NotReady(f"{folder} is not empty. The sample area needs a folder of its own.")
    yield folder


def _config(instance: Path, port: int) -> Config:
    make_keys(instance)
    return Config(
        database_url=f"sqlite:///{instance / 'sample.sqlite3'}",
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


def _print_accounts(accounts: Sequence[SampleAccount]) -> None:
    click.echo("\nEverybody here is invented. Who can sign in:\n")
    by_organisation: dict[str, list[SampleAccount]] = {}
    for account in accounts:
        by_organisation.setdefault(account.organisation, []).append(account)
    for organisation, people in by_organisation.items():
        click.echo(click.style(organisation, bold=True))
        for person in people:
            click.echo(f"  {person.email:<44} {person.name}, {person.does}")
    passphrases = {account.passphrase for account in accounts}
    if len(passphrases) == 1:
        click.echo(f"\nThe passphrase of everybody: {passphrases.pop()}")
    else:
        for account in accounts:
            click.echo(f"  {account.email}: {account.passphrase}")


def _print_to_try(config: Config, to_try: ToTry) -> None:
    invitation, key = to_try.invitation, to_try.key
    click.echo("\nWho is invited and has not joined yet: open the link, and type the five words.\n")
    click.echo(click.style(invitation.organisation, bold=True))
    click.echo(f"  {invitation.name}, {invitation.team}")
    click.echo(f"  Link: {invitation_link(config.public_url, invitation.token)}")
    click.echo(f"  Five words: {invitation.spoken_code.replace('-', ' ')}")
    click.echo(f"\nWho has a new key of {key.team} to take: {key.taker}. {key.maker} made it.")
