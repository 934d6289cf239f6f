"""How this installation is set up. Imports nothing of ours, so that every floor may read it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

SERVICE_NAME = "Transition Exchange"
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
SECRET_KEY, INSTALLATION_KEY, DATABASE = "secret_key", "installation_key", "transition-exchange.sqlite3"


class BadConfig(Exception):
    """A setting is missing or cannot be; the message names it and says what it should be."""


@dataclass(frozen=True)
class Config:
    """What an operator decides.

    Attributes:
        database_url: `sqlite:///PATH` or `postgresql://...`.
        public_url: the address people type, without a slash at the end; links in e-mails begin with it.
        secret_key: signs form tokens. It opens no record.
        installation_key: the file whose key signs the daily heads of the event chains; None: none is signed.
        sample: a sample area with invented learners; its banner says so and the second factor is off.
        proxies: how many reverse proxies of one's own stand in front and set `X-Forwarded-For`.
        smtp_*: where outgoing mail is handed over; without a host it stays in the outbox. `smtp_tls` is
            TLS from the first byte (port 465), `smtp_starttls` begins it; `smtp_ca_file` names who may vouch
            for the server, when that isn't the system's list.
        mail_from: the sender of e-mails.
        contact: whom to ring or write to about this service, on every page's foot.
        passphrase_memory_kib: what one try at a passphrase costs in memory.
        instance: the folder in which `init` puts the keys and, where nothing else is said, the database.
        workers: processes that serve pages.
        threads: pages that one process serves at a time.
    """

    database_url: str = f"sqlite:///instance/{DATABASE}"
    public_url: str = "http://localhost:8000"
    secret_key: str = field(default="", repr=False)
    installation_key: Path | None = None
    sample: bool = False
    proxies: int = 0
    smtp_host: str = ""
    smtp_port: int = 25
    smtp_tls: bool = False
    smtp_starttls: bool = False
    smtp_ca_file: Path | None = None
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
        """The host name that people type."""
        return urlsplit(self.public_url).hostname or "localhost"

    @property
    def secure(self) -> bool:
        """Whether pages come over HTTPS. Cookies are Secure then; only a local sample may go without."""
        return urlsplit(self.public_url).scheme == "https"

    def check(self) -> None:
        """Refuse a setup that would be unsafe to serve.

        Raises:
            BadConfig: no secret, or plain HTTP for anything but a sample on this machine.
        """
        if len(self.secret_key) < 32:
            raise BadConfig(
                "SECRET_KEY (or SECRET_KEY_FILE) must hold at least 32 random characters; "
                "`transition-exchange init` makes them."
            )
        if not self.secure and not (self.sample and self.host in LOCAL_HOSTS):
            raise BadConfig("PUBLIC_URL must begin with https://; only a sample on localhost may go without.")

    def installation_seed(self) -> bytes:
        """The 32 bytes of the key that signs the heads of the event chains.

        Raises:
            BadConfig: there is no such file, or it holds something else.
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


