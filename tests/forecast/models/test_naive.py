import numpy as np
import pytest

from forecast.arrays import FloatArray
from forecast.calendar import HOUR, Calendar
from forecast.models.naive import daily_naive, weekly_naive
from forecast.models.task import Task
from tests.forecast.histories import history

LEVELS = (0.5, 0.9, 0.95, 0.99)


def task(values: FloatArray, steps: int = 24) -> Task:
    return Task(history(values, step=HOUR), steps, LEVELS, Calendar())


def test_the_median_is_the_value_of_a_season_before() -> None:
    values = np.arange(3.0 * 168)
    weekly, daily = (model(task(values)) for model in (weekly_naive, daily_naive))
    assert weekly[:, 0].tolist() == values[-168:-144].tolist()
    assert daily[:, 0].tolist() == values[-24:].tolist()
    # every week-over-week change is 168, every day-over-day one 24: the upper quantiles add it
    assert np.all(weekly[:, 1:] == weekly[:, :1] + 168.0)
    assert np.all(daily[:, 1:] == daily[:, :1] + 24.0)


def test_a_falling_series_stays_ordered_and_above_zero() -> None:
    paths = weekly_naive(task(np.linspace(1000.0, 0.0, 3 * 168)))
    assert (np.diff(paths, axis=1) >= 0.0).all()
    assert (paths >= 0.0).all()


@pytest.mark.parametrize("model", [weekly_naive, daily_naive])
@pytest.mark.parametrize(
    "values",
    [
        np.zeros(336),
        np.full(336, 1e12),
        np.where(np.arange(336) % 5 == 0, np.nan, 7.0),
        np.full(336, np.nan),
    ],
)
def test_every_history_gets_an_answer(model: object, values: FloatArray) -> None:
    paths = model(task(values))  # type: ignore[operator]
    assert paths.shape == (24, 4)
    assert np.isfinite(paths).all()


def test_two_points_are_enough_for_naive() -> None:
    assert weekly_naive(task(np.array([1.0, 3.0])))[0].tolist() == [3.0] * 4


def test_missing_points_take_the_value_of_the_season_before() -> None:
    values = np.arange(48.0)
    values[30] = np.nan
    assert daily_naive(task(values))[6, 0] == values[6]
