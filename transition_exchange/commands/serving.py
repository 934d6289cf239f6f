"""`transition-exchange serve` and `work`: the pages and the background work."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from transition_exchange.commands.setup import NotReady, config_of, ready_database
from transition_exchange.config import BadConfig, Config
from transition_exchange.sealing import work_places
from transition_exchange.security_log import write_logs_to

if TYPE_CHECKING:
    from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]


@click.command()
@click.option(
    "--bind", default="127.0.0.1:8000", show_default=True, help="Where to listen; a proxy speaks TLS."
)
def serve(bind: str) -> None:
    """Serve the pages, in WORKERS processes of THREADS threads each."""
    config = config_of()
    write_logs_to()
    require_servable(config)
    with ready_database(config):
        pass
    say_how_uploads_are_read()
    gunicorn(config, bind=bind).run()


@click.command()
def work() -> None:
    """Send mails, sign heads, delete what is due, until told to end. Run at least one beside `serve`."""
    from transition_exchange import jobs

    config = config_of()
    write_logs_to()
    require_readable_key(config)
    with ready_database(config):
        pass
    if not config.smtp_host:
        click.echo("No SMTP_HOST: e-mails stay in the outbox.", err=True)
    if config.installation_key is None:
        click.echo("No installation key: the heads of the event chains are not signed.", err=True)
    jobs.work(config)


def require_readable_key(config: Config) -> None:
    """Refuse to work with an installation key that is named and cannot be read.

    Raises:
        NotReady: it cannot; the message says why.
    """
    try:
        if config.installation_key is not None:
            config.installation_seed()
    except BadConfig as error:
        raise NotReady(str(error)) from None


def require_servable(config: Config) -> None:
    """Refuse to serve an unsafe installation, or one that cannot seal.

    Raises:
        NotReady: something is missing; the message says what.
    """
    from transition_exchange.sealing import MissingMLKEM, require_mlkem

    try:
        config.check()
        require_mlkem()
    except (BadConfig, MissingMLKEM) as error:
        raise NotReady(str(error)) from None


def say_how_uploads_are_read() -> None:
    """Say once, when the server starts, what holds the process in that reads uploads on this system."""
    from transition_exchange.uploads import checking

    try:
        click.echo(checking.in_words(checking.shut_doors()), err=True)
    except checking.NoProcess:
        click.echo(
            "The process that reads uploads cannot be started: every document will be refused.", err=True
        )


def gunicorn(config: Config, *, bind: str) -> BaseApplication:
    """The server, ready to run. Each worker process makes its own application and its own connections."""
    from gunicorn.app.base import BaseApplication

    from transition_exchange.commands.bare_answers import QuietLog, Worker

    _leave_the_server_unnamed()
    _end_slow_requests()
    # Before the worker processes begin, so that they share the limit on passphrase work.
    work_places.share(config.instance, unit_kib=config.passphrase_memory_kib)

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            settings: dict[str, Any] = {
                "bind": bind,
                "workers": config.workers,
                "threads": config.threads,
                "worker_class": Worker,
                "logger_class": QuietLog,
                "timeout": 60,
                "graceful_timeout": 30,
                # Heartbeats go to memory, because a slow disk must not make workers look dead.
                "worker_tmp_dir": _memory_folder(),
                "accesslog": None,
                "control_socket_disable": True,
                # No header may move the application to another path. A proxy has no reason to send one.
                "forwarder_headers": "",
            }
            for name, value in settings.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]

            from transition_exchange.web.application import create_app
            from transition_exchange.web.error_pages import unreadable

            app = create_app(config)
            # gunicorn reads the body when the application asks for it, and finds a broken chunk only then.
            app.register_error_handler(ParseException, unreadable)
            return app

    return Server()


def _leave_the_server_unnamed() -> None:
    """Send no `Server` header: gunicorn has no setting for it, and tells everybody what is to be attacked."""
    from gunicorn.http import wsgi  # type: ignore[import-untyped]

    class Unnamed(wsgi.Response):  # type: ignore[misc]
        def default_headers(self) -> list[str]:
            return [line for line in super().default_headers() if not line.lower().startswith("server:")]

    wsgi.Response = Unnamed


def _end_slow_requests() -> None:
    """Give each request a limited time to arrive: gunicorn has a setting for it in other workers only."""
    from gunicorn.workers import gthread  # type: ignore[import-untyped]

    from transition_exchange.commands.slow_senders import PatientConnection

    gthread.TConn = PatientConnection


def _memory_folder() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - gunicorn makes its own file in it
