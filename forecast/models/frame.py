"""Log demand on a wall clock: what models look back into."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from forecast.arrays import AnyFloatArray, BoolArray, FloatArray, IntArray
from forecast.bookings import Booked
from forecast.calendar import DAY, LocalTime, Place
from forecast.errors import HistoryError
from forecast.models.likeness import CLASSES, day_classes, usual_likeness

T = TypeVar("T", bound=np.generic)
PROFILE_DAYS = 28
DAY_DECAY = 0.94
"""A day's weight in an average over days, per day of age: two thirds after a week."""
_DECAY = np.array([DAY_DECAY**age for age in range(PROFILE_DAYS)])
_AT_ONCE = 2**13
"""Numbers averaged at once: of few points all days together, of many day by day."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Log demand of series that share a place, at `known` past points.

    `level` is log1p(participants), shape (series, known), and 0 where `seen` is 0; `seen` is 1
    where demand was observed. `local`, `day_class` and `clock_shift` (the UTC offset in steps) have
    one entry per point, those of the steps ahead included; `likeness` says for each series how much
    days of one class count for another. `booked` is None where nobody tells of bookings.
    """

    level: FloatArray
    seen: FloatArray
    local: LocalTime
    day_class: IntArray
    clock_shift: IntArray
    likeness: FloatArray
    per_day: int
    known: int
    booked: Booked | None = field(default=None, kw_only=True)

    def lag(self, index: IntArray, days: IntArray) -> IntArray:
        """Return the point at the same time of the wall clock, that many days earlier."""
        back = index - days * self.per_day
        lagged: IntArray = back + self.clock_shift[index] - self.clock_shift[np.maximum(back, 0)]
        return lagged

    def take(self, index: IntArray) -> tuple[FloatArray, FloatArray]:
        """Return level and seen, new arrays (series, points), at any points; outside is unseen."""
        return _columns(self.level, index), _columns(self.seen, index)

    def was_seen(self, index: IntArray) -> FloatArray:
        """Return seen alone."""
        return _columns(self.seen, index)

    def rows(self, index: IntArray) -> Self:
        """Return these series' frame, in this order."""
        return replace(
            self,
            level=self.level[index],
            seen=self.seen[index],
            likeness=self.likeness[index],
            booked=None if self.booked is None else self.booked.rows(index),
        )

    def telling(self, level: FloatArray, seen: FloatArray) -> "Frame":
        """Return a frame of something else on the same wall clock."""
        return Frame(
            level=level,
            seen=seen,
            local=self.local,
            day_class=self.day_class,
            clock_shift=self.clock_shift,
            likeness=self.likeness,
            per_day=self.per_day,
            known=self.known,
            booked=self.booked,
        )

    def day_averages(
        self, index: IntArray, nearest: IntArray, *, before: IntArray | None = None
    ) -> tuple[FloatArray, FloatArray]:
        """Average each time of day over four weeks, from `nearest` days back.

        Points from `before` on were not known yet, if it is given for each point.

        Returns the average over days that are alike and the one over all days, each (series,
        points); newer days weigh more, unseen ones nothing, and where no day was seen both are 0.
        Day is added to day, so that a point's averages are the same to the last bit whatever other
        points are asked for beside it.
        """
        series = self.level.shape[0]
        alike, alike_weight, total, weight = np.zeros((4, series, index.size))
        pairs = self.likeness.reshape(-1, CLASSES * CLASSES)
        now = self.day_class[index] * CLASSES
        days = min(max(1, _AT_ONCE // max(1, series * index.size)), PROFILE_DAYS)
        for first in range(0, PROFILE_DAYS, days):
            back = np.arange(first, min(first + days, PROFILE_DAYS))[:, None]
            lagged = self.lag(index, nearest + back)
            level, seen = (
                each.reshape(series, *lagged.shape) for each in self.take(lagged.ravel())
            )
            if before is not None and not first:  # clocks that go forward reach an hour further
                level *= lagged < before
                seen *= lagged < before
            level *= _DECAY[back]
            seen *= _DECAY[back]
            _add(level, total)
            _add(seen, weight)
            like = pairs.take(now + self.day_class[np.maximum(lagged, 0)], axis=1)
            level *= like
            seen *= like
            _add(level, alike)
            _add(seen, alike_weight)
        return _ratio(alike, alike_weight), _ratio(total, weight)


@dataclass(frozen=True, slots=True, eq=False)
class RawFrame(Frame):
    """A frame to take few points from: `level` holds participants, `seen` what is usable of them.

    Logarithms are taken of what is looked at, and of nothing else. The first column is point
    `begin`; nothing was seen before it.
    """

    level: AnyFloatArray  # type: ignore[assignment]
    seen: BoolArray  # type: ignore[assignment]
    begin: int = field(default=0, kw_only=True)

    def dense(self) -> Frame:
        """Take all logarithms at once, for those who look at everything."""
        return self.telling(*self.take(np.arange(self.known)))

    def take(self, index: IntArray) -> tuple[FloatArray, FloatArray]:
        """Return level and seen, new arrays (series, points), at any points; outside is unseen."""
        index = index - self.begin
        return logarithms(_columns(self.level, index), _columns(self.seen, index))

    def was_seen(self, index: IntArray) -> FloatArray:
        """Return seen alone."""
        return _columns(self.seen, index - self.begin).astype(np.float64)


def make_frame(
    values: AnyFloatArray,
    usable: BoolArray,
    *,
    start: int,
    step_seconds: int,
    steps: int,
    place: Place,
    booked: Booked | None = None,
) -> Frame:
    """Build a frame from participants (series, points), for the `steps` after them too.

    `usable` says where a value may be taken for demand. Days are alike as usual. Raises
    HistoryError when a day is not a whole number of grid steps.
    """
    return make_raw_frame(
        values,
        np.isfinite(values) & usable,
        start=start,
        step_seconds=step_seconds,
        steps=steps,
        place=place,
        booked=booked,
    ).dense()


def make_raw_frame(
    values: AnyFloatArray,
    usable: BoolArray,
    *,
    start: int,
    step_seconds: int,
    steps: int,
    place: Place,
    booked: Booked | None = None,
    begin: int = 0,
) -> RawFrame:
    """Build the same without taking a logarithm; usable values must be finite.

    The values begin that many points after `start`.
    """
    if DAY % step_seconds:
        raise HistoryError(
            f"history: step_seconds is {step_seconds}, must divide a day (for example 900)"
        )
    series, known = values.shape[0], begin + values.shape[1]
    times = start + step_seconds * np.arange(known + steps)
    local = place.local_time(times)
    return RawFrame(
        level=values,
        seen=usable,
        local=local,
        day_class=day_classes(local),
        clock_shift=(local.wall - times) // step_seconds,
        likeness=usual_likeness(series),
        per_day=DAY // step_seconds,
        known=known,
        booked=booked,
        begin=begin,
    )


def logarithms(values: AnyFloatArray, usable: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Return log1p(participants), 0 where they are not usable, and 1.0 where they are."""
    level = np.where(usable, values, 0.0).astype(np.float64, copy=False)
    np.maximum(level, 0.0, out=level)
    return np.log1p(level, out=level), usable.astype(np.float64)


def _columns(values: NDArray[T], index: IntArray) -> NDArray[T]:
    """Copy columns; those outside are 0."""
    points = values.shape[1]
    first, last = (int(index[0]), int(index[-1]) + 1) if index.size else (0, 0)
    if last - first == index.size and (np.diff(index) == 1).all():
        # A block is copied faster than its columns.
        begin, end = min(max(first, 0), points), min(max(last, 0), points)
        if end - begin == index.size:
            return values[:, begin:end].copy()
        columns = np.zeros((values.shape[0], index.size), dtype=values.dtype)
        columns[:, begin - first : end - first] = values[:, begin:end]
        return columns
    inside = (index >= 0) & (index < points)
    if not inside.all():
        columns = np.zeros((values.shape[0], index.size), dtype=values.dtype)
        columns[:, inside] = _gather(values, index[inside])
        return columns
    return _gather(values, index)


def _gather(values: NDArray[T], index: IntArray) -> NDArray[T]:
    if values.flags.c_contiguous:
        return values.take(index, axis=1)
    return np.ascontiguousarray(values[:, index])  # of a view, `take` would first copy everything


def _add(days: FloatArray, total: FloatArray) -> None:
    """Add (series, days, points) day by day: in which order `sum` does depends on the shape."""
    for day in range(days.shape[1]):
        total += days[:, day]


def _ratio(total: FloatArray, weight: FloatArray) -> FloatArray:
    ratio: FloatArray = total / np.where(weight > 0.0, weight, 1.0)
    return ratio


def spans(per_day: int, hours: Sequence[float]) -> tuple[int, ...]:
    """Return how many grid points cover that many hours, at least one each."""
    return tuple(max(1, round(each * per_day / 24)) for each in hours)
