"""Surge: entered on evidence, upward only, and left again."""

import numpy as np
import pytest

from forecast.arrays import FloatArray
from forecast.calendar import DAY, HOUR, Calendar, Place
from forecast.forecaster import Forecaster
from forecast.growth import detect_surge, extrapolate
from forecast.models.frame import Frame, make_frame
from forecast.result import Forecast, ForecastMode
from tests.forecast.histories import MONDAY, QUARTER_HOUR, history, office_weeks

PER_DAY = DAY // QUARTER_HOUR
NOON = MONDAY - 3 * DAY + 12 * HOUR  # a Friday
WEEKS = office_weeks(28)[: -3 * PER_DAY + 12 * 4]


def forecast(values: FloatArray, *, now: int = NOON) -> Forecast:
    issued, _ = Forecaster().refresh(
        history(values, end=now), now=now, horizon_steps=PER_DAY, calendar=Calendar()
    )
    return issued


def surging(factors: FloatArray) -> FloatArray:
    values = WEEKS.copy()
    values[-factors.size :] *= factors
    return values


def test_growth_outside_history_is_entered_named_and_carried_on() -> None:
    usual, surge = forecast(WEEKS), forecast(surging(2.0 ** np.linspace(0.5, 3.0, 10)))
    assert usual.modes == (ForecastMode.NORMAL,)
    assert surge.modes == (ForecastMode.OUTSIDE_HISTORY,)
    assert surge.models == ("growth",)
    assert "times the median of a day-ahead forecast" in surge.reasons[0][-1]
    assert surge.values[0, 3, 0] > 8.0 * usual.values[0, 3, 0]


def test_one_wild_point_is_no_surge() -> None:
    assert forecast(surging(np.array([8.0]))).modes == (ForecastMode.NORMAL,)


def test_a_fall_is_no_surge() -> None:
    assert forecast(surging(np.full(12, 0.05))).modes == (ForecastMode.NORMAL,)


def test_a_surge_is_over_after_calm_hours() -> None:
    values = np.append(surging(np.full(8, 6.0)), office_weeks(28)[-3 * PER_DAY + 12 * 4 :])
    modes = [
        forecast(values[: WEEKS.size + hour * 4], now=NOON + hour * HOUR).modes[0]
        for hour in range(6)
    ]
    assert modes[0] is ForecastMode.OUTSIDE_HISTORY
    assert modes[-1] is ForecastMode.NORMAL


@pytest.mark.parametrize("seed", range(3))
def test_ordinary_days_raise_no_alarm(seed: int) -> None:
    weeks = office_weeks(30, noise=0.1, seed=seed)
    for quarter_hours in range(0, 2 * PER_DAY, 12):
        end = weeks.size - quarter_hours
        now = MONDAY - quarter_hours * QUARTER_HOUR
        assert forecast(weeks[:end], now=now).modes == (ForecastMode.NORMAL,)


def frame(values: FloatArray) -> Frame:
    return make_frame(
        values[None],
        np.ones((1, values.size)),
        start=MONDAY,
        step_seconds=HOUR,
        steps=6,
        place=Place(),
    )


@pytest.mark.parametrize(
    ("last", "active"),
    [
        ([10, 10, 10, 10], False),
        ([10, 10, 10, 25], False),  # above the top quantile, not for long enough
        ([10, 10, 10, 50], True),  # so far above it that an hour suffices
        ([10, 10, 25, 25], False),
        ([50, 10, 10, 10], False),  # over: calm for two hours
        ([50, 50, 10, 19], True),  # one calm hour is too little
    ],
)
def test_the_alarm_counts_hours_above_the_top_quantile(last: list[float], active: bool) -> None:
    """By hand: the distance to the top quantile is log 2, so 20 is 1, 40 is 2 and 80 is 3."""
    values = np.full(48, 10.0)
    values[-4:] = last
    day_ahead = np.log1p(np.tile(np.array([10.0, 21.0]), (1, 24, 1)))
    assert detect_surge(frame(values), day_ahead).active.tolist() == [active]


def test_extrapolation_keeps_the_level_and_damps_the_trend() -> None:
    values = np.full(15 * 24, 100.0)
    values[-3:] = [200.0, 400.0, 800.0]
    paths = np.expm1(extrapolate(frame(values), steps=6, quantiles=(0.5, 0.95)))[0]
    assert (np.diff(paths[:, 0]) > 0.0).all()
    assert 800.0 < paths[0, 0] < 1600.0
    assert paths[-1, 0] < 10.5 * 800.0
    assert (paths[:, 1] > 1.2 * paths[:, 0]).all()


def test_a_falling_trend_is_not_extrapolated() -> None:
    values = np.full(15 * 24, 100.0)
    values[-3:] = [800.0, 400.0, 200.0]
    paths = np.expm1(extrapolate(frame(values), steps=6, quantiles=(0.5, 0.95)))[0]
    assert paths[:, 0].min() == pytest.approx(200.0, rel=0.01)
