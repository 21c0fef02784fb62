"""What a history says about ordinary demand, point by point."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from forecast.arrays import BoolArray, FloatArray
from forecast.calendar import DAY, Event
from forecast.history import History, PointState
from forecast.models.frame import Frame


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Participants on the grid [start, start + points * step_seconds), shape (series, points).

    `observed` is 1 where the value is ordinary demand, which may be learned from; `bounds` is true
    where demand was at least the value. Everything else is unknown, whatever `values` says.
    """

    start: int
    step_seconds: int
    values: FloatArray
    observed: FloatArray
    bounds: BoolArray

    @property
    def end(self) -> int:
        """Epoch seconds at which the last point's interval is over (exclusive)."""
        return self.start + int(self.values.shape[1]) * self.step_seconds


def weigh(history: History, *, start: int, end: int, events: Sequence[Event]) -> Evidence:
    """Read the grid [start, end) of a history.

    What happened during a dated event is not ordinary: short events are left out, whatever
    multiplier was guessed for them. An event of a day or longer would leave nothing to learn from,
    so its multiplier is divided out.
    """
    span = history.spanning(start, end)
    values = span.values
    finite = np.isfinite(values)
    observed = ((span.states == PointState.OBSERVED) & finite).astype(np.float64)
    lower = (span.states == PointState.CENSORED) | (span.states == PointState.PARTIAL)
    bounds = lower & finite
    past = [event for event in events if event.start < end and event.end > start]
    if past:
        values = values.copy()
    for event in past:
        first = max(0, (event.start - start) // span.step_seconds)
        last = -(-(event.end - start) // span.step_seconds)
        rows = [row for row, name in enumerate(span.series_ids) if event.concerns(name)]
        long = event.end - event.start >= DAY
        if long and event.multiplier:
            values[rows, first:last] /= event.multiplier
        elif not long:
            observed[rows, first:last] = 0.0
            bounds[rows, first:last] = False
    return Evidence(
        start=start,
        step_seconds=span.step_seconds,
        values=values,
        observed=observed,
        bounds=bounds,
    )


def raise_to_bounds(frame: Frame, values: FloatArray, bounds: BoolArray) -> Frame:
    """Take lower bounds above the profile for what was seen; the others say nothing new.

    `values` and `bounds` have the shape of the frame's past.
    """
    past = np.arange(frame.known)
    profile, _ = frame.day_averages(past, np.ones(past.shape, dtype=np.int64))
    level, seen = frame.level.copy(), frame.seen.copy()
    bound = np.log1p(np.maximum(np.where(bounds, values, 0.0), 0.0))
    tells = bounds & (bound > profile)
    level[:, : frame.known][tells] = bound[tells]
    seen[:, : frame.known][tells] = 1.0
    return replace(frame, level=level, seen=seen)
