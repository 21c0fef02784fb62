"""LightGBM quantile regression on lags and the calendar, straight to each lead."""

import lightgbm
import numpy as np

from forecast.arrays import FloatArray, IntArray
from forecast.calendar import DAY
from forecast.models.task import Task

_ROWS = 6_000
_TREES = 200
_PARAMETERS = {
    "objective": "quantile",
    "learning_rate": 0.05,
    "num_leaves": 31,
    "min_data_in_leaf": 20,
    "num_threads": 1,
    "seed": 0,
    "verbosity": -1,
}


def lightgbm_quantiles(task: Task) -> FloatArray:
    """Forecast one series with a model per quantile, all leads in one model."""
    values = task.history.values[0]
    points = values.size
    features = _Features(task)
    first = min(task.week, points // 3)
    target = np.arange(first, points)
    target = np.repeat(target, max(1, _ROWS // target.size))
    target = target[np.linspace(0, target.size - 1, min(_ROWS, target.size)).astype(np.int64)]
    # A step that shares no factor with the horizon walks through all of the leads.
    leads = np.arange(target.size) * 7919 % task.steps
    known = np.isfinite(values[target]) & (target - leads > 0)
    rows, wanted = features.at(target - leads, leads)[known], values[target][known]
    ahead = features.at(np.full(task.steps, points), np.arange(task.steps))
    data = lightgbm.Dataset(rows, wanted, free_raw_data=False)
    paths = []
    for quantile in task.quantiles:
        model = lightgbm.train({**_PARAMETERS, "alpha": quantile}, data, num_boost_round=_TREES)
        paths.append(model.predict(ahead))
    return np.maximum.accumulate(np.maximum(np.stack(paths, axis=1), 0.0), axis=1)


class _Features:
    """Features of points `origins + leads`, from what was known before the origins."""

    def __init__(self, task: Task) -> None:
        history = task.history
        self._task = task
        self._values = history.values[0]
        times = history.start + history.step_seconds * np.arange(history.points + task.steps)
        self._local = task.calendar.place(history.series_ids[0]).local_time(times)
        self._sums = np.concatenate([[0.0], np.cumsum(np.nan_to_num(self._values))])

    def at(self, origins: IntArray, leads: IntArray) -> FloatArray:
        """Return one row per point; what lies before the window is NaN, which trees take."""
        task, target = self._task, origins + leads
        days = leads // task.day + 1
        columns = [
            leads,
            self._local.wall[target] % DAY,
            self._local.weekday[target],
            self._local.holiday[target],
            self._value(target - days * task.day),
            self._value(target - (days + 1) * task.day),
            self._value(target - -(-days // 7) * task.week),
            self._value(origins - 1),
            self._mean(origins, max(1, task.day // 24)),
            self._mean(origins, task.day),
        ]
        return np.stack(columns, axis=1).astype(np.float64)

    def _value(self, index: IntArray) -> FloatArray:
        return np.where(index >= 0, self._values[np.maximum(index, 0)], np.nan)

    def _mean(self, origins: IntArray, points: int) -> FloatArray:
        begin = np.maximum(origins - points, 0)
        mean: FloatArray = (self._sums[origins] - self._sums[begin]) / np.maximum(
            origins - begin, 1
        )
        return mean
