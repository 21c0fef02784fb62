"""All origins that one fit of one series serves, predicted at once: rows are origins, not series.

Between two fits a forecast differs from the last by one point of history. What is a sum over days
or over features is then the same numpy call for six hours of origins, and the same bytes.
"""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from forecast.arrays import FloatArray, IntArray
from forecast.calendar import DAY
from forecast.evidence import Evidence
from forecast.growth.basis import Basis
from forecast.growth.detection import Surge
from forecast.models.design import (
    LOOK_BACK_DAYS,
    Deviations,
    Profiles,
    days_back,
    deviations,
    make_profiles,
    origin_features,
    sum_up,
    target_features,
)
from forecast.models.frame import Frame
from forecast.models.regression import RegressionFit, predict_steps
from forecast.prediction import Paths, beyond, drift, grow, hold, judge
from forecast.prepared import PAST_DAYS, hindsight


def predict_stretch(
    fit: RegressionFit,
    frame: Frame,
    part: Evidence,
    *,
    count: int,
    steps: int,
    quantiles: tuple[float, ...],
    surging: bool,
) -> Paths:
    """Predict one series from its `count` newest origins; the frame, and `part`, end at the last.

    The fit must be the one in force at all of them, and nothing may bound demand. The series was
    `surging` before the first; whether it was so before the others, the ones before them say.
    """
    ahead = _Ahead.of(frame, count=count, steps=steps)
    past = np.arange(frame.known + 1 - count - PAST_DAYS * frame.per_day, frame.known)
    profiles = make_profiles(frame, past, np.ones(past.shape, dtype=np.int64))
    deviation = deviations(frame, past, profiles.alike)
    passed = sum_up(frame, _as_kept(deviation), int(past[0]))
    levels = ahead.levels(fit, frame, passed)
    days = _last_days(fit, frame, passed, profiles, past, steps=steps, quantiles=quantiles)
    surge = days.surge(surging=surging)
    drift(levels, surge, per_day=frame.per_day)
    growth = np.zeros(count)
    rows = np.flatnonzero(surge.active | surge.recent)
    if rows.size:
        basis = Basis(
            level=days.level[rows],
            seen=days.seen[rows],
            profile=days.profile[rows],
            ahead=ahead.profile()[rows],
            again=ahead.again(frame)[rows],
            per_day=frame.per_day,
        )
        levels[rows], growth[rows] = grow(
            levels[rows], surge.rows(rows), basis, quantiles=quantiles
        )
    highest = days.level.max(axis=1)
    for at in beyond(levels, highest).tolist():
        row, now = slice(at, at + 1), part.end - (count - 1 - at) * part.step_seconds
        begin = max(now - LOOK_BACK_DAYS * DAY, part.start)
        hold(levels[row], highest[row], part.part(slice(None), begin, now))
    return Paths(levels, surge, growth)


@dataclass(frozen=True, slots=True, eq=False)
class _Ahead:
    """The steps ahead of each origin, one after the other: `origin` and `lead` of (points,)."""

    origins: IntArray
    origin: IntArray
    lead: IntArray
    profiles: Profiles

    @classmethod
    def of(cls, frame: Frame, *, count: int, steps: int) -> "_Ahead":
        origins = np.arange(frame.known + 1 - count, frame.known + 1)
        origin, lead = np.repeat(origins, steps), np.tile(np.arange(steps), count)
        nearest = days_back(frame, lead)
        return cls(
            origins=origins,
            origin=origin,
            lead=lead,
            profiles=make_profiles(frame, origin + lead, nearest, before=origin),
        )

    def profile(self) -> FloatArray:
        """Return the profile, (origins, steps)."""
        return self.profiles.alike.reshape(self.origins.size, -1)

    def again(self, frame: Frame) -> FloatArray:
        """Return the level of the newest day at the same time, (origins, steps); 0 if unseen."""
        lagged = frame.lag(self.origin + self.lead, days_back(frame, self.lead))
        level, seen = frame.take(lagged)
        again: FloatArray = level * (seen * (lagged < self.origin))
        return again.reshape(self.origins.size, -1)

    def levels(self, fit: RegressionFit, frame: Frame, passed: Deviations) -> FloatArray:
        """Return log1p(participants) of (origins, steps, quantiles)."""
        shape = 1, *self.profile().shape
        targets = target_features(frame, self.profiles, self.origin, self.lead)
        levels: FloatArray = predict_steps(
            fit,
            frame,
            self.origins,
            base=targets.base.astype(np.float32).reshape(shape),
            features=targets.features.astype(np.float32).reshape(-1, *shape),
            origin=origin_features(frame, passed, self.origins),
        )[0]
        return levels


@dataclass(frozen=True, slots=True, eq=False)
class _LastDays:
    """Of the day before each origin, all of shape (origins, points).

    `level` is log demand, 0 where it was not `seen`, `profile` what was usual, `median` what was
    expected a day ahead, and `scores` (2, origins, points) how far demand was from that, and from
    what was expected an hour ahead.
    """

    level: FloatArray
    seen: FloatArray
    profile: FloatArray
    median: FloatArray
    scores: FloatArray

    def surge(self, *, surging: bool) -> Surge:
        """Judge one day after the other, each knowing what the one before said."""
        count = len(self.level)
        quiet = self._judged([False] * count)
        if not surging and not quiet.active.any():
            return quiet
        staying, was = self._judged([True] * count), []
        for begins, stays in zip(quiet.active.tolist(), staying.active.tolist(), strict=True):
            was.append(surging)
            surging = stays if surging else begins
        return self._judged(was)

    def _judged(self, surging: list[bool]) -> Surge:
        return judge(self.level, self.seen, self.median, self.scores, surging=np.array(surging))


def _last_days(
    fit: RegressionFit,
    frame: Frame,
    passed: Deviations,
    profiles: Profiles,
    past: IntArray,
    *,
    steps: int,
    quantiles: tuple[float, ...],
) -> _LastDays:
    """Look back on the `past` from each origin; `profiles` and deviations are of its points."""
    day = frame.per_day
    newest = slice((PAST_DAYS - 1) * day, None)
    recent = Profiles(profiles.alike[:, newest], profiles.all_days[:, newest])
    median, scores = hindsight(
        fit, frame, passed, recent, points=past[newest], steps=steps, quantiles=quantiles
    )
    level, seen = frame.take(past[newest])
    return _LastDays(
        level=_days(level[0], day),
        seen=_days(seen[0], day),
        profile=_days(recent.alike[0], day),
        median=_days(_as_kept(median[0]), day),
        scores=np.stack([_days(_as_kept(each), day) for each in scores[:, 0]]),
    )


def _as_kept(values: FloatArray) -> FloatArray:
    """Round as what is kept from one refresh to the next is rounded."""
    return values.astype(np.float32).astype(np.float64)


def _days(points: FloatArray, day: int) -> FloatArray:
    """Return the day before each origin, the first of which lies a day after the points begin."""
    return np.ascontiguousarray(sliding_window_view(points, day))
