"""A table as a file that the browser saves."""

from __future__ import annotations

from flask import Response, stream_with_context

from transition_exchange.exchange import school_calendar
from transition_exchange.exchange.records.left_out import Table


def csv_file(table: Table, name: str) -> Response:
    """The answer with which somebody is given a table.

    Args:
        table: the table.
        name: what the file is called, besides the day on which it was made. One from which something was left out is
            called incomplete.
    """
    incomplete = "" if table.whole else "-incomplete"
    filename = f"{name}-{school_calendar.today().isoformat()}{incomplete}.csv"
    return Response(
        stream_with_context(iter(table)),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )
