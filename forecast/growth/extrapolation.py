"""What a surge may become: a path above the ordinary one, never below it."""

import math
from statistics import NormalDist

import numpy as np

from forecast.arrays import BoolArray, FloatArray
from forecast.models.frame import Frame

_TREND_HOURS = (3.0, 1.0)
_FEWEST_POINTS = 2
_DAMPING_HOURS = 2.0
_FASTEST_PER_HOUR = 4.0 * np.log(2.0)
"""Growth faster than doubling every quarter of an hour is taken for a jump, not for a trend."""
_ONE_MEETING = np.log(10.0)
"""Ten people where none were usual are one meeting: at night that says little about the day."""
_FASTEST_FALL_PER_HOUR = -np.log(2.0)
_MOST_GROWTH = np.log(10.0)
_HOURLY_SPREAD = 0.10
"""How far off the profile an hour may carry any surge, one sigma."""
_WIDEST_SPREAD = 1.5
_WIDENING = 0.5
_WIDENING_HOURS = 4.0
_MOST_DRIFT = 2.0
_UPPER_LASTS = 3.0
_MAY_COME_BACK = 0.9
"""What happened on one day of two may happen on the next: quantiles from here on reckon with it."""


def follow(
    frame: Frame,
    *,
    active: BoolArray,
    lasted: FloatArray,
    steps: int,
    quantiles: tuple[float, ...],
) -> FloatArray:
    """Return the least that paths should be, log1p of (series, steps, quantiles).

    While a surge is `active`, its growth goes on; it has `lasted` so many hours. For a day after an
    alarm the upper quantiles reckon with the demand of that day at the same hour.
    """
    raised = _same_hour_again(frame, steps=steps, quantiles=quantiles)
    rows = np.flatnonzero(active)
    if rows.size:
        growth = extrapolate(
            frame.rows(rows), lasted=lasted[rows], steps=steps, quantiles=quantiles
        )
        raised[rows] = np.maximum(raised[rows], growth)
    return raised


def widen(levels: FloatArray, drift: FloatArray, *, per_day: int) -> FloatArray:
    """Return paths (series, steps, quantiles) with more room above the median where demand drifts.

    Forecasts that have been too low hour after hour are likely to be so again: an alarm's worth of
    `drift` adds half of the distance to the upper quantiles, less so the longer the lead.
    """
    lead = (np.arange(levels.shape[1]) + 1) * 24.0 / per_day
    drifting = np.minimum(drift, _MOST_DRIFT)[:, None] * np.exp(-lead / _WIDENING_HOURS)
    median = levels[..., :1]
    widened: FloatArray = median + (levels - median) * (1.0 + _WIDENING * drifting[..., None])
    return np.maximum(levels, widened)


def extrapolate(
    frame: Frame, *, lasted: FloatArray, steps: int, quantiles: tuple[float, ...]
) -> FloatArray:
    """Let the profile, at its present level, go on growing: log1p of (series, steps, quantiles).

    The level is that of the newest point, the trend `hourly_growth`; it goes on, damped (it
    adds up to two hours of itself). One sigma is what any surge strays by, growing with the
    root of the lead, and the growth itself, which may double or end, where two points are all
    that is known of it; like any standard error it falls with the root of their number. What
    has `lasted` so many hours (series,) is likely to last about as long again: the median
    returns to the profile on that scale, the upper quantiles on three times that, and what
    doubles every hour not before two hours have passed.
    """
    _, excess, seen = _last_day(frame)
    lead = (np.arange(steps) + 1) * 24.0 / frame.per_day
    rate = hourly_growth(frame)
    damped = _DAMPING_HOURS * (1.0 - np.exp(-lead / _DAMPING_HOURS))
    growth = np.minimum(rate[:, None] * damped, _MOST_GROWTH)
    unsure = np.maximum(growth, 0.0) * math.sqrt(_FEWEST_POINTS / _points(frame, _TREND_HOURS[-1]))
    spread = np.minimum(_HOURLY_SPREAD * np.sqrt(lead) + unsure, _WIDEST_SPREAD)

    ahead = frame.known + np.arange(steps)
    base, _ = frame.day_averages(ahead, np.arange(steps) // frame.per_day + 1)
    above = np.maximum(_newest(excess, seen)[:, None] + growth, 0.0)
    scores = np.maximum([NormalDist().inv_cdf(each) for each in quantiles], 0.0)
    lasts = np.maximum(lasted, 1.0)[:, None] * np.where(scores > 0.0, _UPPER_LASTS, 1.0)
    fades_from = _DAMPING_HOURS * np.clip(rate / np.log(2.0), 0.0, 1.0)
    fading_hours = np.maximum(lead - fades_from[:, None], 0.0)
    fading = np.exp(-fading_hours[..., None] / lasts[:, None, :])
    paths: FloatArray = base[..., None] + above[..., None] * fading + spread[..., None] * scores
    return paths


def hourly_growth(frame: Frame) -> FloatArray:
    """Return by how much demand over its profile grows an hour, as a logarithm, per series.

    It is the lower of the trends over three hours and over one: growth that has stopped is none.
    """
    _, excess, seen = _last_day(frame)
    hours = 24.0 / frame.per_day
    slopes = [_slope(excess, seen, span=_points(frame, span)) / hours for span in _TREND_HOURS]
    rate: FloatArray = np.clip(np.min(slopes, axis=0), _FASTEST_FALL_PER_HOUR, _FASTEST_PER_HOUR)
    return rate


def _points(frame: Frame, hours: float) -> int:
    """Return how many points a trend over the last `hours` goes through."""
    return max(_FEWEST_POINTS, round(hours * frame.per_day / 24.0) + 1)


def _last_day(frame: Frame) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return profile, log demand above it, and seen, of the last day's points."""
    past = np.arange(max(0, frame.known - frame.per_day), frame.known)
    profile, _ = frame.day_averages(past, np.ones(past.shape, dtype=np.int64))
    level, seen = frame.take(past)
    now, usual = (np.logaddexp(each, _ONE_MEETING) for each in (level, profile))
    return profile, (now - usual) * seen, seen


def _same_hour_again(frame: Frame, *, steps: int, quantiles: tuple[float, ...]) -> FloatArray:
    """Return the newest day's level at the same times, for the upper quantiles; 0 if unseen."""
    ahead = np.arange(steps)
    level, seen = frame.take(frame.lag(frame.known + ahead, ahead // frame.per_day + 1))
    upper = np.asarray(quantiles) >= _MAY_COME_BACK
    again: FloatArray = (level * seen)[..., None] * upper
    return again


def _newest(excess: FloatArray, seen: FloatArray) -> FloatArray:
    """Return the newest seen point's excess; 0 where none was seen."""
    index = np.where(seen > 0.0, np.arange(seen.shape[1]), 0).max(axis=1, initial=0)
    newest: FloatArray = np.take_along_axis(excess, index[:, None], axis=1)[:, 0]
    return newest


def _slope(excess: FloatArray, seen: FloatArray, *, span: int) -> FloatArray:
    """Return the least-squares slope per point over the last span of seen points."""
    y, weight = excess[:, -span:], seen[:, -span:]
    x = np.arange(y.shape[1], dtype=np.float64)
    total = np.maximum(weight.sum(axis=1), 1.0)
    center = x - ((weight * x).sum(axis=1) / total)[:, None]
    variance = (weight * center**2).sum(axis=1)
    slope: FloatArray = (weight * center * y).sum(axis=1) / np.maximum(variance, 0.5)
    return slope
