"""Weekly seasonal-naive of many series: what forecasts are measured by, and what replaces them."""

from zlib import crc32

import numpy as np

from forecast.arrays import AnyFloatArray, BoolArray, FloatArray, IntArray, UInt8Array
from forecast.calendar import DAY, WEEK
from forecast.history import History, PointState
from forecast.models.naive import seasonal_naive, seasonal_spread

WINDOW = 28 * DAY
_WEEKS_BACK = (1, 2, 3)


def last_week(history: History, time: int) -> FloatArray:
    """Return the value a week before the step at `time`, (series,).

    That of an earlier week where it is not known, NaN where none is.
    """
    value = np.full(len(history.series_ids), np.nan)
    for weeks in _WEEKS_BACK:
        at = (time - weeks * WEEK - history.start) // history.step_seconds
        if 0 <= at < history.points:
            then = _seen(history.values[:, at], history.states[:, at])
            value = np.where(np.isnan(value), then, value)
    return value


def naive_paths(
    history: History,
    rows: IntArray,
    *,
    start: int,
    steps: int,
    quantiles: tuple[float, ...],
) -> FloatArray:
    """Forecast these series from `start` on: participants of shape (rows, steps, quantiles)."""
    values, season = _window(history, rows, start), WEEK // history.step_seconds
    return seasonal_naive(values, season=season, steps=steps, quantiles=quantiles)


def naive_spread(
    history: History, rows: IntArray, *, start: int, quantiles: tuple[float, ...]
) -> FloatArray:
    """Return what these series' naive quantiles add to last week's value, (rows, quantiles)."""
    values, season = _window(history, rows, start), WEEK // history.step_seconds
    return seasonal_spread(values, season=season, quantiles=quantiles)


def renewal_due(series_ids: tuple[str, ...], *, start: int, step_seconds: int) -> BoolArray:
    """Say whose spread is renewed in the step at `start`: each series once a day, in its own."""
    per_day = max(1, DAY // step_seconds)
    now = start // step_seconds % per_day
    return np.array([crc32(name.encode()) % per_day == now for name in series_ids], dtype=np.bool_)


def _window(history: History, rows: IntArray, start: int) -> FloatArray:
    chosen = history.select(tuple(history.series_ids[row] for row in rows))
    past = chosen.spanning(start - WINDOW // history.step_seconds * history.step_seconds, start)
    return _seen(past.values, past.states)


def _seen(values: AnyFloatArray, states: UInt8Array) -> FloatArray:
    """Naive takes a lower bound for what was: it knows nothing better."""
    # With members of the enumeration themselves, bytes would be compared as long integers.
    known = (states == PointState.OBSERVED.value) | (states == PointState.CENSORED.value)
    seen: FloatArray = np.where(known, values, np.nan)
    return seen
