"""What a forecast is: quantile paths, and what they may be trusted for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import NormalDist

import numpy as np

from forecast.arrays import FloatArray, round_significant
from forecast.events import Learned

HIGHEST_QUANTILE = 0.999
"""Beyond it nothing is extrapolated: a month of quarter-hours holds three such points."""


class ForecastMode(StrEnum):
    """How a series' quantiles came about."""

    NORMAL = "normal"
    OUTSIDE_HISTORY = "outside_history"
    """Demand is above what history explains: growth goes on, upward only, quantiles wide."""
    COLD_START = "cold_start"
    """Less than a week is known: shown, as wide as ignorance, and not to be acted on."""


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """Quantile paths of several series, as issued at `issued_at`.

    Step k covers [start + k * step_seconds, start + (k + 1) * step_seconds). `values` have shape
    (series, steps, quantiles), in participants: finite, >= 0, non-decreasing over quantiles,
    rounded to four significant digits. `modes`, `models` and `reasons` have one entry per series;
    reasons are sentences. `learned` is what past events taught about those ahead, by series and
    tag.
    """

    series_ids: tuple[str, ...]
    issued_at: int
    start: int
    step_seconds: int
    quantiles: tuple[float, ...]
    values: FloatArray
    modes: tuple[ForecastMode, ...]
    models: tuple[str, ...]
    reasons: tuple[tuple[str, ...], ...]
    learned: Mapping[str, Mapping[str, Learned]] = field(default_factory=dict)

    @property
    def steps(self) -> int:
        """How many steps each path has."""
        return int(self.values.shape[1])

    @property
    def end(self) -> int:
        """Epoch seconds at which the last step's interval is over (exclusive)."""
        return self.start + self.steps * self.step_seconds

    def at_quantile(self, quantile: float) -> FloatArray:
        """Return the path at any quantile, participants of shape (series, steps).

        Between two issued quantiles, log1p(participants) is linear in the normal score. Below the
        lowest the lowest is returned (capacity is never planned on less); above the highest the
        last slope goes on, up to HIGHEST_QUANTILE. There, what is not a number of participants
        counts as nobody: a forecast that was kept may hold anything.
        """
        if not 0.0 < quantile < 1.0:
            raise ValueError(f"quantile is {quantile}, must be between 0 and 1")
        issued = self.quantiles
        if quantile in issued:
            return self.values[:, :, issued.index(quantile)]
        if quantile < issued[0] or len(issued) == 1:
            return self.values[:, :, 0]
        upper = min(int(np.searchsorted(issued, quantile)), len(issued) - 1)
        score = NormalDist().inv_cdf
        left, right = score(issued[upper - 1]), score(issued[upper])
        weight = (score(min(quantile, max(HIGHEST_QUANTILE, issued[-1]))) - left) / (right - left)
        low = np.log1p(_participants(self.values[:, :, upper - 1]))
        high = np.log1p(_participants(self.values[:, :, upper]))
        return round_significant(np.expm1(low + weight * (high - low)))


def _participants(values: FloatArray) -> FloatArray:
    return np.where(np.isfinite(values), np.maximum(values, 0.0), 0.0)