def from_environment(environ: Mapping[str, str] | None = None) -> Config:
    """Read the settings from environment variables; README.md lists them.

    What is not named there is looked for in the folder `INSTANCE`, by default `instance`. `init` puts it there.
    Secrets may stand in files of their own instead: `SECRET_KEY_FILE`, `SMTP_PASSWORD_FILE`.

    Raises:
        BadConfig: a value cannot be, or a named file cannot be read.
    """
    env = os.environ if environ is None else environ
    default = Config()
    instance = Path(env.get("INSTANCE", "") or default.instance)
    config = Config(
        database_url=env.get("DATABASE_URL", "") or f"sqlite:///{instance / DATABASE}",
        public_url=(env.get("PUBLIC_URL", "") or default.public_url).rstrip("/"),
        secret_key=_secret(env, "SECRET_KEY") or _text_in(instance / SECRET_KEY),
        installation_key=_path(env, "INSTALLATION_KEY_FILE") or _existing(instance / INSTALLATION_KEY),
        sample=_yes(env, "SAMPLE"),
        proxies=_number(env, "PROXIES", default.proxies),
        smtp_host=env.get("SMTP_HOST", ""),
        smtp_port=_number(env, "SMTP_PORT", default.smtp_port, least=1, most=65_535),
        smtp_tls=_yes(env, "SMTP_TLS"),
        smtp_starttls=_yes(env, "SMTP_STARTTLS"),
        smtp_ca_file=_path(env, "SMTP_CA_FILE"),
        smtp_user=env.get("SMTP_USER", ""),
        smtp_password=_secret(env, "SMTP_PASSWORD"),
        mail_from=env.get("MAIL_FROM", "") or default.mail_from,
        contact=env.get("CONTACT", ""),
        passphrase_memory_kib=_number(env, "PASSPHRASE_MEMORY_KIB", default.passphrase_memory_kib, least=8),
        instance=instance,
        workers=_number(env, "WORKERS", default.workers, least=1),
        threads=_number(env, "THREADS", default.threads, least=1),
    )
    _fit_together(config)
    return config


def make_keys(instance: Path) -> tuple[Path, ...]:
    """Make the instance folder and the key files that are not there yet, readable by their owner only.

    Returns:
        The files that were made.

    Raises:
        BadConfig: the folder cannot be written.
    """
    made = []
    try:
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in (SECRET_KEY, INSTALLATION_KEY):
            path = instance / name
            try:
                # The file is born with these rights: there is no moment in which somebody else could open it.
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                continue
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(32) + "\n")
            made.append(path)
    except OSError as error:
        raise BadConfig(f"{instance} cannot be written: {error.strerror}.") from None
    return tuple(made)


def _fit_together(config: Config) -> None:
    if not config.database_url.startswith(
        ("sqlite:///", "postgresql://", "postgres://", "postgresql+psycopg://")
    ):
        raise BadConfig("DATABASE_URL must begin with sqlite:/// or postgresql://.")
    if (
        urlsplit(config.public_url).scheme not in {"http", "https"}
        or not urlsplit(config.public_url).hostname
    ):
        raise BadConfig(
            "PUBLIC_URL must be the address that people type, such as https://exchange.example.org."
        )
    if config.smtp_tls and config.smtp_starttls:
        raise BadConfig("SMTP_TLS and SMTP_STARTTLS exclude each other: TLS begins at once, or is begun.")
    in_the_clear = not (config.smtp_tls or config.smtp_starttls) and config.smtp_host not in LOCAL_HOSTS
    if config.smtp_password and in_the_clear:
        raise BadConfig("SMTP_PASSWORD would be sent in the clear: set SMTP_STARTTLS or SMTP_TLS to yes.")


def _secret(env: Mapping[str, str], name: str) -> str:
    path = env.get(f"{name}_FILE")
    if not path:
        return env.get(name, "")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadConfig(f"{name}_FILE cannot be read: {error.strerror}.") from None


def _text_in(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise BadConfig(f"{path} cannot be read: {error.strerror}.") from None


def _existing(path: Path) -> Path | None:
    return path if path.exists() else None


def _path(env: Mapping[str, str], name: str) -> Path | None:
    return Path(env[name]) if env.get(name) else None


def _number(
    env: Mapping[str, str], name: str, default: int, *, least: int = 0, most: int | None = None
) -> int:
    text = env.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdecimal()):
        raise BadConfig(f"{name} must be a whole number.")
    if int(text) < least or (most is not None and int(text) > most):
        raise BadConfig(f"{name} must be {f'from {least} to {most}' if most else f'at least {least}'}.")
    return int(text)


def _yes(env: Mapping[str, str], name: str) -> bool:
    text = env.get(name, "").lower()
    if text not in {"", "0", "1", "no", "yes", "true", "false"}:
        raise BadConfig(f"{name} must be yes or no.")
    return text in {"1", "yes", "true"}
