"""Surge: demand above what history explains. Detected from evidence, extrapolated upward only."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from forecast.arrays import BoolArray, FloatArray
from forecast.models.frame import Frame

_ALARM_HOURS = 1.0
"""Evidence that raises the alarm: an hour at twice the distance from the median to the top
quantile."""
_LARGEST_EVIDENCE = 3.0
"""One wild point is no surge: what a point may count, in that distance."""
_CALM = 0.5
_CALM_HOURS = 2.0
"""The mode is left when for so long every point was within half that distance of the median."""
_NARROWEST = 0.05
_TREND_HOURS = 3.0
_DAMPING_HOURS = 2.0
_FASTEST_PER_HOUR = 4.0 * np.log(2.0)
"""Growth faster than doubling every quarter of an hour is taken for a jump, not for a trend."""
_MOST_GROWTH = np.log(10.0)
_LEAST_HOURLY_SPREAD = 0.10
_WIDEST_SPREAD = 1.5


@dataclass(frozen=True, slots=True, eq=False)
class Surge:
    """Per series: whether it is in a surge now, and its last hour over the day-ahead median."""

    active: BoolArray
    ratio: FloatArray


def detect_surge(frame: Frame, day_ahead: FloatArray) -> Surge:
    """Compare the last points with the quantiles that were forecast for them a day before.

    `day_ahead` has shape (series, points, quantiles) in log1p, for the newest points of the frame.
    A one-sided CUSUM of the distance above the highest quantile must pass a threshold (Page 1954);
    it is computed anew from the same points at every refresh, so that entering and leaving need no
    memory.
    """
    points = day_ahead.shape[1]
    newest = slice(frame.known - points, frame.known)
    level, seen = frame.level[:, newest], frame.seen[:, newest] > 0.0
    median, top = day_ahead[..., 0], day_ahead[..., -1]
    distance = np.maximum(top - median, _NARROWEST)
    excess = np.where(seen, (level - median) / distance, 0.0)

    hours = 24.0 / frame.per_day
    evidence = np.where(seen, np.minimum(excess, _LARGEST_EVIDENCE) - 1.0, 0.0) * hours
    walk = np.cumsum(evidence, axis=1)
    cusum = walk - np.minimum(np.minimum.accumulate(walk, axis=1), 0.0)
    alarm = (cusum >= _ALARM_HOURS) & (excess >= 1.0)

    calm_points = max(1, round(_CALM_HOURS / hours))
    calm = _run_length(seen & (excess < _CALM), ~seen) >= calm_points
    last_alarm, last_calm = _last(alarm), _last(calm)
    hour = max(1, round(1.0 / hours))
    above = np.where(seen, level - median, 0.0)[:, -hour:].sum(axis=1)
    count = np.maximum(seen[:, -hour:].sum(axis=1), 1)
    return Surge(
        active=(last_alarm >= 0) & (last_alarm > last_calm),
        ratio=np.exp(np.clip(above / count, -50.0, 50.0)),
    )


def extrapolate(frame: Frame, *, steps: int, quantiles: tuple[float, ...]) -> FloatArray:
    """Let the profile, at its present level, go on growing: log1p of (series, steps, quantiles).

    The level is that of the last hour or of the last point, whichever is higher; its trend over
    three hours goes on, damped (it adds up to two hours of itself), and never downward. The spread
    grows with the root of the lead, from how far such an extrapolation was off over the last day.
    """
    past = np.arange(max(0, frame.known - frame.per_day), frame.known)
    profile, _ = frame.day_averages(past, np.ones(past.shape, dtype=np.int64))
    level, seen = frame.take(past)
    excess = (level - profile) * seen
    hours = 24.0 / frame.per_day
    lead = (np.arange(steps) + 1) * hours

    present = _present(excess, seen, span=max(1, round(1.0 / hours)))
    rate = np.clip(
        _slope(excess, seen, span=max(2, round(_TREND_HOURS / hours))) / hours,
        0.0,
        _FASTEST_PER_HOUR,
    )
    damped = _DAMPING_HOURS * (1.0 - np.exp(-lead / _DAMPING_HOURS))
    growth = np.minimum(rate[:, None] * damped, _MOST_GROWTH)

    ahead = frame.known + np.arange(steps)
    base, _ = frame.day_averages(ahead, np.arange(steps) // frame.per_day + 1)
    pace = _hourly_spread(excess, seen, level=level, span=max(1, round(1.0 / hours)))
    spread = np.minimum(pace[:, None] * np.sqrt(lead), _WIDEST_SPREAD)
    scores = np.array([max(0.0, NormalDist().inv_cdf(each)) for each in quantiles])
    median = base + present[:, None] + growth
    paths: FloatArray = median[..., None] + spread[..., None] * scores
    return paths


def _run_length(hit: BoolArray, skip: BoolArray) -> FloatArray:
    """Count the hits in a row up to each point; skipped points neither count nor break a run."""
    count = np.cumsum(hit, axis=1)
    broken = np.where(hit | skip, 0, count)
    length: FloatArray = count - np.maximum.accumulate(broken, axis=1)
    return length


def _last(hit: BoolArray) -> FloatArray:
    """Return the newest hit's index, -1 where there is none."""
    index: FloatArray = np.where(hit, np.arange(hit.shape[1]), -1).max(axis=1, initial=-1)
    return index


def _present(excess: FloatArray, seen: FloatArray, *, span: int) -> FloatArray:
    """Return the mean excess of the last span, or the last point's where that is higher."""
    count = seen[:, -span:].sum(axis=1)
    mean = excess[:, -span:].sum(axis=1) / np.maximum(count, 1.0)
    present: FloatArray = np.where(seen[:, -1] > 0.0, np.maximum(mean, excess[:, -1]), mean)
    return present


def _slope(excess: FloatArray, seen: FloatArray, *, span: int) -> FloatArray:
    """Return the least-squares slope per point over the last span of seen points."""
    y, weight = excess[:, -span:], seen[:, -span:]
    x = np.arange(y.shape[1], dtype=np.float64)
    total = np.maximum(weight.sum(axis=1), 1.0)
    center = x - ((weight * x).sum(axis=1) / total)[:, None]
    variance = (weight * center**2).sum(axis=1)
    slope: FloatArray = (weight * center * y).sum(axis=1) / np.maximum(variance, 1.0)
    return slope


def _hourly_spread(
    excess: FloatArray, seen: FloatArray, *, level: FloatArray, span: int
) -> FloatArray:
    """Return the root mean square error of extrapolating the excess by one span.

    What is extrapolated is the mean change of the three spans before. Errors count by demand, as
    shortage does: few participants at night say little about many by day.
    """
    now, then, start = slice(4 * span, None), slice(3 * span, -span), slice(0, -4 * span)
    change = excess[:, now] - excess[:, then]
    trend = (excess[:, then] - excess[:, start]) / 3.0
    demand = np.exp(level - level.max(axis=1, keepdims=True))[:, now]
    weight = seen[:, now] * seen[:, then] * seen[:, start] * demand
    squares = ((change - trend) ** 2 * weight).sum(axis=1)
    pace = np.sqrt(squares / np.maximum(weight.sum(axis=1), 1e-9))
    spread: FloatArray = np.maximum(pace, _LEAST_HOURLY_SPREAD)
    return spread
