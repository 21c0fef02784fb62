"""Seasonal-naive: what was then will be again. The yardstick of every other model."""

from collections.abc import Sequence

import numpy as np

from forecast.arrays import AnyFloatArray, FloatArray
from forecast.models.task import Task


def weekly_naive(task: Task) -> FloatArray:
    """Forecast the value of a week before; quantiles from the window's week-over-week changes."""
    return _of_task(task, task.week)


def daily_naive(task: Task) -> FloatArray:
    """Forecast the value of a day before; quantiles from the window's day-over-day changes."""
    return _of_task(task, task.day)


def _of_task(task: Task, season: int) -> FloatArray:
    paths = seasonal_naive(
        task.history.values, season=season, steps=task.steps, quantiles=task.quantiles
    )
    only: FloatArray = paths[0]
    return only


def seasonal_naive(
    values: AnyFloatArray, *, season: int, steps: int, quantiles: Sequence[float]
) -> FloatArray:
    """Forecast the steps after a window of participants (series, points; NaN: not known).

    Returns (series, steps, quantiles): the value a season before, above it the window's quantiles
    of changes from season to season, never below zero.
    """
    known = _carried(values, season)
    lag = np.arange(steps) % season - season
    median = known[:, lag if known.shape[1] >= season else np.full(steps, -1)]
    spread = _spread(known, season, quantiles)
    paths: FloatArray = np.maximum(median[..., None] + spread[:, None, :], 0.0)
    return np.maximum.accumulate(paths, axis=-1)


def seasonal_spread(values: FloatArray, *, season: int, quantiles: Sequence[float]) -> FloatArray:
    """Return by how much each quantile differs from the value a season before.

    Participants of shape (series, quantiles), from a window as `seasonal_naive` takes it.
    """
    return _spread(_carried(values, season), season, quantiles)


def carried(values: FloatArray, season: int) -> FloatArray:
    """Fill a window's gaps (points,) as `seasonal_naive` does; nothing at all becomes one zero."""
    only: FloatArray = _carried(values[None], season)[0]
    return only


def _spread(known: FloatArray, season: int, quantiles: Sequence[float]) -> FloatArray:
    change = known[:, season:] - known[:, :-season]
    if not change.size:
        return np.zeros((known.shape[0], len(quantiles)))
    spread: FloatArray = np.quantile(change, quantiles, axis=1).T.copy()
    # The median is the naive value itself: what the season drifted by is no part of it.
    spread[:, np.asarray(quantiles) == 0.5] = 0.0
    return spread


def _carried(values: AnyFloatArray, season: int) -> FloatArray:
    """Fill gaps with the value a season earlier, else with the median of what is known."""
    if not values.shape[1]:
        return np.zeros((values.shape[0], 1))
    filled = values.astype(np.float64)
    for begin in range(season, values.shape[1], season):
        now, before = filled[:, begin : begin + season], filled[:, begin - season : begin]
        missing = np.isnan(now)
        now[missing] = before[:, : now.shape[1]][missing]
    for row in np.flatnonzero(np.isnan(filled).any(axis=1)):
        gaps = np.isnan(filled[row])
        filled[row, gaps] = 0.0 if gaps.all() else np.median(filled[row, ~gaps])
    return filled
