"""The score of the risk of not being in education, employment or training."""

from __future__ import annotations

from transition_exchange.proforma.rules import neet_risk


def test_every_factor_has_points_and_stands_in_the_order_of_the_page() -> None:
    assert tuple(neet_risk.RONI_WEIGHTS) == tuple(code for code, _ in neet_risk.RONI_FACTORS)
    assert all(points > 0 for points in neet_risk.RONI_WEIGHTS.values())


def test_the_bands_go_from_high_to_low_as_their_thresholds_do() -> None:
    bands = [band for band, _ in neet_risk.RONI_THRESHOLDS]
    assert bands == [code for code, _ in neet_risk.RONI_BANDS] == ["red", "amber", "green"]
    least = [points for _, points in neet_risk.RONI_THRESHOLDS]
    assert least == sorted(least, reverse=True)
    assert least[-1] == 0, "every score falls into a band"
