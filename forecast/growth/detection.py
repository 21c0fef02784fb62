"""Whether demand is above what history explains: entered and left on evidence alone."""

from dataclasses import dataclass, fields, replace

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
GONE_HOURS = 1.0
_FEWEST_GONE = 2
_HALF = np.log(2.0)
"""It is over sooner when that was so while demand was as forecast a day ahead, or at most half of
the surge's height: what had come has gone."""


@dataclass(frozen=True, slots=True, eq=False)
class Surge:
    """What the last day says, per series; `began` and `evidence` only of those that gave cause.

    `active`: in a surge now; `recent`: an alarm was raised within the day; `ended`: it had been in
    a surge until calm was observed; `gone`: what had come has gone. `began` is the point of the day
    at which the evidence of the
    alarm, or else the time without calm, begins (0: or earlier), `evidence` the most there was
    since, in alarms. `ratio` is the last hour over its day-ahead median; `drift` says how far
    forecasts an hour ahead have been too low up to now, in alarms.
    """

    active: BoolArray
    recent: BoolArray
    ended: BoolArray
    gone: BoolArray
    began: IntArray
    evidence: FloatArray
    ratio: FloatArray
    drift: FloatArray

    def rows(self, rows: IntArray) -> "Surge":
        """Return what it says of these series."""
        return Surge(**{each.name: getattr(self, each.name)[rows] for each in fields(self)})


def unknown(surging: BoolArray) -> Surge:
    """Return that nothing can be said of these series: who was in a surge still is."""
    return Surge(
        active=surging,
        recent=np.zeros_like(surging),
        ended=np.zeros_like(surging),
        gone=np.zeros_like(surging),
        began=np.full(surging.shape, -1),
        evidence=np.zeros(surging.shape),
        ratio=np.ones(surging.shape),
        drift=np.zeros(surging.shape),
    )


def detect_surge(
    day_ahead: FloatArray,
    hour_ahead: FloatArray,
    *,
    level: FloatArray,
    seen: BoolArray,
    surging: BoolArray,
    ratio: FloatArray,
) -> Surge:
    """Judge the last day's normal scores (series, points), as forecast a day and an hour before.

    `level` is log1p of the demand that was `seen`. One of two one-sided CUSUMs (Page 1954) must
    pass its alarm. It is computed from the points alone; only for a series that was `surging` at
    the last refresh memory counts: it stays in its surge until calm was observed, for missing data
    is no evidence.
    """
    hours = 24.0 / day_ahead.shape[1]
    excess = np.minimum(hour_ahead, _HOUR_FARTHEST) - _HOUR_SLACK
    day_steps = np.where(seen, day_ahead - _DAY_SLACK, 0.0) * hours
    hour_steps = np.where(seen, excess, 0.0) * hours
    unusual = seen & (day_ahead > _USUAL)
    by_day, by_hour = _cusum(day_steps) / _DAY_ALARM, _cusum(hour_steps) / _HOUR_ALARM
    raised = (np.maximum(by_day, by_hour) >= 1.0) & unusual
    quiet = unknown(np.zeros_like(surging))
    surge = replace(quiet, ratio=ratio, drift=np.where(unusual, by_hour, 0.0)[:, -1])
    # Nearly always few: what follows is only asked of those that gave cause.
    rows = np.flatnonzero(raised.any(axis=1) | surging)
    if not rows.size:
        return surge
    known = seen[rows] & (hour_ahead[rows] < _CALM)
    gone = known & (~unusual[rows] | _halved(level[rows], alarm=raised[rows]))
    gone = _lasts(gone, ~seen[rows], points=max(_FEWEST_GONE, round(GONE_HOURS / hours)))
    calm = gone | _lasts(known, ~seen[rows], points=max(1, round(CALM_HOURS / hours)))
    day = _cusum_after(calm, day_steps[rows])
    hour = _cusum_after(calm, hour_steps[rows])
    by_day, by_hour = day / _DAY_ALARM, hour / _HOUR_ALARM
    evidence = np.maximum(by_day, by_hour)
    alarm = (evidence >= 1.0) & unusual[rows]
    last_alarm, last_calm = _last(alarm), _last(calm)
    entered = (last_alarm >= 0) & (last_alarm > last_calm)
    at = np.arange(day.shape[1])
    above = np.where(by_day >= by_hour, day, hour)
    before = (above <= 0.0) & (at <= last_alarm[:, None])
    surge.active[rows] = entered | (surging[rows] & ~calm[:, -1])
    surge.recent[rows] = last_alarm >= 0
    surge.ended[rows] = surging[rows] & ~surge.active[rows]
    surge.gone[rows] = gone[:, -1]
    surge.began[rows] = np.where(entered, _last(before), last_calm) + 1
    surge.evidence[rows] = np.where(at > last_calm[:, None], evidence, 0.0).max(axis=1)
    return surge


def _halved(level: FloatArray, *, alarm: BoolArray) -> BoolArray:
    """Say where demand is at most half of the most that has raised an alarm."""
    height = np.maximum.accumulate(np.where(alarm, level, -np.inf), axis=1)
    halved: BoolArray = level <= height - _HALF
    return halved


def _cusum(steps: FloatArray) -> FloatArray:
    walk = np.cumsum(steps, axis=1)
    cusum: FloatArray = walk - np.minimum(np.minimum.accumulate(walk, axis=1), 0.0)
    return cusum


def _cusum_after(calm: BoolArray, steps: FloatArray) -> FloatArray:
    """Return a CUSUM that begins anew where it was calm: what was evidence before is forgotten."""
    cusum, now = np.empty_like(steps), np.zeros(steps.shape[0])
    for at in range(steps.shape[1]):
        now = np.where(calm[:, at], 0.0, np.maximum(now + steps[:, at], 0.0))
        cusum[:, at] = now
    return cusum


def _lasts(hit: BoolArray, skip: BoolArray, *, points: int) -> BoolArray:
    """Say where there were so many hits in a row; skipped points neither count nor break a run."""
    long_enough: BoolArray = _run_length(hit, skip) >= points
    return long_enough


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
