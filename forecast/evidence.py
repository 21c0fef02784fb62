"""What a history says about ordinary demand, point by point."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from forecast.arrays import AnyFloatArray, BoolArray
from forecast.calendar import DAY, Event
from forecast.history import History, PointState
from forecast.models.frame import Frame

Rows: TypeAlias = slice | list[int]
_CHUNK = 32
"""Series read at once, as many as fit the processor's cache."""


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Participants on the grid [start, start + points * step_seconds), shape (series, points).

    `observed` is true where the value is ordinary demand, which may be learned from; `bounds` where
    demand was at least the value. Everything else is unknown, whatever `values` says.
    """

    start: int
    step_seconds: int
    values: AnyFloatArray
    observed: BoolArray
    bounds: BoolArray

    @property
    def end(self) -> int:
        """Epoch seconds at which the last point's interval is over (exclusive)."""
        return self.start + int(self.values.shape[1]) * self.step_seconds

    def part(self, rows: Rows, start: int, end: int) -> "Evidence":
        """Return these rows on exactly the grid [start, end); nothing is known where this ends."""
        step = self.step_seconds
        first, last = (start - self.start) // step, (end - self.start) // step
        points = self.values.shape[1]
        inside = slice(min(max(first, 0), points), min(max(last, 0), points))
        part = Evidence(
            start=start,
            step_seconds=step,
            values=self.values[rows, inside],
            observed=self.observed[rows, inside],
            bounds=self.bounds[rows, inside],
        )
        if (inside.start, inside.stop) == (first, last):
            return part
        known = slice(inside.start - first, inside.stop - first)
        shape = part.values.shape[0], last - first
        values = np.zeros(shape, dtype=self.values.dtype)
        observed, bounds = np.zeros((2, *shape), dtype=np.bool_)
        if inside.stop > inside.start:
            values[:, known], observed[:, known] = part.values, part.observed
            bounds[:, known] = part.bounds
        return replace(part, values=values, observed=observed, bounds=bounds)


def weigh(history: History, *, start: int, end: int, events: Sequence[Event]) -> Evidence:
    """Read a history up to `end`, from `start` or from where it begins.

    What happened during a dated event is not ordinary: short events are left out, whatever
    multiplier was guessed for them. An event of a day or longer would leave nothing to learn from,
    so its multiplier is divided out.
    """
    span = history.window(start, end)
    values = span.values
    observed, bounds = np.zeros((2, *values.shape), dtype=np.bool_)
    for first in range(0, len(values), _CHUNK):
        rows = slice(first, first + _CHUNK)
        states, finite = span.states[rows], np.isfinite(values[rows])
        # With members of the enumeration themselves, bytes would be compared as long integers.
        np.logical_and(states == PointState.OBSERVED.value, finite, out=observed[rows])
        bound = (states == PointState.CENSORED.value) | (states == PointState.PARTIAL.value)
        if bound.any():
            np.logical_and(bound, finite, out=bounds[rows])
    past = [event for event in events if event.start < span.end and event.end > span.start]
    if any(_divisor(event) for event in past):
        values = values.copy()
    for event in past:
        first = max(0, (event.start - span.start) // span.step_seconds)
        last = -(-(event.end - span.start) // span.step_seconds)
        concerned = [row for row, name in enumerate(span.series_ids) if event.concerns(name)]
        if divisor := _divisor(event):
            values[concerned, first:last] /= divisor
        elif event.end - event.start < DAY:
            observed[concerned, first:last] = False
            bounds[concerned, first:last] = False
    if not bounds.any():  # as mostly: a view of a single False takes no memory
        bounds = np.broadcast_to(np.False_, bounds.shape)
    evidence = Evidence(
        start=span.start,
        step_seconds=span.step_seconds,
        values=values,
        observed=observed,
        bounds=bounds,
    )
    return evidence.part(slice(None), min(span.start, end), end)


def _divisor(event: Event) -> float | None:
    """Return what demand during a long event is divided by, None where it is left as it is."""
    return event.multiplier if event.end - event.start >= DAY else None


def raise_to_bounds(frame: Frame, values: AnyFloatArray, bounds: BoolArray) -> Frame:
    """Take lower bounds above the profile for what was seen; the others say nothing new.

    `values` and `bounds` have the shape of the frame's past.
    """
    if not bounds.any():
        return frame
    past = np.arange(frame.known)
    profile, _ = frame.day_averages(past, np.ones(past.shape, dtype=np.int64))
    level, seen = frame.level.copy(), frame.seen.copy()
    bound = np.log1p(np.maximum(np.where(bounds, values, 0.0), 0.0))
    tells = bounds & (bound > profile)
    level[tells] = bound[tells]
    seen[tells] = 1.0
    return replace(frame, level=level, seen=seen)
