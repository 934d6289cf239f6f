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
@click.option(
    "--old-key",
    "old_keys",
    multiple=True,
    metavar="HEX",
    help="The public key of an installation key that was replaced: `public_key` in a checkpoint of that time. "
    "Repeat it for several.",
)
def verify(checkpoint: Path | None, old_keys: tuple[str, ...]) -> None:
    """Check every organisation's chain of events.

    Exits 0 where all are whole, 1 where something was changed, removed, inserted, reordered or cut off, and 2
    where the check could not be made or not in full: no key, a file that is no checkpoint, a head that none of the
    known keys signed.
    """
    config = config_of()
    with ready_database(config) as db, db.read() as session:
        try:
            result = _verify(session, config, checkpoint, [_public_key(old) for old in old_keys])
        except (BadCheckpoint, BadConfig) as error:
            raise Unusable(str(error)) from None
    raise SystemExit(result)


def _verify(session: Session, config: Config, checkpoint: Path | None, old_keys: list[bytes]) -> int:
    forget()
    heads: list[Head] = []
    unknown: list[Head] = []
    if config.installation_key is not None:
        known = [SigningKey.from_seed(config.installation_seed()).public, *old_keys]
        stored = checkpoints.stored_heads(session, _verifier(known))
        heads, unknown = stored.signed, stored.unknown
        if checkpoint is not None:
            heads += _read(checkpoint, known)
    elif checkpoint is not None or old_keys:
        config.installation_seed()  # raises, and says what is missing
    else:
        click.echo("No installation key: signed heads are not looked at.", err=True)
    broken = 0
    organisations = checkpoints.organisations(session, [*heads, *unknown])
    for organisation_id in organisations:
        verdict = chain.verify(session, organisation_id, heads=heads)
        if verdict.fault:
            broken += 1
            click.echo(
                f"{organisation_id}: {verdict.fault.message} [{verdict.fault.kind} {verdict.fault.seq}]"
            )
        else:
            click.echo(f"{organisation_id}: {verdict.events} events, whole")
        _say_unknown([head.seq for head in unknown if head.organisation_id == organisation_id])
    click.echo(f"{len(organisations)} chains, {broken} not whole.")
    if left_out():
        broken += 1
        click.echo(
            "A row that belongs to the check cannot be read: an event, a head or a signed head was changed."
        )
    if unknown:
        click.echo(
            "Some signed heads were signed by another key, or changed. The chains were not compared with them. If the "
            "installation key was replaced, repeat this with --old-key and the public key before it: `public_key` in "
            "a checkpoint of that time. If it was not, somebody changed the database."
        )
    if broken:
        return BROKEN
    return UNUSABLE if unknown else WHOLE


def _say_unknown(numbers: list[int]) -> None:
    if len(numbers) == 1:
        click.echo(f"  The signed head at event {numbers[0]} was signed by no known key.")
    elif numbers:
        click.echo(
            f"  {len(numbers)} signed heads, at events {numbers[0]} to {numbers[-1]}, were signed by no known key."
        )


def _public_key(text: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise Unusable(
            "--old-key takes a public key: 64 hexadecimal digits, as `public_key` in a checkpoint."
        )
    return key


def _read(path: Path, known: list[bytes]) -> list[Head]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise BadCheckpoint("The checkpoint cannot be read.") from None
    checkpoint = checkpoints.parse(text)
    key = bytes.fromhex(checkpoint.public_key)
    if key not in known:
        raise BadCheckpoint(
            "The checkpoint was signed by another installation's key, or by an installation key that was replaced. "
            f"If {checkpoint.public_key} was yours, repeat this with --old-key {checkpoint.public_key}."
        )
    return checkpoints.verified(checkpoint, _verifier([key]))


def _verifier(public_keys: list[bytes]) -> Verify:
    def verifies(signature: bytes, message: bytes) -> bool:
        return any(_verifies(public, signature, message) for public in public_keys)

    return verifies


def _verifies(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        verify_signature(public, signature, message)
    except BadSignature:
        return False
    return True


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
        now = utc_now()
        with db.write() as session:
            checkpoints.sign_heads(session, key.sign, now=now)
        with db.read() as session:
            verify_own = _verifier([key.public])
            text = checkpoints.export(session, key.public, sign=key.sign, verify=verify_own, now=now)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Unusable(f"{output} cannot be written: {error.strerror}.") from None
    click.echo(f"Wrote {output}. Keep it where whoever can change the database cannot reach it.")
