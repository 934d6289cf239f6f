"""What Alembic runs. `transition_exchange.store.migrations` hands the connection over."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from transition_exchange.store import models  # noqa: F401  (tables must be known before they are compared)
from transition_exchange.store.base import Base
from transition_exchange.store.stored_values import UtcDateTime


def _render(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    # A migration must go on working when today's code has gone: it names the database's own types.
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


connection = context.config.attributes["connection"]
# SQLite can hardly alter a table, so a batch makes a new one and copies the rows.
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=_render,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
