"""Seasonal-naive: what was then will be again. The yardstick of every other model."""

import numpy as np

from forecast.arrays import FloatArray
from forecast.models.task import Task


def weekly_naive(task: Task) -> FloatArray:
    """Forecast the value of a week before; quantiles from the window's week-over-week changes."""
    return _seasonal(task, task.week)


def daily_naive(task: Task) -> FloatArray:
    """Forecast the value of a day before; quantiles from the window's day-over-day changes."""
    return _seasonal(task, task.day)


def _seasonal(task: Task, season: int) -> FloatArray:
    values = carried(task.history.values[0], season)
    lag = np.arange(task.steps) % season - season
    median = values[lag] if values.size >= season else np.full(task.steps, values[-1])
    change = values[season:] - values[:-season]
    spread = np.quantile(change if change.size else np.zeros(1), task.quantiles)
    # The median is the naive value itself: what the season drifted by is no part of it.
    spread[np.asarray(task.quantiles) == 0.5] = 0.0
    paths: FloatArray = np.maximum(median[:, None] + spread, 0.0)
    return np.maximum.accumulate(paths, axis=1)


def carried(values: FloatArray, season: int) -> FloatArray:
    """Fill gaps with the value a season earlier, else with the median of what is known.

    Nothing at all becomes one zero.
    """
    filled = values.copy()
    for begin in range(season, values.size, season):
        now, before = filled[begin : begin + season], filled[begin - season : begin]
        missing = np.isnan(now)
        now[missing] = before[: now.size][missing]
    known = filled[np.isfinite(filled)]
    filled[np.isnan(filled)] = np.median(known) if known.size else 0.0
    return filled if filled.size else np.zeros(1)
