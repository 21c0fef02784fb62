"""What all models of statsmodels share: how they see a series, and what answers if they fail."""

import warnings
from collections.abc import Callable
from functools import wraps
from statistics import NormalDist
from typing import TypeAlias

import numpy as np

from forecast.arrays import FloatArray
from forecast.models.naive import carried, daily_naive
from forecast.models.task import Model, Task

LEAST_DAYS = 3
_DIVERGED = 100.0
"""No path above this many times the largest value seen is taken for a forecast."""

Fit: TypeAlias = Callable[[Task, FloatArray], FloatArray]
"""From a task and its values (points,), without gaps and at most 1 in size, to quantiles."""


def as_reference(fit: Fit) -> Model:
    """Make a model of one that may fail; where it does, daily seasonal-naive answers.

    It does where there are fewer than three days, nothing varies, the grid has no points within a
    day, the library raises, or a path is not finite or more than a hundred times of what was seen.
    """

    @wraps(fit)
    def model(task: Task) -> FloatArray:
        values = carried(task.history.values[0], task.day)
        scale = float(np.abs(values).max())
        if values.size < LEAST_DAYS * task.day or task.day < 2 or np.ptp(values) == 0.0:
            return daily_naive(task)
        try:
            # They warn of fits that did not converge, which are still the model.
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                paths = fit(task, values / scale)
        except (ValueError, ArithmeticError, LookupError, np.linalg.LinAlgError):
            return daily_naive(task)
        if not (np.abs(paths) <= _DIVERGED).all():  # which NaN is not either
            return daily_naive(task)
        ordered: FloatArray = np.maximum.accumulate(np.maximum(paths, 0.0) * scale, axis=1)
        return ordered

    return model


def normal_quantiles(
    mean: FloatArray, deviation: FloatArray, quantiles: tuple[float, ...]
) -> FloatArray:
    """Return quantiles (steps, quantiles) of normal distributions, all arguments (steps,)."""
    scores = np.array([NormalDist().inv_cdf(level) for level in quantiles])
    paths: FloatArray = np.asarray(mean)[:, None] + np.asarray(deviation)[:, None] * scores
    return paths
