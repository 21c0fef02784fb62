"""Scheduled meetings, where a deployment exports them: known of the future before it comes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from forecast.arrays import FloatArray, IntArray
from forecast.errors import HistoryError


@dataclass(frozen=True, slots=True, eq=False)
class Bookings:
    """Participants booked to be in meetings, per interval of a grid, past and future.

    `values` has shape (series, points), NaN where nothing is known. Each is what was booked the
    series' `known_ahead_seconds` before its interval begins, in the past too: a fit must see no
    more than a forecast will. Raises HistoryError when the parts do not fit.
    """

    series_ids: tuple[str, ...]
    start: int
    step_seconds: int
    values: FloatArray
    known_ahead_seconds: tuple[int, ...]

    def __post_init__(self) -> None:
        rows = {len(self.series_ids), len(self.known_ahead_seconds)}
        if self.values.ndim != 2 or rows != {self.values.shape[0]}:
            raise HistoryError(
                f"bookings: values have shape {self.values.shape} for {len(self.series_ids)} "
                f"series_ids and {len(self.known_ahead_seconds)} known_ahead_seconds, "
                "must be (series, points)"
            )
        if self.step_seconds <= 0 or min(self.known_ahead_seconds, default=0) < 0:
            raise HistoryError(
                f"bookings: step_seconds is {self.step_seconds}, known_ahead_seconds "
                f"{self.known_ahead_seconds}, must be above 0 and at least 0"
            )

    @property
    def known_ahead(self) -> Mapping[str, int]:
        """The series of which anything is known, and how many seconds ahead."""
        known = np.flatnonzero(np.isfinite(self.values).any(axis=1)).tolist()
        return {self.series_ids[row]: self.known_ahead_seconds[row] for row in known}

    def check_grid(self, *, start: int, step_seconds: int) -> None:
        """Raise HistoryError unless this is the grid of a history that begins at `start`."""
        if step_seconds != self.step_seconds or (start - self.start) % step_seconds:
            raise HistoryError(
                f"bookings: their grid begins at {self.start} in steps of {self.step_seconds} s, "
                f"must be whole steps of {step_seconds} s from the history's at {start}"
            )

    def on_grid(self, series_ids: Sequence[str], *, start: int, points: int) -> FloatArray:
        """Return these series on [start, ...) of the same grid, NaN for what is not there."""
        row_of = {name: row for row, name in enumerate(self.series_ids)}
        shift = (start - self.start) // self.step_seconds
        first, last = max(0, shift), max(0, min(self.values.shape[1], shift + points))
        booked = np.full((len(series_ids), points), np.nan)
        for row, name in enumerate(series_ids):
            if name in row_of and first < last:
                booked[row, first - shift : last - shift] = self.values[row_of[name], first:last]
        return booked

    def booked(self, series_ids: Sequence[str], *, start: int, points: int) -> "Booked":
        """Return the same for a frame that begins at `start`."""
        ahead = dict(zip(self.series_ids, self.known_ahead_seconds, strict=True))
        steps = [ahead.get(name, 0) // self.step_seconds for name in series_ids]
        values = self.on_grid(series_ids, start=start, points=points)
        return Booked(values, np.array(steps, dtype=np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class Booked:
    """The bookings of a frame's series, `values` (series, points), steps ahead included."""

    values: FloatArray
    known_ahead: IntArray
    """How many steps ahead of its interval a series' value is known, shape (series,)."""

    def rows(self, index: IntArray) -> "Booked":
        """Return these series' bookings."""
        return Booked(self.values[index], self.known_ahead[index])
