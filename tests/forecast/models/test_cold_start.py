import numpy as np
import pytest

from forecast.models.cold_start import predict_cold_start
from tests.forecast.models.test_frame import hourly

LEVELS = (0.5, 0.95)


def test_the_newest_value_is_the_median_and_the_spread_grows_with_the_lead() -> None:
    paths = predict_cold_start(hourly(np.array([45.0, 50.0, np.nan])), steps=24, quantiles=LEVELS)
    np.testing.assert_allclose(np.expm1(paths[0, :21, 0]), 50.0)
    width = paths[0, :, 1] - paths[0, :, 0]
    # the newest value is an hour old already
    assert width[0] == pytest.approx(width[3] * np.sqrt(2.0 / 5.0), rel=1e-3)
    assert width[-1] == pytest.approx(1.5 * 1.645, rel=1e-3)


def test_a_day_that_was_seen_is_repeated() -> None:
    day = np.arange(1.0, 25.0)
    paths = predict_cold_start(hourly(day, steps=48), steps=48, quantiles=LEVELS)
    np.testing.assert_allclose(np.expm1(paths[0, :, 0]), np.tile(day, 2))


def test_wild_demand_widens_the_spread() -> None:
    calm = predict_cold_start(hourly(np.full(6, 100.0)), steps=2, quantiles=LEVELS)
    wild = predict_cold_start(hourly(np.tile([10.0, 100.0], 3)), steps=2, quantiles=LEVELS)
    assert np.ptp(wild[0, 0]) > 2.0 * np.ptp(calm[0, 0])
