"""`transition-exchange administrators add`: a way back in for an organisation that has lost its administrator."""

from __future__ import annotations

import click

from transition_exchange.commands.setup import NotReady, config_of, ready_database
from transition_exchange.store.tokens import invitation_link


@click.group()
def group() -> None:
    """Invite an administrator where nobody is left who could."""


@group.command()
@click.option("--organisation", required=True, help="The name of the organisation, as its pages show it.")
@click.option("--name", required=True, help="The administrator.")
@click.option("--email", required=True, help="Their e-mail address.")
@click.option(
    "--number",
    required=True,
    help="The security number of the NEET group, as somebody in it reads it to you by phone.",
)
def add(organisation: str, name: str, email: str, number: str) -> None:
    """Invite an administrator into an organisation. They join no team: it opens nothing, and they can invite people.

    It prints the link and the five words, once.
    """
    from transition_exchange.exchange.errors import ExchangeError
    from transition_exchange.exchange.joining.administrators import add_administrator

    config = config_of()
    with ready_database(config) as db:
        try:
            added = add_administrator(
                db=db,
                organisation=organisation,
                name=name,
                email=email,
                number=number,
                memory_kib=config.passphrase_memory_kib,
            )
        except ExchangeError as error:
            raise NotReady(str(error)) from None
    click.echo("\nThe administrator opens\n")
    click.echo(f"  {invitation_link(config.public_url, added.link_token)}\n")
    click.echo(f"and types these five words:\n\n  {added.spoken_code}\n")
    click.echo(
        "Send them the link, which nobody e-mails. Give the words by phone or in person, never with the link."
    )
    click.echo("Neither is shown again.")
