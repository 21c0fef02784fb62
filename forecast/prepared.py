"""What one refresh prepares for the next: all that does not change when a point is added.

A target's features are the same from every origin of a day, and a point that is past keeps its
distance from its profile and from what would have been forecast for it. One new point therefore
means one new column of each.
"""

from dataclasses import dataclass

import numpy as np

from forecast.arrays import Float32Array, FloatArray, IntArray
from forecast.growth.scores import normal_scores
from forecast.models.design import (
    ORIGIN_FEATURES,
    TARGET_FEATURES,
    Deviations,
    Profiles,
    Targets,
    booked_feature,
    days_back,
    deviations,
    make_profiles,
    origin_features,
    sum_up,
    target_features,
)
from forecast.models.frame import Frame, spans
from forecast.models.regression import RegressionFit, make_rows, predict_rows, predict_steps

HINDSIGHT_HOURS = (24.0, 1.0)
"""At these leads the last day is forecast in hindsight: that is where surges show."""
PAST_DAYS = 3
"""The last day, the day before its origins, and the day that those look back on."""


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """Features of series that have a fit, at an origin.

    `base` (series, steps) and `targets` (TARGET_FEATURES, series, steps) are of the steps ahead,
    `origin` (ORIGIN_FEATURES, series) is of now. Of the past, `deviation` (series, three days) is
    log demand minus profile; of the last day, `median` (series, a day) is what would have been
    forecast for it a day ahead, and `scores` (HINDSIGHT_HOURS, series, a day) say which quantile of
    what would have been forecast so long before each point was. All but `origin` are rounded to
    float32, kept or made anew.
    """

    base: Float32Array
    targets: Float32Array
    origin: FloatArray
    deviation: Float32Array
    median: Float32Array
    scores: Float32Array

    @classmethod
    def empty(cls, series: int, *, per_day: int, steps: int) -> "Prepared":
        """Make room, to be filled in."""
        single = np.float32
        return cls(
            base=np.empty((series, steps), dtype=single),
            targets=np.empty((len(TARGET_FEATURES), series, steps), dtype=single),
            origin=np.empty((len(ORIGIN_FEATURES), series)),
            deviation=np.empty((series, PAST_DAYS * per_day), dtype=single),
            median=np.empty((series, per_day), dtype=single),
            scores=np.empty((len(HINDSIGHT_HOURS), series, per_day), dtype=single),
        )

    def rows(self, rows: slice | list[int]) -> "Prepared":
        """Return these series only."""
        return Prepared(
            base=self.base[rows],
            targets=self.targets[:, rows],
            origin=self.origin[:, rows],
            deviation=self.deviation[rows],
            median=self.median[rows],
            scores=self.scores[:, rows],
        )

    def put(self, rows: slice | list[int], part: "Prepared") -> None:
        """Fill in these series."""
        self.base[rows] = part.base
        self.targets[:, rows] = part.targets
        self.origin[:, rows] = part.origin
        self.deviation[rows] = part.deviation
        self.median[rows] = part.median
        self.scores[:, rows] = part.scores

    def moved(self, points: int) -> "Prepared":
        """Move the origin on; the new columns, the last ones, are still to be filled in."""
        series, steps = self.base.shape
        moved = Prepared.empty(series, per_day=self.median.shape[1], steps=steps)
        _move(self.base, moved.base, points)
        _move(self.targets, moved.targets, points)
        _move(self.deviation, moved.deviation, points)
        _move(self.median, moved.median, points)
        _move(self.scores, moved.scores, points)
        return moved

    def levels(self, fit: RegressionFit, frame: Frame) -> FloatArray:
        """Return log1p(participants) of the steps ahead, (series, steps, quantiles)."""
        now = np.array([frame.known])
        levels = predict_steps(
            fit,
            frame,
            now,
            base=self.base[:, None],
            features=self.targets[:, :, None],
            origin=self.origin[..., None],
        )
        return levels[:, 0]


def prepare(
    fit: RegressionFit, frame: Frame, *, steps: int, quantiles: tuple[float, ...]
) -> Prepared:
    """Prepare everything; the frame must reach back LOOK_BACK_DAYS."""
    prepared = Prepared.empty(frame.level.shape[0], per_day=frame.per_day, steps=steps)
    past = np.arange(frame.known - PAST_DAYS * frame.per_day, frame.known)
    fill_in(prepared, fit, frame, past=past, leads=np.arange(steps), quantiles=quantiles)
    return prepared


