import warnings
from collections import deque

import numpy as np
import pytest
from statsmodels.tsa.holtwinters import ExponentialSmoothing

from simulations.policies.holt_winters import HoltWinters, Smoothing

QUARTERS = Smoothing(level=0.5, trend=0.1, seasonal=0.4, periods=4)


def refit(series: list[float]) -> float:
    """What PHPA's algorithms/holt_winters.py prints, before its ceiling."""
    model = ExponentialSmoothing(
        series, trend="add", seasonal="add", seasonal_periods=4, initialization_method="estimated"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = model.fit(
            smoothing_level=0.5, smoothing_trend=0.1, smoothing_seasonal=0.4, optimized=False
        )
    return float(fitted.forecast(1)[0])


def test_one_step_by_hand() -> None:
    """l = .5 (14 - 2) + .5 (9 + 1) = 11; b = .1 (11 - 9) + .9 x 1 = 1.1;
    s = .4 (14 - 10) + .6 x 2 = 2.8; next = 11 + 1.1 + (-1).
    """
    model = HoltWinters(QUARTERS, level=9.0, trend=1.0, season=deque([2.0, -1.0, 0.0, -1.0]))

    assert model.next() == pytest.approx(12.0)
    model.add(14.0)

    assert model.level == pytest.approx(11.0)
    assert model.trend == pytest.approx(1.1)
    assert list(model.season) == pytest.approx([-1.0, 0.0, -1.0, 2.8])
    assert model.next() == pytest.approx(11.1)


def test_going_on_from_a_fit_is_a_refit_until_the_season_is_over() -> None:
    rng = np.random.default_rng(3)
    season = np.array([10.0, 20.0, 15.0, 5.0])
    series = (np.tile(season, 6) + rng.normal(0.0, 1.0, 24) + np.arange(24) * 0.2).tolist()
    model = HoltWinters.fit(series[:20], QUARTERS)

    for count in range(20, 24):
        assert model.next() == pytest.approx(refit(series[:count]))
        model.add(series[count])
