"""CSV as spreadsheets open it: UTF-8 with a byte order mark, one header row, no cell that runs as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel reads UTF-8 as Windows-1252 and spoils every accented name."""

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_text(
    columns: Sequence[str], rows: Iterable[Mapping[str, object]], *, warnings: Sequence[str] = ()
) -> Iterator[str]:
    """Write the lines of a CSV (RFC 4180), the header first.

    A cell that a spreadsheet would run as a formula gets an apostrophe before it, which spreadsheets hide
    (OWASP, CSV injection).

    Args:
        columns: names of the columns, in order.
        rows: cells by column name; a column without a cell stays empty.
        warnings: what is wrong with the file as a whole. Each is a line of its own under the header, in the first cell.
    """
    yield BYTE_ORDER_MARK + _line(columns)
    for warning in warnings:
        yield _line([_harmless(warning), *("" for _ in columns[1:])])
    for row in rows:
        yield _line([_harmless(str(row.get(column, ""))) for column in columns])


def _line(cells: Sequence[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_STARTS_A_FORMULA) else cell
