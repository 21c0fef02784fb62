"""Scheduled meetings, where a deployment exports them: known of the future before it comes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from forecast.arrays import FloatArray, IntArray
from forecast.errors import HistoryError
from forecast.models.frame import Frame


@dataclass(frozen=True, slots=True, eq=False)
class Bookings:
    """Participants booked to be in meetings, per interval of a grid, past and future.

    `values` has shape (series, points), NaN where nothing is known. Each is what was booked
    `known_ahead_seconds` before its interval begins, in the past too: a fit must see no more than a
    forecast will. Raises HistoryError when the parts do not fit.
    """

    series_ids: tuple[str, ...]
    start: int
    step_seconds: int
    values: FloatArray
    known_ahead_seconds: int

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or len(self.series_ids) != self.values.shape[0]:
            raise HistoryError(
                f"bookings: values have shape {self.values.shape} for {len(self.series_ids)} "
                "series_ids, must be (series, points)"
            )
        if self.step_seconds <= 0 or self.known_ahead_seconds < 0:
            raise HistoryError(
                f"bookings: step_seconds is {self.step_seconds}, known_ahead_seconds "
                f"{self.known_ahead_seconds}, must be above 0 and at least 0"
            )

    def on_grid(self, series_ids: Sequence[str], *, start: int, points: int) -> FloatArray:
        """Return these series on [start, ...) of the same steps, NaN for what is not there."""
        if (start - self.start) % self.step_seconds:
            raise HistoryError(
                f"bookings: their grid begins at {self.start}, must be whole steps of "
                f"{self.step_seconds} s from the history's at {start}"
            )
        row_of = {name: row for row, name in enumerate(self.series_ids)}
        shift = (start - self.start) // self.step_seconds
        first, last = max(0, shift), max(0, min(self.values.shape[1], shift + points))
        booked = np.full((len(series_ids), points), np.nan)
        for row, name in enumerate(series_ids):
            if name in row_of and first < last:
                booked[row, first - shift : last - shift] = self.values[row_of[name], first:last]
        return booked


def booked_against_usual(
    frame: Frame, booked: FloatArray, origins: IntArray, leads: IntArray, *, known_ahead: int
) -> FloatArray:
    """Return the feature (series, rows): log bookings of points origins + leads over their usual.

    `booked` has the frame's shape, `known_ahead` counts steps. Usual is the average over days alike
    before the origin. Zero, no news, where nothing was booked yet, known, or usual.
    """
    known = np.isfinite(booked)
    level = np.log1p(np.maximum(np.where(known, booked, 0.0), 0.0))
    bookings = replace(frame, level=level, seen=known.astype(np.float64))
    target, days = origins + leads, leads // frame.per_day + 1
    usual, _ = bookings.day_averages(target, days)
    was_seen, _ = replace(bookings, level=bookings.seen).day_averages(target, days)
    now, is_known = bookings.take(target)
    feature: FloatArray = (now - usual) * is_known * (was_seen > 0.0) * (leads <= known_ahead)
    return feature
