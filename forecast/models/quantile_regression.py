"""Plain linear quantile regression on lags and the calendar, ridge-penalised."""

import numpy as np

from forecast.arrays import FloatArray, IntArray
from forecast.models.naive import carried, daily_naive
from forecast.models.task import Task

_ROWS = 4000
_RIDGE = 1.0
_ITERATIONS = 25
_SMALLEST_ERROR = 1e-3
_HARMONICS = 3


def linear_quantile_regression(task: Task) -> FloatArray:
    """Forecast every quantile by a regression of its own, one for all leads (direct).

    Works on log1p(participants); features are the newest value, means of the last hour and day, the
    values a day and a week before the point, the time of day and weekday, the holiday and the lead.
    Needs 15 days: with less, daily seasonal-naive answers. Iteratively reweighted least squares,
    whose ridge penalty keeps it from diverging (statsmodels' QuantReg did on real series).
    """
    values = carried(task.history.values[0], task.day)
    if values.size < 15 * task.day:
        return daily_naive(task)
    log = np.log1p(np.maximum(values, 0.0))
    target, leads = _rows(task, log.size)
    x = _features(task, log, target, leads)
    ahead = np.arange(task.steps)
    future = _features(task, log, log.size + ahead, ahead)
    center, scale = x.mean(axis=0), x.std(axis=0)
    x, future = (
        np.column_stack([np.ones(len(each)), (each - center) / np.where(scale > 0.0, scale, 1.0)])
        for each in (x, future)
    )
    paths = np.column_stack([future @ _fit(x, log[target], level) for level in task.quantiles])
    bounded = np.clip(paths, 0.0, log.max() + 3.0)  # at most twenty times the highest seen
    return np.maximum.accumulate(np.expm1(bounded), axis=1)


def _rows(task: Task, points: int) -> tuple[IntArray, IntArray]:
    """Choose points to learn from, and a lead (from 0) for each, all leads in turn."""
    first = task.week + task.steps
    first = min(first, points - task.week)
    target = np.arange(first, points, max(1, (points - first) // _ROWS))
    return target, np.arange(target.size) * 7919 % min(task.steps, first)


def _features(task: Task, log: FloatArray, target: IntArray, leads: IntArray) -> FloatArray:
    origin = target - leads
    total = np.concatenate([[0.0], np.cumsum(log)])

    def mean(points: int) -> FloatArray:
        first = np.maximum(origin - points, 0)
        means: FloatArray = (total[origin] - total[first]) / np.maximum(origin - first, 1)
        return means

    def lag(season: int) -> FloatArray:
        index = target - season * (leads // season + 1)
        lagged: FloatArray = log[np.maximum(index, 0)]
        return lagged

    history = task.history
    times = history.start + history.step_seconds * target
    local = task.calendar.place(history.series_ids[0]).local_time(times)
    angle = 2.0 * np.pi * local.hour[:, None] / 24.0 * np.arange(1, _HARMONICS + 1)
    weekday = local.weekday[:, None] == np.arange(6)
    recent, lead = mean(max(1, task.day // 24)), leads / task.day
    fading = np.exp(-24.0 * lead / 3.0)  # what is so now matters less, the longer the lead
    return np.column_stack(
        [
            log[origin - 1],
            log[origin - 1] * fading,
            recent,
            mean(task.day),
            lag(task.day),
            lag(task.week),
            (recent - mean(task.day)) * fading,
            lead,
            local.holiday,
            weekday,
            np.sin(angle),
            np.cos(angle),
        ]
    ).astype(np.float64)


def _fit(x: FloatArray, y: FloatArray, level: float) -> FloatArray:
    """Return coefficients whose errors are above zero in a share of 1 - level of the rows."""
    penalty = np.diag([0.0] + [_RIDGE] * (x.shape[1] - 1))
    penalty += 1e-9 * np.eye(x.shape[1])
    solution = np.asarray(np.linalg.solve(x.T @ x + penalty, x.T @ y), dtype=np.float64)
    for _ in range(_ITERATIONS):
        error = y - x @ solution
        side = np.where(error >= 0.0, level, 1.0 - level)
        weight = side / np.maximum(np.abs(error), _SMALLEST_ERROR)
        weighted = x * weight[:, None]
        scale = float(weight.mean())
        gram, moment = x.T @ weighted / scale + penalty, weighted.T @ y / scale
        solution = np.asarray(np.linalg.solve(gram, moment), dtype=np.float64)
    return solution
