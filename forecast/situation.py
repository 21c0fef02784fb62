"""What one refresh works on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecast.batches import as_rows, look_back
from forecast.bookings import Booked, Bookings
from forecast.calendar import DAY, Place
from forecast.evidence import Evidence
from forecast.models.design import LOOK_BACK_DAYS
from forecast.models.frame import RawFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class FitSettings:
    """What a fit depends on beside the data. Seconds; `steps` of the grid."""

    window_seconds: int
    refit_seconds: int
    steps: int
    quantiles: tuple[float, ...]

    def reach_steps(self, step_seconds: int) -> int:
        """Return how many steps of the grid a refresh looks back on."""
        seconds = max(self.window_seconds + self.refit_seconds, LOOK_BACK_DAYS * DAY) + DAY
        return seconds // step_seconds


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Situation:
    """What a refresh works on: evidence up to `now` (epoch seconds), a place for each series."""

    evidence: Evidence
    series_ids: tuple[str, ...]
    places: Sequence[Place]
    settings: FitSettings
    now: int
    bookings: Bookings | None = None

    def booked(self, series_ids: Sequence[str], *, start: int, end: int) -> Booked | None:
        """Return what was booked of these series on [start, end), if anybody tells."""
        points = (end - start) // self.evidence.step_seconds
        if self.bookings is None or not set(self.bookings.series_ids).intersection(series_ids):
            return None
        return self.bookings.booked(series_ids, start=start, points=points)


def look_at(situation: Situation, rows: list[int], place: Place) -> tuple[RawFrame, Evidence]:
    """Return what a forecast of these series, all of one place, looks back on."""
    now, steps = situation.now, situation.settings.steps
    start = now - LOOK_BACK_DAYS * DAY
    part = situation.evidence.part(as_rows(rows), max(start, situation.evidence.start), now)
    booked = situation.booked(
        [situation.series_ids[row] for row in rows],
        start=start,
        end=now + steps * part.step_seconds,
    )
    return look_back(part, place, start=start, steps=steps, booked=booked), part


def bookings_as_evidence(situation: Situation, bookings: Bookings, *, start: int) -> Evidence:
    """Return the bookings that a fit may have seen, to be compared like demand."""
    step = situation.evidence.step_seconds
    start -= (start - bookings.start) % step
    points = (situation.now - start) // step
    values = bookings.on_grid(situation.series_ids, start=start, points=points)
    known = np.isfinite(values)
    return Evidence(start, step, np.where(known, values, 0.0), known, np.zeros_like(known))
