"""`transition-exchange init` and `upgrade`: keys, tables, and the first area."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy.exc import OperationalError

from transition_exchange.commands.setup import NotReady, config_of
from transition_exchange.config import BadConfig, Config, make_keys
from transition_exchange.store.database import Database
from transition_exchange.store.postgresql import why_unreachable
from transition_exchange.store.tokens import invitation_link


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

    It is safe to repeat: existing keys and tables stay as they are.
    """
    config = config_of()
    try:
        made = make_keys(config.instance)
    except BadConfig as error:
        raise NotReady(str(error)) from None
    for path in made:
        click.echo(f"Made {path}, readable by you alone. Keep a copy in a safe place.")
    _migrate(config)
    wanted = (area, council, name, email)
    if area and council and name and email:
        _found(config, area=area, council=council, la_code=la_code, name=name, email=email)
    elif any(wanted):
        raise click.UsageError("To found an area, give --area, --council, --name and --email together.")


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


def _found(config: Config, *, area: str, council: str, la_code: str | None, name: str, email: str) -> None:
    from transition_exchange.exchange.errors import ExchangeError
    from transition_exchange.exchange.joining import founding

    db = Database(config.database_url)
    try:
        founded = founding.found(
            db=db,
            area_name=area,
            council=founding.council_of(council, la_code=la_code),
            la_code=la_code,
            name=name,
            email=email,
            memory_kib=config.passphrase_memory_kib,
        )
    except ExchangeError as error:
        raise NotReady(str(error)) from None
    finally:
        db.dispose()
    click.echo(f"\n{area} is founded. The council's first administrator opens\n")
    click.echo(f"  {invitation_link(config.public_url, founded.link_token)}\n")
    click.echo(f"and types these five words:\n\n  {founded.spoken_code}\n")
    click.echo("Give the words by phone or in person, never with the link. Neither is shown again.")
