"""What a regression learns from: past points, as they looked some steps before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from forecast.arrays import FloatArray, IntArray
from forecast.models.design import (
    Deviations,
    Profiles,
    Targets,
    calendar_features,
    days_back,
    origin_features,
    spread_features,
    target_features,
)
from forecast.models.frame import Frame

BLOCKS = 4
ROWS = 600
"""Rows per regression: neighbours on the grid tell the same story, more of them only cost time."""
FIRST_DAYS = 5
"""A point is learned from when at least so many days were seen before it."""
_GOLDEN = 0.6180339887498949


@dataclass(frozen=True, slots=True, eq=False)
class Lessons:
    """The rows of one bucket: points `target`, each with one of the bucket's `leads`, (rows,).

    What could be known of them so long before: `targets`, `origin` (ORIGIN_FEATURES, series, rows),
    `calendar` (CALENDAR_FEATURES, rows) and the features of the `spread`. What came of them:
    `level` and `seen`, (series, rows).
    """

    target: IntArray
    leads: IntArray
    targets: Targets
    calendar: FloatArray
    origin: FloatArray
    spread: FloatArray
    level: FloatArray
    seen: FloatArray


def look_up(
    frame: Frame, profiles: Profiles, passed: Deviations, buckets: Sequence[tuple[int, int]]
) -> Iterator[Lessons]:
    """Yield each bucket's rows, looked up at once: many calls less.

    `profiles` and what `passed` are of all points, a day ahead.
    """
    chosen = [_rows(frame, bucket) for bucket in buckets]
    target, leads = (np.concatenate(each) for each in zip(*chosen, strict=True))
    longest = np.repeat([last for _, last in buckets], [rows.size for rows, _ in chosen])
    origins = target - leads
    targets = target_features(frame, _profiles_at(frame, profiles, target, leads), origins, leads)
    calendar = calendar_features(frame, origins, leads)
    origin = origin_features(frame, passed, origins)
    spread = spread_features(frame, target, leads, longest)
    level, seen = frame.take(target)
    first = 0
    for rows, _ in chosen:
        at = slice(first, first + rows.size)
        yield Lessons(
            target=target[at],
            leads=leads[at],
            targets=Targets(
                np.ascontiguousarray(targets.base[:, at]),
                targets.features[..., at],
            ),
            calendar=calendar[:, at],
            origin=origin[..., at],
            spread=spread[:, at],
            level=np.ascontiguousarray(level[:, at]),
            seen=np.ascontiguousarray(seen[:, at]),
        )
        first = at.stop


def _profiles_at(frame: Frame, day_ahead: Profiles, target: IntArray, leads: IntArray) -> Profiles:
    """Return the profiles of rows; those of a day ahead are at hand."""
    alike = day_ahead.alike.take(target, axis=1)
    all_days = day_ahead.all_days.take(target, axis=1)
    nearest = days_back(frame, leads)
    far = nearest > 1
    if far.any():
        alike[:, far], all_days[:, far] = frame.day_averages(target[far], nearest[far])
    return Profiles(alike, all_days)


def _rows(frame: Frame, bucket: tuple[int, int]) -> tuple[IntArray, IntArray]:
    """Choose the points to learn from, newest last, and for each one of the bucket's leads."""
    first, last = bucket
    begin = min(FIRST_DAYS * frame.per_day + last, frame.known - frame.per_day)
    stride = max(1, (frame.known - begin) // ROWS)
    target = np.arange(frame.known - 1, begin - 1, -stride)[::-1]
    target = target[target.size % BLOCKS :]
    # Steps of the golden ratio share no rhythm with the day: each hour meets all of the leads.
    share = np.arange(target.size) * _GOLDEN % 1.0
    leads = first + (share * (last - first)).astype(np.int64)
    return target, leads
