"""The settings of this installation. This module imports nothing else of the project, so every floor may use it."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from environs import Env, EnvValidationError, FileAwareEnv
from marshmallow import ValidationError, fields, missing, validate

SERVICE_NAME = "Transition Exchange"
SECRET_KEY, INSTALLATION_KEY, DATABASE = "secret_key", "installation_key", "transition-exchange.sqlite3"


class BadConfig(Exception):
    """A setting is missing or invalid. The message names it and says what it should be."""


def is_loopback(host: str) -> bool:
    """Whether a host, a name or an address, is this machine itself, so that nothing crosses a network."""
    name = host.strip("[]").rstrip(".").lower()
    try:
        address = ip_address(name)
    except ValueError:
        return name == "localhost"
    mapped = getattr(address, "ipv4_mapped", None)  # ::ffff:127.0.0.1
    return bool((mapped or address).is_loopback)


@dataclass(frozen=True)
class Config:
    """The settings that an operator decides.

    Attributes:
        database_url: `sqlite:///PATH` or `postgresql://...`.
        database_without_verified_tls: whether PostgreSQL on another machine may go without a verified certificate.
        public_url: the address that people type, without a slash at the end. Links in e-mails begin with it.
        secret_key: signs form tokens, and gives the key of `digest_key`. It opens no record.
        installation_key: the file with the key that signs the daily heads of the event chains; None: none is signed.
        sample: whether this is a sample area with invented learners, as its banner says.
        demo: whether the command `demo` made this installation. Only then a sample area asks for no second factor. No
            environment variable sets it.
        proxies: how many of the operator's own reverse proxies stand in front and set `X-Forwarded-For`.
        smtp_host: the server that takes outgoing mail; without one, mail stays in the outbox.
        smtp_port: its port.
        smtp_tls: whether TLS begins with the first byte (port 465).
        smtp_starttls: whether STARTTLS begins TLS.
        smtp_ca_file: the authorities that may certify the server, instead of the system's list.
        smtp_without_verified_tls: whether mail may go to another machine without a verified certificate.
        smtp_user: the name for signing in to it.
        smtp_password: the password for signing in to it.
        mail_from: the sender of e-mails.
        contact: who to ring or write to about this service, as the footer of every page shows it.
        passphrase_memory_kib: the memory that one guess at a passphrase costs.
        instance: the folder in which `init` makes the keys and, unless `database_url` says otherwise, the database.
        workers: how many processes serve pages.
        threads: how many pages one process serves at the same time.
    """

    database_url: str = f"sqlite:///instance/{DATABASE}"
    database_without_verified_tls: bool = False
    public_url: str = "http://localhost:8000"
    secret_key: str = field(default="", repr=False)
    installation_key: Path | None = None
    sample: bool = False
    demo: bool = False
    proxies: int = 0
    smtp_host: str = ""
    smtp_port: int = 25
    smtp_tls: bool = False
    smtp_starttls: bool = False
    smtp_ca_file: Path | None = None
    smtp_without_verified_tls: bool = False
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    mail_from: str = "transition-exchange@localhost"
    contact: str = ""
    passphrase_memory_kib: int = 131_072
    instance: Path = Path("instance")
    workers: int = 2
    threads: int = 8

    @property
    def host(self) -> str:
        """The host name in `public_url`."""
        return urlsplit(self.public_url).hostname or "localhost"

    @property
    def secure(self) -> bool:
        """Whether pages are served over HTTPS, so that cookies are Secure. Only a local sample may do without."""
        return urlsplit(self.public_url).scheme == "https"

    @property
    def digest_key(self) -> bytes:
        """The key of the digests under which tries to sign in are counted. It comes from the secret key."""
        return hmac.new(
            self.secret_key.encode(), b"transition-exchange/counted-tries", hashlib.sha256
        ).digest()

    def check(self) -> None:
        """Refuse a setup that would be unsafe to serve.

        Raises:
            BadConfig: there is no secret key, or an installation other than a sample on this machine uses plain HTTP or
                needs no second factor.
        """
        if len(self.secret_key) < 32:
            raise BadConfig(
                "SECRET_KEY (or SECRET_KEY_FILE) must hold at least 32 random characters; "
                "`transition-exchange init` makes them."
            )
        if not self.secure and not (self.sample and is_loopback(self.host)):
            raise BadConfig("PUBLIC_URL must begin with https://; only a sample on localhost may go without.")
        if self.demo and not (self.sample and is_loopback(self.host)):
            raise BadConfig("Only a sample on localhost may go without the second step of signing in.")

    def installation_seed(self) -> bytes:
        """The 32 bytes of the key that signs the heads of the event chains.

        Raises:
            BadConfig: there is no such file, or it does not hold a key.
        """
        if self.installation_key is None:
            raise BadConfig(
                "There is no installation key: `transition-exchange init` makes one, "
                "INSTALLATION_KEY_FILE names it."
            )
        try:
            seed = bytes.fromhex(self.installation_key.read_text(encoding="ascii").strip())
        except OSError as error:
            raise BadConfig(f"The installation key cannot be read: {error.strerror}.") from None
        except ValueError:
            seed = b""
        if len(seed) != 32:
            raise BadConfig(f"{self.installation_key} holds no installation key: 64 hexadecimal digits.")
        return seed


def from_environment() -> Config:
    """Read the settings from environment variables; docs/running.md lists them.

    An empty variable counts as not set. The folder `INSTANCE`, by default `instance`, holds the keys that `init` makes
    and the SQLite database, unless other settings name them. `SECRET_KEY` and `SMTP_PASSWORD` may be in files of their
    own, which `SECRET_KEY_FILE` and `SMTP_PASSWORD_FILE` name.

    Raises:
        BadConfig: a value is invalid, or a named file cannot be read. The message names every such setting.
    """
    default, env = Config(), _environment()
    instance = Path(env.text("INSTANCE", str(default.instance)))
    settings: dict[str, Any] = {
        "database_url": env.text(
            "DATABASE_URL", f"sqlite:///{instance / DATABASE}", validate=_is_a_database_that_is_supported
        ),
        "database_without_verified_tls": env.yes_or_no(
            "DATABASE_WITHOUT_VERIFIED_TLS", default.database_without_verified_tls
        ),
        "public_url": env.text("PUBLIC_URL", default.public_url, validate=_is_an_address_of_pages),
        "sample": env.yes_or_no("SAMPLE", default.sample),
        "proxies": env.number("PROXIES", default.proxies, validate=_at_least(0)),
        "smtp_host": env.text("SMTP_HOST", default.smtp_host),
        "smtp_port": env.number("SMTP_PORT", default.smtp_port, validate=_PORT),
        "smtp_tls": env.yes_or_no("SMTP_TLS", default.smtp_tls),
        "smtp_starttls": env.yes_or_no("SMTP_STARTTLS", default.smtp_starttls),
        "smtp_ca_file": env.text("SMTP_CA_FILE", ""),
        "smtp_without_verified_tls": env.yes_or_no(
            "SMTP_WITHOUT_VERIFIED_TLS", default.smtp_without_verified_tls
        ),
        "smtp_user": env.text("SMTP_USER", default.smtp_user),
        "mail_from": env.text("MAIL_FROM", default.mail_from),
        "contact": env.text("CONTACT", default.contact),
        "passphrase_memory_kib": env.number(
            "PASSPHRASE_MEMORY_KIB", default.passphrase_memory_kib, validate=_PASSPHRASE_MEMORY
        ),
        "workers": env.number("WORKERS", default.workers, validate=_at_least(1)),
        "threads": env.number("THREADS", default.threads, validate=_at_least(1)),
    }
    installation_key = env.text("INSTALLATION_KEY_FILE", "")
    try:
        env.seal()
    except EnvValidationError as error:
        raise BadConfig(_in_words(error)) from None
    settings["public_url"] = settings["public_url"].rstrip("/")
    settings["smtp_ca_file"] = Path(settings["smtp_ca_file"]) if settings["smtp_ca_file"] else None
    config = Config(
        **settings,
        instance=instance,
        secret_key=_secret("SECRET_KEY") or _text_in(instance / SECRET_KEY),
        installation_key=Path(installation_key)
        if installation_key
        else _existing(instance / INSTALLATION_KEY),
        smtp_password=_secret("SMTP_PASSWORD"),
    )
    _require_readable_authorities(config)
    _require_safe_mail(config)
    return config


def make_keys(instance: Path) -> tuple[Path, ...]:
    """Make the instance folder and the missing key files, readable by their owner only.

    Returns:
        The new files.

    Raises:
        BadConfig: the folder cannot be written.
    """
    made = []
    try:
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in (SECRET_KEY, INSTALLATION_KEY):
            path = instance / name
            try:
                # The file is created with these rights, so nobody else can open it at any moment.
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                continue
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(32) + "\n")
            made.append(path)
    except OSError as error:
        raise BadConfig(f"{instance} cannot be written: {error.strerror}.") from None
    return tuple(made)


class _EmptyIsDefault(fields.Field[Any]):
    """A setting whose empty value counts as not set: container tools pass on what was left out as empty."""

    def deserialize(
        self,
        value: Any,
        attr: str | None = None,
        data: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> Any:
        return super().deserialize(value or missing, attr, data, **kwargs)


class _Text(_EmptyIsDefault, fields.String):
    pass


class _Number(_EmptyIsDefault, fields.Integer):
    default_error_messages = {"invalid": "must be a whole number."}  # noqa: RUF012 -- declared so by marshmallow


class _YesOrNo(_EmptyIsDefault, fields.Boolean):
    default_error_messages = {"invalid": "must be yes or no."}  # noqa: RUF012


def _environment() -> Env:
    """A reader that collects every invalid setting, so an operator sees all of them at once."""
    env = Env(eager=False)
    env.add_parser_from_field("text", _Text)
    env.add_parser_from_field("number", _Number)
    env.add_parser_from_field("yes_or_no", _YesOrNo)
    return env


def _at_least(least: int) -> validate.Range:
    return validate.Range(min=least, error="must be at least {min}.")


_PORT = validate.Range(min=1, max=65_535, error="must be from {min} to {max}.")
# From the least that Argon2id takes to the most that `sealing.unlocks` opens again.
_PASSPHRASE_MEMORY = validate.Range(min=8, max=262_144, error="must be from {min} to {max}.")


def _is_a_database_that_is_supported(url: str) -> None:
    if not url.startswith(("sqlite:///", "postgresql://", "postgres://", "postgresql+psycopg://")):
        raise ValidationError("must begin with sqlite:/// or postgresql://.")


def _is_an_address_of_pages(url: str) -> None:
    address = urlsplit(url)
    if address.scheme not in {"http", "https"} or not address.hostname:
        raise ValidationError("must be the address that people type, such as https://exchange.example.org.")


def _in_words(error: EnvValidationError) -> str:
    messages = cast("Mapping[str, list[str]]", error.error_messages)
    return " ".join(f"{name} {message}" for name, texts in messages.items() for message in texts)


def _require_readable_authorities(config: Config) -> None:
    if config.smtp_ca_file is None:
        return
    try:
        ssl.create_default_context(cafile=config.smtp_ca_file)
    except ssl.SSLError:
        raise BadConfig("SMTP_CA_FILE cannot be used: it holds no certificate.") from None
    except OSError as error:
        raise BadConfig(f"SMTP_CA_FILE cannot be read: {error.strerror}.") from None


def _require_safe_mail(config: Config) -> None:
    if config.smtp_tls and config.smtp_starttls:
        raise BadConfig("SMTP_TLS and SMTP_STARTTLS exclude each other: TLS begins at once, or is begun.")
    if config.smtp_tls or config.smtp_starttls or not config.smtp_host or is_loopback(config.smtp_host):
        return
    if config.smtp_password:
        raise BadConfig("SMTP_PASSWORD would be sent in the clear: set SMTP_STARTTLS or SMTP_TLS to yes.")
    if not config.smtp_without_verified_tls:
        raise BadConfig(
            f"SMTP_HOST is another machine ({config.smtp_host}), and mail to it would be sent in the clear: set "
            "SMTP_STARTTLS=yes (usually with SMTP_PORT=587) or SMTP_TLS=yes (SMTP_PORT=465). "
            "SMTP_WITHOUT_VERIFIED_TLS=yes does without."
        )


def _secret(name: str) -> str:
    try:
        return FileAwareEnv(strip_whitespace=True).str(name, "")
    except (OSError, ValueError) as error:
        # environs wraps what the operating system says.
        reason = error.__cause__ if isinstance(error.__cause__, OSError) else error
        words = reason.strerror if isinstance(reason, OSError) else "it is not UTF-8 text"
        raise BadConfig(f"{name}_FILE cannot be read: {words}.") from None


def _text_in(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise BadConfig(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise BadConfig(f"{path} cannot be read: it is not ASCII text.") from None


def _existing(path: Path) -> Path | None:
    return path if path.exists() else None
