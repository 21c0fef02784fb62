"""Demand as it was seen: many series on one regular grid, each point with its state."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from forecast.arrays import AnyFloatArray, BoolArray, FloatArray, IntArray, UInt8Array
from forecast.errors import HistoryError


class PointState(IntEnum):
    """What a point's value says about demand."""

    OBSERVED = 0
    CENSORED = 1
    """A lower bound: joins were refused, the pool was nearly full, or the interval is not over
    yet."""
    MISSING = 2
    STALE = 3
    """The value is an old one repeated."""
    PARTIAL = 4
    """Some of the targets were not scraped: the value is too low by an unknown amount."""


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """One series as it was scraped: any order, any spacing, duplicates allowed.

    `times` are epoch seconds UTC, `values` participants (NaN: nothing), `states` one PointState
    each (None: all observed).
    """

    times: IntArray
    values: FloatArray
    states: UInt8Array | None = None


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Demand of several series on one regular grid.

    Point i covers [start + i * step_seconds, start + (i + 1) * step_seconds) and holds the
    *largest* demand within it: capacity must hold the peak of a quarter-hour, not its mean.
    `values` and `states` have shape (series, points); a value is NaN where nothing is known. Values
    may be float32: participants need no more, and four weeks of minutes are large. Raises
    HistoryError when the parts do not fit.
    """

    series_ids: tuple[str, ...]
    start: int
    step_seconds: int
    values: AnyFloatArray
    states: UInt8Array

    def __post_init__(self) -> None:
        if self.step_seconds <= 0:
            raise HistoryError(f"history: step_seconds is {self.step_seconds}, must be positive")
        if self.values.ndim != 2 or self.values.shape != self.states.shape:
            raise HistoryError(
                f"history: values have shape {self.values.shape} and states {self.states.shape}, "
                "both must be (series, points)"
            )
        if len(self.series_ids) != self.values.shape[0]:
            raise HistoryError(
                f"history: {len(self.series_ids)} series_ids for "
                f"{self.values.shape[0]} rows of values"
            )
        if len(set(self.series_ids)) != len(self.series_ids):
            twice = next(name for name in self.series_ids if self.series_ids.count(name) > 1)
            raise HistoryError(f"history: series {twice!r} is there twice, each may be there once")

    @property
    def points(self) -> int:
        """How many points each series has."""
        return int(self.values.shape[1])

    @property
    def end(self) -> int:
        """Epoch seconds at which the last point's interval is over (exclusive)."""
        return self.start + self.points * self.step_seconds

    def window(self, start: int, end: int) -> "History":
        """Return the points whose intervals lie wholly within [start, end), as a view."""
        first = max(0, -(-(start - self.start) // self.step_seconds))
        last = max(first, min(self.points, (end - self.start) // self.step_seconds))
        return History(
            series_ids=self.series_ids,
            start=self.start + first * self.step_seconds,
            step_seconds=self.step_seconds,
            values=self.values[:, first:last],
            states=self.states[:, first:last],
        )

    def spanning(self, start: int, end: int) -> "History":
        """Return exactly the grid [start, end): MISSING where this history has nothing.

        Both ends must lie on the grid.
        """
        first, last = ((each - self.start) // self.step_seconds for each in (start, end))
        if first >= 0 and last <= self.points:
            return self.window(start, end)
        shape = (len(self.series_ids), max(0, last - first))
        values = np.full(shape, np.nan, dtype=self.values.dtype)
        states = np.full(shape, PointState.MISSING, dtype=np.uint8)
        known = self.window(start, end)
        offset = (known.start - start) // self.step_seconds
        if known.points:
            values[:, offset : offset + known.points] = known.values
            states[:, offset : offset + known.points] = known.states
        return History(
            series_ids=self.series_ids,
            start=start,
            step_seconds=self.step_seconds,
            values=values,
            states=states,
        )

    def select(self, series_ids: tuple[str, ...]) -> "History":
        """Return these series only, in this order. Raises HistoryError for an unknown one."""
        if series_ids == self.series_ids:
            return self
        rows = {name: row for row, name in enumerate(self.series_ids)}
        unknown = next((name for name in series_ids if name not in rows), None)
        if unknown is not None:
            raise HistoryError(f"history: no series {unknown!r}")
        index = [rows[name] for name in series_ids]
        return History(
            series_ids=series_ids,
            start=self.start,
            step_seconds=self.step_seconds,
            values=self.values[index],
            states=self.states[index],
        )

    @classmethod
    def from_samples(
        cls, samples: Mapping[str, Samples], *, start: int, end: int, step_seconds: int
    ) -> "History":
        """Put scraped samples on the grid [start, end): the largest of each interval.

        An interval with any censored sample is censored, for its peak may have been higher; partial
        samples bound the peak, and name the interval where it has nothing better; stale ones count
        only where there is nothing else.
        """
        points = max(0, -(-(end - start) // step_seconds))
        values = np.full((len(samples), points), np.nan)
        states = np.full((len(samples), points), PointState.MISSING, dtype=np.uint8)
        for row, series in enumerate(samples.values()):
            _fill_row(values[row], states[row], series, start=start, step_seconds=step_seconds)
        return cls(
            series_ids=tuple(samples),
            start=start,
            step_seconds=step_seconds,
            values=values,
            states=states,
        )


_LIVE = (PointState.PARTIAL, PointState.OBSERVED, PointState.CENSORED)
"""From the least to the most telling about an interval's peak: the last one found names it."""


def _fill_row(
    values: FloatArray, states: UInt8Array, samples: Samples, *, start: int, step_seconds: int
) -> None:
    sample_states = samples.states
    if sample_states is None:
        sample_states = np.zeros(samples.times.shape, dtype=np.uint8)
    slots = (samples.times - start) // step_seconds
    usable = (slots >= 0) & (slots < values.size) & np.isfinite(samples.values)

    def put(chosen: BoolArray, state: PointState) -> None:
        np.fmax.at(values, slots[chosen], samples.values[chosen])
        states[slots[chosen]] = state.value

    for state in _LIVE:
        live = usable & (sample_states == state.value)
        if live.any():
            put(live, state)
    stale = usable & (sample_states == PointState.STALE.value)
    if stale.any():
        dead = np.isin(states, _LIVE, invert=True)
        stale[stale] = dead[slots[stale]]
        put(stale, PointState.STALE)
