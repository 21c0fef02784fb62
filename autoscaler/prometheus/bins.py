"""Four weeks of quarter-hours as arrays: what was read stays there while Prometheus is away."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from forecast.arrays import BoolArray, FloatArray, UInt8Array
from forecast.history import History, PointState

BIN_SECONDS = 900

SeriesId: TypeAlias = Hashable
"""What a series is of, whoever asks for it: a pool with other labels is another series."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Series in consecutive bins, both shaped (series, bins); NaN where nothing is known."""

    values: FloatArray
    states: UInt8Array


class Bins:
    """Series on a grid of quarter-hours that moves along; a bin read for good is settled."""

    def __init__(self, points: int) -> None:
        self.points = points
        self.end = 0
        self._rows: dict[SeriesId, int] = {}
        self._values: FloatArray = np.empty((0, points))
        self._states: UInt8Array = np.empty((0, points), dtype=np.uint8)
        self._settled: BoolArray = np.empty((0, points), dtype=np.bool_)

    @property
    def start(self) -> int:
        """Epoch seconds at which the first bin begins."""
        return self.end - self.points * BIN_SECONDS

    def move(self, series: Sequence[SeriesId], *, end: int) -> None:
        """Keep these series and no others, in the bins that end by `end`, a multiple of 900."""
        rows = {name: row for row, name in enumerate(dict.fromkeys(series))}
        if end == self.end and rows == self._rows:
            return
        kept = [name for name in rows if name in self._rows]
        new = np.array([rows[name] for name in kept], dtype=np.int64)
        old = np.array([self._rows[name] for name in kept], dtype=np.int64)
        shift = min(self.points, max(-self.points, (end - self.end) // BIN_SECONDS))
        into = slice(max(0, -shift), self.points - max(0, shift))
        out_of = slice(max(0, shift), self.points - max(0, -shift))
        shape = (len(rows), self.points)
        values, settled = np.full(shape, np.nan), np.zeros(shape, dtype=np.bool_)
        states = np.full(shape, PointState.MISSING, dtype=np.uint8)
        values[new, into] = self._values[old, out_of]
        states[new, into] = self._states[old, out_of]
        settled[new, into] = self._settled[old, out_of]
        self._rows, self.end = rows, end
        self._values, self._states, self._settled = values, states, settled

    def unsettled(self, series: Sequence[SeriesId], *, first: int, last: int) -> BoolArray:
        """Return which bins of [first, last) are still to be read, shaped (series, bins)."""
        return ~self._settled[self._index(series), first:last]

    def put(
        self, series: Sequence[SeriesId], block: Block, *, first: int, settled_until: int
    ) -> None:
        """Write a block from bin number `first` on; what is over by `settled_until` is settled."""
        rows, last = self._index(series), first + block.values.shape[1]
        self._values[rows, first:last] = block.values
        self._states[rows, first:last] = block.states
        ends = self.start + BIN_SECONDS * np.arange(first + 1, last + 1)
        self._settled[rows, first:last] |= ends <= settled_until

    def history(self, series: Mapping[str, SeriesId]) -> History:
        """Return a copy for those who ask: their names, and the series that each of them is."""
        rows = self._index(tuple(series.values()))
        return History(
            series_ids=tuple(series),
            start=self.start,
            step_seconds=BIN_SECONDS,
            values=self._values[rows],
            states=self._states[rows],
        )

    def _index(self, series: Sequence[SeriesId]) -> list[int]:
        return [self._rows[name] for name in series]
