"""Log demand on a wall clock: what models look back into."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from forecast.arrays import FloatArray, IntArray
from forecast.calendar import DAY, LocalTime, Place
from forecast.errors import HistoryError
from forecast.models.likeness import day_classes, usual_likeness

PROFILE_DAYS = 28
_DAY_DECAY = 0.94
"""A day's weight in an average over days, per day of age: two thirds after a week."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Log demand of series that share a place, over `known` past points and the steps after them.

    `level` is log1p(participants), shape (series, points), and 0 where `seen` is 0; `seen` is 1
    where demand was observed. `local`, `day_class` and `clock_shift` (the UTC offset in steps) have
    one entry per point, `likeness` says for each series how much days of one class count for
    another.
    """

    level: FloatArray
    seen: FloatArray
    local: LocalTime
    day_class: IntArray
    clock_shift: IntArray
    likeness: FloatArray
    per_day: int
    known: int

    def lag(self, index: IntArray, days: IntArray) -> IntArray:
        """Return the point at the same time of the wall clock, that many days earlier."""
        back = index - days * self.per_day
        lagged: IntArray = back + self.clock_shift[index] - self.clock_shift[np.maximum(back, 0)]
        return lagged

    def take(self, index: IntArray) -> tuple[FloatArray, FloatArray]:
        """Return level and seen, each (series, *shape), at any points; outside is unseen."""
        inside = (index >= 0) & (index < self.level.shape[1])
        if inside.all():
            return self.level[:, index], self.seen[:, index]
        clipped = np.where(inside, index, 0)
        return self.level[:, clipped] * inside, self.seen[:, clipped] * inside

    def rows(self, index: IntArray) -> "Frame":
        """Return these series' frame, in this order."""
        return replace(
            self,
            level=self.level[index],
            seen=self.seen[index],
            likeness=self.likeness[index],
        )

    def day_averages(self, index: IntArray, nearest: IntArray) -> tuple[FloatArray, FloatArray]:
        """Average each time of day over four weeks, from `nearest` days back.

        Returns the average over days that are alike and the one over all days, each (series,
        points); newer days weigh more, unseen ones nothing, and where no day was seen both are 0.
        """
        back = np.arange(PROFILE_DAYS)
        lagged = self.lag(index[:, None], nearest[:, None] + back)
        level, seen = self.take(lagged)
        decay = np.power(_DAY_DECAY, back, dtype=np.float64)
        then, now = self.day_class[np.maximum(lagged, 0)], self.day_class[index]
        alike = self.likeness[:, now[:, None], then] * decay
        return (
            _ratio(
                np.einsum("snd,snd->sn", level, alike),
                np.einsum("snd,snd->sn", seen, alike),
            ),
            _ratio(level @ decay, seen @ decay),
        )


def make_frame(
    values: FloatArray,
    usable: FloatArray,
    *,
    start: int,
    step_seconds: int,
    steps: int,
    place: Place,
) -> Frame:
    """Build a frame from participants (series, points) and the `steps` after them.

    `usable` is 1 where a value may be taken for demand. Days are alike as usual. Raises
    HistoryError when a day is not a whole number of grid steps.
    """
    if DAY % step_seconds:
        raise HistoryError(
            f"history: step_seconds is {step_seconds}, must divide a day (for example 900)"
        )
    series, known = values.shape
    times = start + step_seconds * np.arange(known + steps)
    local = place.local_time(times)
    seen = np.where(np.isfinite(values), usable, 0.0)
    level = np.log1p(np.maximum(np.where(seen > 0.0, values, 0.0), 0.0))
    ahead = ((0, 0), (0, steps))
    return Frame(
        level=np.pad(level, ahead),
        seen=np.pad(seen, ahead),
        local=local,
        day_class=day_classes(local),
        clock_shift=(local.wall - times) // step_seconds,
        likeness=usual_likeness(series),
        per_day=DAY // step_seconds,
        known=known,
    )


def _ratio(total: FloatArray, weight: FloatArray) -> FloatArray:
    ratio: FloatArray = total / np.where(weight > 0.0, weight, 1.0)
    return ratio


def running_sums(values: FloatArray) -> FloatArray:
    """Return sums over the points before each, shape (series, points + 1)."""
    return np.pad(np.cumsum(values, axis=1), ((0, 0), (1, 0)))


def spans(per_day: int, hours: Sequence[float]) -> tuple[int, ...]:
    """Return how many grid points cover that many hours, at least one each."""
    return tuple(max(1, round(each * per_day / 24)) for each in hours)
