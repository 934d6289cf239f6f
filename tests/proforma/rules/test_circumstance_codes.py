"""Bands of attendance cover everything from the worst to the best; statuses are those that teams tell apart."""

from __future__ import annotations

from transition_exchange.proforma.rules import circumstance_codes


def test_the_bands_of_attendance_go_from_the_worst_down_to_nothing_missed() -> None:
    assert [(code, least) for code, _, least in circumstance_codes.ATTENDANCE_BANDS] == [
        ("severe", 0.50),
        ("persistent", 0.10),
        ("regular", 0.0),
    ]


def test_none_is_a_status_that_the_safeguarding_team_can_say_and_the_last_one() -> None:
    codes = [code for code, _ in circumstance_codes.SAFEGUARDING_STATUSES]
    assert codes == ["CP", "CIN", "LAC", "channel", "closed", "none"]
