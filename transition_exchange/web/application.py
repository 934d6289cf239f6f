"""Puts the pages together."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from transition_exchange.config import Config
from transition_exchange.process_memory import forbid_core_dumps
from transition_exchange.store.database import Database
from transition_exchange.store.postgresql import require_verified
from transition_exchange.store.unreadable import forget
from transition_exchange.web import (
    error_pages,
    gate,
    kept_forms,
    policy,
    requests,
    security_headers,
    templating,
    visits,
)

BLUEPRINTS = ("pages", "health", "accounts", "school", "provider", "area", "second")
"""Modules of `web/`; each has a `blueprint`."""


def create_app(
    config: Config,
    db: Database | None = None,
    *,
    testing: bool = False,
    parts: Sequence[str] = BLUEPRINTS,
) -> Flask:
    """The application, ready to be served.

    Args:
        config: how this installation is set up.
        db: its database; None opens the one that the configuration names.
        testing: exceptions reach the test that caused them.
        parts: which parts of the service to serve.

    Raises:
        BadConfig: it would be unsafe to serve.
        Undeclared: a view doesn't say who may use it.
        NoStaticFiles: styles and scripts were never built.
    """
    config.check()
    require_verified(config)
    if not testing:
        forbid_core_dumps()  # whatever server loads the application
    app = Flask(__name__, static_folder="static", template_folder=None)
    app.request_class = requests.ExchangeRequest
    app.testing = testing
    app.config.update(
        SECRET_KEY=config.secret_key,
        # This cookie carries the form token and messages like "Saved"; it opens nothing.
        SESSION_COOKIE_NAME="__Host-form" if config.secure else "form",
        SESSION_COOKIE_SECURE=config.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SIGN_IN_COOKIE=visits.cookie_name(secure=config.secure),
        DEVICE_COOKIE="__Host-known-device" if config.secure else "known-device",
        TRUSTED_HOSTS=[config.host],
        # A form that stayed open overnight must still reach us, so that what was typed can be kept.
        WTF_CSRF_TIME_LIMIT=None,
        PREFERRED_URL_SCHEME="https" if config.secure else "http",
    )
    app.extensions["config"] = config
    app.extensions["db"] = (
        db if db is not None else Database(config.database_url, digest_key=config.digest_key)
    )
    app.extensions.setdefault("resume", visits.resume)
    if config.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.proxies, x_proto=1, x_host=0)  # type: ignore[method-assign]

    # The order matters: what an earlier request left out is forgotten first. Limits stand before anything reads the
    # body, and the form token before any rule is asked.
    app.before_request(forget)
    requests.limit_each(app)
    CSRFProtect(app)
    gate.enforce(app)
    kept_forms.drop_when_saved(app)
    security_headers.add_to(app, secure=config.secure)
    error_pages.add_to(app)
    templating.prepare(app, config)

    policy.may(policy.public)(app.view_functions["static"])
    for name in parts:
        app.register_blueprint(import_module(f"transition_exchange.web.{name}").blueprint)
    policy.refuse_undeclared(app)
    return app
