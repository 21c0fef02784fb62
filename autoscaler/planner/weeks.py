"""The highest demand of each week: what growth is measured by. Small enough to be kept."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autoscaler.planner.envelope import FloatArray
from forecast.history import History, PointState

WEEK = 604_800
MONDAY = 345_600
"""1970-01-05, the first Monday: weeks are counted from it, UTC."""
KEPT_WEEKS = 26
_KNOWN_SHARE = 0.8
"""A week of which less is known may have had a higher peak than was seen."""


@dataclass(frozen=True, slots=True, eq=False)
class WeeklyPeaks:
    """Participants at each week's peak, shape (series, weeks), of weeks from `first` on.

    NaN where too little of a week is known. `running` is the peak so far of the week after the last
    one, shape (series,), 0 where nothing is known.
    """

    series_ids: tuple[str, ...]
    first: int
    values: FloatArray
    running: FloatArray

    @property
    def monday(self) -> int:
        """When the running week began, epoch seconds."""
        return monday(self.first + self.values.shape[1])

    def says(self, other: "WeeklyPeaks") -> bool:
        """Say whether these are the same peaks."""
        return (
            self.first == other.first
            and self.series_ids == other.series_ids
            and np.array_equal(self.running, other.running)
            and np.array_equal(self.values, other.values, equal_nan=True)
        )

    def of(self, names: Sequence[str]) -> FloatArray:
        """Return whole weeks of these series, NaN where one is not known at all."""
        return self._rows(self.values, names)

    def running_of(self, names: Sequence[str]) -> FloatArray:
        """Return the running week's peaks of these series, 0 where nothing is known."""
        return np.nan_to_num(self._rows(self.running[:, None], names)[:, 0])

    def _rows(self, values: FloatArray, names: Sequence[str]) -> FloatArray:
        rows = {name: row for row, name in enumerate(self.series_ids)}
        found = np.full((len(names), values.shape[1]), np.nan)
        for index, name in enumerate(names):
            if name in rows:
                found[index] = values[rows[name]]
        return found


def week_of(time: int) -> int:
    """Return the number of the week that `time` is in."""
    return (time - MONDAY) // WEEK


def monday(week: int) -> int:
    """Return when a week begins, epoch seconds."""
    return MONDAY + week * WEEK


def weekly_peaks(history: History, *, known: WeeklyPeaks | None) -> WeeklyPeaks:
    """Return the peaks of a history's whole weeks; older weeks are taken from what is `known`.

    Where nothing is new that is returned itself, so that what was made of it needs no second look.
    """
    counted, highest = _by_week(history)
    weeks = np.arange(week_of(history.start), week_of(history.start) + counted.shape[1])
    running = week_of(history.end)
    whole = counted * history.step_seconds >= _KNOWN_SHARE * WEEK
    peaks = np.where(whole, highest, np.nan)
    first = running - KEPT_WEEKS
    values = np.full((len(history.series_ids), KEPT_WEEKS), np.nan)
    inside = (weeks >= first) & (weeks < running)
    values[:, weeks[inside] - first] = peaks[:, inside]
    if known is not None:
        before = known.of(history.series_ids)
        old = np.arange(known.first, known.first + before.shape[1])
        kept = (old >= first) & (old < running)
        into = old[kept] - first
        values[:, into] = np.where(np.isnan(values[:, into]), before[:, kept], values[:, into])
    now = highest[:, weeks == running]
    found = WeeklyPeaks(
        series_ids=history.series_ids,
        first=first,
        values=values,
        running=np.nan_to_num(now[:, 0]) if now.shape[1] else np.zeros(len(values)),
    )
    return known if known is not None and known.says(found) else found


def _by_week(history: History) -> tuple[FloatArray, FloatArray]:
    """Return how many points of each week say something, and the highest of them (NaN: none)."""
    weeks = (history.start + np.arange(history.points) * history.step_seconds - MONDAY) // WEEK
    states = history.states
    usable = (states == PointState.OBSERVED.value) | (states == PointState.CENSORED.value)
    usable &= np.isfinite(history.values)
    begins = np.flatnonzero(np.diff(weeks, prepend=weeks[:1] - 1))
    counted = np.add.reduceat(usable.astype(np.float64), begins, axis=1)
    highest = np.maximum.reduceat(np.where(usable, history.values, -np.inf), begins, axis=1)
    return counted, np.where(counted > 0, highest, np.nan)
