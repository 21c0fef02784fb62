"""What is remembered of forecasts that were issued: those whose time is still to come, and scores.

It is kept beside the forecast and survives a restart, so it is small: about 2 kB a series when
compressed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import accumulate
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from forecast.arrays import FloatArray, IntArray
from forecast.calendar import DAY, HOUR
from forecast.calibration import Factors, Grains
from forecast.result import Forecast
from forecast.scorecard import Scores, Standing, StandingChange, Standings

LEADS = (900, 1800, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, DAY, 2 * DAY)
"""From when a forecast is issued to the end of the step that it is about, seconds."""
_EMPTY = -1
LEVELS_PER_UNIT = 1000.0
"""Waiting quantiles are kept as log1p of participants in thousandths: to a tenth of a percent."""

Levels = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True, eq=False)
class Waiting:
    """Quantiles as issued, until their time comes.

    One ring for each lead of n steps, with room for n forecasts, all in the last axis: `levels`
    (series, quantiles, sum of leads), `applied` (series, quantiles - 1, sum of leads) the
    calibration they were issued with. What was issued in slot i lies at i modulo n, and so does, n
    slots later when its time has come, what replaces it.
    """

    levels: Levels
    applied: Grains

    @classmethod
    def none(cls, series: int, leads: Sequence[int], quantiles: int) -> "Waiting":
        """Nothing was issued yet."""
        return cls(
            levels=np.full((series, quantiles, sum(leads)), _EMPTY, dtype=np.int16),
            applied=np.zeros((series, quantiles - 1, sum(leads)), dtype=np.int8),
        )

    def due(self, slot: int, leads: Sequence[int]) -> tuple[FloatArray, Grains]:
        """Return what was issued for the step before `slot`, and the calibration applied to it.

        log1p levels of shape (series, leads, quantiles), NaN where nothing was issued.
        """
        at = _at(slot, leads)
        kept = self.levels[:, :, at].transpose(0, 2, 1)
        levels = np.where(kept == _EMPTY, np.nan, kept / LEVELS_PER_UNIT)
        return levels, self.applied[:, :, at].transpose(0, 2, 1)

    def cleared(self, slot: int, leads: Sequence[int]) -> "Waiting":
        """Forget what was due."""
        levels = self.levels.copy()
        levels[:, :, _at(slot, leads)] = _EMPTY
        return replace(self, levels=levels)

    def issued(
        self,
        rows: IntArray,
        slot: int,
        leads: Sequence[int],
        *,
        values: FloatArray,
        applied: Grains,
    ) -> "Waiting":
        """Keep what these rows were issued in `slot`: participants (rows, leads, quantiles)."""
        at = np.asarray(_at(slot, leads))
        levels, factors = self.levels.copy(), self.applied.copy()
        levels[rows[:, None], :, at] = kept_level(values)
        factors[rows[:, None], :, at] = applied
        return Waiting(levels, factors)


def kept_level(values: FloatArray) -> Levels:
    """Return participants as the record keeps them: log1p in thousandths."""
    levels = np.round(np.log1p(values) * LEVELS_PER_UNIT)
    return np.minimum(levels, np.iinfo(np.int16).max).astype(np.int16)


def _at(slot: int, leads: Sequence[int]) -> list[int]:
    """Return where in the last axis each lead's entry of this slot is."""
    begins = accumulate(leads[:-1], initial=0)
    return [begin + slot % lead for begin, lead in zip(begins, leads, strict=True)]


def lead_steps(step_seconds: int, steps: int) -> tuple[int, ...]:
    """Return the leads in steps of a grid, those that it cannot tell apart being one."""
    return tuple(sorted({min(max(1, lead // step_seconds), steps) for lead in LEADS}))


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """What was issued up to the forecast that began at `start`, and how good it was.

    Arrays have a row per series; `leads` are in steps. `factors` (series, leads, quantiles - 1) are
    the calibration's trackers, `spread` (series, quantiles) is what seasonal-naive adds to last
    week's value, `standings` what is done with each forecast, `winning_steps` for how many scored
    steps in a row the model has not lost to naive. `changes` are those of the last refresh.
    """

    series_ids: tuple[str, ...]
    start: int
    step_seconds: int
    quantiles: tuple[float, ...]
    leads: tuple[int, ...]
    waiting: Waiting
    factors: Factors
    scores: Scores
    spread: npt.NDArray[np.float32]
    standings: Standings
    winning_steps: npt.NDArray[np.int16]
    changes: tuple[StandingChange, ...] = field(default=())

    @classmethod
    def begin(cls, forecast: Forecast) -> "Record":
        """Nothing is known of these series but their names."""
        series_ids, quantiles = forecast.series_ids, forecast.quantiles
        step_seconds, steps = forecast.step_seconds, forecast.steps
        leads = lead_steps(step_seconds, steps)
        series, levels = len(series_ids), len(quantiles)
        return cls(
            series_ids=series_ids,
            start=forecast.start,
            step_seconds=step_seconds,
            quantiles=quantiles,
            leads=leads,
            waiting=Waiting.none(series, leads, levels),
            factors=np.zeros((series, len(leads), levels - 1), dtype=np.float32),
            scores=Scores.none(series, len(leads), levels),
            spread=np.zeros((series, levels), dtype=np.float32),
            standings=np.full(series, Standing.TRIAL, dtype=np.int8),
            winning_steps=np.zeros(series, dtype=np.int16),
        )

    @property
    def slot(self) -> int:
        """The number of the step in which the last forecast was issued."""
        return self.start // self.step_seconds

    def goes_on(self, forecast: Forecast) -> bool:
        """Whether this forecast is on the record's grid, and not before its last one."""
        later = forecast.start - self.start
        return (
            (self.step_seconds, self.quantiles) == (forecast.step_seconds, forecast.quantiles)
            and self.leads == lead_steps(forecast.step_seconds, forecast.steps)
            and later >= 0
            and later % self.step_seconds == 0
        )

    def taking_over(self, other: "Record") -> "Record":
        """Return the other's rows in this one's order, for the series that it knows."""
        row_of = {name: row for row, name in enumerate(other.series_ids)}
        here = [row for row, name in enumerate(self.series_ids) if name in row_of]
        there = [row_of[self.series_ids[row]] for row in here]
        rows = (self, other, np.array(here, dtype=np.int64), np.array(there, dtype=np.int64))
        return replace(_merged(*rows), start=other.start)


T = TypeVar("T", Record, Waiting, Scores)


def _merged(mine: T, theirs: T, here: IntArray, there: IntArray) -> T:
    """Return `mine` with these rows of every array from `theirs`."""
    parts: dict[str, Any] = {}
    for each in fields(mine):
        old, new = getattr(mine, each.name), getattr(theirs, each.name)
        if isinstance(old, np.ndarray):
            parts[each.name] = old.copy()
            parts[each.name][here] = new[there]
        elif isinstance(old, Waiting | Scores):
            parts[each.name] = _merged(old, new, here, there)
    return replace(mine, **parts)
