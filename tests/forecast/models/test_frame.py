import numpy as np
import pytest

from forecast.arrays import FloatArray
from forecast.calendar import DAY, HOUR, Place
from forecast.errors import HistoryError
from forecast.models.frame import Frame, make_frame, spans
from tests.forecast.histories import MONDAY


def hourly(values: FloatArray, *, end: int = MONDAY, zone: str = "UTC", steps: int = 24) -> Frame:
    """A frame whose past ends at `end`; NaN is unseen."""
    rows = np.atleast_2d(values)
    return make_frame(
        rows,
        np.ones(rows.shape, dtype=np.bool_),
        start=end - rows.shape[1] * HOUR,
        step_seconds=HOUR,
        steps=steps,
        place=Place(zone),
    )


def test_a_profile_averages_days_of_the_same_type_newer_ones_first() -> None:
    # Three weeks that end on Monday 00:00; every day has its own level.
    daily = np.arange(1.0, 22.0)
    frame = hourly(np.expm1(np.repeat(daily, 24)))
    monday, _ = frame.day_averages(np.array([frame.known]), np.array([1]))
    ages = np.arange(21)  # of yesterday (Sunday), Saturday, Friday, ...
    workday = np.array([(6 - age) % 7 < 5 for age in ages])
    weights = 0.94**ages * np.where(workday, 1.0, 0.02)
    assert monday[0, 0] == pytest.approx(np.average(daily[::-1], weights=weights))


def test_what_was_not_seen_weighs_nothing() -> None:
    values = np.repeat([100.0, np.nan, 100.0], 24)
    frame = hourly(values)
    matched, everything = frame.day_averages(np.array([frame.known]), np.array([1]))
    assert matched[0, 0] == pytest.approx(np.log1p(100.0))
    assert everything[0, 0] == pytest.approx(np.log1p(100.0))
    nothing, _ = hourly(np.full(24, np.nan)).day_averages(np.array([24]), np.array([1]))
    assert nothing[0, 0] == 0.0


def test_lags_keep_the_wall_clock_through_a_clock_change() -> None:
    # Berlin, 29 March 2026: 02:00 becomes 03:00. Noon a day earlier was 25 - 2 hours before.
    end = MONDAY + 27 * DAY  # Sunday 29 March, 00:00 UTC
    frame = hourly(np.zeros(72), end=end, zone="Europe/Berlin")
    noon = np.array([72 + 10])  # 10:00 UTC, 12:00 there
    assert frame.local.hour[noon].tolist() == [12.0]
    lagged = frame.lag(noon, np.array([1]))
    assert lagged.tolist() == [82 - 23]
    assert frame.local.hour[lagged].tolist() == [12.0]


def test_outside_of_the_frame_nothing_is_seen() -> None:
    frame = hourly(np.array([5.0, 6.0]), steps=2)
    level, seen = frame.take(np.array([-1, 0, 1, 2, 9]))
    np.testing.assert_allclose(np.expm1(level), [[0.0, 5.0, 6.0, 0.0, 0.0]])
    assert seen.tolist() == [[0.0, 1.0, 1.0, 0.0, 0.0]]


def test_spans_are_at_least_a_point() -> None:
    assert spans(96, (0.0, 0.25, 1.0, 24.0)) == (1, 1, 4, 96)
    assert spans(24, (0.25, 1.0)) == (1, 1)


def test_a_grid_that_does_not_divide_a_day_is_refused() -> None:
    with pytest.raises(HistoryError, match="must divide a day"):
        make_frame(
            np.ones((1, 2)),
            np.ones((1, 2), dtype=np.bool_),
            start=0,
            step_seconds=50_000,
            steps=1,
            place=Place(),
        )
