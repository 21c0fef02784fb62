"""What a surge may become: a path above the ordinary one, never below it."""

import math
from statistics import NormalDist

import numpy as np

from forecast.arrays import BoolArray, FloatArray
from forecast.growth.basis import Basis

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
    basis: Basis,
    *,
    active: BoolArray,
    lasted: FloatArray,
    quantiles: tuple[float, ...],
) -> FloatArray:
    """Return the least that paths should be, log1p of (rows, steps, quantiles).

    While a surge is `active`, its growth goes on; it has `lasted` so many hours. For a day after an
    alarm the upper quantiles reckon with the demand of that day at the same hour.
    """
    raised = _same_hour_again(basis, quantiles=quantiles)
    rows = np.flatnonzero(active)
    if rows.size:
        growth = extrapolate(basis.rows(rows), lasted=lasted[rows], quantiles=quantiles)
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


def extrapolate(basis: Basis, *, lasted: FloatArray, quantiles: tuple[float, ...]) -> FloatArray:
    """Let the profile, at its present level, go on growing: log1p of (rows, steps, quantiles).

    The level is that of the newest point, the trend `hourly_growth`; it goes on, damped (it
    adds up to two hours of itself). One sigma is what any surge strays by, growing with the
    root of the lead, and the growth itself, which may double or end, where two points are all
    that is known of it; like any standard error it falls with the root of their number. What
    has `lasted` so many hours (rows,) is likely to last about as long again: the median
    returns to the profile on that scale, the upper quantiles on three times that, and what
    doubles every hour not before two hours have passed.
    """
    lead = (np.arange(basis.ahead.shape[1]) + 1) * 24.0 / basis.per_day
    rate = hourly_growth(basis)
    damped = _DAMPING_HOURS * (1.0 - np.exp(-lead / _DAMPING_HOURS))
    growth = np.minimum(rate[:, None] * damped, _MOST_GROWTH)
    unsure = np.maximum(growth, 0.0) * math.sqrt(_FEWEST_POINTS / _points(basis, _TREND_HOURS[-1]))
    spread = np.minimum(_HOURLY_SPREAD * np.sqrt(lead) + unsure, _WIDEST_SPREAD)

    above = np.maximum(_newest(_excess(basis), basis.seen)[:, None] + growth, 0.0)
    scores = np.maximum([NormalDist().inv_cdf(each) for each in quantiles], 0.0)
    lasts = np.maximum(lasted, 1.0)[:, None] * np.where(scores > 0.0, _UPPER_LASTS, 1.0)
    fades_from = _DAMPING_HOURS * np.clip(rate / np.log(2.0), 0.0, 1.0)
    fading_hours = np.maximum(lead - fades_from[:, None], 0.0)
    fading = np.exp(-fading_hours[..., None] / lasts[:, None, :])
    rising = above[..., None] * fading
    paths: FloatArray = basis.ahead[..., None] + rising + spread[..., None] * scores
    return paths


def hourly_growth(basis: Basis) -> FloatArray:
    """Return by how much demand over its profile grows an hour, as a logarithm, per row.

    It is the lower of the trends over three hours and over one: growth that has stopped is none.
    """
    excess, hours = _excess(basis), 24.0 / basis.per_day
    slopes = [
        _slope(excess, basis.seen, span=_points(basis, span)) / hours for span in _TREND_HOURS
    ]
    rate: FloatArray = np.clip(np.min(slopes, axis=0), _FASTEST_FALL_PER_HOUR, _FASTEST_PER_HOUR)
    return rate


def _points(basis: Basis, hours: float) -> int:
    """Return how many points a trend over the last `hours` goes through."""
    return max(_FEWEST_POINTS, round(hours * basis.per_day / 24.0) + 1)


def _excess(basis: Basis) -> FloatArray:
    """Return log demand above its profile, of the last day's points."""
    now, usual = (np.logaddexp(each, _ONE_MEETING) for each in (basis.level, basis.profile))
    return (now - usual) * basis.seen


def _same_hour_again(basis: Basis, *, quantiles: tuple[float, ...]) -> FloatArray:
    """Return the newest day's level at the same times, for the upper quantiles."""
    upper = np.asarray(quantiles) >= _MAY_COME_BACK
    again: FloatArray = basis.again[..., None] * upper
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