def fill_in(
    prepared: Prepared,
    fit: RegressionFit,
    frame: Frame,
    *,
    past: IntArray,
    leads: IntArray,
    quantiles: tuple[float, ...],
) -> None:
    """Compute the columns of points that are past, up to now, and of the leads given."""
    known, per_day = frame.known, frame.per_day
    nearest = np.concatenate([np.ones(past.shape, dtype=np.int64), days_back(frame, leads)])
    profiles = make_profiles(frame, np.concatenate([past, known + leads]), nearest)
    ahead = Profiles(profiles.alike[:, past.size :], profiles.all_days[:, past.size :])
    targets = target_features(frame, ahead, np.full(leads.shape, known), leads)
    prepared.base[:, leads] = targets.base
    prepared.targets[..., leads] = targets.features

    begin = known - prepared.deviation.shape[1]
    prepared.deviation[:, past - begin] = deviations(frame, past, profiles.alike[:, : past.size])
    passed = sum_up(frame, prepared.deviation.astype(np.float64), begin)
    prepared.origin[...] = origin_features(frame, passed, np.array([known]))[..., 0]

    day = past[past >= known - per_day]
    of_day = slice(past.size - day.size, past.size)
    seen_then = Profiles(profiles.alike[:, of_day], profiles.all_days[:, of_day])
    steps, columns = prepared.base.shape[1], day - (known - per_day)
    median, scores = hindsight(
        fit, frame, passed, seen_then, points=day, steps=steps, quantiles=quantiles
    )
    prepared.median[:, columns] = median
    prepared.scores[..., columns] = scores


def hindsight(
    fit: RegressionFit,
    frame: Frame,
    passed: Deviations,
    profiles: Profiles,
    *,
    points: IntArray,
    steps: int,
    quantiles: tuple[float, ...],
) -> tuple[FloatArray, FloatArray]:
    """Return a day-ahead median (series, points), and scores (HINDSIGHT_HOURS, series, points).

    They are what would have been forecast for points that are past, whose `profiles` these are.
    """
    level, _ = frame.take(points)
    median = np.empty(level.shape)
    scores = np.empty((len(HINDSIGHT_HOURS), *level.shape))
    leads = [min(span, steps) - 1 for span in spans(frame.per_day, HINDSIGHT_HOURS)]
    back = np.repeat(leads, points.size)
    origins = np.tile(points, len(leads)) - back
    both = Profiles(*(np.tile(each, len(leads)) for each in (profiles.alike, profiles.all_days)))
    targets = target_features(frame, both, origins, back)
    origin = origin_features(frame, passed, origins)
    for row in range(len(leads)):
        at = slice(row * points.size, (row + 1) * points.size)
        of_lead = Targets(targets.base[:, at], targets.features[..., at])
        paths = predict_rows(
            fit,
            make_rows(frame, origins[at], back[at], steps=steps),
            of_lead,
            origin[..., at],
            booked_feature(frame, of_lead.base, origins[at], back[at]),
        )
        scores[row] = normal_scores(level, paths, quantiles)
        if row == 0:
            median[...] = paths[..., 0]
    return median, scores


def columns_to_fill(
    frame: Frame, *, steps: int, moved: int, unchanged: int
) -> tuple[IntArray, IntArray]:
    """Return which past points and leads are new for features that were moved on by that much.

    `unchanged` is the first point that was not known then as it is now.
    """
    first = max(unchanged, frame.known - PAST_DAYS * frame.per_day)
    leads = np.arange(steps)
    before = leads + moved
    same = (
        (before < steps)
        & (days_back(frame, leads) == days_back(frame, before))
        & (leads // (7 * frame.per_day) == before // (7 * frame.per_day))
        & (frame.lag(frame.known + leads, days_back(frame, leads)) < unchanged)
    )
    return np.arange(first, frame.known), leads[~same]


def _move(old: Float32Array, new: Float32Array, points: int) -> None:
    if points < old.shape[-1]:
        new[..., : old.shape[-1] - points] = old[..., points:]
