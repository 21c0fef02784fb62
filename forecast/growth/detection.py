"""Whether demand is above what history explains: entered and left on evidence alone."""

from dataclasses import dataclass, replace

import numpy as np

from forecast.arrays import BoolArray, FloatArray, IntArray

_DAY_SLACK = 2.33
_DAY_ALARM = 2.33
"""A whole day may be a little off: only what is above the 99th percentile counts, and it takes an
hour at twice that distance. In sigma and sigma hours."""
_HOUR_SLACK = 1.0
_HOUR_ALARM = 3.0
_HOUR_FARTHEST = 3.5
"""A forecast an hour ahead has seen the growth already. Where even that is too low, hour after
hour, what is above one sigma counts; a single wild point is never enough."""
_USUAL = 0.5
"""Growth that was expected a day ahead is not outside history, however fast it comes."""
_CALM = 1.0
CALM_HOURS = 3.0
"""A surge is over when for so long no observed point was a sigma above what was forecast an hour
ahead: by then that forecast knows the new level."""


@dataclass(frozen=True, slots=True, eq=False)
class Surge:
    """What the last day says, per series; `began` and `evidence` only of those that gave cause.

    `active`: in a surge now; `recent`: an alarm was raised within the day; `ended`: it had been in
    a surge until calm was observed. `began` is the point of the day at which the evidence of the
    alarm, or else the time without calm, begins (0: or earlier), `evidence` the most there was
    since, in alarms. `ratio` is the last hour over its day-ahead median; `drift` says how far
    forecasts an hour ahead have been too low up to now, in alarms.
    """

    active: BoolArray
    recent: BoolArray
    ended: BoolArray
    began: IntArray
    evidence: FloatArray
    ratio: FloatArray
    drift: FloatArray


def unknown(surging: BoolArray) -> Surge:
    """Return that nothing can be said of these series: who was in a surge still is."""
    return Surge(
        active=surging,
        recent=np.zeros_like(surging),
        ended=np.zeros_like(surging),
        began=np.full(surging.shape, -1),
        evidence=np.zeros(surging.shape),
        ratio=np.ones(surging.shape),
        drift=np.zeros(surging.shape),
    )


def detect_surge(
    day_ahead: FloatArray,
    hour_ahead: FloatArray,
    *,
    seen: BoolArray,
    surging: BoolArray,
    ratio: FloatArray,
) -> Surge:
    """Judge the last day's normal scores (series, points), as forecast a day and an hour before.

    One of two one-sided CUSUMs (Page 1954) must pass its alarm. It is computed from the points
    alone; only for a series that was `surging` at the last refresh memory counts: it stays in its
    surge until calm was observed, for missing data is no evidence.
    """
    hours = 24.0 / day_ahead.shape[1]
    excess = np.minimum(hour_ahead, _HOUR_FARTHEST) - _HOUR_SLACK
    day = _cusum(np.where(seen, day_ahead - _DAY_SLACK, 0.0) * hours)
    hour = _cusum(np.where(seen, excess, 0.0) * hours)
    unusual = seen & (day_ahead > _USUAL)
    by_day, by_hour = day / _DAY_ALARM, hour / _HOUR_ALARM
    evidence = np.maximum(by_day, by_hour)
    raised = (evidence >= 1.0) & unusual
    quiet = unknown(np.zeros_like(surging))
    surge = replace(quiet, ratio=ratio, drift=np.where(unusual, by_hour, 0.0)[:, -1])
    # Nearly always few: what follows is only asked of those that gave cause.
    rows = np.flatnonzero(raised.any(axis=1) | surging)
    if not rows.size:
        return surge
    calm = _calm(hour_ahead[rows], seen[rows], hours=hours)
    alarm = raised[rows] & ~calm
    last_alarm, last_calm = _last(alarm), _last(calm)
    entered = (last_alarm >= 0) & (last_alarm > last_calm)
    at = np.arange(day.shape[1])
    above = np.where(by_day[rows] >= by_hour[rows], day[rows], hour[rows])
    before = (above <= 0.0) & (at <= last_alarm[:, None])
    surge.active[rows] = entered | (surging[rows] & ~calm[:, -1])
    surge.recent[rows] = last_alarm >= 0
    surge.ended[rows] = surging[rows] & ~surge.active[rows]
    surge.began[rows] = np.where(entered, _last(before), last_calm) + 1
    surge.evidence[rows] = np.where(at > last_calm[:, None], evidence[rows], 0.0).max(axis=1)
    return surge


def _calm(hour_ahead: FloatArray, seen: BoolArray, *, hours: float) -> BoolArray:
    """Say at which points it has been calm for long enough; a point is so many `hours`."""
    calm: BoolArray = _run_length(seen & (hour_ahead < _CALM), ~seen) >= max(
        1, round(CALM_HOURS / hours)
    )
    return calm


def _cusum(steps: FloatArray) -> FloatArray:
    walk = np.cumsum(steps, axis=1)
    cusum: FloatArray = walk - np.minimum(np.minimum.accumulate(walk, axis=1), 0.0)
    return cusum


def _run_length(hit: BoolArray, skip: BoolArray) -> IntArray:
    """Count the hits in a row up to each point; skipped points neither count nor break a run."""
    count = np.cumsum(hit, axis=1)
    broken = np.where(hit | skip, 0, count)
    length: IntArray = count - np.maximum.accumulate(broken, axis=1)
    return length


def _last(hit: BoolArray) -> IntArray:
    """Return the newest hit's index, -1 where there is none."""
    newest = hit.shape[1] - 1 - hit[:, ::-1].argmax(axis=1)
    index: IntArray = np.where(hit.any(axis=1), newest, -1)
    return index
