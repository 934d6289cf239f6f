"""`transition-exchange audit …`: checks that the chains of events are whole."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy.orm import Session

from transition_exchange.commands.setup import config_of, ready_database
from transition_exchange.config import BadConfig, Config
from transition_exchange.sealing import BadSignature
from transition_exchange.sealing.keys import SigningKey
from transition_exchange.sealing.keys import verify as verify_signature
from transition_exchange.store import chain, checkpoints
from transition_exchange.store.base import utc_now
from transition_exchange.store.chain import Head
from transition_exchange.store.checkpoints import BadCheckpoint, Verify
from transition_exchange.store.unreadable import forget, left_out

WHOLE, BROKEN, UNUSABLE = 0, 1, 2


class Unusable(click.ClickException):
    """The check was impossible, or the checkpoint cannot be trusted."""

    exit_code = UNUSABLE


@click.group("audit")
def group() -> None:
    """Check the chains of events; keep signed heads elsewhere."""


@group.command()
@click.option(
    "--checkpoint",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file that `audit checkpoint` wrote; against it a chain that was cut off is found.",
)
def verify(checkpoint: Path | None) -> None:
    """Check every organisation's chain of events.

    Exits 0 where all are whole, 1 where something was changed, removed, inserted, reordered or cut off, and 2
    where the check could not be made: no key, a wrong signature, a file that is no checkpoint.
    """
    config = config_of()
    with ready_database(config) as db, db.read() as session:
        try:
            broken = _verify(session, config, checkpoint)
        except (BadCheckpoint, BadConfig) as error:
            raise Unusable(str(error)) from None
    raise SystemExit(BROKEN if broken else WHOLE)


def _verify(session: Session, config: Config, checkpoint: Path | None) -> int:
    forget()
    heads: list[Head] = []
    if config.installation_key is not None:
        key = SigningKey.from_seed(config.installation_seed())
        heads = checkpoints.stored_heads(session, _verifier(key.public))
        if checkpoint is not None:
            heads += _read(checkpoint, key)
    elif checkpoint is not None:
        config.installation_seed()  # raises, and says what is missing
    else:
        click.echo("No installation key: signed heads are not looked at.", err=True)
    broken = 0
    organisations = checkpoints.organisations(session, heads)
    for organisation_id in organisations:
        verdict = chain.verify(session, organisation_id, heads=heads)
        if verdict.fault:
            broken += 1
            click.echo(
                f"{organisation_id}: {verdict.fault.message} [{verdict.fault.kind} {verdict.fault.seq}]"
            )
        else:
            click.echo(f"{organisation_id}: {verdict.events} events, whole")
    click.echo(f"{len(organisations)} chains, {broken} not whole.")
    if left_out():
        broken += 1
        click.echo(
            "A row that belongs to the check cannot be read: an event, a head or a signed head was changed."
        )
    return broken


def _read(path: Path, key: SigningKey) -> list[Head]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise BadCheckpoint("The checkpoint cannot be read.") from None
    checkpoint = checkpoints.parse(text)
    if checkpoint.public_key != key.public.hex():
        raise BadCheckpoint("The checkpoint was signed by another installation's key.")
    return checkpoints.verified(checkpoint, _verifier(key.public))


def _verifier(public: bytes) -> Verify:
    def verifies(signature: bytes, message: bytes) -> bool:
        try:
            verify_signature(public, signature, message)
        except BadSignature:
            return False
        return True

    return verifies


@group.command("checkpoint")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; standard output without it.",
)
def checkpoint_(output: Path | None) -> None:
    """Sign the head of every chain and write the signed heads to a file, to be kept on another machine."""
    config = config_of()
    try:
        key = SigningKey.from_seed(config.installation_seed())
    except BadConfig as error:
        raise Unusable(str(error)) from None
    with ready_database(config) as db:
        with db.write() as session:
            checkpoints.sign_heads(session, key.sign, now=utc_now())
        with db.read() as session:
            text = checkpoints.export(session, key.public)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Unusable(f"{output} cannot be written: {error.strerror}.") from None
    click.echo(f"Wrote {output}. Keep it where whoever can change the database cannot reach it.")
