"""Paths of series that share a place: the fitted model or none, lower bounds, growth."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from forecast.arrays import BoolArray, FloatArray
from forecast.evidence import raise_to_bounds
from forecast.growth import Surge, detect_surge, extrapolate
from forecast.models.cold_start import predict_cold_start
from forecast.models.frame import Frame
from forecast.models.regression import RegressionFit, predict_regression

_MOST_ABOVE_SEEN = float(np.log(20.0))
"""No path goes above twenty times the most that was seen: a wrong forecast, but a bounded one."""


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """log1p(participants) of shape (series, steps, quantiles), and who is in a surge."""

    levels: FloatArray
    surge: Surge


def predict_fitted(
    fit: RegressionFit,
    frame: Frame,
    values: FloatArray,
    bounds: BoolArray,
    *,
    steps: int,
    quantiles: tuple[float, ...],
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
    surge = detect_surge(frame, day_ahead)
    if surge.active.any():
        growth = extrapolate(frame, steps=steps, quantiles=quantiles)
        levels = np.where(surge.active[:, None, None], np.maximum(levels, growth), levels)
    highest = frame.level.max(axis=1)[:, None, None] + _MOST_ABOVE_SEEN
    return Paths(np.minimum(levels, highest), surge)


def predict_unfitted(
    frame: Frame,
    values: FloatArray,
    bounds: BoolArray,
    *,
    steps: int,
    quantiles: tuple[float, ...],
) -> Paths:
    """Predict series that know too little for a fit, or nothing."""

    def predict(seen: Frame) -> FloatArray:
        return predict_cold_start(seen, steps=steps, quantiles=quantiles)

    levels, _ = _with_bounds(predict, frame, values, bounds)
    nobody = np.zeros(levels.shape[0])
    return Paths(levels, Surge(active=nobody > 0.0, ratio=nobody + 1.0))


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
