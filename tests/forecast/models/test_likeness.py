import numpy as np
import pytest

from forecast.arrays import FloatArray
from forecast.calendar import DAY, HOUR, Calendar
from forecast.forecaster import Forecaster
from forecast.models.likeness import HOLIDAY, learn_likeness, usual_likeness
from tests.forecast.histories import MONDAY, history
from tests.forecast.models.test_frame import hourly

FRIDAY, SATURDAY, SUNDAY = 4, 5, 6


def weeks(rest: tuple[int, ...], *, count: int = 4) -> FloatArray:
    """Hourly participants of whole weeks from a Monday on; on days of rest a tenth."""
    weekday = np.arange(count * 7) % 7
    daily = np.where(np.isin(weekday, rest), 100.0, 1000.0)
    noise = np.exp(0.1 * np.random.default_rng(0).standard_normal(count * 7 * 24))
    values: FloatArray = np.repeat(daily, 24) * noise
    return values


def learned(values: FloatArray) -> FloatArray:
    frame = hourly(values, steps=0)
    likeness = learn_likeness(frame.level, frame.seen, frame.local, frame.per_day)
    first: FloatArray = likeness[0]
    return first


@pytest.mark.parametrize("rest", [(FRIDAY, SATURDAY), (SATURDAY, SUNDAY), (SUNDAY,)])
def test_days_of_rest_are_found_whatever_their_names(rest: tuple[int, ...]) -> None:
    likeness = learned(weeks(rest))
    resting = np.isin(np.arange(7), rest)
    alike = resting[:, None] == resting
    assert likeness[:7, :7][alike].min() > 0.5
    assert likeness[:7, :7][~alike].max() < 0.05


def test_without_seasons_all_days_are_alike() -> None:
    assert learned(weeks(())).min() > 0.5


def test_until_a_holiday_was_seen_it_is_taken_for_a_sunday() -> None:
    likeness = learned(weeks((SATURDAY, SUNDAY)))
    assert np.array_equal(likeness[HOLIDAY, :7], likeness[SUNDAY, :7])


def test_days_that_were_never_seen_are_like_others_as_usual() -> None:
    values = weeks((SATURDAY, SUNDAY))
    values[np.repeat(np.arange(28) % 7 == FRIDAY, 24)] = np.nan
    likeness, usual = learned(values), usual_likeness(1)[0]
    assert np.array_equal(likeness[FRIDAY, :7], usual[FRIDAY, :7])


def test_a_friday_of_rest_is_forecast_as_one() -> None:
    friday = MONDAY + 4 * DAY
    values = weeks((FRIDAY, SATURDAY), count=5)[: -3 * 24]
    forecast, _ = Forecaster().refresh(
        history(values, end=friday, step=HOUR), now=friday, horizon_steps=24, calendar=Calendar()
    )
    assert forecast.values[0, :, 0] == pytest.approx(np.full(24, 100.0), rel=0.25)
