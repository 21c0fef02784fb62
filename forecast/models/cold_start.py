"""What can be said with less than a week of history: little, and how little."""

from statistics import NormalDist

import numpy as np

from forecast.arrays import FloatArray
from forecast.models.frame import Frame

_UNKNOWN_PARTICIPANTS = 100.0
_UNKNOWN_SPREAD = 2.0
"""Of a pool that nothing is known of: its logarithm's standard deviation, P99 a hundred times the
median."""
_HOURLY_SPREAD = 0.4
_WIDEST_SPREAD = 1.5
"""The spread grows with the root of the lead in hours, and after half a day it is as wide as it
gets."""


def predict_cold_start(frame: Frame, *, steps: int, quantiles: tuple[float, ...]) -> FloatArray:
    """Return log1p(participants) of shape (series, steps, quantiles) from whatever was seen.

    The median is the same time of the newest day seen, else the newest value. The spread is never
    less than the prior one, and more where demand has moved faster than that from hour to hour.
    """
    target = frame.known + np.arange(steps)
    days = np.arange(steps) // frame.per_day + 1
    yesterday, was_seen = frame.take(frame.lag(target, days))
    newest, age = _newest(frame)
    median = np.where(was_seen > 0.0, yesterday, newest[:, None])

    hours = (np.arange(1, steps + 1) + age[:, None]) * 24.0 / frame.per_day
    pace = np.maximum(_HOURLY_SPREAD, _hourly_changes(frame))
    spread = np.minimum(pace[:, None] * np.sqrt(hours), _WIDEST_SPREAD)

    unknown = ~(frame.seen[:, : frame.known] > 0.0).any(axis=1)
    median[unknown] = np.log1p(_UNKNOWN_PARTICIPANTS)
    spread[unknown] = _UNKNOWN_SPREAD
    scores = np.array([NormalDist().inv_cdf(each) for each in quantiles])
    paths: FloatArray = np.maximum(median[..., None] + spread[..., None] * scores, 0.0)
    return paths


def _newest(frame: Frame) -> tuple[FloatArray, FloatArray]:
    """Return the newest level seen and how many points ago that was, each (series,)."""
    backwards = frame.seen[:, : frame.known][:, ::-1] > 0.0
    if frame.known == 0:
        nothing = np.zeros(frame.seen.shape[0])
        return nothing, nothing
    age = backwards.argmax(axis=1)
    level = np.take_along_axis(frame.level, (frame.known - 1 - age)[:, None], axis=1)[:, 0]
    return level, age.astype(np.float64)


def _hourly_changes(frame: Frame) -> FloatArray:
    """Return the root mean square of log demand's changes from hour to hour, (series,)."""
    hour = max(1, frame.per_day // 24)
    level, seen = (each[:, : frame.known] for each in (frame.level, frame.seen))
    both = seen[:, hour:] * seen[:, :-hour]
    squares = ((level[:, hour:] - level[:, :-hour]) ** 2 * both).sum(axis=1)
    pace: FloatArray = np.sqrt(squares / np.maximum(both.sum(axis=1), 1.0))
    return pace
