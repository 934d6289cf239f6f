"""A table as a file: its name tells the day, and whether anything is missing, and nothing of anybody."""

from __future__ import annotations

import pytest
from flask import Flask

from transition_exchange.exchange import school_calendar
from transition_exchange.exchange.records.left_out import Table
from transition_exchange.web.csv_files import csv_file


@pytest.mark.parametrize(("whole", "end"), [(True, ""), (False, "-incomplete")])
def test_a_table_is_saved_under_the_day_and_says_whether_it_is_whole(
    app: Flask, whole: bool, end: str
) -> None:
    with app.test_request_context():
        response = csv_file(Table(iter(["name\r\n", "Amina\r\n"]), whole=whole), "learners")
        assert response.get_data(as_text=True) == "name\r\nAmina\r\n"
    assert response.mimetype == "text/csv"
    name = f"learners-{school_calendar.today().isoformat()}{end}.csv"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
