"""The usual week, and how long being above or below it lasts."""

import numpy as np

from forecast.arrays import FloatArray
from forecast.models.naive import carried, daily_naive
from forecast.models.task import Task

_HALF_LIFE_WEEKS = 2.0
_LEVEL_HOURS = 2


def week_profile(task: Task) -> FloatArray:
    """Forecast the usual week times the present level, which decays as it did in the window.

    Works on log1p(participants). The usual week is a mean that halves a week's weight every two
    weeks. At each lead, the level goes on by the slope with which levels did so far, and the
    quantiles are those of the errors that this would have made. Needs two weeks: with less, daily
    seasonal-naive answers.
    """
    values = carried(task.history.values[0], task.week)
    if values.size < 2 * task.week:
        return daily_naive(task)
    log = np.log1p(np.maximum(values, 0.0))
    log = log[log.size % task.week :]  # whole weeks, so that their end is the origin
    profile, left_out = _profiles(log.reshape(-1, task.week))
    deviation = log - left_out.reshape(-1)
    span = max(1, _LEVEL_HOURS * task.day // 24)
    total = np.cumsum(np.concatenate([[0.0], deviation]))
    level = (total[span:] - total[:-span]) / span  # ends with points span - 1, span, ...
    now = float((log - np.tile(profile, log.size // task.week))[-span:].mean())
    steps = np.arange(task.steps)
    errors = [_errors(level, deviation[span - 1 :], int(lead), now) for lead in steps % task.week]
    paths = profile[steps % task.week, None] + np.array(
        [np.quantile(each, task.quantiles) for each in errors]
    )
    return np.maximum.accumulate(np.maximum(np.expm1(paths), 0.0), axis=1)


def _profiles(weeks: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the usual week (points,), and for each week that of the others (weeks, points)."""
    age = np.arange(len(weeks))[::-1]
    weight = (0.5 ** (age / _HALF_LIFE_WEEKS))[:, None]
    total = (weeks * weight).sum(axis=0)
    others = (total - weeks * weight) / (weight.sum() - weight)
    return total / weight.sum(), others


def _errors(level: FloatArray, deviation: FloatArray, lead: int, now: float) -> FloatArray:
    """Return how far from the profile demand may be `lead` + 1 steps after a level of `now`."""
    before, after = level[: -lead - 1], deviation[lead + 1 :]
    slope = float(before @ after) / max(float(before @ before), 1e-12)
    share = min(max(slope, 0.0), 1.0)
    errors: FloatArray = after - share * before + share * now
    return errors
