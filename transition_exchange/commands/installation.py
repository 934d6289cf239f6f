"""`transition-exchange init` and `upgrade`: keys, tables, and the first area."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy.exc import OperationalError

from transition_exchange.commands.setup import NotReady, config_of
from transition_exchange.config import BadConfig, Config, make_keys
from transition_exchange.store.away import why_unreachable
from transition_exchange.store.database import Database
from transition_exchange.store.tokens import invitation_link


@dataclass(frozen=True)
class NewArea:
    """The area that `init` is to found.

    Attributes:
        area: its name.
        council: the name of its council.
        la_code: the council's code.
        name: the council's first administrator.
        email: their e-mail address.
    """

    area: str
    council: str
    la_code: str | None
    name: str
    email: str


@click.command()
@click.option("--area", help="The name of the area to found, such as Ashdown.")
@click.option("--council", help="The name of its council.")
@click.option("--la-code", help="The council's three-digit code.")
@click.option("--name", help="The council's first administrator.")
@click.option("--email", help="Their e-mail address.")
def init(
    area: str | None, council: str | None, la_code: str | None, name: str | None, email: str | None
) -> None:
    """Make the keys and the tables; with --area, --council, --name and --email, found an area too.

    It is safe to repeat: existing keys and tables stay as they are, and an area that exists is not founded again.
    """
    config = config_of()
    wanted = None
    if area and council and name and email:
        wanted = NewArea(area, council, la_code or None, name, email)
        _require_fitting(wanted)
    elif area or council or name or email or la_code:
        raise click.UsageError("To found an area, give --area, --council, --name and --email together.")
    try:
        made = make_keys(config.instance)
    except BadConfig as error:
        raise NotReady(str(error)) from None
    for path in made:
        click.echo(f"Made {path}, readable by you alone. Keep a copy in a safe place.")
    _migrate(config)
    if wanted:
        _found(config, wanted)


@click.command()
def upgrade() -> None:
    """Bring the database's tables up to date with this version. Keep a backup: there is no way back."""
    _migrate(config_of())


def _migrate(config: Config) -> None:
    db = Database(config.database_url)
    try:
        if not db.is_postgresql and db.url.database:
            Path(db.url.database).parent.mkdir(parents=True, exist_ok=True)
        before = db.revision()
        db.upgrade()
        after = db.revision()
    except OperationalError as error:
        # The driver's text may hold the address, and with it a password.
        why = why_unreachable(error)
        raise NotReady(f"The database cannot be reached or written{why}: see DATABASE_URL.") from None
    finally:
        db.dispose()
    click.echo(
        f"The database is up to date at {after}."
        if before == after
        else f"The database now stands at {after}."
    )


def _require_fitting(wanted: NewArea) -> None:
    """Refuse what is wrong before keys and tables are made."""
    from transition_exchange.exchange.errors import Refused
    from transition_exchange.exchange.joining import founding

    try:
        founding.require_fitting(
            area_name=wanted.area,
            council=wanted.council,
            la_code=wanted.la_code,
            name=wanted.name,
            email=wanted.email,
        )
    except Refused as error:
        raise NotReady(f"Nothing was made. {error}") from None


def _found(config: Config, wanted: NewArea) -> None:
    from transition_exchange.exchange.errors import ExchangeError
    from transition_exchange.exchange.joining import founding

    db = Database(config.database_url)
    try:
        if founding.is_founded(db=db, area_name=wanted.area, la_code=wanted.la_code):
            click.echo(
                f"{wanted.area} is founded already. Nothing was changed, and nobody was invited again."
            )
            return
        founded = founding.found(
            db=db,
            area_name=wanted.area,
            council=founding.council_of(wanted.council, la_code=wanted.la_code),
            la_code=wanted.la_code,
            name=wanted.name,
            email=wanted.email,
            memory_kib=config.passphrase_memory_kib,
        )
    except ExchangeError as error:
        raise NotReady(str(error)) from None
    finally:
        db.dispose()
    click.echo(f"\n{wanted.area} is founded. The council's first administrator opens\n")
    click.echo(f"  {invitation_link(config.public_url, founded.link_token)}\n")
    click.echo(f"and types these five words:\n\n  {founded.spoken_code}\n")
    click.echo(
        "Send them the link, which nobody e-mails. Give the words by phone or in person, never with the link."
    )
    click.echo("Neither is shown again.")
