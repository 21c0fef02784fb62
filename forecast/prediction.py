"""Paths of series that share a place: the fitted model or none, lower bounds, growth."""

from dataclasses import dataclass

import numpy as np

from forecast.arrays import BoolArray, FloatArray, IntArray
from forecast.evidence import Evidence, raise_to_bounds
from forecast.growth.basis import Basis, basis_of
from forecast.growth.detection import Surge, detect_surge, unknown
from forecast.growth.extrapolation import follow, hourly_growth, widen
from forecast.models.cold_start import predict_cold_start
from forecast.models.frame import Frame, RawFrame
from forecast.models.regression import RegressionFit
from forecast.prepared import Prepared, prepare

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

    @property
    def surged(self) -> IntArray:
        """The rows that are in a surge, or were until now."""
        return np.flatnonzero(self.surge.active | self.surge.ended)


def predict_fitted(
    fit: RegressionFit,
    prepared: Prepared,
    frame: RawFrame,
    part: Evidence,
    *,
    quantiles: tuple[float, ...],
    surging: BoolArray,
) -> Paths:
    """Predict series that have a fit; in a surge growth may raise the path, never lower it.

    `frame` looks back on what `part` is evidence of.
    """
    levels = prepared.levels(fit, frame)
    steps = levels.shape[1]
    level, seen = frame.take(np.arange(frame.known - frame.per_day, frame.known))
    median, scores = prepared.median.astype(np.float64), prepared.scores.astype(np.float64)
    highest = level.max(axis=1)
    bounded = np.flatnonzero(part.bounds.any(axis=1)).tolist()
    if bounded:
        raised = _raised(frame, part, bounded)
        more = prepare(fit.rows(bounded), raised, steps=steps, quantiles=quantiles)
        levels[bounded] = np.maximum(levels[bounded], more.levels(fit.rows(bounded), raised))
        median[bounded], scores[:, bounded] = more.median, more.scores
        level[bounded] = raised.level[:, -frame.per_day :]
        seen[bounded] = raised.seen[:, -frame.per_day :]
        highest[bounded] = raised.level.max(axis=1)
    surge = judge(level, seen, median, scores, surging=surging)
    drift(levels, surge, per_day=frame.per_day)
    growth = np.zeros(levels.shape[0])
    rows = np.flatnonzero(surge.active | surge.recent)
    if rows.size:
        basis = basis_of(_raised(frame, part, rows.tolist()), steps=steps)
        levels[rows], growth[rows] = grow(
            levels[rows], surge.rows(rows), basis, quantiles=quantiles
        )
    hold(levels, highest, part)
    return Paths(levels, surge, growth)


def judge(
    level: FloatArray,
    seen: FloatArray,
    median: FloatArray,
    scores: FloatArray,
    *,
    surging: BoolArray,
) -> Surge:
    """Look for a surge in the last day, by its scores a day and an hour ahead.

    `median` is what was expected a day ahead.
    """
    by_day, by_hour = scores
    hour = slice(-max(1, round(level.shape[1] / 24)), None)
    above = ((level[:, hour] - median[:, hour]) * seen[:, hour]).sum(axis=1)
    ratio = np.exp(np.clip(above / np.maximum(seen[:, hour].sum(axis=1), 1.0), -50.0, 50.0))
    return detect_surge(by_day, by_hour, level=level, seen=seen > 0.0, surging=surging, ratio=ratio)


def drift(levels: FloatArray, surge: Surge, *, per_day: int) -> None:
    """Make room, in place, where forecasts an hour ahead have been too low."""
    rows = np.flatnonzero(surge.drift > 0.0)
    if rows.size:
        levels[rows] = widen(levels[rows], surge.drift[rows], per_day=per_day)


def grow(
    levels: FloatArray, surge: Surge, basis: Basis, *, quantiles: tuple[float, ...]
) -> tuple[FloatArray, FloatArray]:
    """Return paths raised by the surge, and its growth an hour where it is active."""
    lasted = (basis.per_day - surge.began) * 24.0 / basis.per_day
    least = follow(basis, active=surge.active, lasted=lasted, quantiles=quantiles)
    return np.maximum(levels, least), np.where(surge.active, hourly_growth(basis), 0.0)


def beyond(levels: FloatArray, highest: FloatArray) -> IntArray:
    """Return the rows that go too far above their `highest` level."""
    return np.flatnonzero(levels.max(axis=(1, 2)) > highest + _MOST_ABOVE_SEEN)


def hold(levels: FloatArray, highest: FloatArray, part: Evidence) -> None:
    """Bound paths, in place, by the most that was seen: of the last day, that is `highest`.

    Few paths go far above that: for the others there is no need to look back further.
    """
    far = beyond(levels, highest)
    if far.size:
        whole = np.where(part.observed[far], part.values[far], 0.0).max(axis=1, initial=0.0)
        most = np.maximum(highest[far], np.log1p(whole, dtype=np.float64))
        levels[far] = np.minimum(levels[far], most[:, None, None] + _MOST_ABOVE_SEEN)


def predict_unfitted(
    frame: RawFrame,
    part: Evidence,
    *,
    steps: int,
    quantiles: tuple[float, ...],
    surging: BoolArray,
) -> Paths:
    """Predict series that know too little for a fit, or nothing."""
    levels = predict_cold_start(frame.dense(), steps=steps, quantiles=quantiles)
    bounded = np.flatnonzero(part.bounds.any(axis=1)).tolist()
    if bounded:
        raised = predict_cold_start(_raised(frame, part, bounded), steps=steps, quantiles=quantiles)
        levels[bounded] = np.maximum(levels[bounded], raised)
    return Paths(levels, unknown(surging), np.zeros(surging.shape))


def _raised(frame: RawFrame, part: Evidence, rows: list[int]) -> Frame:
    """Return these series' frame, with lower bounds in place of what is below them."""
    dense = frame.rows(np.array(rows)).dense()
    whole = part.part(rows, part.start - frame.begin * part.step_seconds, part.end)
    return raise_to_bounds(dense, whole.values, whole.bounds)
