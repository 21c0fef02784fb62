"""Paths of series that share a place: the fitted model or none, lower bounds, growth."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from forecast.arrays import BoolArray, FloatArray
from forecast.evidence import raise_to_bounds
from forecast.growth.detection import Surge, detect_surge, suspects, unknown
from forecast.growth.extrapolation import follow, hourly_growth, widen
from forecast.growth.scores import normal_scores
from forecast.models.cold_start import predict_cold_start
from forecast.models.frame import Frame
from forecast.models.regression import RegressionFit, predict_regression

_MOST_ABOVE_SEEN = float(np.log(20.0))
"""No path goes above twenty times the most that was seen: a wrong forecast, but a bounded one."""


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """log1p(participants) of shape (series, steps, quantiles), and who is in a surge.

    `growth` is the logarithmic growth an hour of those in a surge, 0 of the others.
    """

    levels: FloatArray
    surge: Surge
    growth: FloatArray


def predict_fitted(
    fit: RegressionFit,
    frame: Frame,
    values: FloatArray,
    bounds: BoolArray,
    *,
    steps: int,
    quantiles: tuple[float, ...],
    surging: BoolArray,
) -> Paths:
    """Predict series that have a fit; in a surge growth may raise the path, never lower it."""
    ahead = np.arange(steps)
    newest = np.arange(frame.known - frame.per_day, frame.known)
    # What would have been forecast a day before for the last day's points, in the same pass.
    day_lead = np.full(newest.shape, min(frame.per_day, steps) - 1)
    origins = np.concatenate([np.full(steps, frame.known), newest - day_lead])
    leads = np.concatenate([ahead, day_lead])

    def predict(seen: Frame) -> FloatArray:
        return predict_regression(fit, seen, origins=origins, leads=leads, steps=steps)

    frame = replace(frame, likeness=fit.likeness)
    both, frame = _with_bounds(predict, frame, values, bounds)
    levels, day_ahead = both[:, :steps], both[:, steps:]
    surge = _judge(fit, frame, day_ahead, steps=steps, quantiles=quantiles, surging=surging)
    rows = np.flatnonzero(surge.drift > 0.0)
    if rows.size:
        levels[rows] = widen(levels[rows], surge.drift[rows], per_day=frame.per_day)
    rows = np.flatnonzero(surge.active | surge.recent)
    if rows.size:
        lasted = (frame.per_day - surge.began[rows]) * 24.0 / frame.per_day
        raised = follow(
            frame.rows(rows),
            active=surge.active[rows],
            lasted=lasted,
            steps=steps,
            quantiles=quantiles,
        )
        levels[rows] = np.maximum(levels[rows], raised)
    highest = frame.level.max(axis=1)[:, None, None] + _MOST_ABOVE_SEEN
    growth = np.zeros(levels.shape[0])
    rows = np.flatnonzero(surge.active)
    if rows.size:
        growth[rows] = hourly_growth(frame.rows(rows))
    return Paths(np.minimum(levels, highest), surge, growth)


def _judge(
    fit: RegressionFit,
    frame: Frame,
    day_ahead: FloatArray,
    *,
    steps: int,
    quantiles: tuple[float, ...],
    surging: BoolArray,
) -> Surge:
    """Look for a surge in the last day, in detail only where the day was above its median."""
    newest = np.arange(frame.known - frame.per_day, frame.known)
    level, seen = frame.take(newest)
    by_day = normal_scores(level, day_ahead, quantiles)
    by_hour = np.zeros(by_day.shape)
    rows = np.flatnonzero(suspects(by_day, surging))
    if rows.size:
        lead = np.full(newest.shape, min(max(1, round(frame.per_day / 24)), steps) - 1)
        hour_ahead = predict_regression(
            fit.rows(rows.tolist()),
            frame.rows(rows),
            origins=newest - lead,
            leads=lead,
            steps=steps,
        )
        by_hour[rows] = normal_scores(level[rows], hour_ahead, quantiles)
    hour = slice(-max(1, round(frame.per_day / 24)), None)
    above = ((level - day_ahead[..., 0]) * seen)[:, hour].sum(axis=1)
    ratio = np.exp(np.clip(above / np.maximum(seen[:, hour].sum(axis=1), 1.0), -50.0, 50.0))
    return detect_surge(by_day, by_hour, seen=seen > 0.0, surging=surging, ratio=ratio)


def predict_unfitted(
    frame: Frame,
    values: FloatArray,
    bounds: BoolArray,
    *,
    steps: int,
    quantiles: tuple[float, ...],
    surging: BoolArray,
) -> Paths:
    """Predict series that know too little for a fit, or nothing."""

    def predict(seen: Frame) -> FloatArray:
        return predict_cold_start(seen, steps=steps, quantiles=quantiles)

    levels, _ = _with_bounds(predict, frame, values, bounds)
    return Paths(levels, unknown(surging), np.zeros(surging.shape))


def _with_bounds(
    predict: Callable[[Frame], FloatArray],
    frame: Frame,
    values: FloatArray,
    bounds: BoolArray,
) -> tuple[FloatArray, Frame]:
    """Predict without the lower bounds and with those that tell something; the higher counts."""
    levels = predict(frame)
    if not bounds.any():
        return levels, frame
    raised = raise_to_bounds(frame, values, bounds)
    return np.maximum(levels, predict(raised)), raised
