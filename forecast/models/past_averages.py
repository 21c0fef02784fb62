"""The profiles that all of the past is measured against: matrix products of days by days."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from forecast.arrays import BoolArray, FloatArray, IntArray
from forecast.calendar import DAY
from forecast.models.frame import DAY_DECAY, PROFILE_DAYS, Frame


def past_averages(frame: Frame) -> tuple[FloatArray, FloatArray]:
    """Return `frame.day_averages` of every past point, from one day back, but for the last bits.

    Days are rows of a matrix of times of day, so that one product with the days' weights for each
    other averages a series: on a grid of minutes that is a tenth of the work.
    """
    averages = np.zeros((2, frame.level.shape[0], frame.known))
    for layout in _layouts(frame):
        decay = _decay(layout.day_class.size)
        likeness = frame.likeness[:, layout.day_class[:, None], layout.day_class]
        level, seen = (
            each.reshape(each.shape[0], *layout.points.shape)
            for each in frame.take(layout.points.ravel())
        )
        for average, weights in zip(averages, (decay * likeness, decay), strict=True):
            total, weight = weights @ level, weights @ seen
            total /= np.where(weight > 0.0, weight, 1.0)
            of_points = total.reshape(total.shape[0], -1)[:, layout.first :]
            if layout.chosen.all():
                average[:] = of_points[:, : frame.known]
            else:
                average[:, layout.chosen] = of_points[:, : frame.known][:, layout.chosen]
    alike, all_days = averages
    return alike, all_days


@dataclass(frozen=True, slots=True, eq=False)
class _Layout:
    """Points by local day and time of day, as those with one UTC offset look back on them.

    `chosen` are the past points with that offset, the first of which stands at cell `first`.
    """

    points: IntArray
    day_class: IntArray
    chosen: BoolArray
    first: int


def _layouts(frame: Frame) -> Iterator[_Layout]:
    """Yield one layout, or two where the clocks changed."""
    shifts = frame.clock_shift[: frame.known]
    step_seconds = DAY // frame.per_day
    for shift in np.unique(shifts).tolist():
        first = (int(frame.local.wall[0]) // step_seconds + shift - int(shifts[0])) % frame.per_day
        days = -(-(first + frame.known) // frame.per_day)
        cells = np.arange(days * frame.per_day) - first
        points = cells + shift - shifts[np.clip(cells, 0, frame.known - 1)]
        by_day = points.reshape(days, frame.per_day)
        noon = np.clip(by_day[:, frame.per_day // 2], 0, frame.known - 1)
        yield _Layout(
            points=by_day,
            day_class=frame.day_class[noon],
            chosen=shifts == shift,
            first=first,
        )


def _decay(days: int) -> FloatArray:
    """Return the weight of each day (column) for each (row), 0 for those that are not before it."""
    age = np.arange(days)[:, None] - np.arange(days) - 1
    return np.where((age >= 0) & (age < PROFILE_DAYS), DAY_DECAY ** np.maximum(age, 0), 0.0)
