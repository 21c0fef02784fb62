"""Histories that tests make themselves."""

import numpy as np

from forecast.arrays import FloatArray, UInt8Array
from forecast.calendar import DAY
from forecast.history import History, PointState

MONDAY = 1_772_409_600  # 2026-03-02 00:00 UTC
QUARTER_HOUR = 900


def history(
    values: FloatArray,
    *,
    states: UInt8Array | None = None,
    end: int = MONDAY,
    step: int = QUARTER_HOUR,
    names: tuple[str, ...] | None = None,
) -> History:
    """Put rows of values on a grid that ends at `end`; NaN is missing."""
    rows = np.atleast_2d(np.asarray(values, dtype=np.float64))
    if states is None:
        states = np.where(np.isnan(rows), PointState.MISSING, PointState.OBSERVED).astype(np.uint8)
    return History(
        series_ids=names or tuple(f"pool-{row}" for row in range(rows.shape[0])),
        start=end - rows.shape[1] * step,
        step_seconds=step,
        values=rows,
        states=np.atleast_2d(states),
    )


def office_weeks(
    days: int, *, peak: float = 1000.0, noise: float = 0.05, seed: int = 0, step: int = QUARTER_HOUR
) -> FloatArray:
    """Weekdays with a bump between 7 and 19 h, weekends at a fifth of it; ends at MONDAY."""
    points = days * DAY // step
    times = MONDAY - step * np.arange(points, 0, -1)
    hour = times % DAY / 3600.0
    weekday = (times // DAY + 3) % 7
    bump = np.clip(np.sin((hour - 7.0) / 12.0 * np.pi), 0.0, None) * (hour > 7.0) * (hour < 19.0)
    shape = 0.05 + bump * np.where(weekday < 5, 1.0, 0.2)
    random = np.random.default_rng(seed)
    values: FloatArray = peak * shape * np.exp(noise * random.standard_normal(points))
    return values
